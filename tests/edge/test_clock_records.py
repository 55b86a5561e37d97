"""What a box keeps of its clock: bounded, of this start of the machine, the same in every process."""

import subprocess
import sys
from contextlib import closing

import pytest

from contract.words import ClockReference, ClockStatus
from edge.clock import NO_REFERENCE, Instant, Measurement
from edge.clock_records import KEPT, ClockRecords, Failures, RecordedClock
from edge.outbox import Outbox

NOON = 1_800_000_000_000
SNTP = ClockReference.SNTP


@pytest.fixture
def path(tmp_path):
    return tmp_path / "outbox.sqlite"


@pytest.fixture
def records(path):
    with closing(ClockRecords(path, "this boot")) as kept:
        yield kept


def measured(at_s: float, offset_ms: float = 1.25) -> Measurement:
    return Measurement(SNTP, Instant(NOON + round(at_s * 1000), at_s * 1000), offset_ms, 2.5, -1000)


def test_what_was_kept_is_there_after_a_restart_of_the_box(records, path):
    records.keep(measured(1))
    records.keep(measured(2))
    with closing(ClockRecords(path, "this boot")) as again:
        assert again.measurements() == (measured(1), measured(2))


def test_after_a_restart_of_the_machine_nothing_is_known(records, path):
    records.keep(measured(1))
    with closing(ClockRecords(path, "next boot")) as again:
        assert again.measurements() == ()


def test_only_the_newest_are_kept(records):
    for number in range(KEPT + 5):
        records.keep(measured(number))
    kept = records.measurements()
    assert (len(kept), kept[0], kept[-1]) == (KEPT, measured(5), measured(KEPT + 4))


def test_failures_are_counted_and_the_last_problem_is_told_until_it_is_over(records):
    assert records.failures() == Failures(0, None)
    records.failed("no answer")
    records.failed("x" * 9999)
    assert records.failures() == Failures(2, "x" * 500)
    records.went_well()
    assert records.failures() == Failures(2, None)


def test_they_stand_beside_the_outbox_which_is_none_the_wiser(records, path):
    records.keep(measured(1))
    with closing(Outbox(path)) as outbox:
        assert outbox.counts().waiting == 0
    assert records.measurements() == (measured(1),)


def test_another_process_proves_by_them(path):
    with closing(ClockRecords(path)) as records:
        records.keep(measured(1))
    program = (
        "from pathlib import Path; from contract.words import ClockReference as R; from edge.clock import Instant\n"
        "from edge.clock_records import RecordedClock\n"
        f"seen = Instant({NOON + 3000}, 3000.0)\n"
        f"print(RecordedClock(Path({str(path)!r}), R.SNTP, 10.0, lambda: seen).current_proof().model_dump_json())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert '"status":"valid"' in done.stdout
    assert f'"synchronised_at_ms":{NOON + 1000}' in done.stdout


def test_the_proof_of_an_act_is_of_when_it_was_seen_and_now_is_now(path):
    now = [Instant(NOON + 1_000, 1_000.0)]
    recorded = RecordedClock(path, SNTP, 10.0, lambda: now[0])
    with closing(ClockRecords(path)) as records:
        records.failed("no answer")
        assert recorded.current_proof().reason == "never synchronised since the machine was started: no answer"
        records.keep(measured(2))
        now[0] = Instant(NOON + 3_603_000, 3_000.0)  # set an hour forward
        assert recorded.current_proof().status is ClockStatus.INVALID
        assert recorded.proof_at(Instant(NOON + 2_500, 2_500.0)).status is ClockStatus.VALID
        records.keep(Measurement(SNTP, now[0], 3_600_000.0, 2.5))
        assert "was +3600.0" in recorded.current_proof().reason
        assert recorded.proof_at(Instant(NOON + 2_500, 2_500.0)).status is ClockStatus.VALID


def test_who_goes_by_nothing_opens_nothing(path):
    assert RecordedClock(path, ClockReference.NONE, 10.0, lambda: Instant(NOON, 0.0)).current_proof() == NO_REFERENCE
    assert not path.exists()
