"""A box that asks a real SNTP server on loopback: one that is right, and those that must not be believed."""

import socket
import struct
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.demo.reference_clock import Manner, ReferenceClock
from edge.both_clocks import looking
from edge.clock import NotMeasuredError
from edge.clock_sources.ntp_packet import LAYOUT, answer_of, is_answer_to, request
from edge.clock_sources.sntp import SntpServer


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@pytest.fixture
def reference():
    with ReferenceClock() as running:
        yield running


def asking(reference, *, ahead_ms: int = 0, wait_s: float = 0.9) -> SntpServer:
    """Return a box whose clock is so far ahead of this machine's, which the server goes by."""
    return SntpServer("127.0.0.1", reference.port, looking(lambda: now_ms() + ahead_ms), wait_s)


@pytest.mark.parametrize(
    ("story", "ahead_ms", "manner", "offset_ms"),
    [
        ("right", 0, {}, 0),
        ("1.5 s ahead", 1500, {}, 1500),
        ("1.5 s behind", -1500, {}, -1500),
        ("an hour ahead", 3_600_000, {}, 3_600_000),
        ("the reference is ahead", 0, {"offset_ms": 250}, -250),
        ("fifty years behind, in 1976", -50 * 365 * 86_400_000, {}, -50 * 365 * 86_400_000),
    ],
)
def test_how_far_a_clock_is_off(reference, story, ahead_ms, manner, offset_ms):
    reference.become(**manner)
    measured = asking(reference, ahead_ms=ahead_ms).measure()
    assert abs(measured.offset_ms - offset_ms) <= measured.doubt_ms < 500  # the machine may be busy
    assert abs(measured.at.wall_ms - now_ms() - ahead_ms) < 2000


@pytest.mark.parametrize(
    ("story", "manner", "says"),
    [
        ("its own clock is not synchronised", {"leap": 3}, "its own clock is not synchronised"),
        ("it has lost its way (stratum 16)", {"stratum": 16}, "its own clock is not synchronised"),
        ("a kiss of death", {"stratum": 0}, r"it sends us away \(LOCL\)"),
        ("no server at all", {"mode": 3}, "expected a server's answer"),
        ("it says nothing", {"silent": True}, "no answer"),
        ("it has not seen the question", {"repeats_origin": False}, "no answer; 3 packets so far that answer no quest"),
        ("it says too little", {"bytes_sent": 47}, "no answer"),
        ("it says it too late", {"holds_s": 0.5}, "no answer"),
    ],
)
def test_what_is_not_believed(reference, story, manner, says):
    reference.become(**manner)
    with pytest.raises(NotMeasuredError, match=rf"SNTP server 127.0.0.1:{reference.port}: {says}"):
        asking(reference, wait_s=0.3).measure()


def test_nobody_there_and_no_such_name():
    with pytest.raises(NotMeasuredError, match=r"SNTP server 127\.0\.0\.1:9: Connection refused"):
        SntpServer("127.0.0.1", 9, looking(now_ms)).measure()
    with pytest.raises(NotMeasuredError, match=r"SNTP server ntp\.\.example:123: this can be no host's name"):
        SntpServer("ntp..example", 123, looking(now_ms)).measure()


@pytest.mark.parametrize(("leap", "leap_ms"), [(0, 0), (1, -1000), (2, 1000)])
def test_a_leap_second_that_is_announced_is_kept(reference, leap, leap_ms):
    reference.become(leap=leap)
    assert asking(reference).measure().leap_ms == leap_ms


def test_what_a_server_says_of_its_own_doubt_counts(reference):
    reference.become(root_delay_s=0.5, root_dispersion_s=1.0)
    assert 1250 <= asking(reference).measure().doubt_ms < 1750


