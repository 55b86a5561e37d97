"""Heads: from a detector's raw outputs to boxes, a file a family. Pure numpy."""
