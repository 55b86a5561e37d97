"""Heads: one a day, after the day, closing it; and the pages on which anybody reads them."""

from datetime import date

import pytest
from books import DAY_MS, at, basis, make_cases
from centre import KEY
from fastapi.testclient import TestClient
from uploading import pages_of

from server.db import unit_of_work
from server.errors import ConflictError, NotFoundError
from server.ledger import book, forest, heads
from server.ledger.head_told import day_to_close
from server.ledger.kinds import EntryKind
from server.ledger.postings import assess, post
from server.ledger.publisher import publisher
from server.ledger.tree import EMPTY_ROOT, consistent, fold, leaf_hash, node_hash

T0 = at("2026-10-08")


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-10-09 00:04", "2026-10-07"),
        ("2026-10-09 00:05", "2026-10-08"),
        ("2026-10-09 23:59", "2026-10-08"),
        ("2026-10-10 00:05", "2026-10-09"),
    ],
)
def test_a_day_is_closed_five_minutes_after_its_end(now, day):
    assert day_to_close(at(*now.split())) == date.fromisoformat(day)


def test_a_head_is_made_once_and_closes_its_day(book_sessions):
    with unit_of_work(book_sessions) as session:
        assert heads.publish(session, KEY, T0).root == EMPTY_ROOT.hex()
        book.append_all(session, [assess(basis(1, "o", T0), 1000) for _ in range(7)])
    with unit_of_work(book_sessions) as session:
        assert heads.publish(session, KEY, T0) is None
        made = heads.publish(session, KEY, T0 + DAY_MS)
        assert (made.day, made.size) == (date(2026, 10, 8), 7)
    with pytest.raises(ConflictError, match="closed and published"), unit_of_work(book_sessions) as session:
        book.append(session, assess(basis(1, "o", T0), 1000))
    with unit_of_work(book_sessions) as session:
        book.append(session, assess(basis(1, "o", T0 + DAY_MS), 1000))
        assert heads.of_day(session, date(2026, 10, 8)).root == forest.root_of(session, 7).hex()
        with pytest.raises(NotFoundError, match="no head"):
            heads.of_day(session, date(2026, 10, 9))


def _perfect(leaves):
    while len(leaves) > 1:
        leaves = [node_hash(*leaves[at : at + 2]) for at in range(0, len(leaves), 2)]
    return leaves[0]


@pytest.mark.parametrize("parts", [(1,) * 13, (13,), (5, 3, 5), (8, 5)])
def test_the_stored_tree_is_the_tree_of_the_entries_however_they_came(book_sessions, parts):
    with unit_of_work(book_sessions) as session:
        for part in parts:
            book.append_all(session, [assess(basis(1, "o", T0), 1) for _ in range(part)])
    with book_sessions.reading() as session:
        leaves = [leaf_hash(bytes.fromhex(entry.hash)) for entry in book.walk(session)]
        assert len(leaves) == 13
        assert forest.root_of(session, 13) == fold([_perfect(leaves[:8]), _perfect(leaves[8:12]), leaves[12]])
        for number in range(1, 14):
            assert forest.proof_for(session, number).root() == forest.root_of(session, 13)
            path = forest.consistency_of(session, number, 13)
            roots = forest.root_of(session, number), forest.root_of(session, 13)
            assert consistent(number, roots[0], 13, roots[1], path)
        with pytest.raises(NotFoundError):
            forest.proof_for(session, 14)
        with pytest.raises(NotFoundError):
            forest.consistency_of(session, 5, 14)


def test_the_publisher_makes_the_head_by_itself(book_sessions):
    publishing = publisher(book_sessions, KEY, lambda: T0, every_s=3600)
    publishing.start()
    publishing.stop()
    with book_sessions.reading() as session:
        assert heads.newest(session)[0].day == date(2026, 10, 7)


def test_anybody_reads_the_heads(service):
    make_cases(service.sessions, 1)
    app = pages_of(service)
    with unit_of_work(service.sessions) as session:
        book.append_all(session, [assess(basis(1, "o", T0), 1000) for _ in range(3)])
        heads.publish(session, KEY, T0 + DAY_MS)
        book.append(session, post(EntryKind.WAIVED, basis(1, "o", T0 + DAY_MS), 5))
        heads.publish(session, KEY, T0 + 2 * DAY_MS)
    with TestClient(app, base_url="https://testserver") as client:
        page = client.get("/ledger/heads")
        assert page.status_code == 200
        assert page.text.index("2026-10-09") < page.text.index("2026-10-08")
        assert "<script" not in page.text
        assert "officer" not in page.text
        assert "2026-10-09" not in client.get("/ledger/heads?before=2026-10-09").text
        told = client.get("/ledger/heads.json").json()["heads"]
        assert [(head["day"], head["size"]) for head in told] == [("2026-10-09", 4), ("2026-10-08", 3)]
        assert told[0]["root"] in client.get("/ledger/heads/2026-10-09").text
        one = client.get("/ledger/heads/2026-10-09.json?since=3").json()
        path = [bytes.fromhex(digest) for digest in one["since"]["path"]]
        roots = [bytes.fromhex(head["root"]) for head in told]
        assert consistent(3, roots[1], 4, roots[0], path)
        for wrong, status in (
            ("2026-10-10", 404),
            ("2026-10-10.json", 404),
            ("soon", 422),
            ("2026-10-09.json?since=5", 404),
        ):
            assert client.get(f"/ledger/heads/{wrong}").status_code == status