def test_an_answer_that_was_long_on_its_way_leaves_doubt_as_long_as_half_of_it():
    """The server's time is of when it answered; the packet then lies about, as on a full line."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))

        def serve() -> None:
            for _ in range(3):
                question, asker = line.recvfrom(1024)
                at = (time.time_ns() + 2_208_988_800 * 10**9) * 2**32 // 10**9
                nonce = LAYOUT.unpack_from(question)[10]
                time.sleep(0.2)
                line.sendto(LAYOUT.pack(0x24, 1, 0, -20, 0, 0, b"LOCL", at, nonce, at, at), asker)

        threading.Thread(target=serve, daemon=True).start()
        measured = SntpServer("127.0.0.1", line.getsockname()[1], looking(now_ms)).measure()
    assert measured.doubt_ms >= 100
    assert abs(measured.offset_ms) <= measured.doubt_ms


def test_a_forged_answer_neither_counts_nor_keeps_the_true_one_away():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))

        def serve() -> None:
            question, asker = line.recvfrom(1024)
            nonce = LAYOUT.unpack_from(question)[10]
            hour_ns = 3600 * 10**9
            for told, off_ns in ((nonce ^ 1, hour_ns), (0, hour_ns), (nonce, 0)):
                at = (time.time_ns() + off_ns + 2_208_988_800 * 10**9) * 2**32 // 10**9
                line.sendto(LAYOUT.pack(0x24, 1, 0, -20, 0, 0, b"LOCL", at, told, at, at), asker)

        threading.Thread(target=serve, daemon=True).start()
        server = SntpServer("127.0.0.1", line.getsockname()[1], looking(now_ms))
        measured = server.measure()
    assert abs(measured.offset_ms) < 500
    assert server.strangers == 2


def test_a_box_whose_clock_is_set_while_it_asks_measures_the_clock_as_it_is_now(reference):
    reference.become(holds_s=0.1)
    begun_s = time.monotonic()

    def set_meanwhile() -> int:
        return now_ms() + (3_600_000 if time.monotonic() - begun_s > 0.05 else 0)

    measured = SntpServer("127.0.0.1", reference.port, looking(set_meanwhile), wait_s=1.0).measure()
    assert abs(measured.offset_ms - 3_600_000) <= measured.doubt_ms < 500


def test_questions_tell_no_time_and_are_never_the_same(reference):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        line.settimeout(5)
        server = SntpServer("127.0.0.1", line.getsockname()[1], looking(now_ms), wait_s=0.05)
        with pytest.raises(NotMeasuredError, match="no answer"):
            server.measure()
        asked = [LAYOUT.unpack(line.recv(1024)) for _ in range(3)]
    assert len({fields[10] for fields in asked}) == 3
    assert all(fields[0] == 0x23 and not any(fields[1:6] + fields[7:10]) for fields in asked)


@given(packet=st.binary(max_size=100) | st.binary(min_size=48, max_size=48))
def test_any_bytes_are_read_or_refused(packet):
    nonce = 0x0123456789ABCDEF
    if is_answer_to(nonce, packet[:24] + struct.pack("!Q", nonce) + packet[32:]) and len(packet) >= 48:
        try:
            answer = answer_of(packet)
        except NotMeasuredError:
            return
        assert answer.doubt_ms >= 0
        assert answer.leap_ms in {-1000, 0, 1000}


@pytest.mark.parametrize(
    ("year", "timestamp", "epoch_ms"),
    [
        ("1970", 2_208_988_800 << 32, 0.0),
        ("2026", 4_000_000_000 << 32 | 1 << 31, 1_791_011_200_500.0),
        ("the last second of the first era, 2036", (2**32 - 1) << 32, 2_085_978_495_000.0),
        ("the first second of the next", 1, 2_085_978_496_000.0),
    ],
)
def test_seconds_are_of_the_era_in_which_they_can_be(year, timestamp, epoch_ms):
    packet = LAYOUT.pack(0x24, 1, 0, -20, 0, 0, b"LOCL", 0, 7, timestamp, timestamp)
    assert answer_of(packet).sent_ms == pytest.approx(epoch_ms, abs=0.001)


def test_a_question_is_48_bytes_of_version_4_by_a_client():
    assert len(request(5)) == 48
    assert request(5)[0] == 0x23


def test_a_reference_may_change_its_manner_while_it_is_asked(reference):
    box = asking(reference)
    assert abs(box.measure().offset_ms) < 500
    reference.manner = Manner(offset_ms=-2000)
    assert abs(box.measure().offset_ms - 2000) < 500
    assert reference.asked >= 2
