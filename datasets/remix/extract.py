"""Clips out of footage: the long spans in which somebody walks with nobody near and wholly in the picture."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calibration.ground import Ground
from calibration.scene import Scene
from datasets.debian import Say
from datasets.errors import PartMissingError
from datasets.remix.follow import Tracks, tracks_of
from datasets.remix.silhouette import Silhouette, cut_out, empty_scene, grown
from datasets.remix.values import Clip
from edge.camera.file import VideoFile
from edge.observations import BoxXyxyPx
from edge.pipeline import PictureBgr

CLIP_MIN_FRAMES: Final = 25
WHOLE_SHARE: Final = 0.85
SMOOTHED_FRAMES: Final = 9
"""About one stride: the lower edge of a silhouette swings with the legs."""
EMPTY_EVERY: Final = 8
NEAR: Final = (0.12, 0.06)
NEAR_PX: Final = 4


def clips_of(footage: Path, scene: Scene, cache: Path, say: Say) -> tuple[PictureBgr, tuple[Clip, ...]]:
    """Return the empty scene and the clips of a video. Raises PartMissingError where it yields none."""
    ground = scene.ground
    if ground is None:
        raise PartMissingError(str(footage), "its scene has no ground", "Give a scene with reference points")
    tracks = tracks_of(footage, scene, cache, say)
    say("cutting people out")
    pictures = np.stack([frame.picture_bgr for frame in VideoFile(footage).frames()])
    empty = empty_scene(pictures[::EMPTY_EVERY])
    clips = cut_clips(pictures, empty, tracks, ground)
    if not clips:
        raise PartMissingError(str(footage), f"nobody walks alone for {CLIP_MIN_FRAMES} frames", "Take other footage")
    return empty, clips


def cut_clips(pictures: NDArray[np.uint8], empty: PictureBgr, tracks: Tracks, ground: Ground) -> tuple[Clip, ...]:
    """Return the clips of (N, height, width, 3) pictures in which these tracks walk."""
    clips = []
    for person, spans in _alone(tracks):
        silhouettes = [(at, cut_out(pictures[at], empty, box)) for at, box in spans]
        clips += [_clip(person, run, ground) for run in _whole_runs(silhouettes)]
    return tuple(clips)


def _alone(tracks: Tracks) -> Iterator[tuple[int, list[tuple[int, BoxXyxyPx]]]]:
    """Yield who is near nobody, and in which frames."""
    for person, boxes in tracks.items():
        others = [other for number, other in tracks.items() if number != person]
        yield (
            person,
            [
                (at, box)
                for at, box in sorted(boxes.items())
                if not any(at in other and touch(_near(box), _near(other[at])) for other in others)
            ],
        )


def _near(box: BoxXyxyPx) -> BoxXyxyPx:
    return grown(box, NEAR, NEAR_PX)


def touch(a: BoxXyxyPx, b: BoxXyxyPx) -> bool:
    """Tell whether two boxes overlap."""
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _whole_runs(silhouettes: list[tuple[int, Silhouette | None]]) -> Iterator[list[Silhouette]]:
    """Yield the unbroken runs that are long enough."""
    run: list[Silhouette] = []
    before = -2
    for at, silhouette in [*silhouettes, (-1, None)]:
        if silhouette is None or at != before + 1:
            run = from_whole(run)
            if len(run) >= CLIP_MIN_FRAMES:
                yield run
            run = []
        if silhouette is not None:
            run.append(silhouette)
        before = at


def from_whole(run: list[Silhouette]) -> list[Silhouette]:
    """Return a run from where the person is whole: who comes out behind a thin pole was seen before it."""
    usual = float(np.median([silhouette.filled for silhouette in run])) if run else 0.0
    whole = [at for at, silhouette in enumerate(run) if silhouette.filled >= WHOLE_SHARE * usual]
    return run[whole[0] :] if whole else run


def _clip(person: int, run: list[Silhouette], ground: Ground) -> Clip:
    feet_m = ground.to_metres(np.array([silhouette.foot_px for silhouette in run]))
    boxes = np.array([silhouette.box_px for silhouette in run])
    return Clip(person, smoothed(feet_m), boxes, tuple(silhouette.cutout for silhouette in run))


def smoothed(places_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (N, 2) places averaged over a stride; the ends keep their direction by being mirrored through the end."""
    half = SMOOTHED_FRAMES // 2
    before = 2 * places_m[0] - places_m[half:0:-1]
    after = 2 * places_m[-1] - places_m[-2 : -half - 2 : -1]
    padded = np.concatenate([before, places_m, after])
    kernel = np.full(SMOOTHED_FRAMES, 1 / SMOOTHED_FRAMES)
    return np.stack([np.convolve(padded[:, axis], kernel, "valid") for axis in (0, 1)], axis=1)
