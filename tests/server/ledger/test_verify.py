"""The auditor's verifier: what was exported is right, and whatever is changed in it, anywhere, is found."""

import csv
import json
import subprocess
import sys
from datetime import date

import pytest
from books import DAY_MS, PUBLIC_KEY, at, basis, open_book
from centre import KEY
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from contract.seal import seal
from server.db import unit_of_work
from server.errors import SettingsProblemError
from server.ledger import book, forest, heads
from server.ledger.export import export
from server.ledger.export_format import BALANCE, BALANCE_COLUMNS, COLUMNS, cells, entry_of
from server.ledger.head_file import head_json, proof_problem, read_head
from server.ledger.head_told import HeadTold
from server.ledger.kinds import EntryKind
from server.ledger.postings import GENESIS, assess, entry_hash, post
from server.ledger.proofs import ProofError
from server.ledger.verify import verify

T0 = at("2026-10-08")
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
K = EntryKind


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Two days of a book with two heads: five entries under the first, nine in all."""
    folder = tmp_path_factory.mktemp("ledger")
    engine, factory = open_book(f"sqlite:///{folder / 'x.sqlite'}")
    with unit_of_work(factory) as session:
        book.append_all(session, [assess(basis(case, "=zhang", T0), 1000) for case in (1, 2, 3)])
        book.append(session, post(K.PAID_BANK, basis(1, "cashier", T0), 1000, "bank:B1"))
        book.append(session, post(K.SUSPENSE_BANK, basis(None, "cashier", T0), 700, "bank:B2"))
    for days in (1, 2):
        with unit_of_work(factory) as session:
            heads.publish(session, KEY, T0 + days * DAY_MS)
            if days == 1:
                book.reverse_case(session, 1, "head", T0 + DAY_MS, "'wrong\" person,\n and so on".replace("\n", ""))
                book.append(session, post(K.WAIVED, basis(2, "head", T0 + DAY_MS), 1000, reason="-hardship"))
                book.append(session, post(K.WAIVED, basis(3, "head", T0 + DAY_MS), 1, reason="r"))
    with factory.reading() as session:
        export(session, folder / "out", PUBLIC_KEY, T0 + 2 * DAY_MS)
        proofs = [forest.proof_for(session, number, size) for number, size in ((2, 5), (2, 9), (9, 9), (5, 7))]
        days = {head.day: head.sealed for head in heads.newest(session)}
        since = {size: forest.consistency_of(session, size, 9) for size in (5, 7)}
    engine.dispose()
    return folder / "out", proofs, days, since


@pytest.fixture
def folder(exported, tmp_path):
    """A copy to do harm to."""
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in exported[0].iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    return copy


def rows(folder):
    return list(csv.reader((folder / "entries.csv").read_text(encoding="utf-8").splitlines()))


def write(folder, lines):
    with (folder / "entries.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)


def problems(folder, key=None):
    return verify(folder, key).problems


def test_an_export_is_right_and_says_its_balances(exported):
    found = verify(exported[0], None)
    assert (found.entries, found.heads, found.problems) == (9, 2, ())
    assert sum(debit - credit for _, _, debit, credit in found.balances_fen) == 0


def test_a_folder_with_something_in_it_is_not_written_to(exported, tmp_path):
    (tmp_path / "x").write_text("x")
    with pytest.raises(SettingsProblemError, match="empty folder"):
        export(None, tmp_path, PUBLIC_KEY, T0)


CHANGED = {
    "number": "77", "kind": "surcharge", "case_id": "4", "debit": "bank", "credit": "treasury", "amount_fen": "999",
    "officer": "li", "evidence_sha256": "b" * 64, "at_ms": "1", "demonstration": "true", "reverses": "3",
    "reference": "bank:X", "reason": "another", "previous": "0" * 64, "hash": "1" * 64,
}  # fmt: skip


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("entry", range(1, 10))
def test_every_field_of_every_entry_is_covered(folder, column, entry):
    lines = rows(folder)
    place = COLUMNS.index(column)
    before = lines[entry][place]
    lines[entry][place] = CHANGED[column] if before != CHANGED[column] else "5"
    write(folder, lines)
    assert problems(folder)


def cell(entry, column, value):
    return lambda lines: lines[entry].__setitem__(COLUMNS.index(column), value)


def rehashed(lines):
    """Write a history anew, so that its chain is whole."""
    previous, made = GENESIS, [lines[0]]
    for number, line in enumerate(lines[1:], start=1):
        _, posting, _, _ = entry_of(line)
        digest = entry_hash(previous, number, posting)
        said = {name: getattr(posting, name) for name in posting.__dataclass_fields__}
        made.append(cells({"number": number, "previous": previous, "hash": digest, **said}))
        previous = digest
    return made


@pytest.mark.parametrize(
    ("story", "change", "says"),
    [
        ("an amount in a whole chain", cell(9, "amount_fen", "2"), "state.json"),
        ("an amount under a head", cell(2, "amount_fen", "1001"), "head of 2026-10-08: root"),
        ("an entry taken out", lambda lines: lines.pop(3), "head of 2026-10-08: root"),
        ("the end taken away", lambda lines: lines.pop(), "head of 2026-10-09: it covers 9 entries, found 8"),
        ("two exchanged", lambda lines: lines.insert(2, lines.pop(3)), "head of 2026-10-08: root"),
        ("one put in", lambda lines: lines.insert(5, lines[4]), "case 1: fines_receivable"),
        ("dated back", cell(9, "at_ms", str(T0)), "whose head had been published"),
        ("another's reversal", cell(6, "reverses", "4"), "not the opposite"),
        ("a reversal of what comes later", cell(6, "reverses", "8"), "an earlier entry"),
        ("reversed twice", lambda lines: lines.insert(7, list(lines[6])), "reversed already"),
    ],
)  # fmt: skip
def test_a_history_written_anew_is_found_as_well(folder, story, change, says):
    lines = rows(folder)
    change(lines)
    write(folder, rehashed(lines))
    assert any(says in problem for problem in problems(folder)), problems(folder)


def resealed(folder, key=KEY, **changes):
    path = folder / "heads.jsonl"
    first, second = path.read_text().splitlines()
    told = HeadTold.model_validate(json.loads(first)["body"], strict=False)
    path.write_text(f"{seal(told.model_copy(update=changes), 'centre', key).decode()}\n{second}\n")


@pytest.mark.parametrize(
    ("story", "harm", "says"),
    [
        ("another's seal", lambda f: resealed(f, OTHER), "heads.jsonl line 1"),
        ("another root", lambda f: resealed(f, root="0" * 64), "head of 2026-10-08: root"),
        ("another chain", lambda f: resealed(f, chain="0" * 64), "head of 2026-10-08: chain"),
        ("another size", lambda f: resealed(f, size=4), "head of 2026-10-08: root"),
        ("a smaller book later", lambda f: resealed(f, size=10), "covers fewer entries|the end is missing"),
        ("the same day twice", lambda f: resealed(f, day=date(2026, 10, 9)), "expected a day after"),
        ("a line that is none", lambda f: (f / "heads.jsonl").write_text("x\n"), "heads.jsonl line 1"),
        ("a balance", lambda f: (f / BALANCE).write_text(",".join(BALANCE_COLUMNS) + "\n"), "centre's sums say None"),
        ("a balance's columns", lambda f: (f / "trial-balance.csv").write_text("a\nb\n"), "expected the columns"),
        ("the state", lambda f: (f / "state.json").write_text("{}"), "state.json: expected size"),
        ("columns", lambda f: (f / "entries.csv").write_text("a,b\n"), "expected the columns"),
        ("broken CSV", lambda f: (f / "entries.csv").write_text(','.join(COLUMNS) + '\n"x'), "expected CSV"),
    ],
)  # fmt: skip
def test_heads_and_sums_are_held_against_the_entries(folder, story, harm, says):
    harm(folder)
    found = problems(folder)
    assert any(word in problem for problem in found for word in says.split("|")), found


def test_a_key_from_elsewhere_decides(folder, tmp_path):
    other = tmp_path / "other.pem"
    other.write_bytes(OTHER.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    assert len([p for p in problems(folder, other) if p.startswith("heads.jsonl")]) == 2
    with pytest.raises(SettingsProblemError, match="public key"):
        verify(folder, folder / "README.txt")


def test_the_command_leaves_with_what_it_found(folder, tmp_path):
    def run(*words):
        command = [sys.executable, "-m", "lukou", "ledger", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert run("verify", str(folder)).returncode == 0
    assert run("verify", str(tmp_path)).returncode == 2
    lines = rows(folder)
    lines[2][COLUMNS.index("officer")] = "li"
    write(folder, lines)
    done = run("verify", str(folder), "--json")
    assert (done.returncode, json.loads(done.stdout)["problem_count"]) == (1, 1)


def test_a_notices_proof_leads_to_the_published_head_or_says_why_not(exported, tmp_path):
    _, (early, late, last, between), days, since = exported
    file = tmp_path / "head.json"

    def ask(proof, day, size=None, key=PUBLIC_KEY):
        file.write_text(head_json(days[date.fromisoformat(day)], None if size is None else (size, since[size])))
        return proof_problem(proof, *read_head(file, key))

    assert ask(early, "2026-10-08") is None
    assert ask(late, "2026-10-09") is None
    assert ask(early, "2026-10-09", 5) is None
    assert ask(between, "2026-10-09", 7) is None
    with pytest.raises(ProofError, match=r"heads/2026-10-09.json\?since=5"):
        ask(early, "2026-10-09")
    with pytest.raises(ProofError, match="take a later"):
        ask(last, "2026-10-08")
    with pytest.raises(ProofError, match="sealed"):
        ask(early, "2026-10-08", key=OTHER.public_key())
    forged = early.__class__(early.number, early.size, b"x" * 32, early.path)
    assert "not in the book" in ask(forged, "2026-10-08")
    assert "does not begin" in ask(forged, "2026-10-09", 5)
    file.write_text(days[date(2026, 10, 8)])
    assert proof_problem(early, *read_head(file, None)) is None
    with pytest.raises(ProofError, match="no file"):
        read_head(tmp_path / "none", None)
