"""What the case page shows of a case's evidence: it is proved anew, then read and drawn, at every view.

Everything in here is made on the server, so it is there without a script, and on paper.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from markupsafe import Markup
from PIL import Image
from sqlalchemy.orm import Session

from contract.evidence import Manifest, Still
from contract.messages import ViolationReported
from contract.words import ViolationKind
from server.cases.models import Case
from server.cases.verifying import Proved, prove
from server.evidence_store import EvidenceStore
from server.record.bar import bar_svg
from server.record.lamps import agree
from server.record.overlay import Box, Overlay, overlay_svg
from server.record.plan import Plan, plan_svg
from server.record.reading import Record, read_record
from server.record.svg import Words
from server.record.timeline import LampRow, Timeline, timeline_svg
from server.record.way import thinned, within
from server.record.zones import Zone, zones_of

MEASURED: Final = {
    ViolationKind.PEDESTRIAN_RED_LIGHT: "advance_m",
    ViolationKind.RIDER_RED_LIGHT: "advance_m",
    ViolationKind.WRONG_WAY: "distance_m",
    ViolationKind.STOP_LINE: "stop_s",
}
"""Which threshold the measure of a kind is held against (docs/rules.md)."""
LEAD_MS: Final = 5000
TAIL_MS: Final = 2500


@dataclass(frozen=True, slots=True)
class Threshold:
    """The threshold that the measure is held against, and both as a bar."""

    name: str
    value: float
    bar: Markup


@dataclass(frozen=True, slots=True)
class Exhibits:
    """What the page shows. A drawing is None where the package does not hold what it is made of.

    ``overlays`` by the still's role; ``centre`` is where a zoom begins, as shares of a still's width and height.
    """

    proved: Proved
    record: Record
    overlays: Mapping[str, Markup]
    centre: tuple[float, float]
    plan: Markup | None
    lamps: Markup | None
    sources_agree: bool | None
    threshold: Threshold | None


def exhibits(
    session: Session, case: Case, act: ViolationReported, store: EvidenceStore, words: Words, *, purged: bool
) -> Exhibits:
    """Prove, read and draw the evidence of a case; of one that was purged nothing is read."""
    proved = Proved({}, {}, None, 0) if purged else prove(session, case.event, store)
    record = read_record(proved.contents, act)
    zones = () if record.scene is None else zones_of(record.scene, act.kind, act.zone_id)
    stills = {} if proved.manifest is None else _stills(proved.manifest, proved.contents)
    return Exhibits(
        proved=proved,
        record=record,
        overlays={role: _overlay(still, size, act, record, zones) for role, (still, size) in stills.items()},
        centre=_centre(act.track_id, stills),
        plan=_plan(act, record, zones, words),
        lamps=_lamps(act, record, words),
        sources_agree=None if act.lamp is None else agree([said.state for said in act.lamp.sources]),
        threshold=_threshold(act, words),
    )


Sized = tuple[Still, tuple[int, int]]


def _stills(manifest: Manifest, contents: Mapping[str, bytes]) -> dict[str, Sized]:
    """Return the stills that are here, each with the size of its stamped picture, by their roles."""
    sized = ((still, _size_px(contents.get(still.stamped))) for still in manifest.stills)
    return {still.role.value: (still, size) for still, size in sized if size is not None}


def _size_px(jpeg: bytes | None) -> tuple[int, int] | None:
    if jpeg is None:
        return None
    try:
        with Image.open(BytesIO(jpeg), formats=("JPEG",)) as picture:  # its header alone is read
            return picture.size
    except (OSError, Image.DecompressionBombError):
        return None


def _overlay(
    still: Still, size_px: tuple[int, int], act: ViolationReported, record: Record, zones: tuple[Zone, ...]
) -> Markup:
    at_ms = still.captured_at_ms - act.entered_at_ms
    picture_px = still.width_px, still.height_px
    ground = None if record.scene is None else record.scene.ground
    way = thinned(within(record.way, -LEAD_MS, record.until_ms))
    return overlay_svg(Overlay(size_px, picture_px, at_ms, way, zones, ground, _box(act.track_id, still)))


def _box(track_id: int, still: Still) -> Box | None:
    return next((user.box_xyxy_px for user in still.road_users if user.track_id == track_id), None)


def _centre(track_id: int, stills: Mapping[str, Sized]) -> tuple[float, float]:
    """Return the middle of the road user's boxes over all stills: a zoom on it shows all of the way."""
    boxes = [(box, size) for still, size in stills.values() if (box := _box(track_id, still)) is not None]
    if not boxes:
        return 0.5, 0.5
    middle = []
    for axis in (0, 1):
        low = min(box[axis] / size[axis] for box, size in boxes)
        high = max(box[axis + 2] / size[axis] for box, size in boxes)
        middle.append(min(max((low + high) / 2, 0.0), 1.0))
    return middle[0], middle[1]


def _plan(act: ViolationReported, record: Record, zones: tuple[Zone, ...], words: Words) -> Markup | None:
    if not record.way:
        return None
    confirmed_ms = act.confirmed_at_ms - act.entered_at_ms
    way = thinned(within(record.way, -LEAD_MS, confirmed_ms + TAIL_MS))
    measured = f"{act.measure:.2f} {words(f'unit.{act.kind}')}"
    return plan_svg(Plan(zones, way, act.entered_at_m, confirmed_ms, measured), words)


def _lamps(act: ViolationReported, record: Record, words: Words) -> Markup | None:
    if act.lamp is None or not (record.shown or record.said):
        return None
    ages = {said.source: said.age_ms for said in act.lamp.sources}
    rows = [LampRow(words("lamps.settled"), record.shown)] if record.shown else []
    for source, spans in record.by_source.items():
        age_ms = ages.get(source)
        note = "" if age_ms is None else words("lamps.age").replace("%s", f"{age_ms / 1000:.2f}")
        rows.append(LampRow(words(f"source.{source}"), spans, note))
    confirmed_ms = act.confirmed_at_ms - act.entered_at_ms
    first_ms = min((row.spans[0].from_ms for row in rows if row.spans), default=0)
    from_ms, to_ms = max(first_ms, -LEAD_MS), min(record.until_ms, confirmed_ms + TAIL_MS)
    return timeline_svg(Timeline(from_ms, to_ms, tuple(rows), confirmed_ms), words)


def _threshold(act: ViolationReported, words: Words) -> Threshold | None:
    name = MEASURED[act.kind]
    value = act.rule.parameters.get(name)
    if value is None or value < 0:
        return None
    told = f"{words(f'measure.{act.kind}')} {act.measure:.2f}, {words('why.threshold')} {value:g}"
    return Threshold(name, value, bar_svg(act.measure, value, told))
