"""Several sources of one lamp: what is shown where they agree, are fresh, and what is counted where not."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.scene import FixedPlan
from contract.words import LampSource, LampState
from edge.signals.fusion import KEPT_MS, FusedSignals
from edge.signals.heard import HeardVoice
from edge.signals.known import KnownVoice
from edge.signals.plan import PlannedSignals
from edge.signals.reading import Reading, Why
from edge.signals.timeline import LampChange, SignalTimeline

RED, GREEN, YELLOW, DARK = LampState.RED, LampState.GREEN, LampState.YELLOW, LampState.DARK
FLASHING, UNKNOWN = LampState.FLASHING_GREEN, LampState.UNKNOWN
LAMP, FEED, WIRE, PLAN, FILE = LampSource.LAMP, LampSource.FEED, LampSource.WIRE, LampSource.PLAN, LampSource.FILE


def fused(*sources: LampSource, age_max_ms: int | None = 1000, beginning_ms: int = 0) -> FusedSignals:
    return FusedSignals({"p": [HeardVoice(source, age_max_ms) for source in sources]}, beginning_ms)


def refreshed(source: LampSource, from_ms: int, to_ms: int, state: LampState, every_ms: int = 100) -> list[Reading]:
    """A source that says the same state again and again, as a 10 Hz feed does."""
    return [Reading(source, "p", t, t, state) for t in range(from_ms, to_ms + 1, every_ms)]


@pytest.mark.parametrize(
    ("feed", "wire", "shown", "why"),
    [
        (RED, RED, RED, None),
        (GREEN, GREEN, GREEN, None),
        (RED, GREEN, UNKNOWN, Why.DISAGREE),
        (GREEN, RED, UNKNOWN, Why.DISAGREE),
        (RED, DARK, UNKNOWN, Why.DISAGREE),
        (RED, UNKNOWN, UNKNOWN, Why.UNSURE),
        (DARK, DARK, DARK, None),
        (GREEN, FLASHING, FLASHING, None),
        (FLASHING, GREEN, FLASHING, None),
        (YELLOW, LampState.FLASHING_YELLOW, UNKNOWN, Why.DISAGREE),
        (YELLOW, FLASHING, UNKNOWN, Why.DISAGREE),
        (RED, None, UNKNOWN, Why.SILENT),
    ],
)
def test_what_two_sources_come_to(feed, wire, shown, why):
    signals = fused(FEED, WIRE)
    signals.hear(Reading(source, "p", 0, 0, state) for source, state in ((FEED, feed), (WIRE, wire)) if state)
    assert signals.shown("p", 500).state is shown
    assert signals.why("p") is why


@pytest.mark.parametrize(
    ("t_ms", "state", "since_ms"),
    [(999, UNKNOWN, 0), (1000, RED, 1000), (2900, RED, 1000), (3900, RED, 1000), (3901, UNKNOWN, 3901)],
)
def test_a_red_that_is_said_again_and_again_is_one_red_until_its_last_word_is_too_old(t_ms, state, since_ms):
    signals = fused(FEED)
    signals.hear(refreshed(FEED, 1000, 2900, RED))
    shown = signals.shown("p", t_ms)
    assert (shown.state, shown.since_ms) == (state, since_ms)


def test_between_the_last_word_of_red_and_the_first_of_green_nobody_knows():
    signals = fused(FEED)
    signals.hear([*refreshed(FEED, 0, 2000, RED), *refreshed(FEED, 2100, 3000, GREEN)])
    signals.settle(3000)
    assert [(c.t_ms, c.state) for c in signals.changes(0, 3000)] == [(0, RED), (2001, UNKNOWN), (2100, GREEN)]


def test_a_source_that_speaks_on_change_only_is_never_stale():
    signals = fused(WIRE, age_max_ms=None)
    signals.hear([Reading(WIRE, "p", 0, 0, RED), Reading(WIRE, "p", 60_000, 60_000, GREEN)])
    assert [signals.shown("p", t).state for t in (59_999, 60_000, 500_000)] == [RED, GREEN, GREEN]


def test_a_change_that_is_said_late_counts_from_when_it_was():
    """A lamp's reader says a change up to 0.4 s after it, dated by the picture in which it began."""
    signals = fused(LAMP)
    signals.hear([Reading(LAMP, "p", 0, 0, GREEN)])
    for t_ms in range(0, 1400, 40):
        signals.confirm(LAMP, t_ms)
    signals.settle(900)
    signals.hear([Reading(LAMP, "p", 1000, 1400, RED)])
    assert [(c.t_ms, c.state) for c in (signals.settle(1500), signals.changes(0, 1500))[1]] == [(0, GREEN), (1000, RED)]


