"""The daily seals of the audit log: what is changed after its day is found."""

import os
import subprocess
import sys

import pytest
from centre import KEY, NOW_MS
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from server import audit, audit_heads
from server.audit_heads import DAY_MS, SETTLED_MS
from server.audit_sealer import seal_all
from server.db import unit_of_work

MIDNIGHT_MS = (NOW_MS + 8 * 3_600_000) // DAY_MS * DAY_MS - 8 * 3_600_000
"""In China."""
LUKOU = (sys.executable, "-m", "lukou")


@pytest.fixture
def sealed(service):
    """Lines of three days, of which two are over; no line on the day between."""
    with unit_of_work(service.sessions) as session:
        for at_ms in (-3 * DAY_MS, -3 * DAY_MS + 5, -DAY_MS, -1, 0, 7):
            audit.record(session, MIDNIGHT_MS + at_ms, "officer", "case.view", 1, "路口")
    assert seal_all(service.sessions, KEY, MIDNIGHT_MS + SETTLED_MS) == 2
    return service


def verified(service, key=KEY):
    with service.sessions.reading() as session:
        return audit_heads.verify(session, key.public_key())


def harm(service, statement: str) -> None:
    """Do what the triggers refuse, as whoever owns the database can."""
    with unit_of_work(service.sessions) as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("ALTER TABLE audit_log DISABLE TRIGGER USER"))
            session.execute(text("ALTER TABLE audit_heads DISABLE TRIGGER USER"))
        else:
            for table in ("audit_log", "audit_heads"):
                for verb in ("UPDATE", "DELETE"):
                    session.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
        session.execute(text(statement))


def test_days_that_are_over_are_sealed_once_and_hold(sealed):
    found = verified(sealed)
    assert (found.days, found.entries, found.problems) == (2, 4, ())
    assert seal_all(sealed.sessions, KEY, MIDNIGHT_MS + DAY_MS + SETTLED_MS - 1) == 0
    assert seal_all(sealed.sessions, KEY, MIDNIGHT_MS + DAY_MS + SETTLED_MS) == 1
    after = verified(sealed)
    assert (after.days, after.entries, after.problems) == (3, 6, ())
    assert after.head != found.head


def test_an_empty_log_has_nothing_to_seal(service):
    assert seal_all(service.sessions, KEY, NOW_MS) == 0
    assert verified(service).problems == ()


@pytest.mark.parametrize(
    ("story", "statement", "says"),
    [
        ("a line changed", "UPDATE audit_log SET who = 'nobody' WHERE id = 1", "the lines were changed"),
        ("a line's moment changed", "UPDATE audit_log SET at_ms = at_ms + 1 WHERE id = 1", "the lines were changed"),
        ("a line removed", "DELETE FROM audit_log WHERE id = 2", "expected 2 lines, found 1"),
        (
            "a line added to a sealed day",
            f"INSERT INTO audit_log (at_ms, who, what, detail) VALUES ({MIDNIGHT_MS - 2}, 'x', 'y', '')",  # noqa: S608 - figures of this file
            "expected 2 lines, found 3",
        ),
        (
            "a line added to a day that had none",
            f"INSERT INTO audit_log (at_ms, who, what, detail) VALUES ({MIDNIGHT_MS - DAY_MS - 2}, 'x', 'y', '')",  # noqa: S608 - figures of this file
            "1 lines stand on days",
        ),
        ("a seal removed", "DELETE FROM audit_heads WHERE day < '2027-01-14'", "the lines were changed"),
        ("a seal changed", "UPDATE audit_heads SET entries = 3", "not signed by this centre's key"),
    ],
)
def test_what_is_done_afterwards_is_found(sealed, story, statement, says):
    harm(sealed, statement)
    assert says in "\n".join(verified(sealed).problems)


def test_another_key_vouches_for_nothing(sealed):
    problems = verified(sealed, Ed25519PrivateKey.generate()).problems
    assert len(problems) == 2
    assert all("not signed by this centre's key" in problem for problem in problems)


@pytest.mark.parametrize("verb", ["UPDATE audit_heads SET entries = 9", "DELETE FROM audit_heads"])
def test_the_database_itself_keeps_the_seals(sealed, verb):
    with pytest.raises(DatabaseError, match="appended only"), unit_of_work(sealed.sessions) as session:
        session.execute(text(verb))


@pytest.mark.process
def test_the_command_verifies_and_fails_where_a_line_was_changed(service, tmp_path):
    with unit_of_work(service.sessions) as session:
        audit.record(session, 1_000_000_000_000, "officer", "case.view", 1)
    settings = {"LUKOU_DATA_DIR": str(tmp_path / "centre"), "LUKOU_DATABASE_URL": service.settings.database}

    def run(word: str) -> tuple[int, str]:
        done = subprocess.run(
            [*LUKOU, "serve", "audit", word], env=os.environ | settings, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    assert run("seal") == (0, "sealed 1 days\n")
    status, told = run("verify")
    assert (status, told.partition(";")[0]) == (0, "1 sealed days, 1 lines, 0 problems")
    harm(service, "UPDATE audit_log SET who = 'nobody'")
    status, told = run("verify")
    assert status == 1
    assert "2001-09-09: the lines were changed" in told
