"""How long evidence is kept, legal holds, and what was purged."""
