"""Who walks where in the footage, by our own detector and tracker; kept beside the footage, for it takes a minute."""

import json
import os
from collections import defaultdict
from hashlib import sha256
from pathlib import Path

from calibration.scene import Scene
from datasets.debian import Say
from datasets.errors import PartMissingError
from edge.assembly import view_of
from edge.camera.file import VideoFile
from edge.colours import ClothesColours
from edge.detect import open_detector
from edge.observations import BoxXyxyPx, Followed
from edge.tracking.settings import TrackerSettings
from edge.tracking.tracker import GroundTracker
from models.pull import cache_folder

MODEL = "nanodet-g"
Tracks = dict[int, dict[int, BoxXyxyPx]]
"""Track number to (frame number to box); only where somebody was seen."""


def tracks_of(footage: Path, scene: Scene, cache: Path, say: Say) -> Tracks:
    """Return the footage's tracks, from the cache if they are there.

    Args:
        footage: the video.
        scene: its scene, with a ground.
        cache: the folder that keeps them.
        say: told what is going on.
    """
    key = sha256(footage.read_bytes() + scene.sha256.encode() + repr(TrackerSettings()).encode()).hexdigest()[:16]
    kept = cache / f"tracks-{key}.json"
    if not kept.is_file():
        tracks = _follow(footage, scene, say)
        cache.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(".part")
        part.write_text(json.dumps(tracks))
        part.rename(kept)
    found = json.loads(kept.read_text())
    return {int(number): {int(at): tuple(box) for at, box in boxes.items()} for number, boxes in found.items()}


def _follow(footage: Path, scene: Scene, say: Say) -> Tracks:
    if scene.ground is None:
        raise PartMissingError(str(footage), "its scene has no ground", "Give a scene with reference points")
    detector = open_detector(MODEL, cache_folder(os.environ), 2, TrackerSettings().weak_score_min, scene.size_px, ())
    tracker, colours = GroundTracker(view_of(scene, scene.ground)), ClothesColours()
    video = VideoFile(footage)
    tracks: Tracks = defaultdict(dict)
    frame_at: dict[int, int] = {}
    instants: list[Followed] = []
    for number, frame in enumerate(video.frames()):
        frame_at[frame.t_ms] = number
        if number % 50 == 0:
            say(f"following people, frame {number} of {video.frames_expected}")
        found = colours.measured(frame.picture_bgr, detector.detect(frame.picture_bgr))
        instants += tracker.update(frame.t_ms, found)
    for instant in [*instants, *tracker.finish()]:
        for box in instant.boxes:
            if box.seen:
                tracks[box.track_id][frame_at[instant.t_ms]] = box.box_xyxy_px
    return tracks
