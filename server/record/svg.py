"""An SVG picture within a page: presentation attributes and classes alone, so that the strict CSP lets it be. Pure.

Built as a tree (xml.etree), so it is well-formed and escaped whatever the words are; no SVG library is needed for that.
"""

from collections.abc import Callable, Iterable
from math import isfinite
from typing import Final
from unicodedata import east_asian_width
from xml.etree import ElementTree as ET

from markupsafe import Markup

PointPx = tuple[float, float]
Words = Callable[[str], str]
"""A text by its key, in the visitor's language."""
NAMESPACE: Final = "http://www.w3.org/2000/svg"


class Canvas:
    """A picture that grows by one shape after the other; all places are in its own units, from the upper left."""

    def __init__(self, width: float, height: float, name: str, of: str) -> None:
        """``name`` is what a screen reader says, ``of`` the class by which the style sheet knows the picture."""
        self.width, self.height = width, height
        view = f"0 0 {figure(width)} {figure(height)}"
        said = {"role": "img", "aria-label": name} if name else {"aria-hidden": "true"}
        self._root = ET.Element("svg", {"xmlns": NAMESPACE, "viewBox": view, "class": of, **said})

    def line(self, points: Iterable[PointPx], of: str) -> None:
        """Draw a line through points; fewer than two are none."""
        through = list(points)
        if len(through) > 1:
            self._add("polyline", of, points=_listed(through))

    def area(self, points: Iterable[PointPx], of: str) -> None:
        """Draw a closed outline."""
        self._add("polygon", of, points=_listed(points))

    def box(self, corner: PointPx, width: float, height: float, of: str) -> None:
        """Draw a rectangle by its upper left corner."""
        self._add("rect", of, x=figure(corner[0]), y=figure(corner[1]), width=figure(width), height=figure(height))

    def dot(self, centre: PointPx, radius: float, of: str) -> None:
        """Draw a circle."""
        self._add("circle", of, cx=figure(centre[0]), cy=figure(centre[1]), r=figure(radius))

    def text(self, at: PointPx, words: str, size: float, of: str = "") -> None:
        """Write words from a place on their base line, moved so that they stay within the picture."""
        written = _printable(words)
        x = max(0.0, min(at[0], self.width - width_of(written, size)))
        y = max(size, min(at[1], self.height - size * 0.3))
        attributes = {"x": figure(x), "y": figure(y), "font-size": figure(size)}
        self._add("text", of, **attributes).text = written

    def markup(self) -> Markup:
        """Return the picture, for a page."""
        return Markup(ET.tostring(self._root, encoding="unicode"))  # noqa: S704 - the tree has escaped it

    def _add(self, tag: str, of: str, **attributes: str) -> ET.Element:
        return ET.SubElement(self._root, tag, {**attributes, **({"class": of} if of else {})})


def figure(value: float) -> str:
    """Write a number to a tenth. Raises ValueError for what is no place at all."""
    if not isfinite(value):
        raise ValueError(f"expected a finite number, found {value}")
    written = f"{value:.1f}".removesuffix(".0")
    return "0" if written == "-0" else written


def width_of(words: str, size: float) -> float:
    """Return about how wide words are: a Chinese character is a square, a Latin letter some 0.6 of one."""
    return sum(size if east_asian_width(letter) in "WF" else 0.6 * size for letter in words)


def _listed(points: Iterable[PointPx]) -> str:
    return " ".join(f"{figure(x)},{figure(y)}" for x, y in points)


def _printable(words: str) -> str:
    """Take out what XML 1.0 cannot hold (section 2.2)."""
    return "".join(letter for letter in words if letter.isprintable() or letter == " ")
