"""Real people played again at other times on their own empty scene, with a lit lamp drawn in, and the exact truth."""
