"""Puts a film beside a watch: clips for its packages and, where it is wanted, raw video on the box's disk."""

from pathlib import Path

from edge.video.film import Film
from edge.video.recording import Recording
from edge.video.retention import Limits
from edge.video.settings import VideoSettings
from edge.video.shelf import Shelf
from edge.video_config import VideoConfig
from edge.watch import Watch

GB = 10**9


def film(watch: Watch, settings: VideoSettings, recording: Recording | None = None, *, patient: bool) -> Film:
    """Let a watch film what it sees. ``patient``: the watch waits for the film (files), and nothing is left out."""
    made = Film(watch.place, settings, recording, patient=patient)
    watch.clips = made
    return made


def settings_of(config: VideoConfig) -> VideoSettings:
    """Return how edge.yaml has a camera filmed."""
    return VideoSettings(fps_max=config.fps_max, crf=config.crf, preset=config.preset)


def recording_of(config: VideoConfig, data: Path, watch: Watch) -> Recording | None:
    """Return what records a watch's camera below the box's data folder; None where edge.yaml wants no raw video."""
    if config.keep_days == 0:
        return None
    budget_bytes = None if config.budget_gb is None else round(config.budget_gb * GB)
    limits = Limits(config.keep_days, config.keep_act_days, budget_bytes, round(config.free_gb_min * GB))
    folder = data / "video" / watch.place.camera_id
    return Recording(lambda: Shelf(folder, watch.place.start_ms, limits))
