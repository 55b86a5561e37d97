"""Proof by real processes: what is done to the chain while it works, and what came of every event."""
