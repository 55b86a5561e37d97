"""What an SVG picture holds, and whether all of it lies within its view box."""

from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> ET.Element:
    """Return a picture as a tree: it is well-formed, and has no style and no script of its own."""
    root = ET.fromstring(svg)  # noqa: S314 - our own picture
    assert root.tag == f"{SVG}svg"
    assert [element.tag for element in root.iter() if "style" in element.attrib or "script" in element.tag] == []
    return root


def of(root: ET.Element, name: str) -> list[ET.Element]:
    """Return the elements that have all these classes."""
    return [e for e in root.iter() if set(name.split()) <= set(e.get("class", "").split())]


def words(root: ET.Element) -> list[str]:
    return [element.text for element in root.iter(f"{SVG}text")]


def places(element: ET.Element) -> list[tuple[float, float]]:
    """Return the outermost places of one element; of words, where they begin."""
    kind, value = element.tag.removeprefix(SVG), lambda name: float(element.get(name, 0))
    if kind in ("polyline", "polygon"):
        return [tuple(map(float, pair.split(","))) for pair in element.get("points").split()]
    if kind == "rect":
        return [(value("x"), value("y")), (value("x") + value("width"), value("y") + value("height"))]
    if kind == "circle":
        return [(value("cx"), value("cy"))]
    return [(value("x"), value("y"))] if kind == "text" else []


def outside(root: ET.Element) -> list[tuple[str, tuple[float, float]]]:
    """Return what lies outside the view box by more than the rounding of a place."""
    _, _, wide, tall = map(float, root.get("viewBox").split())
    return [
        (element.tag, (x, y))
        for element in root.iter()
        for x, y in places(element)
        if not (-0.06 <= x <= wide + 0.06 and -0.06 <= y <= tall + 0.06)
    ]
