"""What the page shows of a document: every problem at its place, the ground over the picture, sizes in metres. Pure.

The document is what stands in scene.yaml, good or not: a half-drawn scene is the usual one here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from calibration.check import Finding, check_ground, check_scene
from calibration.document import ground_of, read_document
from calibration.flows import Flow, Way, flow
from calibration.geometry import PointM, PolygonM, extent_m, longer_axis, polygon_problem, unit
from calibration.ground import Ground
from calibration.page.grid import GridLine, grid_lines
from calibration.scene_file import Shape

OUTLINES: Final = {
    "crosswalks": ("polygon", "across"),
    "lanes": ("polygon", "direction"),
    "stop_lines": ("line", "beyond", "right_turn"),
}
USERS: Final = {"crosswalks": ("pedestrian", "rider"), "lanes": ("rider",)}
Document = dict[Any, Any]
PointPx = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that cannot hold (``error``) or should be looked at (``hint``), and the path of its place."""

    weight: str
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Fit:
    """The ground as fitted.

    ``apart_cm`` is how far each reference point lies from the fit, ``found_px`` where the fit puts its metres in the
    picture (None: nowhere). ``metres_of_px`` and ``px_of_metres`` are the homographies, row by row; a point
    lies before the camera where its third coordinate has the sign of ``side``.
    """

    rms_cm: float
    apart_cm: tuple[float, ...]
    found_px: tuple[PointPx | None, ...]
    metres_of_px: tuple[tuple[float, ...], ...]
    px_of_metres: tuple[tuple[float, ...], ...]
    side: float
    grid: tuple[GridLine, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that the page shows beside the document itself; keys are paths in the file."""

    remarks: tuple[Remark, ...]
    fit: Fit | None
    outlines_px: dict[str, tuple[PointPx | None, ...]]
    sizes_m: dict[str, tuple[float, ...]]
    flows: dict[str, dict[str, Any]]


def look_at(document: Document, size_px: tuple[int, int], ways: Sequence[Way] = ()) -> Look:
    """Look at a document.

    Args:
        document: what stands in scene.yaml.
        size_px: width and height of the picture that is drawn on.
        ways: what was seen moving there, where that is known.
    """
    ground = ground_of(document)
    outlines = dict(_outlines(document))
    metres = {path: in_metres for path, shape in outlines.items() if (in_metres := _metres(shape, ground)) is not None}
    around = tuple(point for points in metres.values() for point in points)
    return Look(
        remarks=tuple(_remarks(document, size_px, ground, ways)),
        fit=None if ground is None else _fit(ground, around, size_px),
        outlines_px={path: _pixels(shape, ground) for path, shape in outlines.items()},
        sizes_m=dict(_sizes(metres)),
        flows={path: asdict(seen) for path, seen in _flows(document, metres, ways)},
    )


def _remarks(
    document: Document, size_px: tuple[int, int], ground: Ground | None, ways: Sequence[Way]
) -> Iterator[Remark]:
    scene, problems = read_document(document)
    for problem in problems:
        place, _, text = problem.partition(": ")
        yield Remark("error", place, text)
    if scene is not None:
        yield from (said_of(finding) for finding in check_scene(scene, ways))
        if scene.size_px != size_px:
            found = "{} x {}, but the picture is {} x {} px".format(*scene.size_px, *size_px)
            yield Remark("error", "camera.size", f"expected the picture's size, found {found}")
    elif ground is not None:
        yield from (said_of(finding) for finding in check_ground(ground))


def said_of(finding: Finding) -> Remark:
    """Return a finding as a remark."""
    return Remark(finding.weight, finding.place, f"expected {finding.expected}, found {finding.found}")


def _outlines(document: Document) -> Iterator[tuple[str, Shape]]:
    """Yield every shape of a document with its path; what is none is told by the remarks."""
    for section, names in OUTLINES.items():
        items = document.get(section)
        for index, item in enumerate(items if isinstance(items, list) else ()):
            for name in names:
                given = item.get(name) if isinstance(item, dict) else None
                shape = _shape(given, single=name == "beyond")
                if shape is not None:
                    yield f"{section}[{index}].{name}", shape


def _shape(given: object, *, single: bool) -> Shape | None:
    if not isinstance(given, dict):
        return None
    try:
        return Shape.model_validate({unit: [value] if single else value for unit, value in given.items()})
    except ValidationError:
        return None


def _metres(shape: Shape, ground: Ground | None) -> PolygonM | None:
    if shape.px is None:
        return shape.points()
    if ground is None or not shape.px:
        return None
    mapped = ground.to_metres(np.array(shape.px, dtype=np.float64))
    return tuple((float(x), float(y)) for x, y in mapped) if np.isfinite(mapped).all() else None


def _pixels(shape: Shape, ground: Ground | None) -> tuple[PointPx | None, ...]:
    if shape.px is not None:
        return shape.px
    if ground is None or not shape.points():
        return tuple(None for _ in shape.points())
    return _points(ground.to_pixels(np.array(shape.points(), dtype=np.float64)))


def _points(mapped: Any) -> tuple[PointPx | None, ...]:  # noqa: ANN401 - an (N, 2) array
    return tuple((float(x), float(y)) if isfinite(x) and isfinite(y) else None for x, y in mapped)


def _fit(ground: Ground, around: PolygonM, size_px: tuple[int, int]) -> Fit:
    reach = (*((float(x), float(y)) for x, y in ground.points_m), *around)
    return Fit(
        rms_cm=ground.rms_m * 100,
        apart_cm=tuple(residual * 100 for residual in ground.residuals_m),
        found_px=_points(ground.to_pixels(ground.points_m)),
        metres_of_px=_rows(ground.metres_of_px),
        px_of_metres=_rows(ground.px_of_metres),
        side=ground.side,
        grid=grid_lines(ground, reach, size_px),
    )


def _rows(matrix: NDArray[np.float64]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(value) for value in row) for row in matrix)


def _sizes(metres: dict[str, PolygonM]) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Yield length and width of every outline (a crosswalk's along its way across), the length of every line."""
    for path, points in metres.items():
        if path.endswith((".polygon", ".right_turn")) and polygon_problem(points) is None:
            axis = _across(metres.get(path.removesuffix("polygon") + "across")) or longer_axis(points)
            sides = (extent_m(points, axis), extent_m(points, (-axis[1], axis[0])))
            yield path, tuple(high - low for low, high in sides)
        elif path.endswith(".line") and len(points) == 2:
            yield path, (float(np.hypot(points[1][0] - points[0][0], points[1][1] - points[0][1])),)


def _across(line: PolygonM | None) -> PointM | None:
    if line is None or len(line) != 2 or line[0] == line[1]:
        return None
    return unit((line[1][0] - line[0][0], line[1][1] - line[0][1]))


def _flows(document: Document, metres: dict[str, PolygonM], ways: Sequence[Way]) -> Iterator[tuple[str, Flow]]:
    for section, kinds in USERS.items():
        items = document.get(section)
        for index, _ in enumerate(items if isinstance(items, list) else ()):
            polygon = metres.get(f"{section}[{index}].polygon")
            seen = flow(polygon, ways, kinds) if polygon is not None and polygon_problem(polygon) is None else None
            if seen is not None:
                yield f"{section}[{index}]", seen
