import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.procedure.sampling import SpikeRule, is_looked_at_twice, is_spike

RULE = SpikeRule(verdicts=10, rejected_max=3, reasons=frozenset({"signal_conflict", "unclear"}))


@given(event_id=st.uuids().map(str), salt=st.text(max_size=20))
def test_none_all_and_the_same_every_time(event_id, salt):
    assert not is_looked_at_twice(event_id, 0.0, salt)
    assert is_looked_at_twice(event_id, 1.0, salt)
    assert is_looked_at_twice(event_id, 0.3, salt) <= is_looked_at_twice(event_id, 0.6, salt)


def test_the_share_is_kept_and_another_salt_draws_others():
    drawn = {salt: {n for n in range(4000) if is_looked_at_twice(f"event-{n}", 0.1, salt)} for salt in ("a", "b")}
    assert all(330 <= len(found) <= 470 for found in drawn.values())  # 400 expected, 19 is one standard deviation
    assert len(drawn["a"] & drawn["b"]) < 80


@pytest.mark.parametrize(
    ("story", "reasons", "spike"),
    [
        ("all is well", [None] * 10, False),
        ("three in ten", ["unclear", "unclear", "signal_conflict", *[None] * 7], False),
        ("four in ten: the lamp is read wrongly", ["signal_conflict"] * 4 + [None] * 6, True),
        ("four within the first hour", ["signal_conflict"] * 4, True),
        ("handled on site says nothing against the camera", ["handled_on_site"] * 10, False),
        ("an old spike is over", [None] * 10 + ["unclear"] * 10, False),
    ],
)
def test_a_spike(story, reasons, spike):
    assert is_spike(reasons, RULE) is spike
