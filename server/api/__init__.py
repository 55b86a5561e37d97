"""The HTTP interface for devices and machines."""
