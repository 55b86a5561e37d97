"""Lamps drawn over real streets, with the truth of what they show: what the reader of lamps is measured by."""
