"""The cyclist's footage: a test video of OpenTrafficCam's OTVision (GPL-3.0), out of its source package on PyPI.

800 x 600 pixels, 60 frames at 20 a second, a fixed camera over a junction; its reference points were surveyed.
"""

from pathlib import Path
from typing import Final

from datasets.debian import Say
from datasets.packages import SOURCES, Package, from_package

MEMBER: Final = "otvision-0.7.1/tests/data/detect/Testvideo_Cars-Cyclist_FR20_2020-01-01_00-00-00.mp4"
FOOTAGE: Final = Package(
    "otvision==0.7.1 --hash=sha256:0ee9dbf29d624beb7c67e3ac0d42c64bc433b49bc685122fc986dbc589605533",
    {MEMBER: "59fd3c64c545c82d6a033e7015e170e7d23e6df0eb76a92a9b355931c3b3bb6f"},
    SOURCES,
)
SCENE: Final = Path(__file__).with_name("scene.yaml")
LABELS: Final = Path(__file__).with_name("labels.csv")


def cyclist_footage(cache: Path, say: Say) -> Path:
    """Return the footage's path, fetching it (65 MB) if it is not there. Raises PartMissingError."""
    (path,) = from_package(FOOTAGE, cache, say)
    return path
