"""Capture and valid rate: who is paired with whom, and what the shares and their intervals are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.words import ViolationKind
from datasets.scoring import Claim, Score, compare, rate, together

RED, RIDER = ViolationKind.PEDESTRIAN_RED_LIGHT, ViolationKind.RIDER_RED_LIGHT


def claim(track=1, zone="n", entered=10_000, confirmed=13_000, kind=RED):
    return Claim(kind, track, zone, entered, confirmed)


@pytest.mark.parametrize(
    ("story", "truth", "found", "happened_found_right"),
    [
        ("found as it happened", [claim()], [claim()], (1, 1, 1)),
        ("nothing happened, nothing found", [], [], (0, 0, 0)),
        ("missed", [claim()], [], (1, 0, 0)),
        ("accused wrongly", [], [claim()], (0, 1, 0)),
        ("a second late", [claim()], [claim(entered=11_000, confirmed=14_000)], (1, 1, 1)),
        ("another red phase", [claim()], [claim(entered=90_000, confirmed=93_000)], (1, 1, 0)),
        ("another crosswalk", [claim()], [claim(zone="s")], (1, 1, 0)),
        ("another person", [claim()], [claim(track=2)], (1, 1, 0)),
        ("another rule", [claim()], [claim(kind=RIDER)], (1, 0, 0)),
        ("one act accused twice", [claim()], [claim(), claim(entered=10_500)], (1, 2, 1)),
        ("two acts, one found", [claim(), claim(zone="s")], [claim()], (2, 1, 1)),
        ("twice by the same person", [claim(), claim(entered=95_000, confirmed=99_000)], [claim()], (2, 1, 1)),
    ],
)
def test_an_act_and_a_finding_are_paired_where_kind_zone_person_and_time_agree(
    story, truth, found, happened_found_right
):
    score = compare(truth, found).scores[RED]
    assert (score.happened, score.found, score.right) == happened_found_right, story


def test_in_one_red_phase_either_entry_tells_of_the_act():
    first, second = (Claim(RED, 1, "n", at, at + 2000, lamp_since_ms=5000) for at in (10_000, 30_000))
    assert compare([first], [second]).scores[RED].right == 1
    next_red = Claim(RED, 1, "n", 95_000, 97_000, lamp_since_ms=90_000)
    assert compare([first], [next_red]).scores[RED].right == 0


def test_as_many_pairs_are_made_as_there_can_be():
    """The early finding could also be the late act's; then the early act would have none."""
    truth = [claim(entered=10_000, confirmed=12_000), claim(entered=15_000, confirmed=17_000)]
    found = [claim(entered=13_500, confirmed=14_000), claim(entered=18_000, confirmed=18_500)]
    assert compare(truth, found).scores[RED].right == 2


def test_without_common_numbers_zone_and_time_must_do():
    compared = compare([claim(track=1)], [claim(track=99)], whose=None)
    assert compared.scores[RED].right == 1


def test_who_mixes_two_persons_is_wrong():
    compared = compare([claim()], [claim()], whose=lambda _: None)
    assert compared.false == (claim(),)
    assert compared.missed == (claim(),)


def test_the_interval_is_wilsons():
    """Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263, 15 of 148 and 0 of 20, score method."""
    for right, of, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)):
        found = rate(right, of)
        assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)
    assert rate(0, 0).share is None


def test_several_comparisons_are_one_sum():
    one, other = compare([claim()], [claim()]), compare([claim()], [])
    assert together([one, other])[RED] == Score(happened=2, found=1, right=1)


times = st.integers(0, 200_000)
claims = st.lists(
    st.builds(
        lambda kind, track, zone, at, lasts: Claim(kind, track, zone, at, at + lasts),
        st.sampled_from([RED, RIDER]),
        st.integers(1, 3),
        st.sampled_from(["n", "s"]),
        times,
        st.integers(0, 5000),
    ),
    max_size=8,
)


@given(claims)
def test_the_truth_finds_itself(truth):
    compared = compare(truth, truth)
    assert compared.missed == compared.false == ()


@given(claims, claims)
def test_no_finding_is_counted_twice_and_nothing_is_lost(truth, found):
    compared = compare(truth, found)
    for score in compared.scores.values():
        assert score.right <= min(score.happened, score.found)
    right = sum(score.right for score in compared.scores.values())
    assert len(compared.missed) == len(truth) - right
    assert len(compared.false) == len(found) - right
