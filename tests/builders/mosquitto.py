"""A real Mosquitto out of Debian's package, for the tests that need its other programs or its plugins as well."""

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from datasets.errors import PartMissingError
from datasets.mosquitto import package, private_mosquitto


def unpacked() -> tuple[Path, Mapping[str, str]]:
    """Where the package's files are, and the environment in which its programs run."""
    try:
        return package()
    except PartMissingError as missing:
        if shutil.which("apt-get") is None:
            pytest.skip(f"NO MOSQUITTO TEST: {missing}")
        raise


@contextmanager
def mosquitto(folder: Path, username: str, password: str) -> Iterator[int]:
    """Run it on a free port of loopback, open only to one name and password; yield the port."""
    root, environment = unpacked()
    passwords = folder / "passwords"
    passwords.write_text(f"{username}:{password}\n")
    subprocess.run([root / "usr/bin/mosquitto_passwd", "-U", passwords], env=environment, check=True)
    passwords.chmod(0o644)
    with private_mosquitto(folder, f"allow_anonymous false\npassword_file {passwords}\n") as port:
        yield port
