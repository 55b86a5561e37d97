"""A lamp painted plainly, for tests: a black housing before a grey wall, and squares of light in it."""

import numpy as np

BGR = {"red": (40, 30, 250), "green": (190, 250, 60), "yellow": (30, 190, 250), "white": (255, 255, 255)}


def picture(lit=None, *, windows=2, wall=130, housing=30, place=None):
    """Return a lamp of 20 px width in a grey picture, standing, one window lit; ``place`` counts from above."""
    canvas = np.full((110, 80, 3), wall, np.uint8)
    canvas[18 : 22 + 20 * windows, 28:52] = housing
    for number in range(windows):
        canvas[23 + 20 * number : 37 + 20 * number, 33:47] = housing + 12
    if lit is not None:
        usual = {"red": 0, "yellow": 1, "green": windows - 1}[lit] if place is None else place
        canvas[24 + 20 * usual : 36 + 20 * usual, 35:45] = BGR[lit]
    return canvas


def region(windows=2):
    """Return the region of such a lamp."""
    return (30.0, 20.0, 20.0, 20.0 * windows)
