"""Yielding as found against as it was: which meeting is which, who went first, and what is set aside."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from datasets.score_report import TooLowError, require, show_yields, yield_figures
from datasets.yield_scoring import Met, YieldScore, compare_yields, together, yield_misses


def met(vehicle=1, person=10, at_s=20.0, zone="n", *, yielded=True):
    return Met(vehicle, zone, person, round(at_s * 1000), yielded)


def itself(number, _t_ms):
    return number


@pytest.mark.parametrize(
    ("story", "truth", "found", "happened_found_same_agree"),
    [
        ("found as it was", [met()], [met()], (1, 1, 1, 1)),
        ("nobody met anybody", [], [], (0, 0, 0, 0)),
        ("missed", [met()], [], (1, 0, 0, 0)),
        ("nobody was there", [], [met()], (0, 1, 0, 0)),
        ("found, but the other way round", [met()], [met(yielded=False)], (1, 1, 1, 0)),
        ("a second late", [met()], [met(at_s=21)], (1, 1, 1, 1)),
        ("three seconds late", [met()], [met(at_s=23)], (1, 1, 0, 0)),
        ("another crosswalk", [met()], [met(zone="s")], (1, 1, 0, 0)),
        ("another vehicle", [met()], [met(vehicle=2)], (1, 1, 0, 0)),
        ("told twice", [met()], [met(), met(at_s=20.5)], (1, 2, 1, 1)),
        ("with another person, who was there too", [met()], [met(person=11)], (1, 1, 1, 1)),
        ("a vehicle at two crosswalks", [met(), met(zone="s", at_s=24)], [met(zone="s", at_s=24)], (2, 1, 1, 1)),
    ],
)
def test_a_meeting_is_one_vehicle_at_one_crosswalk(story, truth, found, happened_found_same_agree):
    score = compare_yields(truth, found, itself).score
    assert (score.happened, score.found, score.same, score.agree) == happened_found_same_agree, story


def test_of_two_findings_the_nearer_is_the_meeting():
    compared = compare_yields([met()], [met(at_s=21.5, yielded=False), met(at_s=20.2)], itself)
    assert (compared.score.agree, [one.entered_ms for one in compared.false]) == (1, [21_500])


def test_whom_the_driver_could_not_see_is_set_aside():
    truth = [met(), met(vehicle=2, person=20)]
    found = [met(person=99), met(vehicle=3, person=99), met(vehicle=2, person=20)]
    compared = compare_yields(truth, found, itself, played={99})
    assert compared.score == YieldScore(1, 1, 1, 1, 1, 1, 1, aside=2)
    assert compared.missed == compared.false == ()


def test_numbers_are_taken_for_those_who_had_them_then():
    exchanged = {(5, 20_000): 1, (6, 20_000): 10}
    compared = compare_yields([met()], [met(vehicle=5, person=6)], lambda number, t_ms: exchanged.get((number, t_ms)))
    assert (compared.score.same, compared.score.same_person) == (1, 1)
    nobody = compare_yields([met()], [met(vehicle=7)], lambda _number, _t_ms: None)
    assert (nobody.score.same, nobody.false) == (0, (met(vehicle=7),))


def test_the_shares():
    truth = [met(vehicle, yielded=vehicle <= 8) for vehicle in range(1, 11)]
    found = [met(vehicle, person=11, yielded=vehicle <= 6) for vehicle in range(2, 12)]
    rates = compare_yields(truth, found, itself).score.rates()
    told = {name: (share.right, share.of) for name, share in rates.items()}
    assert told == {
        "capture": (9, 10),
        "valid": (9, 10),
        "agreement": (7, 9),
        "same_person": (0, 9),
        "yield_rate_true": (8, 10),
        "yield_rate_found": (5, 10),
    }
    assert rates["capture"].low == pytest.approx(0.596, abs=1e-3)


def test_what_is_wrong_is_listed_in_time_order():
    truth = [met(1, at_s=30), met(2, at_s=10)]
    found = [met(2, at_s=10, yielded=False), met(3, at_s=20)]
    listed = yield_misses(compare_yields(truth, found, itself))
    assert [(line["what"], line["track_id"]) for line in listed] == [("turned", 2), ("false", 3), ("missed", 1)]


def test_the_table_and_the_figures_say_the_same():
    score = YieldScore(100, 98, 96, 95, 90, 60, 58, aside=7)
    text = io.StringIO()
    show_yields(score, "a title", Console(file=text, width=80))
    for word in ("96 / 100", "0.9600", "95 / 96", "礼让", "7 set aside"):
        assert word in text.getvalue()
    assert yield_figures(score)["agreement"] == {"rate": 0.98958, "low": 0.94333, "high": 0.99816}
    show_yields(YieldScore(), "nothing", Console(file=text, width=80))


@pytest.mark.parametrize(("capture_min", "told"), [(0.9, None), (0.97, "yields: capture 0.9600, needs 0.97")])
def test_too_few_meetings_found_is_an_answer(capture_min, told):
    score = YieldScore(100, 98, 96, 95, 90, 60, 58)
    if told is None:
        require({}, capture_min, 0.9, score)
        return
    with pytest.raises(TooLowError, match=told):
        require({}, capture_min, 0.9, score)


meetings = st.lists(
    st.builds(
        met, st.integers(1, 3), st.integers(10, 12), st.floats(0, 60), st.sampled_from("ns"), yielded=st.booleans()
    ),
    max_size=8,
)


@given(meetings)
def test_the_truth_finds_itself(truth):
    score = compare_yields(truth, truth, itself).score
    assert score.happened == score.found == score.same
    assert score.happened_yielded == score.found_yielded


@given(meetings, meetings, st.sets(st.integers(10, 12)))
def test_nothing_is_lost_and_nothing_counted_twice(truth, found, played):
    compared = compare_yields(truth, found, itself, played)
    score = compared.score
    assert score.found + score.aside == len(found)
    assert score.same + len(compared.missed) == score.happened <= len(truth)
    assert score.same + len(compared.false) == score.found
    assert score.same - score.agree == len(compared.turned)
    assert together([compared, compared]) == score + score
