"""What crosses the wire between a box and the centre: words, messages, topics, seals. It imports no other house."""
