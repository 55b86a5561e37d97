"""Evidence files on their way in: what has come of each so far, and the moment at which it is whole."""
