"""How carefully reviewers look: known answers, agreement, what was overturned. Never how many were fined."""
