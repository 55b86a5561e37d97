"""Writes a remix: video, scene, signals and the truth, in the formats of docs/formats.md."""

from pathlib import Path
from typing import Final

import av
import numpy as np
import yaml

from calibration.scene import Scene
from contract.words import LampState, RoadUserKind, ViolationKind
from datasets.debian import Say
from datasets.remix.render import pictures
from datasets.remix.values import SIGNAL_ID, STEP_MS, ZONE_ID, Remix
from datasets.rows import write_lines, write_table
from edge.pipeline import PictureBgr
from edge.trajectories import BOX_COLUMNS, SIGNAL_COLUMNS, TRACK_COLUMNS

VIDEO: Final = "video.mp4"
H264: Final = {"preset": "veryfast", "tune": "zerolatency", "crf": "20", "g": "10"}
"""As a camera sends it, at a bit rate that loses little."""
NOTE: Final = (
    "Composed for measuring: people of public footage cut out and played again at other times on their empty scene, "
    "with a crosswalk that is not there and a lamp drawn in. Nobody in it broke any rule."
)


def write_remix(remix: Remix, empty: PictureBgr, scene: Scene, out: Path, say: Say) -> None:
    """Write video.mp4, scene.yaml, signals.csv, truth.jsonl and tracks-truth.csv into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    (out / "scene.yaml").write_text(scene_text(remix, scene), encoding="utf-8")
    changes = [[span.since_ms, SIGNAL_ID, span.state.value] for span in remix.setting.spans()]
    write_table(out / "signals.csv", SIGNAL_COLUMNS, changes)
    write_table(out / "tracks-truth.csv", (*TRACK_COLUMNS, *BOX_COLUMNS), _track_rows(remix))
    write_lines(out / "truth.jsonl", truth_lines(remix))
    _write_video(remix, empty, out / VIDEO, say)


def truth_lines(remix: Remix) -> list[dict[str, object]]:
    """Return the violations as lines of truth.jsonl, in the order of their entry."""
    lines: list[dict[str, object]] = [
        {
            "kind": ViolationKind.PEDESTRIAN_RED_LIGHT.value,
            "track_id": number,
            "zone_id": ZONE_ID,
            "signal_id": SIGNAL_ID,
            "entered_ms": crossed.entered_ms,
            "confirmed_ms": crossed.confirmed_ms,
            "measure": round(crossed.advance_m, 3),
            "user": RoadUserKind.PEDESTRIAN.value,
            "lamp": LampState.RED.value,
            "lamp_since_ms": crossed.red_since_ms,
            "intent": act.intent.value,
        }
        for number, act in enumerate(remix.acts, start=1)
        for crossed in remix.setting.crossed(act.times_ms, act.feet_m)
    ]
    return sorted(lines, key=lambda line: (line["entered_ms"], line["track_id"]))


def scene_text(remix: Remix, scene: Scene) -> str:
    """Return scene.yaml: the footage's ground, the crosswalk that was laid, and where the lamp stands."""
    ground = scene.ground
    points = [] if ground is None else list(zip(ground.points_px.tolist(), ground.points_m.tolist(), strict=True))
    document = {
        "version": 1,
        "demonstration": True,
        "note": NOTE,
        "site": {"id": "yq-remix", "name": "合成路口（虚拟斑马线）"},
        "camera": {"id": f"yq-remix-{remix.seed}", "direction": scene.direction, "size": list(scene.size_px)},
        "ground": {"points": [{"px": px, "m": metres} for px, metres in points]},
        "signals": [{"id": SIGNAL_ID, "for": "pedestrian", "lamp": {"px": list(remix.lamp_xywh_px)}}],
        "crosswalks": [_crosswalk(remix)],
    }
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, default_flow_style=None, width=120)


def _crosswalk(remix: Remix) -> dict[str, object]:
    crosswalk = remix.setting.crosswalk
    drawn, across = (np.round(points, 3).tolist() for points in (crosswalk.corners, crosswalk.ends))
    return {"id": ZONE_ID, "signal": SIGNAL_ID, "polygon": {"m": drawn}, "across": {"m": across}}


def _track_rows(remix: Remix) -> list[list[object]]:
    rows = [
        (int(t_ms), number, foot, box)
        for number, act in enumerate(remix.acts, start=1)
        for t_ms, foot, box in zip(act.times_ms, act.feet_m, act.boxes_px, strict=True)
    ]
    rows.sort(key=lambda row: row[:2])
    return [
        [t_ms, number, "pedestrian", *(f"{metre:.3f}" for metre in foot), *(f"{side:.1f}" for side in box)]
        for t_ms, number, foot, box in rows
    ]


def _write_video(remix: Remix, empty: PictureBgr, path: Path, say: Say) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=1000 // STEP_MS, options=H264)
        stream.width, stream.height, stream.pix_fmt = empty.shape[1], empty.shape[0], "yuv420p"
        for number, picture in enumerate(pictures(remix, empty)):
            if number % 50 == 0:
                say(f"drawing {number * STEP_MS // 1000} of {remix.setting.end_ms // 1000} s")
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode())
