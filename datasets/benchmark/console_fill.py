"""Fills a database with a city's cases, three years of them, by statements that make a whole table at once.

A third of a year's cases is open or rejected; the rest was fined. Acts, states, sites, kinds and officers are spread by
the case's number, so that the same size is always the same database.
"""

from collections.abc import Callable, Iterator
from typing import Final
from uuid import UUID

import psycopg

from contract.evidence import EvidenceFile, ModelUsed, RuleApplied
from contract.messages import LampAtEntry, SourceSaid, ViolationReported
from contract.words import LampSource, LampState, RoadUserKind, ViolationKind

SITES: Final = 60
OFFICERS: Final = 40
DAY_MS: Final = 86_400_000
EVENT_ID: Final = UUID(int=0)
ENTERED_MS: Final = 1_111_111_111_111
FILES: Final = ("before.jpg", "entry.jpg", "advanced.jpg", "manifest.json")
PER_MILLE: Final = {
    "received": 10,
    "second_review": 8,
    "disputed": 2,
    "confirmed": 10,
    "identified": 10,
    "notified": 15,
    "heard": 5,
    "proposed": 1,
    "decided": 8,
    "objected": 4,
    "reconsideration": 2,
    "court": 1,
    "enforcement": 14,
    "served": 60,
    "paid": 300,
    "archived": 340,
    "rejected": 180,
    "revoked": 15,
    "lapsed": 5,
    "shelved": 10,
}
"""How many of a thousand cases stand where."""
OPEN_PER_MILLE: Final = 90
"""So many of the first are acts of the last two months: what is open in the procedure."""
FINED: Final = ("served", "paid", "archived", "enforcement")
TO_CONFIRMED: Final = (("confirm", "received", "second_review"), ("confirm", "second_review", "confirmed"))
TO_HEARD: Final = (
    *TO_CONFIRMED,
    ("identify", "confirmed", "identified"),
    ("notify", "identified", "notified"),
    ("hear", "notified", "heard"),
)
TO_DECIDED: Final = (*TO_HEARD, ("fine", "heard", "decided"))
TO_SERVED: Final = (*TO_DECIDED, ("serve", "decided", "served"))
TO_PAID: Final = (*TO_SERVED, ("settle", "served", "paid"))
HISTORIES: Final = {
    "second_review": TO_CONFIRMED[:1],
    "disputed": (TO_CONFIRMED[0], ("reject", "second_review", "disputed")),
    "confirmed": TO_CONFIRMED,
    "identified": TO_HEARD[:3],
    "notified": TO_HEARD[:4],
    "heard": TO_HEARD,
    "proposed": (*TO_HEARD, ("fine", "heard", "proposed")),
    "decided": TO_DECIDED,
    "served": TO_SERVED,
    "paid": TO_PAID,
    "archived": (*TO_PAID, ("archive", "paid", "archived")),
    "enforcement": (*TO_SERVED, ("enforce", "served", "enforcement")),
    "objected": (*TO_SERVED, ("object", "served", "objected")),
    "reconsideration": (*TO_SERVED, ("apply_reconsideration", "served", "reconsideration")),
    "court": (*TO_SERVED, ("sue", "served", "court")),
    "rejected": (("reject", "received", "second_review"), ("reject", "second_review", "rejected")),
    "revoked": (*TO_DECIDED, ("revoke", "decided", "revoked")),
    "lapsed": (*TO_CONFIRMED, ("lapse", "confirmed", "lapsed")),
    "shelved": (*TO_CONFIRMED, ("shelve", "confirmed", "shelved")),
}

