"""One case seen from above: a road user's way in the colours of its lamp, so that a person can judge the judgement."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from calibration.geometry import PointM
from calibration.reader import load_scene
from calibration.scene import Scene
from contract.words import LampState
from datasets.scoring import Claim, Compared
from edge.errors import InputProblemError
from edge.observations import Observation
from edge.signals.timeline import SignalTimeline
from edge.trajectories import read_signals, read_tracks

SIZE_PX: Final = 900
HEAD_PX: Final = 84
MARGIN_M: Final = 9.0
SCALE_M: Final = 5.0
BEFORE_MS, AFTER_MS = 6000, 4000
PICTURES_EACH: Final = 20
SECOND_MS: Final = 1000
COLOURS: Final = {
    LampState.RED: "#d03030",
    LampState.GREEN: "#209040",
    LampState.FLASHING_GREEN: "#70c070",
    LampState.YELLOW: "#d0a000",
    LampState.FLASHING_YELLOW: "#d0a000",
}
NO_LAMP: Final = "#606060"


@dataclass(frozen=True, slots=True)
class Place:
    """Everything that the cases of one crossing are drawn from."""

    scene: Scene
    observations: list[Observation]
    signals: SignalTimeline


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A picture with metres: the middle of what is shown, and how many pixels a metre has."""

    draw: ImageDraw.ImageDraw
    middle_m: PointM
    scale: float

    def at(self, point: PointM) -> tuple[float, float]:
        """Return the pixel of a place; north is up."""
        half = SIZE_PX / 2
        x = half + (point[0] - self.middle_m[0]) * self.scale
        return x, HEAD_PX + half - (point[1] - self.middle_m[1]) * self.scale

    def area(self, outline: tuple[PointM, ...], *, fill: str | None, edge: str) -> None:
        """Draw an area."""
        self.draw.polygon([self.at(point) for point in outline], fill=fill, outline=edge)

    def dot(self, point: PointM, radius_px: float, colour: str) -> None:
        """Draw a dot."""
        x, y = self.at(point)
        self.draw.ellipse((x - radius_px, y - radius_px, x + radius_px, y + radius_px), fill=colour)


def read_place(folder: Path) -> Place:
    """Read what cases are drawn from out of a folder of `lukou simulate`."""
    scene = load_scene(folder / "scene.yaml")
    signals = read_signals(folder / "signals.csv", {signal.id for signal in scene.signals})
    return Place(scene, read_tracks(folder / "tracks.csv"), signals)


def draw_misses(compared: Compared, place: Place, folder: Path) -> int:
    """Draw the first cases of each list into a folder, and return how many. Raises InputProblemError."""
    cases = [("false", claim) for claim in compared.false[:PICTURES_EACH]]
    cases += [("missed", claim) for claim in compared.missed[:PICTURES_EACH]]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputProblemError(f"{folder}: expected a folder to write into: {error.strerror}") from error
    for what, claim in cases:
        draw_case(what, claim, place, folder / f"{what}-{claim.kind.value}-{claim.track_id}-{claim.entered_ms}.png")
    return len(cases)


def draw_case(what: str, claim: Claim, place: Place, path: Path) -> None:
    """Draw a case into a PNG file. Raises InputProblemError where it cannot be written."""
    from_ms, until_ms = claim.entered_ms - BEFORE_MS, claim.confirmed_ms + AFTER_MS
    way = [
        (seen.t_ms, (user.x_m, user.y_m))
        for seen in place.observations
        if from_ms <= seen.t_ms <= until_ms
        for user in seen.road_users
        if user.track_id == claim.track_id
    ]
    picture = Image.new("RGB", (SIZE_PX, SIZE_PX + HEAD_PX), "white")
    sheet = _sheet(ImageDraw.Draw(picture), [point for _, point in way])
    _draw_scene(sheet, place.scene)
    _draw_others(sheet, claim, place)
    _draw_way(sheet, way, claim, place)
    _draw_scale(sheet)
    _draw_head(sheet.draw, what, claim)
    try:
        picture.save(path)
    except OSError as error:
        raise InputProblemError(f"{path}: expected a place to write to, found none ({error.strerror})") from error


