"""A private CA of one operator, and the server certificate for HTTPS and MQTT."""
