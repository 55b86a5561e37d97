"""Any history of some cases: whatever officers, payers and cashiers try, what the law demands holds after each step.

The oracles are datasets.histories' own (docs/procedure.md); `lukou bench histories` plays ten thousand with officers at
once, this machine finds the short one that breaks.
"""

from collections.abc import Iterator
from itertools import count
from random import Random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from datasets.histories import acting
from datasets.histories.law import DAY_MS
from datasets.histories.money_oracle import book_problems, money_problems
from datasets.histories.paying import pay_all
from datasets.histories.playing import BEGAN_MS, Wanted
from datasets.histories.procedure_oracle import procedure_problems
from datasets.histories.reading import close_book, read_cases
from datasets.histories.run import Database, play
from datasets.histories.stage import Centre, Clock, centre
from datasets.histories.working import Group
from server.procedure.words import Act

CASES = 2
WHICH = st.integers(0, CASES - 1)
SEEDS = st.integers(0, 2**32 - 1)
TO_SERVED = (Act.CONFIRM, Act.CONFIRM, Act.IDENTIFY, Act.NOTIFY, Act.HEAR, Act.FINE, Act.SERVE)
AHEAD = (  # ways that random acts seldom go to their end
    TO_SERVED,
    (Act.CONFIRM, Act.CONFIRM, Act.IDENTIFY, Act.WARN, Act.SERVE),
)
PAID_MEANWHILE = (  # all is paid between the two: a case may come back owing nothing
    ((*TO_SERVED[:-1],), (Act.SERVE,)),
    ((*TO_SERVED, Act.OBJECT), (Act.DENY,)),
    ((*TO_SERVED, Act.APPLY_RECONSIDERATION), (Act.MAINTAIN,)),
    ((*TO_SERVED, Act.SUE), (Act.REDUCE,)),
)


def chance_of(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - no secret


class Histories(RuleBasedStateMachine):
    """The cases of one example, on a centre that all examples share."""

    made: Centre
    numbers: Iterator[int]

    @initialize(day=st.integers(0, 1000))
    def begin(self, day):
        first = next(self.numbers) * CASES
        entered_ms = BEGAN_MS + day * DAY_MS
        ids = self.made.open_cases(range(first, first + CASES), entered_ms)
        self.group = Group(self.made, first, ids, Clock(entered_ms + 60_000), 0)
        self.names = count()

    def seen(self, which):
        with self.made.sessions.reading() as session:
            return acting.look(session, self.group.case_ids[which])

    @rule(which=WHICH, seed=SEEDS)
    def act(self, which, seed):
        self.group.act(chance_of(seed), self.seen(which))

    @rule(which=WHICH, seed=SEEDS)
    def pay(self, which, seed):
        name = f"h{self.group.seed}-{next(self.names)}"
        self.group.money(chance_of(seed), self.group.case_ids[which], name)

    @rule(which=WHICH, way=st.sampled_from(AHEAD), how_far=st.integers(1, 7), seed=SEEDS)
    def go_ahead(self, which, way, how_far, seed):
        self.try_all(which, way[:how_far], seed)

    @rule(which=WHICH, way=st.sampled_from(PAID_MEANWHILE), seed=SEEDS)
    def pay_meanwhile(self, which, way, seed):
        before, after = way
        self.try_all(which, before, seed)
        name = f"h{self.group.seed}-{next(self.names)}"
        self.group.money(chance_of(seed), self.group.case_ids[which], name, pay_all)
        self.try_all(which, after, seed)

    def try_all(self, which, acts, seed):
        chance = chance_of(seed)
        for act in acts:
            seen = self.seen(which)
            order = acting.filled(chance, act, seen, self.group.clock.later(1))
            self.group.order(chance, seen, order)

    @rule(by=st.sampled_from((1, 16, 31, 61, 190)))
    def wait(self, by):
        self.group.clock.later(by * DAY_MS)

    @rule()
    def two_years_go_by(self):
        self.group.clock.later(731 * DAY_MS)

    @invariant()
    @precondition(lambda self: hasattr(self, "group"))
    def everything_holds(self):
        with self.made.sessions.reading() as session:
            cases = read_cases(session, self.made, self.group.case_ids, self.group.clock.now_ms)
        found = [text for case in cases for text in (*procedure_problems(case), *money_problems(case))]
        assert found + self.group.problems == []


def test_any_history_of_two_cases(database_url, tmp_path):
    with centre(database_url, tmp_path) as made:
        few = settings(max_examples=40, stateful_step_count=14, deadline=None)
        machine = type("Here", (Histories,), {"made": made, "numbers": count()})
        run_state_machine_as_test(machine, settings=few)
        assert book_problems(close_book(made, BEGAN_MS + 20_000 * DAY_MS, made.till.sums_fen)) == []


def test_officers_at_once(database_url, tmp_path, request):
    wanted = Wanted(histories=16, cases=8, officers=4, turns=24, processes=0)
    heard: list[str] = []
    found = play(wanted, Database(request.node.callspec.params["database_url"]), (database_url, tmp_path), heard.append)
    assert found.problems == []
    assert (found.histories, len(heard)) == (16, 16)
    assert found.acts > 50
    assert found.refused > 10  # who is stale, out of turn or the wrong person was told so
