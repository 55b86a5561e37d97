"""A real Mosquitto, the machine's own or out of Debian's package without root: a broker that is not ours."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from datasets.cache import cache_folder
from datasets.debian import fetch
from datasets.demo.broker import free_port, is_free
from datasets.errors import PartMissingError

START_S: Final = 10.0
PRIVATE: Final = "listener {port} 127.0.0.1\nallow_anonymous true\nuser root\n"
"""Loopback alone: whoever is on this machine may speak to it."""


def program() -> tuple[Path, Mapping[str, str]]:
    """Return the broker's program and the environment that it needs. Raises PartMissingError."""
    own = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if own is not None:
        return Path(own), os.environ
    root = fetch(("mosquitto",), cache_folder("mosquitto"), print, closure=True)
    libraries = [str(path) for base in ("usr/lib", "lib") for path in (root / base).glob("*-linux-gnu*")]
    return root / "usr/sbin/mosquitto", os.environ | {"LD_LIBRARY_PATH": ":".join(libraries)}


@contextmanager
def private_mosquitto(folder: Path, settings: str = "") -> Iterator[int]:
    """Run it on a free port of loopback, open to this machine; yield the port. Raises PartMissingError."""
    command, environment = program()
    port, config = free_port(), folder / "mosquitto.conf"
    config.write_text(PRIVATE.format(port=port) + settings)
    process = subprocess.Popen([command, "-c", config], env=environment, stderr=subprocess.DEVNULL)
    try:
        until_s = time.monotonic() + START_S
        while is_free(port):
            if process.poll() is not None or time.monotonic() > until_s:
                raise PartMissingError("mosquitto", f"it does not listen on port {port}", "Look at its configuration")
            time.sleep(0.02)
        yield port
    finally:
        process.kill()
        process.wait()
