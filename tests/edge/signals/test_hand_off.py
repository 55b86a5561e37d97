import pytest

from contract.words import HandOffCause
from edge.signals.hand_off import HandOff, Word, switched

OFFICER, WORKS = HandOffCause.DIRECTED, HandOffCause.PAUSED
SET_FROM_10_TO_20 = [(10_000, OFFICER), (20_000, None)]


@pytest.mark.parametrize(
    ("switched", "from_ms", "to_ms", "exempt"),
    [
        ([], 0, 60_000, None),
        (SET_FROM_10_TO_20, 0, 9_999, None),
        (SET_FROM_10_TO_20, 0, 10_000, OFFICER),
        (SET_FROM_10_TO_20, 12_000, 13_000, OFFICER),
        (SET_FROM_10_TO_20, 12_000, 40_000, OFFICER),
        (SET_FROM_10_TO_20, 20_000, 40_000, None),
        ([(10_000, WORKS)], 50_000, 51_000, WORKS),
        ([(10_000, None), (20_000, WORKS), (30_000, OFFICER)], 15_000, 31_000, WORKS),
        ([(10_000, OFFICER)], 50_000, 51_000, OFFICER),
        ([(10_000, OFFICER), (20_000, None), (30_000, OFFICER)], 21_000, 29_000, None),
        ([(10_000, OFFICER), (20_000, None), (30_000, OFFICER)], 21_000, 31_000, OFFICER),
    ],
)
def test_whoever_acts_while_an_officer_directs_is_exempt(switched, from_ms, to_ms, exempt):
    assert HandOff(switched).during(from_ms, to_ms) is exempt


def test_a_switch_that_goes_back_in_time_is_refused():
    hand_off = HandOff([(10_000, OFFICER)])
    with pytest.raises(ValueError, match="at or after 10000 ms"):
        hand_off.switch(9_000, None)


@pytest.mark.parametrize(
    ("story", "words", "times"),
    [
        ("nobody said anything", [], []),
        ("set until noon", [Word(10, OFFICER, until_ms=50)], [(10, OFFICER), (50, None)]),
        ("released before", [Word(10, OFFICER, 50), Word(30, None)], [(10, OFFICER), (30, None)]),
        (
            "released after it had ended",
            [Word(10, OFFICER, 20), Word(30, None)],
            [(10, OFFICER), (20, None), (30, None)],
        ),
        ("set for longer", [Word(10, OFFICER, 50), Word(30, OFFICER, 90)], [(10, OFFICER), (30, OFFICER), (90, None)]),
        ("set for less", [Word(10, OFFICER, 90), Word(30, OFFICER, 50)], [(10, OFFICER), (30, OFFICER), (50, None)]),
        ("road works", [Word(10, WORKS, 90), Word(30, None)], [(10, WORKS), (30, None)]),
        ("the centre's clock went back", [Word(30, OFFICER, 90), Word(20, None)], [(30, OFFICER), (30, None)]),
    ],
)
def test_the_centres_words_give_the_times_of_the_switch(story, words, times):
    assert switched(words) == times


def test_what_is_told_takes_the_place_of_what_was_told_before():
    hand_off = HandOff([(10_000, OFFICER), (90_000, None)])
    hand_off.tell([(10_000, OFFICER), (30_000, None)])
    assert hand_off.during(20_000, 20_000)
    assert not hand_off.during(30_000, 95_000)
