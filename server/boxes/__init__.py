"""How each box and each of its cameras is, by their own word."""