def test_what_was_answered_stays_however_late_a_word_comes():
    signals = fused(FEED)
    signals.hear(refreshed(FEED, 0, 1000, RED))
    before = [signals.shown("p", t) for t in (500, 1500)]
    signals.hear([Reading(FEED, "p", 600, 1600, GREEN)])
    signals.settle(3000)
    assert [signals.shown("p", t).state for t in (500, 1500)] == [shown.state for shown in before] == [RED, RED]
    assert [(c.t_ms, c.state) for c in signals.changes(0, 1700)] == [(0, RED), (1501, GREEN)]


def test_after_a_silence_a_word_vouches_for_nothing_before_it():
    signals = fused(FEED)
    signals.hear([Reading(FEED, "p", 0, 0, RED), Reading(FEED, "p", 0, 5000, RED)])
    signals.settle(5000)
    assert [(c.t_ms, c.state) for c in signals.changes(0, 5000)] == [(0, RED), (1001, UNKNOWN), (5000, RED)]


def test_a_source_that_says_two_states_of_one_time_is_not_believed():
    signals = fused(FEED)
    signals.hear(
        [Reading(FEED, "p", 0, 0, RED), Reading(FEED, "p", 100, 100, RED), Reading(FEED, "p", 100, 100, GREEN)]
    )
    assert [signals.shown("p", t).state for t in (50, 100, 300)] == [RED, UNKNOWN, UNKNOWN]


def test_an_older_word_after_a_newer_one_is_refused_and_counted():
    signals = fused(FEED)
    signals.hear([Reading(FEED, "p", 500, 500, GREEN)])
    signals.hear([Reading(FEED, "p", 400, 400, RED)])
    signals.hear([Reading(WIRE, "p", 600, 600, RED)])  # a source that is not asked
    assert signals.shown("p", 500).state is GREEN
    assert signals.refused == 2


def test_a_plan_and_a_feed_must_agree():
    plan = PlannedSignals({"p": FixedPlan(40, 0, (20, 40))}, 0)
    signals = FusedSignals({"p": [KnownVoice(PLAN, plan, "p"), HeardVoice(FEED, 1000)]})
    signals.hear([*refreshed(FEED, 0, 20_200, RED), *refreshed(FEED, 20_300, 45_000, GREEN)])
    signals.settle(45_000)
    told = [(c.t_ms, c.state) for c in signals.changes(0, 45_000)]
    assert told == [(0, RED), (20_000, UNKNOWN), (20_300, GREEN), (40_000, UNKNOWN)]
    tally = signals.tallies()["p"]
    assert tally.disagreements == 1  # from 40 s on; the 0.2 s at the change are none
    assert (tally.disagreed_at_ms, tally.longest_disagreement_ms) == (40_000, 5001)
    assert tally.unknown_ms[Why.CHANGING] + tally.unknown_ms[Why.STALE] == 300
    assert tally.known_ms + sum(tally.unknown_ms.values()) == 45_001


def test_each_sources_words_are_told_with_their_age():
    signals = FusedSignals({"p": [HeardVoice(FEED, 1000), HeardVoice(WIRE, 1000)]})
    signals.hear([*refreshed(FEED, 0, 700, RED), Reading(WIRE, "p", 100, 300, GREEN)])
    said = {each.source: each for each in signals.said("p", 750)}
    assert (said[FEED].state, said[FEED].since_ms, said[FEED].age_ms) == (RED, 0, 50)
    assert (said[WIRE].state, said[WIRE].since_ms, said[WIRE].age_ms) == (GREEN, 100, 450)
    assert signals.said("q", 750) == ()
    assert [(c.t_ms, c.state) for c in signals.changes_of(WIRE, 0, 750)] == [(0, UNKNOWN), (100, GREEN)]


def test_a_signal_nobody_speaks_of_is_unknown_and_counted_as_silent():
    signals = FusedSignals({"p": [], "q": [HeardVoice(FEED, 1000)]})
    signals.settle(999)
    assert {signal: tally.unknown_ms[Why.SILENT] for signal, tally in signals.tallies().items()} == {
        "p": 1000,
        "q": 1000,
    }
    assert signals.shown("r", 0).state is UNKNOWN


def test_memory_is_bounded_and_the_span_that_holds_is_kept():
    voice = HeardVoice(FEED, 1000)
    signals = FusedSignals({"p": [voice]})
    for t_ms in range(0, 4 * KEPT_MS, 100):
        signals.hear([Reading(FEED, "p", t_ms, t_ms, GREEN if t_ms < KEPT_MS and t_ms % 2000 < 1000 else RED)])
        signals.settle(t_ms - 500)
    assert len(signals.changes(0, 4 * KEPT_MS)) < 3
    shown = signals.shown("p", 3 * KEPT_MS)
    assert (shown.state, shown.since_ms, shown.until_ms) == (RED, KEPT_MS - 1000, None)
    assert voice.said(4 * KEPT_MS).age_ms == 100


