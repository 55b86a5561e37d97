import pytest

from edge.signals.hand_off import HandOff

SET_FROM_10_TO_20 = [(10_000, True), (20_000, False)]


@pytest.mark.parametrize(
    ("switched", "from_ms", "to_ms", "exempt"),
    [
        ([], 0, 60_000, False),
        (SET_FROM_10_TO_20, 0, 9_999, False),
        (SET_FROM_10_TO_20, 0, 10_000, True),
        (SET_FROM_10_TO_20, 12_000, 13_000, True),
        (SET_FROM_10_TO_20, 12_000, 40_000, True),
        (SET_FROM_10_TO_20, 20_000, 40_000, False),
        ([(10_000, True)], 50_000, 51_000, True),
        ([(10_000, True), (20_000, False), (30_000, True)], 21_000, 29_000, False),
        ([(10_000, True), (20_000, False), (30_000, True)], 21_000, 31_000, True),
    ],
)
def test_whoever_acts_while_an_officer_directs_is_exempt(switched, from_ms, to_ms, exempt):
    assert HandOff(switched).during(from_ms, to_ms) is exempt


def test_a_switch_that_goes_back_in_time_is_refused():
    hand_off = HandOff([(10_000, True)])
    with pytest.raises(ValueError, match="at or after 10000 ms"):
        hand_off.switch(9_000, is_set=False)
