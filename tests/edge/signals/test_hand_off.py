import pytest

from edge.signals.hand_off import HandOff, Word, switched

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


@pytest.mark.parametrize(
    ("story", "words", "times"),
    [
        ("nobody said anything", [], []),
        ("set until noon", [Word(10, is_set=True, until_ms=50)], [(10, True), (50, False)]),
        ("released before", [Word(10, True, 50), Word(30, False)], [(10, True), (30, False)]),
        ("released after it had ended", [Word(10, True, 20), Word(30, False)], [(10, True), (20, False), (30, False)]),
        ("set for longer", [Word(10, True, 50), Word(30, True, 90)], [(10, True), (30, True), (90, False)]),
        ("set for less", [Word(10, True, 90), Word(30, True, 50)], [(10, True), (30, True), (50, False)]),
        ("the centre's clock went back", [Word(30, True, 90), Word(20, False)], [(30, True), (30, False)]),
    ],
)
def test_the_centres_words_give_the_times_of_the_switch(story, words, times):
    assert switched(words) == times


def test_what_is_told_takes_the_place_of_what_was_told_before():
    hand_off = HandOff([(10_000, True), (90_000, False)])
    hand_off.tell([(10_000, True), (30_000, False)])
    assert hand_off.during(20_000, 20_000)
    assert not hand_off.during(30_000, 95_000)
