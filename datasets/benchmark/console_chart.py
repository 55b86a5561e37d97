"""Draws how long each page takes by the number of cases: an SVG, and the table behind it as Markdown. Pure."""

from collections.abc import Mapping, Sequence
from math import log10
from typing import Final

Times = Mapping[int, Mapping[str, Mapping[str, float]]]
"""By cases, by page: p50_ms and p95_ms."""
WIDTH: Final = 900
HEIGHT: Final = 460
LEFT: Final = 70
TOP: Final = 30
COLOURS: Final = ("#14324a", "#b3261e", "#8a5a00", "#0b5cad", "#2e7d32", "#7b1fa2", "#00838f", "#5b6975")
MOST_MS: Final = 10_000.0


def table(times: Times) -> str:
    """Return the table: p50 and p95 in ms of each page by the number of cases."""
    sizes = sorted(times)
    pages = list(times[sizes[-1]])
    head = "| page, ms (p50 / p95) | " + " | ".join(f"{size:,} cases" for size in sizes) + " |\n"
    rows = (f"| {page} | " + " | ".join(_cell(times[size].get(page)) for size in sizes) + " |\n" for page in pages)
    return head + "|---|" + "---|" * len(sizes) + "\n" + "".join(rows)


def _cell(found: Mapping[str, float] | None) -> str:
    return "" if found is None else f"{found['p50_ms']:.0f} / {found['p95_ms']:.0f}"


def chart(times: Times, pages: Sequence[str]) -> str:
    """Return the SVG of these pages' p95, both axes logarithmic, with the line of 200 ms."""
    sizes = sorted(times)
    parts = [_axis(sizes), _line([(LEFT, _y(200)), (LEFT + WIDTH, _y(200))], "#999999", dashed=True)]
    parts.append(f'<text x="{LEFT + 6}" y="{_y(200) - 5}" fill="#666">200 ms</text>')
    for page, colour in zip(pages, COLOURS, strict=False):
        points = [(_x(size, sizes), _y(times[size][page]["p95_ms"])) for size in sizes if page in times[size]]
        parts.append(_line(points, colour))
        parts += [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="{colour}"/>' for x, y in points]
        row = TOP + 18 * pages.index(page)
        parts.append(f'<text x="{LEFT + WIDTH + 16}" y="{row + 10}" fill="{colour}">{page}</text>')
    box = f'viewBox="0 0 {LEFT + WIDTH + 240} {HEIGHT + 2 * TOP + 20}" font-family="sans-serif" font-size="13"'
    ground = '<rect width="100%" height="100%" fill="#fff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{ground}{"".join(parts)}</svg>\n'


def _axis(sizes: Sequence[int]) -> str:
    marks = [
        f'<text x="{_x(size, sizes):.0f}" y="{TOP + HEIGHT + 20}" text-anchor="middle">{size:,}</text>'
        for size in sizes
    ]
    marks += [
        f'<text x="{LEFT - 8}" y="{_y(ms) + 4:.0f}" text-anchor="end">{ms} ms</text>'
        for ms in (1, 10, 100, 1000, 10_000)
    ]
    marks += [_line([(LEFT, _y(ms)), (LEFT + WIDTH, _y(ms))], "#e3e8ec") for ms in (1, 10, 100, 1000, 10_000)]
    return "".join(marks)


def _line(points: Sequence[tuple[float, float]], colour: str, *, dashed: bool = False) -> str:
    way = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
    dash = ' stroke-dasharray="6 4"' if dashed else ""
    return f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'


def _x(size: int, sizes: Sequence[int]) -> float:
    first, last = log10(sizes[0]), log10(sizes[-1])
    return LEFT + (WIDTH / 2 if first == last else 20 + (WIDTH - 40) * (log10(size) - first) / (last - first))


def _y(ms: float) -> float:
    return TOP + HEIGHT * (1 - log10(max(ms, 1.0)) / log10(MOST_MS))
