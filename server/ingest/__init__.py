"""What comes in over MQTT."""
