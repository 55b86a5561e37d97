"""The rules: one file each, with the article it follows, and the engine that lists them. Pure."""
