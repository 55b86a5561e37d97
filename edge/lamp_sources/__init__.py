"""Where the word of a lamp's state comes in from outside: MQTT, HTTP, a detector's line."""
