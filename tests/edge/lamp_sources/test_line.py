"""A detector's wire: a real TCP peer that comes late, breaks off and comes back; a pseudo-terminal as serial port."""

import os
import pty
import socket
import threading
import time
from contextlib import suppress
from functools import partial

import pytest

from contract.words import LampState
from datasets.demo.broker import free_port
from edge.lamp_sources.inbox import Inbox
from edge.lamp_sources.line import Lines, WireLink, serial, tcp
from edge.signals.feed import Refused
from edge.signals.wire import LINE_BYTES_MAX, WiredSignal, WireReader

RED, GREEN, UNKNOWN = LampState.RED, LampState.GREEN, LampState.UNKNOWN
VEHICLE = WiredSignal("v", "R1", "G1", "Y1")


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def link(connect) -> WireLink:
    return WireLink("detector", connect, WireReader((VEHICLE,), now_ms()), Inbox(), now_ms)


def states(wire: WireLink, wanted: list[LampState], within_s: float = 15) -> list[LampState]:
    """Wait until these states have come, one after the other."""
    came: list[LampState] = []
    until_s = time.monotonic() + within_s
    while came != wanted and time.monotonic() < until_s:
        for reading in wire.inbox.take():
            if not came or came[-1] is not reading.state:
                came.append(reading.state)
        time.sleep(0.02)
    return came


class Detector:
    """Listens, and says a line ten times a second to whoever has come."""

    def __init__(self, port: int) -> None:
        self._server = socket.create_server(("127.0.0.1", port))
        self._server.settimeout(0.1)
        self.line = b"R1=1 Y1=0 G1=0\n"
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        clients: list[socket.socket] = []
        while not self._ending.is_set():
            with suppress(TimeoutError):
                clients.append(self._server.accept()[0])
            for client in clients:
                client.sendall(self.line)
        for client in clients:
            client.close()
        self._server.close()

    def end(self) -> None:
        self._ending.set()
        self._thread.join()


def test_a_detector_is_waited_for_heard_missed_and_heard_again():
    port = free_port()
    wire = link(partial(tcp, "127.0.0.1", port))
    wire.start()
    time.sleep(0.7)  # nobody there yet
    assert wire.inbox.take() == ()
    detector = Detector(port)
    assert states(wire, [RED]) == [RED]
    assert wire.state().connected
    detector.line = b"R1=0 Y1=0 G1=1\r\n"
    assert states(wire, [RED, GREEN])[-1] is GREEN
    detector.end()
    assert states(wire, [GREEN, UNKNOWN])[-1] is UNKNOWN
    detector = Detector(port)
    assert states(wire, [RED])[-1] is RED
    wire.stop()
    detector.end()
    assert not wire.state().refused


def test_a_serial_port_is_read():
    ours, theirs = pty.openpty()
    wire = link(partial(serial, os.ttyname(theirs), 19200))
    wire.start()
    until_s = time.monotonic() + 5
    while not wire.state().connected and time.monotonic() < until_s:
        time.sleep(0.02)
    os.write(ours, b"what is this\nR1=1 Y1=0 G1=0\r\n")
    assert states(wire, [RED]) == [RED]
    assert dict(wire.state().refused) == {Refused.MALFORMED: 1}
    wire.stop()
    os.close(ours), os.close(theirs)


@pytest.mark.parametrize("place", ["nothing", "file"])
def test_what_is_no_serial_port_is_tried_again_and_says_nothing(tmp_path, place):
    (tmp_path / "file").write_text("R1=1 Y1=0 G1=0\n")
    wire = link(partial(serial, tmp_path / place, 9600))
    wire.start()
    time.sleep(0.3)
    assert not wire.state().connected
    wire.stop()
    assert wire.inbox.take() == ()


def lines(chunks: list[bytes]) -> tuple[list[LampState], dict[Refused, int]]:
    reader, inbox = WireReader((VEHICLE,), 0), Inbox()
    cut = Lines(reader, inbox, lambda: 0)
    for chunk in chunks:
        cut.feed(chunk)
    return [reading.state for reading in inbox.take()], dict(reader.refused)


@pytest.mark.parametrize(
    ("story", "chunks", "said", "refused"),
    [
        ("in pieces", [b"R1=1 Y", b"1=0 G1=", b"0", b"\n"], [RED], {}),
        ("several at once", [b"R1=1 Y1=0 G1=0\nR1=0 Y1=0 G1=1\n"], [RED, GREEN], {}),
        ("an unfinished one says nothing", [b"R1=1 Y1=0 G1=0"], [], {}),
        ("empty ones are nothing", [b"\r\n\r\n"], [], {}),
        ("one that never ends", [b"R" * LINE_BYTES_MAX] * 20, [], {Refused.OVERRUN: 1}),
        ("and what follows it", [b"R" * 2000, b"R1=1 Y1=0 G1=0\nR1=0 Y1=0 G1=1\n"], [GREEN], {Refused.OVERRUN: 1}),
    ],
)
def test_bytes_are_cut_into_lines(story, chunks, said, refused):
    assert lines(chunks) == (said, refused)
