"""A real Mosquitto, out of Debian's package and without root, for the tests that speak to a broker not our own."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from datasets.cache import cache_folder
from datasets.debian import fetch
from datasets.demo.broker import free_port, is_free
from datasets.errors import PartMissingError


def unpacked() -> tuple[Path, dict[str, str]]:
    """Where the package's files are, and the environment in which its programs run."""
    try:
        root = fetch(("mosquitto",), cache_folder("mosquitto"), print, closure=True)
    except PartMissingError as missing:
        if shutil.which("apt-get") is None:
            pytest.skip(f"NO MOSQUITTO TEST: {missing}")
        raise
    libraries = [str(path) for base in ("usr/lib", "lib") for path in (root / base).glob("*-linux-gnu*")]
    return root, os.environ | {"LD_LIBRARY_PATH": ":".join(libraries)}


@contextmanager
def mosquitto(folder: Path, username: str, password: str) -> Iterator[int]:
    """Run it on a free port of loopback, open only to one name and password; yield the port."""
    root, environment = unpacked()
    port, config, passwords = free_port(), folder / "mosquitto.conf", folder / "passwords"
    passwords.write_text(f"{username}:{password}\n")
    subprocess.run([root / "usr/bin/mosquitto_passwd", "-U", passwords], env=environment, check=True)
    passwords.chmod(0o644)
    config.write_text(f"listener {port} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\nuser root\n")
    process = subprocess.Popen([root / "usr/sbin/mosquitto", "-c", config], env=environment, stderr=subprocess.DEVNULL)
    try:
        until_s = time.monotonic() + 10
        while is_free(port) and process.poll() is None and time.monotonic() < until_s:
            time.sleep(0.05)
        assert process.poll() is None
        yield port
    finally:
        process.kill()
        process.wait()
