"""The real pictures that lamps are drawn over: the demonstration's footage and packages' sample pictures of streets."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from datasets.debian import Say
from datasets.errors import PartMissingError
from datasets.packages import Package, from_package
from datasets.riders.pictures import rider_pictures
from edge.camera.file import VideoFile
from edge.pipeline import PictureBgr

STREET: Final = Package(
    "ultralytics==8.3.0",
    {"ultralytics/assets/bus.jpg": "c02019c4979c191eb739ddd944445ef408dad5679acab6fd520ef9d434bfbc63"},
)
FRAMES: Final = (0, 200, 400, 600)
ZOOM: Final = (0.5, 2.0)


@dataclass(frozen=True, slots=True)
class Backgrounds:
    """Real pictures, out of which patches are cut."""

    pictures_bgr: tuple[PictureBgr, ...]

    def patch(self, size_wh: tuple[int, int], random: np.random.Generator) -> PictureBgr:
        """Return a patch of this size from anywhere, nearer or further, sometimes mirrored."""
        picture = self.pictures_bgr[int(random.integers(len(self.pictures_bgr)))]
        width, height = size_wh
        zoom = max(float(random.uniform(*ZOOM)), width / picture.shape[1], height / picture.shape[0])
        wide, high = max(1, int(width / zoom)), max(1, int(height / zoom))
        x = int(random.integers(picture.shape[1] - wide + 1))
        y = int(random.integers(picture.shape[0] - high + 1))
        cut = cv2.resize(picture[y : y + high, x : x + wide], size_wh, interpolation=cv2.INTER_LINEAR)
        return np.ascontiguousarray(cut[:, ::-1] if random.random() < 0.5 else cut, dtype=np.uint8)


def open_backgrounds(footage: Path, cache: Path, say: Say) -> Backgrounds:
    """Return the pictures, fetching what is not there. Raises PartMissingError."""
    riders = rider_pictures(cache, say)
    (street,) = from_package(STREET, cache, say)
    bus = cv2.imread(str(street))
    if bus is None:
        raise PartMissingError(str(street), "OpenCV cannot decode it", "Delete the cache folder and try again")
    frames = [frame.picture_bgr for n, frame in enumerate(VideoFile(footage).frames()) if n in FRAMES]
    return Backgrounds((*frames, riders.cyclist_bgr, riders.motorbike_bgr, np.asarray(bus, dtype=np.uint8)))