def _sheet(draw: ImageDraw.ImageDraw, points: list[PointM]) -> _Sheet:
    xs, ys = [x for x, _ in points] or [0.0], [y for _, y in points] or [0.0]
    wide_m = max(max(xs) - min(xs), max(ys) - min(ys)) + 2 * MARGIN_M
    return _Sheet(draw, ((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2), SIZE_PX / wide_m)


def _draw_scene(sheet: _Sheet, scene: Scene) -> None:
    for lane in scene.lanes:
        sheet.area(lane.polygon_m, fill="#eef4ee", edge="#b0c8b0")
    for line in scene.stop_lines:
        if line.right_turn_m is not None:
            sheet.area(line.right_turn_m, fill=None, edge="#d8c8a0")
    for crosswalk in scene.crosswalks:
        sheet.area(crosswalk.polygon_m, fill="#e4e4e8", edge="#a0a0a8")
    for line in scene.stop_lines:
        sheet.draw.line([sheet.at(point) for point in line.line_m], fill="#404040", width=4)


def _draw_others(sheet: _Sheet, claim: Claim, place: Place) -> None:
    """Draw where everybody was when the rule was met."""
    now = [seen for seen in place.observations if seen.t_ms <= claim.confirmed_ms][-1:]
    for seen in now:
        for user in seen.road_users:
            sheet.dot((user.x_m, user.y_m), 5, "#a8b8d8")


def _draw_way(sheet: _Sheet, way: list[tuple[int, PointM]], claim: Claim, place: Place) -> None:
    signals = {crosswalk.id: crosswalk.signal_id for crosswalk in place.scene.crosswalks}
    signals |= {line.id: line.signal_id for line in place.scene.stop_lines}
    signal = signals.get(claim.zone_id)
    seconds = -1
    for t_ms, point in way:
        state = None if signal is None else place.signals.shown(signal, t_ms).state
        colour = NO_LAMP if state is None else COLOURS.get(state, NO_LAMP)
        sheet.dot(point, 3, colour)
        if t_ms // SECOND_MS != seconds:
            seconds = t_ms // SECOND_MS
            x, y = sheet.at(point)
            sheet.draw.text((x + 7, y - 7), f"{seconds}", fill=colour, font=ImageFont.load_default(13))
    for t_ms, radius_px in ((claim.entered_ms, 9), (claim.confirmed_ms, 6)):
        nearest = min(way, key=lambda sight: abs(sight[0] - t_ms), default=None)
        if nearest is not None:
            x, y = sheet.at(nearest[1])
            sheet.draw.ellipse((x - radius_px, y - radius_px, x + radius_px, y + radius_px), outline="black", width=2)


def _draw_scale(sheet: _Sheet) -> None:
    left, bottom, right = 20, HEAD_PX + SIZE_PX - 20, 20 + SCALE_M * sheet.scale
    sheet.draw.line([(left, bottom), (right, bottom)], fill="black", width=3)
    sheet.draw.text((left, bottom - 22), f"{SCALE_M:g} m", "black", ImageFont.load_default(16))


def _draw_head(draw: ImageDraw.ImageDraw, what: str, claim: Claim) -> None:
    draw.rectangle((0, 0, SIZE_PX, HEAD_PX), "white")
    told = "" if claim.intent is None else f" ({claim.intent})"
    draw.text((12, 8), f"{what}: {claim.kind.value}, track {claim.track_id}{told}", "black", ImageFont.load_default(22))
    times = f"entered {claim.entered_ms / 1000:.1f} s (large ring), met {claim.confirmed_ms / 1000:.1f} s (small ring)"
    draw.text((12, 36), f"{claim.zone_id}: {times}; the figures are seconds", "black", ImageFont.load_default(16))
    states = "dots in the colour of the lamp; pale blue: the others when it was met"
    draw.text((12, 58), states, "#505050", ImageFont.load_default(16))
