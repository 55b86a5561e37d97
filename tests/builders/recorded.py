"""A whole package as a box seals it, of one walk over a crosswalk on red: stills, clip, scene, tracks, lamps."""

import io
import json
from functools import cache

import av
import cv2
import numpy as np
from centre import NOW_MS, Act, make_act

from contract.evidence import Still
from contract.messages import ActReported, PackagedAct
from contract.seal import message_bytes
from contract.words import StillRole

START_MS = NOW_MS - 70_000
ENTERED_MS = 10_000
SIZE_PX = (160, 120)
UNTOUCHED = {"original": "entry_original.jpg", "width_px": 160, "height_px": 120, "road_users": ()}
SCENE = """
version: 1
site: {id: s-1, name: 路口一}
camera: {id: c-1, direction: 由南向北, size: [160, 120]}
ground:
  points:
    - {px: [10, 110], m: [0, 0]}
    - {px: [150, 110], m: [14, 0]}
    - {px: [110, 30], m: [14, 14]}
    - {px: [50, 30], m: [0, 14]}
signals: [{id: ped, for: pedestrian}]
crosswalks: [{id: n, signal: ped, polygon: {m: [[4, 3], [10, 3], [10, 11], [4, 11]]}}]
lanes: [{id: east, users: [rider], polygon: {m: [[0, 0], [14, 0], [14, 3], [0, 3]]}, direction: {m: [[0, 1], [14, 1]]}}]
stop_lines: [{id: w, signal: ped, users: [rider], line: {m: [[4, 0], [4, 3]]}, beyond: {m: [6, 1]}}]
"""
SIGNALS = f"t_ms,signal_id,state\n4000,ped,green\n6000,ped,red\n{ENTERED_MS - 1},other,green\n"


def tracks(track_id: int = 1) -> str:
    """Return a walk of 1.6 m a second, north, over the edge at y = 3 m when 10 s are over; somebody else beside it."""
    rows = ["t_ms,track_id,kind,x_m,y_m,x1_px,y1_px,x2_px,y2_px"]
    for t_ms in range(7000, 13_100, 100):
        north = 3 + 1.6 * (t_ms - ENTERED_MS) / 1000
        x, y = 80.0, 110 - 80 * north / 14
        rows.append(f"{t_ms},{track_id},pedestrian,7.0,{north:.3f},{x - 5},{y - 25:.1f},{x + 5},{y:.1f}")
        rows.append(f"{t_ms},99,pedestrian,1.0,1.0,,,,")
    return "\n".join(rows) + "\n"


def sources() -> str:
    """Return what the lamp's reader and the plan said: the reader is silent at first."""
    rows = ["t_ms,signal_id,source,state,since_ms,age_ms"]
    for t_ms in range(4000, 13_000, 500):
        lamp = "unknown,," if t_ms < 5000 else f"{'red' if t_ms >= 6000 else 'green'},,40"
        rows += [f"{t_ms},ped,lamp,{lamp}", f"{t_ms},ped,plan,{'red' if t_ms >= 6000 else 'green'},,0"]
    return "\n".join(rows) + "\n"


@cache
def clip(frames: int = 120) -> tuple[bytes, str]:
    """Return clip.mp4 and clip.csv: ten grey pictures a second, lighter and lighter, from 5 s before the entry."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=10, options={"preset": "ultrafast", "g": "10"})
        stream.width, stream.height, stream.pix_fmt = *SIZE_PX, "yuv420p"
        for number in range(frames):
            grey = np.full((SIZE_PX[1], SIZE_PX[0], 3), 2 * number, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="bgr24")))
        container.mux(stream.encode())
    first_ms = ENTERED_MS - 5050  # no picture was taken in the very moment of the entry
    rows = (f"{n + 1},{first_ms + 100 * n},{START_MS + first_ms + 100 * n},{100 * n}\n" for n in range(frames))
    return out.getvalue(), "number,t_ms,epoch_ms,clip_ms\n" + "".join(rows)


def still(grey: int, band_px: int = 24) -> bytes:
    """Return a stamped picture: a crosswalk, and the band below it."""
    picture = np.full((SIZE_PX[1] + band_px, SIZE_PX[0], 3), grey, np.uint8)
    cv2.fillPoly(picture, [np.array([[40, 95], [110, 95], [100, 45], [55, 45]])], (230, 230, 230))
    picture[SIZE_PX[1] :] = 16
    return cv2.imencode(".jpg", picture)[1].tobytes()


def record(**changes: str | bytes | None) -> dict[str, bytes]:
    """Return the files of a record by their names (with _ for the dot); a change of None leaves one out."""
    mp4, frames = clip()
    files: dict[str, str | bytes | None] = {
        "scene_yaml": SCENE,
        "tracks_csv": tracks(),
        "signals_csv": SIGNALS,
        "sources_csv": sources(),
        "verdict_json": json.dumps({"start_ms": START_MS, "said_ms": 13_000, "replayable": True}),
        "clip_mp4": mp4,
        "clip_csv": frames,
        **{f"{role}_jpg": still(grey) for role, grey in (("before", 100), ("entry", 120), ("advanced", 140))},
    } | changes
    as_bytes = {name: data.encode() if isinstance(data, str) else data for name, data in files.items()}
    return {".".join(name.rsplit("_", 1)): data for name, data in as_bytes.items() if data is not None}


def recorded_act(number: int = 1, *, files: dict[str, bytes] | None = None, **changes) -> Act:
    """Return an act whose package holds all that a box writes."""
    said = {
        "track_id": 1,
        "entered_at_ms": START_MS + ENTERED_MS,
        "confirmed_at_ms": START_MS + ENTERED_MS + 1900,
        "entered_at_m": (7.0, 3.0),
        "measure": 3.04,
    }
    packed = record() if files is None else files
    said |= changes
    told = make_act(number, more=packed, **said).message
    act = ActReported(**{name: getattr(told, name) for name in ActReported.model_fields})
    stills = (Still(role=StillRole.ENTRY, captured_at_ms=NOW_MS, stamped="entry.jpg", **UNTOUCHED),)
    packed = {"act.json": message_bytes(PackagedAct(act=act, stills=stills)), **packed}
    return make_act(number, more=packed, **said)
