"""A measure against its threshold, as a small bar. Pure."""

from markupsafe import Markup

from server.record.svg import Canvas

WIDTH, HEIGHT = 240.0, 16.0


def bar_svg(measure: float, threshold: float, name: str) -> Markup:
    """Draw a measure and a line where the threshold lies; the bar ends at a quarter more than the larger one."""
    canvas = Canvas(WIDTH, HEIGHT, name, "bar")
    whole = max(measure, threshold, 1e-9) * 1.25
    canvas.box((0, 3), WIDTH, HEIGHT - 6, "whole")
    canvas.box((0, 3), WIDTH * measure / whole, HEIGHT - 6, "measure" if measure >= threshold else "measure below")
    at = WIDTH * threshold / whole
    canvas.line([(at, 0), (at, HEIGHT)], "threshold")
    return canvas.markup()
