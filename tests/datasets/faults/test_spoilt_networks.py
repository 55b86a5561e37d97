"""What spoils the network does so: packets vanish, connections break, nothing gets through while it is cut."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from datasets.errors import PartMissingError
from datasets.faults.proxy import Proxy
from datasets.faults.tmpfs import SmallDisk
from datasets.faults.wire import Wire

pytestmark = pytest.mark.process
SENT = 300_000
SENDER = (
    "import socket,sys;s=socket.create_connection((sys.argv[1],int(sys.argv[2])),5);s.sendall(b'x'*int(sys.argv[3]))"
)


class Sink:
    """A server that counts what one connection brings."""

    def __init__(self, listener: socket.socket) -> None:
        self.listener, self.port = listener, listener.getsockname()[1]
        self.counted, self.ended = 0, threading.Event()
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        try:
            one, _ = self.listener.accept()
            with one:
                while data := one.recv(65536):
                    self.counted += len(data)
        except OSError:  # cut off, or nobody has come
            pass
        self.ended.set()


@contextmanager
def sink_at(host: str) -> Iterator[Sink]:
    with socket.create_server((host, 0)) as listener:
        sink = Sink(listener)
        yield sink
        listener.shutdown(socket.SHUT_RDWR)
        assert sink.ended.wait(10)


@contextmanager
def laid(name: str, loss: float) -> Iterator[Wire]:
    wire = Wire(name, loss=loss)
    try:
        wire.__enter__()
    except PartMissingError as missing:
        pytest.skip(f"NO NAMESPACE TEST: {missing}")
    try:
        yield wire
    finally:
        wire.__exit__()


def test_a_fifth_of_the_packets_vanishes_and_tcp_brings_every_byte_all_the_same():
    with laid("lktest-l", 0.2) as wire, sink_at(wire.near) as sink:
        words = [*wire.inside, sys.executable, "-c", SENDER, wire.near, str(sink.port), str(SENT)]
        subprocess.run(words, check=True, timeout=60)
        assert sink.ended.wait(60)
        assert sink.counted == SENT
        assert 0.1 < wire.dropped / (wire.dropped + wire.carried) < 0.35


def test_nothing_gets_through_a_wire_that_is_cut():
    with laid("lktest-c", 0.0) as wire, sink_at(wire.near) as sink:
        wire.is_cut = True
        words = [*wire.inside, sys.executable, "-c", SENDER, wire.near, str(sink.port), "1"]
        assert subprocess.run(words, check=False, timeout=60, capture_output=True).returncode != 0
        assert sink.counted == 0


def through(proxy: Proxy, size: int) -> None:
    with socket.create_connection(("127.0.0.1", proxy.port), 5) as one:
        one.sendall(b"x" * size)


def test_a_sound_proxy_hands_everything_on():
    with sink_at("127.0.0.1") as sink, Proxy(sink.port) as proxy:
        through(proxy, SENT)
        assert sink.ended.wait(20)
        assert sink.counted == SENT


def test_a_spoilt_connection_is_cut_off_half_way():
    with sink_at("127.0.0.1") as sink, Proxy(sink.port, spoiled=1.0, bytes_mean=20_000) as proxy:
        with suppress(ConnectionError):  # the sender may have handed all to its kernel by then
            through(proxy, 3 * SENT)
        assert sink.ended.wait(20)
        assert sink.counted < 3 * SENT
        assert proxy.cut_off == 1


def test_a_small_disk_is_full_and_empty_again():
    try:
        with SmallDisk(4) as disk:
            disk.fill()
            assert disk.free_bytes() == 0
            with pytest.raises(OSError, match="No space left"):
                (disk.folder / "more").write_bytes(b"x" * 5000)
            disk.empty()
            assert disk.free_bytes() > 3_000_000
    except PartMissingError as missing:
        pytest.skip(f"NO SMALL DISK TEST: {missing}")
