"""The folder of the staged box: its edge.yaml, its token, and the beginning of the real footage."""

import time
from pathlib import Path
from typing import Any, Final

import cv2
import yaml

from datasets.cache import cache_folder
from datasets.demo.run import SCENE
from datasets.faults.wish import Wish
from edge.camera.file import VideoFile

DEVICE: Final = "box-under-fire"
CYCLE_MS: Final = 40_000
"""The scene's signal: footage begins at the beginning of a cycle (datasets/demo/scene.yaml)."""


def write_box(wish: Wish, token: str, now_ms: int) -> None:
    """Write all that the box is started with but its key and the centre's, which lie there already."""
    folder = wish.folder
    (folder / "token").write_text(token)
    (folder / "token").chmod(0o600)
    write_footage(folder / "footage.avi", wish.frames)
    config = box_config(wish, now_ms)
    (folder / "edge.yaml").write_text(yaml.safe_dump(config, allow_unicode=True, sort_keys=False))


def box_config(wish: Wish, now_ms: int) -> dict[str, Any]:
    """Return edge.yaml. ``now_ms`` is when the stage is set."""
    host, http_port, mqtt_port = wish.reach or (wish.host, wish.http_port, wish.mqtt_port)
    start_s = now_ms // CYCLE_MS * CYCLE_MS // 1000
    return {
        "device": {"id": DEVICE, "key_file": "device-key.pem", "token_file": "token"},
        "centre": {
            "url": f"http://{host}:{http_port}",
            "public_key_file": "centre-public.pem",
            "broker": {"host": host, "port": mqtt_port},
        },
        "data": "data",
        **wish.box_settings,
        "on_end": "wait",
        "cameras": [
            {
                "scene": str(SCENE),
                "source": "footage.avi",
                "start": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(start_s)),
                "pace": "fastest",
                "threads": 1,
            }
        ],
    }


def write_footage(path: Path, frames: int) -> None:
    """Write the beginning of the real footage as a video of its own."""
    video = VideoFile(cache_folder("footage") / "vtest.avi")
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10.0, video.size_px)
    for _, frame in zip(range(max(frames, 1)), video.frames(), strict=False):
        writer.write(frame.picture_bgr)
    writer.release()
