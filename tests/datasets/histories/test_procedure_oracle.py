"""The oracle of the procedure: it lets a lawful history pass, and nothing that is broken in one place."""

from dataclasses import replace

import pytest
from histories import ACTS, ENTERED_MS, PAID, WORDS

from datasets.histories.law import BACK, DAY_MS, steps
from datasets.histories.procedure_oracle import procedure_problems, walked
from datasets.histories.values import CaseSeen
from server.procedure import table

NUMBER = {act: at for at, (act, _) in enumerate(WORDS)}


def with_act(name: str, **changes) -> CaseSeen:
    """The same case, one of its acts (the last of that name) otherwise."""
    acts = list(PAID.acts)
    acts[NUMBER[name]] = replace(acts[NUMBER[name]], **changes)
    return replace(PAID, acts=tuple(acts))


def without(name: str) -> CaseSeen:
    acts = tuple(act for act in PAID.acts if act.act != name)
    return replace(PAID, acts=acts, version=len(acts) + 1)


def test_a_lawful_history_passes_and_every_step_of_it_is_remembered():
    assert procedure_problems(PAID) == []
    assert walked(PAID)[0].walked <= steps()
    assert len(walked(PAID)[0].walked) == len(ACTS)


BROKEN = [
    # story, case, what is said
    ("a step left out", without("serve"), "begins at served, the case stood at decided"),
    ("nobody was heard", without("hear"), "begins at heard, the case stood at notified"),
    ("an act at the wrong place", with_act("settle", act="lapse"), "there is no such act at served"),
    ("another end", with_act("settle", after="archived"), "led from served to archived, expected paid"),
    ("looked at once", replace(PAID, acts=(replace(ACTS[0], after="confirmed"),)), "expected second_review"),
    ("one person, both looks", with_act("confirm", actor="zhang"), "this was another person's to do"),
    ("a child", replace(PAID, bands=("under_14",)), "whose age is under_14"),
    ("an unknown age", replace(PAID, bands=("unknown",)), "whose age is unknown"),
    ("no party", replace(PAID, bands=()), "parties is 0, expected 1"),
    ("a notice of no fine", with_act("notify", amount_fen=None), "no notice told of"),
    ("above the notice", with_act("notify", amount_fen=900), "above the notice's 900"),
    ("after two years", with_act("fine", at_ms=ENTERED_MS + 732 * DAY_MS), "after two years"),
    ("a code that is not fined", replace(PAID, fined=False), "not switched on"),
    ("more than the law has", replace(PAID, range_fen=(100, 900)), "the law has 100 to 900"),
    ("above the simple procedure", replace(PAID, simple_max_fen=900), "expected proposed"),
    ("another state", replace(PAID, state="served"), "state is served, expected paid"),
    ("a version too many", replace(PAID, version=10), "version is 10, expected 9"),
    ("revoked and listed", replace(PAID, state="revoked", lined=True), "still on the public list"),
    ("another due day", replace(PAID, due_ms=PAID.seen_ms + 1), "reckoned afresh None"),
    ("none where one is due", replace(PAID, reckoned_ms=5), "is due at None"),
]  # fmt: skip


@pytest.mark.parametrize(("story", "case", "says"), BROKEN, ids=[row[0] for row in BROKEN])
def test_what_is_broken_in_one_place_is_told(story, case, says):
    assert any(says in problem for problem in procedure_problems(case))


def product_steps(rows) -> set[tuple[str, str, str]]:
    return {(row.before, row.act, BACK if row.after is table.BACK else row.after) for row in rows}


def test_the_products_table_is_the_one_written_by_hand():
    assert product_steps(table.TABLE) == steps()


@pytest.mark.parametrize("row", range(0, len(table.TABLE), 9))
def test_a_row_that_is_taken_out_of_the_table_is_missed(row):
    rows = [one for at, one in enumerate(table.TABLE) if at != row]
    assert len(steps() - product_steps(rows)) == 1
