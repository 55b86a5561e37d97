"""What the audit must notice: the run proves nothing if it would not."""

from hashlib import sha256

import pytest

from datasets.faults.audit import Outcome, chain_breaks

WHOLE = Outcome(
    made=3,
    planned=3,
    at_centre=3,
    missing=0,
    doubled=0,
    refused=0,
    files=9,
    files_broken=0,
    files_missing=0,
    chain_breaks=0,
    box_problems=0,
)


def chain(*numbers: int, broken_at: int | None = None) -> list[dict]:
    bodies, before = [], None
    for number in numbers:
        digest = sha256(str(number).encode()).hexdigest()
        named = "0" * 64 if number == broken_at else before
        evidence = [{"name": "manifest.json", "sha256": digest}]
        bodies.append({"sequence": number, "previous_manifest_sha256": named, "evidence": evidence})
        before = digest
    return bodies


def test_a_whole_run_has_no_problems():
    assert WHOLE.problems() == []


@pytest.mark.parametrize(
    "field", ["missing", "doubled", "refused", "files_broken", "files_missing", "chain_breaks", "box_problems"]
)
def test_a_single_fault_is_a_problem(field):
    faulty = Outcome(**(WHOLE.figures() | {field: 1}))
    assert len(faulty.problems()) == 1
    assert faulty.problems()[0].endswith("expected 0, found 1")


@pytest.mark.parametrize(
    ("what", "bodies", "breaks"),
    [
        ("in any order", chain(1, 2, 3)[::-1], []),
        ("one lacks", [*chain(1, 2), *chain(4)], ["4 comes after 2"]),
        ("the first lacks", chain(2, 3), ["begins at 2"]),
        ("a number twice", [*chain(1, 2), *chain(2)], ["2 comes after 2"]),
        ("another manifest", chain(1, 2, 3, broken_at=3), ["3 names another manifest than 2 has"]),
        ("nothing at all", [], []),
    ],
)
def test_a_chain_at_the_centre(what, bodies, breaks):
    assert chain_breaks(bodies) == breaks, what
