"""The table of rights against what the law and the division of work ask of it."""

from pathlib import Path

import pytest

from server.access.rights import COLLECTING, DECIDING, READING, TABLE, Right, Role, may, picture, role_of

DOCS = Path(__file__).parent.parent.parent.parent / "docs"


def rights_of(role: Role) -> set[Right]:
    return {right for right in Right if may(role, right)}


def test_every_right_has_somebody_and_every_role_something():
    assert set(TABLE) == set(Right)
    assert all(TABLE.values())
    assert all(rights_of(role) - {Right.OWN_ACCOUNT} for role in Role)


@pytest.mark.parametrize("role", Role)
def test_who_decides_never_collects(role):
    assert not (rights_of(role) & DECIDING and rights_of(role) & COLLECTING)


def test_an_auditor_reads_all_and_changes_nothing():
    assert rights_of(Role.AUDITOR) == READING


def test_an_administrator_sees_no_case():
    assert not rights_of(Role.ADMINISTRATOR) & {Right.SEE_CASE, Right.SEE_QUEUE, Right.SEE_IDENTITY, Right.SEE_LEDGER}


@pytest.mark.parametrize(
    ("word", "role"), [("officer", Role.REVIEWER), ("admin", Role.ADMINISTRATOR), ("legal", Role.LEGAL)]
)
def test_former_words_are_still_understood(word, role):
    assert role_of(word) is role


def test_a_word_that_is_no_role_is_refused():
    with pytest.raises(ValueError, match="chief"):
        role_of("chief")


def test_the_docs_show_the_table_as_it_is():
    assert picture() in (DOCS / "access.md").read_text(encoding="utf-8")
