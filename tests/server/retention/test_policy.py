"""When evidence is purged, as a table: days after the case came to rest, unless it is held."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.law.periods import Fate, Period
from server.law.retention import read_retention
from server.procedure.words import CaseState
from server.retention.policy import DAY_MS, FATES, Evidence, due, due_at_ms

NOW_MS = 1_800_000_000_000
PERIODS = {
    fate: Period(fate=fate, days=days, valid_from=date(2020, 1, 1), source="s", verified=False)
    for fate, days in ((Fate.UNDECIDED, None), (Fate.REJECTED, 30), (Fate.DECIDED, 1000), (Fate.HELD, 90))
}


def rested(state: CaseState | None, days: float, *, on_hold: bool = False) -> Evidence:
    return Evidence("e", None if state is None else 7, state, round(NOW_MS - days * DAY_MS), on_hold)


@pytest.mark.parametrize(
    ("story", "evidence", "purged"),
    [
        ("rejected 29 days ago", rested(CaseState.REJECTED, 29), False),
        ("rejected 30 days ago", rested(CaseState.REJECTED, 30), True),
        ("rejected, under a legal hold", rested(CaseState.REJECTED, 300, on_hold=True), False),
        ("nobody has decided", rested(CaseState.RECEIVED, 5000), False),
        ("confirmed, not yet decided", rested(CaseState.CONFIRMED, 5000), False),
        ("decided a year ago", rested(CaseState.DECIDED, 365), False),
        ("decided long ago", rested(CaseState.DECIDED, 1001), True),
        ("held back for its clock", rested(None, 91), True),
        ("the table has no period for it", rested(CaseState.REVOKED, 9999), False),
    ],
)
def test_evidence_is_purged_when_its_time_is_over(story, evidence, purged):
    assert (due([evidence], PERIODS, NOW_MS) == [evidence]) is purged


@given(st.sampled_from(list(FATES)), st.integers(0, 10**12), st.integers(0, 10**12), st.integers(0, 10**12))
def test_what_is_due_stays_due_and_a_hold_always_keeps(state, since_ms, now_ms, later_ms):
    evidence, held = Evidence("e", 1, state, since_ms), Evidence("e", 1, state, since_ms, on_hold=True)
    assert len(due([evidence], PERIODS, now_ms)) <= len(due([evidence], PERIODS, now_ms + later_ms))
    assert due_at_ms(held, PERIODS) is None


def test_every_state_has_its_class_and_the_laws_own_data_a_period_for_each():
    assert set(FATES) == {None, *CaseState}
    assert {period.fate for period in read_retention().period} == set(Fate)
    assert all(period.days is None or period.days >= 30 for period in read_retention().period)
