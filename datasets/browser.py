"""A Chromium for the tests: the machine's own, or Debian's unpacked into the cache and run from there, without root."""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from datasets.debian import Say, fetch

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
PACKAGES: Final = ("chromium", "fonts-noto-cjk")
ARGUMENTS: Final = (
    "--no-sandbox",  # a test's own pages only, and often as root, where the sandbox cannot start
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
FONTS_CONF: Final = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <cachedir>{cache}</cachedir>
</fontconfig>
"""


@dataclass(frozen=True, slots=True)
class BrowserLaunch:
    """How to start it."""

    executable: Path
    arguments: tuple[str, ...] = ARGUMENTS
    environment: dict[str, str] = field(default_factory=dict)


def chromium(cache: Path, say: Say) -> BrowserLaunch:
    """Return how to start a Chromium that can draw Chinese. Raises PartMissingError where apt cannot bring one."""
    own = next((path for name in NAMES if (path := shutil.which(name)) is not None), None)
    if own is not None:
        return BrowserLaunch(Path(own), environment=dict(os.environ))
    root = fetch(PACKAGES, cache, say, closure=True)
    config = root / "fonts.conf"
    config.write_text(FONTS_CONF.format(fonts=root / "usr/share/fonts", cache=root / "var/cache/fontconfig"))
    libraries = [str(path) for path in (root / "usr/lib", root / "lib") if path.is_dir()]
    libraries += [str(p) for base in ("usr/lib", "lib") for p in (root / base).glob("*-linux-gnu*") if p.is_dir()]
    pulse = [str(p) for p in (root / "usr/lib").glob("*-linux-gnu*/pulseaudio")]
    environment = dict(os.environ) | {
        "LD_LIBRARY_PATH": ":".join(libraries + pulse),
        "FONTCONFIG_FILE": str(config),
    }
    return BrowserLaunch(root / "usr/lib/chromium/chromium", environment=environment)
