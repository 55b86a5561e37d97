"""What a verdict rested on, as a package holds it: read from its files, and drawn so that an officer can judge it."""
