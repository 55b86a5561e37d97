"""Lamps read from pixels: a look at one lamp in one picture, and a camera's lamps over time."""
