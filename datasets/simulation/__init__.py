"""Simulated intersections with exact truth: `lukou simulate` (docs/simulation.md)."""
