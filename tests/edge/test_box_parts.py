"""A box whose publisher or uploader has died ends with an error: it must not live on without delivering."""

from contextlib import ExitStack, closing

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from datasets.demo.broker import free_port
from edge.box import Box, Surroundings
from edge.broker import BrokerAddress
from edge.config import BoxConfig
from edge.disk import Disk
from edge.disk_policy import Limits
from edge.hand_offs import HandOffs
from edge.outbox import Outbox
from edge.publish import Publisher

pytestmark = [
    pytest.mark.process,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning"),
]
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NOW_MS = 1_800_000_000_000


def now_ms() -> int:
    return NOW_MS


class Idle:
    """An uploader that has nothing to do."""

    def run(self, stopping, refused) -> None:
        stopping.wait()


class Dies:
    """An uploader, or a status, that meets a defect of ours."""

    topic = "t"

    def run(self, stopping, refused) -> None:
        raise RuntimeError("a defect")

    def will(self) -> bytes:
        raise RuntimeError("a defect")


@pytest.fixture
def box(tmp_path):
    """Make a box whose only camera has no source; its broker is away."""
    with ExitStack() as open_parts:

        def made(uploader, status) -> Box:
            outbox = open_parts.enter_context(closing(Outbox(tmp_path / "outbox.sqlite")))
            hand_offs = open_parts.enter_context(closing(HandOffs(tmp_path / "outbox.sqlite")))
            config = BoxConfig.model_validate(
                {
                    "device": {"id": "box-1", "key_file": "k", "token_file": "t"},
                    "centre": {"url": "http://127.0.0.1:9", "public_key_file": "c"},
                    "data": str(tmp_path),
                    "cameras": [{"scene": str(tmp_path / "none.yaml"), "source": "none.avi"}],
                }
            )
            address = BrokerAddress("127.0.0.1", free_port())
            cameras = (("s-1", "n"),)
            publisher = Publisher("box-1", cameras, address, outbox, KEY.public_key(), status=status)
            disk = open_parts.enter_context(closing(Disk(tmp_path, Limits(10**12, 0), now_ms)))
            return Box(config, KEY, Surroundings(now_ms), outbox, publisher, uploader, hand_offs, disk, 1)

        yield made


@pytest.mark.parametrize(
    ("story", "uploader", "status"),
    [("uploader", Dies(), None), ("publisher", Idle(), Dies())],
    ids=["uploader", "publisher"],
)
def test_a_dead_part_ends_the_box_so_that_it_is_started_again(box, capsys, story, uploader, status):
    assert box(uploader, status).run() == 1
    assert f"part={story}" in capsys.readouterr().out