Connection = psycopg.Connection[tuple[object, ...]]
EVENTS: Final = """
INSERT INTO events (event_id, device_id, chain, sequence, body, body_sha256, seen_at_ms, received_at_ms,
    evidence_complete_at_ms, demonstration)
SELECT 'e-' || id, 'bench-box', 'c', id, replace(%(body)s, %(entered)s, entered_at_ms::text), md5(id::text),
    entered_at_ms + 3000, entered_at_ms + 4000, CASE WHEN id % 50 > 0 THEN entered_at_ms + 9000 END, false
FROM spread
"""
FILES_OF: Final = """
INSERT INTO event_files (event_id, name, sha256, size_bytes, media_type, stored_at_ms)
SELECT 'e-' || id, name, md5(id || name) || md5(name || id), 40000, 'image/jpeg', entered_at_ms + 5000
FROM spread CROSS JOIN unnest(%(files)s::text[]) AS name
"""
CASES: Final = """
INSERT INTO cases (id, event_id, state, version, site_id, site_name, kind, entered_at_ms, created_at_ms, next_due_ms,
    sanction, amount_fen, demonstration)
SELECT id, 'e-' || id, state, 1, 'site-' || site, '解放路—' || site || '号路口', kind, entered_at_ms,
    entered_at_ms + 4000, due_ms, CASE WHEN state = ANY(%(fined)s) THEN 'fine' END,
    CASE WHEN state = ANY(%(fined)s) THEN 2000 END, false
FROM spread
"""
SPREAD: Final = """
CREATE TEMPORARY TABLE spread AS
SELECT id, state, entered_at_ms, (id * 13) % %(sites)s AS site,
    (%(kinds)s::text[])[CASE WHEN id % 20 < 11 THEN 1 WHEN id % 20 < 17 THEN 2 WHEN id % 20 < 19 THEN 3 ELSE 4 END]
        AS kind,
    CASE WHEN part < %(open)s OR (state IN ('served', 'enforcement') AND id % 2 = 0)
        THEN %(midnight)s + %(day)s * ((id * 31) % 29 - 2) END AS due_ms
FROM (
    SELECT id, part, (%(states)s::text[])[part + 1] AS state,
        CASE WHEN part < %(open)s THEN %(now)s - (1 - id::numeric / %(count)s) * 60 * %(day)s - 60000
            ELSE %(now)s - (1 - id::numeric / %(count)s) * 1095 * %(day)s - 70 * %(day)s::numeric END::bigint
            AS entered_at_ms
    FROM (SELECT id, ((id * 7919) % 1000)::int AS part FROM generate_series(1, %(count)s::bigint) AS id) AS numbered
) AS placed
"""
ACTS: Final = """
INSERT INTO case_acts (case_id, act, from_state, to_state, actor, at_ms, reason, amount_fen, demonstration)
SELECT id, act, before, after, 'officer-' || (id + step) %% %(officers)s, entered_at_ms + step * 3600000, '',
    CASE WHEN act IN ('notify', 'fine') THEN 2000 END, false
FROM spread JOIN history USING (state) ORDER BY id, step
"""
PARTIES: Final = """
INSERT INTO parties (case_id, basis, age_band, identified_by, at_ms)
SELECT case_id, 'self_report', 'adult', actor, at_ms FROM case_acts WHERE act = 'identify'
"""
LISTINGS: Final = """
INSERT INTO listings (id, case_id, site_name, kind, act_minute_ms, sanction, amount_fen, published_at_ms, ends_at_ms,
    approved_by, approved_because, demonstration)
SELECT 'l' || id, id, '解放路', kind, entered_at_ms, 'fine', 2000, entered_at_ms + 9 * 3600000,
    entered_at_ms + 30 * 86400000::bigint, 'officer-1', 'bench', false
FROM spread WHERE state = ANY(%(fined)s) AND id %% 50 = 7
"""
FURTHER: Final = """
INSERT INTO further_reports (event_id, case_id, linked_at_ms)
SELECT 'e-' || id, id - 1, entered_at_ms + 5000 FROM spread WHERE id % 25 = 3
"""
AUDIT: Final = """
INSERT INTO audit_log (at_ms, who, what, case_id, detail)
SELECT entered_at_ms + 3600000, 'officer-' || id %% %(officers)s, 'case.view', id, 'reviewer: received'
FROM spread WHERE id %% 10 = 1
"""
HISTORY: Final = """
CREATE TEMPORARY TABLE history AS SELECT * FROM (VALUES {rows}) AS told(state, step, act, before, after)
"""


def fill_cases(connection: Connection, count: int, now_ms: int, say: Callable[[str], None]) -> None:
    """Make all rows about cases; the connection's role may switch triggers off (they would cost hours)."""
    states = [state for state, share in PER_MILLE.items() for _ in range(share)]
    values = {"count": count, "now": now_ms, "day": DAY_MS, "states": states, "open": OPEN_PER_MILLE, "sites": SITES}
    values |= {"kinds": [kind.value for kind in ViolationKind], "fined": list(FINED), "files": list(FILES)}
    values |= {"body": _body(), "entered": str(ENTERED_MS), "officers": OFFICERS, "midnight": _midnight_ms(now_ms)}
    for text, statement in _statements():
        say(text)
        connection.execute(_escaped(statement), values)
    connection.execute(f"SELECT setval(pg_get_serial_sequence('cases', 'id'), {count})".encode())


def _statements() -> Iterator[tuple[str, str]]:
    rows = (
        f"('{state}', {n}, '{act}', '{a}', '{b}')"
        for state, acts in HISTORIES.items()
        for n, (act, a, b) in enumerate(acts, 1)
    )
    yield "spread", SPREAD
    yield "histories", HISTORY.format(rows=", ".join(rows))
    yield "events", EVENTS
    yield "files", FILES_OF
    yield "cases", CASES
    yield "acts", ACTS
    yield "parties", PARTIES
    yield "public list", LISTINGS
    yield "further reports", FURTHER
    yield "audit log", AUDIT


def _escaped(statement: str) -> bytes:
    """A lone per cent sign is SQL's remainder, and psycopg's beginning of a name."""
    return statement.replace("%%", "%").replace("%", "%%").replace("%%(", "%(").encode()


def _midnight_ms(now_ms: int) -> int:
    """Return Beijing's last midnight, at which a period ends that was due yesterday."""
    return (now_ms + 8 * 3_600_000) // DAY_MS * DAY_MS - 8 * 3_600_000


def _body() -> str:
    """Return an event as a box tells it, with a time that is replaced."""
    said = SourceSaid(source=LampSource.LAMP, state=LampState.RED, since_ms=ENTERED_MS, age_ms=40)
    files = tuple(EvidenceFile(name=n, sha256="a" * 64, size_bytes=40_000, media_type="image/jpeg") for n in FILES)
    return ViolationReported(
        event_id=EVENT_ID,
        device_id="bench-box",
        sequence=1,
        previous_manifest_sha256=None,
        site_id="site-1",
        site_name="解放路",
        camera_id="c-1",
        direction="由南向北",
        kind=ViolationKind.PEDESTRIAN_RED_LIGHT,
        user=RoadUserKind.PEDESTRIAN,
        track_id=1,
        zone_id="n",
        signal_id="ped",
        entered_at_ms=ENTERED_MS,
        confirmed_at_ms=ENTERED_MS,
        measure=3.1,
        rule=RuleApplied(name=ViolationKind.PEDESTRIAN_RED_LIGHT, version=1, parameters={"advance_m": 3.0}),
        lamp=LampAtEntry(state=LampState.RED, since_ms=ENTERED_MS, sources=(said,)),
        model=ModelUsed(name="nanodet-g", sha256="0" * 64),
        scene_sha256="1" * 64,
        software_version="0.1.0",
        clock_source="footage",
        seen_at_ms=ENTERED_MS,
        demonstration=False,
        clock=None,
        evidence=files,
    ).model_dump_json()
