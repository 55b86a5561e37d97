"""Each act that decides something towards a person has its paper, or a reason why not."""

from pathlib import Path

import pytest

from server.documents.words import Kind
from server.papers.acts import ASKED_FOR, PAPERS, WITHOUT, picture
from server.papers.revoking import FALLEN
from server.papers.saying import SAID
from server.procedure.words import SANCTIONS, Act

DOCUMENT = Path(__file__).parents[3] / "docs" / "documents.md"
JUDGES = {Act.UPHOLD, Act.DENY, Act.MAINTAIN, Act.REDUCE, Act.ANNUL, Act.REVOKE}


@pytest.mark.parametrize("act", Act)
def test_an_act_has_its_papers_or_a_reason_why_not(act):
    assert (act in PAPERS) is not (act in WITHOUT)
    assert PAPERS.get(act) or WITHOUT[act]


@pytest.mark.parametrize("act", sorted({*SANCTIONS, *JUDGES, Act.NOTIFY, Act.ENFORCE}))
def test_what_decides_something_towards_a_person_has_a_paper(act):
    assert act in PAPERS


def test_the_table_is_what_is_issued():
    assert set(PAPERS) == {*SAID, *FALLEN}
    assert {act for act, kinds in PAPERS.items() if Kind.REVOCATION in kinds} == FALLEN


def test_every_kind_comes_from_an_act_or_is_asked_for():
    by_act = {kind for kinds in PAPERS.values() for kind in kinds}
    assert sorted([*by_act, *ASKED_FOR]) == sorted(Kind)


def test_the_document_shows_the_table():
    assert picture() in DOCUMENT.read_text(encoding="utf-8")