# Laws. A story is what several sources say, word by word, each source in the order of its own words.
STATES = st.sampled_from([RED, GREEN, YELLOW, DARK, UNKNOWN])
STEPS = st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 400), STATES), max_size=12)
SOURCES = (LAMP, FEED, WIRE)


@st.composite
def stories(draw) -> list[Reading]:
    words = []
    for source in SOURCES[: draw(st.integers(1, 3))]:
        heard_ms = 0
        for pause_ms, late_ms, state in draw(STEPS):
            heard_ms += pause_ms
            words.append(Reading(source, "p", max(0, heard_ms - late_ms), heard_ms, state))
    return sorted(words, key=lambda word: word.heard_ms)


def told(words: list[Reading], sources=SOURCES, shift_ms: int = 0) -> FusedSignals:
    """Play a story as a watch hears it: each instant is settled half a second later."""
    signals = fused(*sources, beginning_ms=shift_ms)
    for word in words:
        if word.source in sources:
            signals.settle(word.heard_ms - 500)
            signals.hear([word])
    signals.settle(30_000 + shift_ms)
    return signals


@given(stories(), st.integers(0, 20_000))
def test_red_is_shown_only_where_every_source_said_red_and_was_fresh(words, t_ms):
    sources = sorted({word.source for word in words})
    if told(words, sources).shown("p", t_ms).state is not RED:
        return
    for source in sources:
        own = [word for word in words if word.source is source]
        reds = [word for word in own if word.state is RED and word.t_ms <= t_ms <= word.heard_ms + 1000]
        assert reds
        outright = [word for word in own if word.t_ms == word.heard_ms <= t_ms]  # said of its own time, before then
        if outright and outright[-1].state is not RED:
            assert any(red.heard_ms >= outright[-1].heard_ms for red in reds)


@given(stories(), st.integers(0, 20_000))
def test_a_further_source_never_makes_a_red(words, t_ms):
    if told(words, (LAMP, FEED)).shown("p", t_ms).state is not RED:
        assert told(words, (LAMP, FEED, WIRE)).shown("p", t_ms).state is not RED


@given(stories(), st.integers(0, 10**12), st.integers(0, 20_000))
def test_shifting_time_changes_nothing(words, shift_ms, t_ms):
    moved = [Reading(w.source, "p", w.t_ms + shift_ms, w.heard_ms + shift_ms, w.state) for w in words]
    here, there = told(words).shown("p", t_ms), told(moved, shift_ms=shift_ms).shown("p", t_ms + shift_ms)
    assert there.state is here.state
    assert (there.since_ms or 0) - shift_ms == (here.since_ms or 0)


@given(st.lists(st.tuples(st.sampled_from(SOURCES), STATES), max_size=5), stories(), st.randoms())
def test_the_order_in_which_words_of_one_time_come_does_not_matter(together, words, random):
    now_ms = max((word.heard_ms for word in words), default=0) + 200
    same_time = [Reading(source, "p", now_ms, now_ms, state) for source, state in together]
    mixed = random.sample(same_time, len(same_time))
    assert told([*words, *same_time]).changes(0, 30_000) == told([*words, *mixed]).changes(0, 30_000)


@given(stories(), st.lists(st.integers(0, 20_000), max_size=8))
def test_what_was_answered_once_is_answered_for_ever_and_is_what_the_rows_say(words, asked_ms):
    signals, answers = fused(*SOURCES), {}
    for word in words:
        signals.settle(word.heard_ms - 500)
        for t_ms in asked_ms:
            if t_ms <= signals.settled_ms:
                answers.setdefault(t_ms, signals.shown("p", t_ms).state)
        signals.hear([word])
    signals.settle(30_000)
    replayed = SignalTimeline(signals.changes(0, 30_000))
    for t_ms, state in answers.items():
        assert signals.shown("p", t_ms).state is state
    for t_ms in asked_ms:
        assert replayed.shown("p", t_ms) == signals.shown("p", t_ms)


@given(stories())
def test_spans_are_in_order_and_no_state_follows_itself(words):
    rows = told(words).changes(0, 30_000)
    assert all(a.t_ms < b.t_ms and a.state is not b.state for a, b in pairwise(rows))


def test_a_file_is_believed_as_it_is():
    rows = [LampChange(0, "p", RED), LampChange(5000, "p", GREEN)]
    signals = FusedSignals({"p": [KnownVoice(FILE, SignalTimeline(rows), "p")]})
    signals.settle(9000)
    assert signals.changes(0, 9000) == tuple(rows)
    assert signals.tallies()["p"].known_ms == 9001
