"""Finished cases whose answer is known, shown to a reviewer once more as if new: how carefully they look."""
