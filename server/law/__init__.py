"""The law as dated data, and how it is read."""
