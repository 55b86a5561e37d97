"""`lukou bench console`: how long the console's pages take with ten thousand cases and with a million.

All of it is real: PostgreSQL with fsync, the centre as its own process, pages over HTTP with sessions. Only the rows
are made in bulk (console_fill, console_book).
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import httpx
import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from rich.console import Console

from datasets.benchmark.console_book import fill_book
from datasets.benchmark.console_chart import chart, table
from datasets.benchmark.console_fill import OFFICERS, fill_cases
from datasets.demo.broker import free_port
from datasets.errors import PartMissingError
from datasets.postgres import Cluster, cluster, programs
from datasets.progress import counting
from server import devices
from server.access import sessions as logins
from server.access.doors import Stage
from server.access.models import User
from server.access.rights import Role
from server.access.sessions import Lengths
from server.console.cookies import SESSION
from server.db import Sessions, open_engine, sessions, unit_of_work
from server.migrate import migrate

SIZES: Final = (10_000, 100_000, 1_000_000)
LOOKS_S: Final = 3.1
DECISIONS: Final = 20
DAY_MS: Final = 86_400_000
MEMORY: Final = "512MB"
PAGES: Final = {
    "queue, first page": "/console",
    "queue by group": "/console?group=review",
    "queue by site": "/console?site=site-7",
    "queue by kind": "/console?kind=stop_line",
    "queue by state": "/console?state=served",
    "queue, closed and recent": "/console?state=archived&age=month",
    "queue by due": "/console?due=late",
    "queue by age": "/console?age=over_month",
    "queue by all": "/console?group=payment&site=site-7&kind=wrong_way&due=soon&age=over_month",
}
LEDGER_PAGES: Final = {"trial balance": "/console/ledger", "monthly statement": "/console/ledger/statement.xlsx"}
DRAWN: Final = (
    *("queue, first page", "queue, deep page", "queue by site", "case page", "next", "decision"),
    *("case account", "trial balance"),
)
Figures = dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many cases, one size after the other; how often each page is asked for; a folder for chart and table."""

    sizes: Sequence[int] = SIZES
    rounds: int = 40
    out: Path | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a session: a client whose cookies are theirs, and the token of their forms."""

    client: httpx.Client
    csrf: str


@dataclass(frozen=True, slots=True)
class Centre:
    """The centre that is measured, and the clients that are closed when it ends."""

    people: Sessions
    address: str
    now_ms: int
    clients: ExitStack


def bench_console(wanted: Wanted, console: Console, now_ms: int, *, as_json: bool) -> None:
    """Measure and print; write chart and table where that is wished for."""
    found: dict[int, Figures] = {}
    filled: dict[int, dict[str, float]] = {}
    with TemporaryDirectory(prefix="lukou-console-") as name, cluster(programs(), shared_buffers=MEMORY) as server:
        for size in wanted.sizes:
            url = _database(server, size)
            with counting(console, f"{size:,} cases", 12 + size * 5 // 50_000) as step:
                filled[size] = _fill(url, size, now_ms, step)
            console.print(f"{size:,} cases, {filled[size]['postings']:,.0f} postings: {filled[size]['fill_s']:.0f} s")
            found[size] = _measure(url, Path(name) / str(size), wanted.rounds, now_ms)
            console.print(table({size: found[size]}))
    if wanted.out is not None:
        wanted.out.mkdir(parents=True, exist_ok=True)
        (wanted.out / "console-speed.svg").write_text(chart(found, DRAWN), encoding="utf-8")
    if as_json:
        print(json.dumps({"filled": filled, "pages": found}, indent=2))
    else:
        print(table(found))


def _database(server: Cluster, size: int) -> str:
    with psycopg.connect(server.url().replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE cases_{size}".encode())
    return server.url(f"cases_{size}")


def _fill(url: str, size: int, now_ms: int, step: Callable[[str], None]) -> dict[str, float]:
    """Make tables and rows; return how long it took, and how many postings there are."""
    begun_s = time.perf_counter()
    engine = open_engine(url)
    migrate(engine)
    with unit_of_work(sessions(engine)) as session:
        key = Ed25519PrivateKey.generate().public_key()
        devices.enrol(session, "bench-box", "site-1", key, "bench", now_ms)
    engine.dispose()
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # no triggers, no foreign keys: rows in bulk
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET maintenance_work_mem = '512MB'")
        fill_cases(connection, size, now_ms, step)
        postings = fill_book(connection, step)
        step("statistics")
        connection.execute("VACUUM ANALYZE")
    return {"fill_s": round(time.perf_counter() - begun_s, 1), "postings": postings}


@contextmanager
def _centre(url: str, folder: Path) -> Iterator[str]:
    """Run the centre as a process of its own; yield its address. Raises PartMissingError."""
    port = free_port()
    folder.mkdir()
    given = {"LUKOU_DATA_DIR": str(folder), "LUKOU_DATABASE_URL": url, "LUKOU_FINING_CODES": '["3001"]'}
    words = [sys.executable, "-m", "datasets.benchmark.console_server", str(port)]
    with (folder / "log").open("ab") as log:
        running = subprocess.Popen(words, env=os.environ | given, stderr=log)
    try:
        until_s = time.monotonic() + 60
        while not _answers(f"http://127.0.0.1:{port}"):
            if running.poll() is not None or time.monotonic() > until_s:
                raise PartMissingError("the centre", (folder / "log").read_text(encoding="utf-8")[-800:], "See above")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(timeout=60)


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/login").status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _measure(url: str, folder: Path, rounds: int, now_ms: int) -> Figures:
    engine = open_engine(url)
    with _centre(url, folder) as address, ExitStack() as clients:
        centre = Centre(sessions(engine), address, now_ms, clients)
        head = _come_in(centre, "bench-head", Role.SUPERVISOR)
        auditor = _come_in(centre, "bench-auditor", Role.AUDITOR)
        links = _links(head, "/console?group=payment")
        figures = {name: _times(head, [path], rounds) for name, path in PAGES.items()}
        figures["queue, deep page"] = _times(head, [_deep(head)], rounds)
        figures["case page"] = _times(head, links, rounds)
        figures["next"] = _times(head, [f"{link}/next" for link in links], rounds)
        figures["search"] = _times(head, [f"/console?q=LK-{link.rpartition('/')[2]:0>7}" for link in links], rounds)
        figures["decision"] = _decisions(centre)
        figures["case account"] = _times(auditor, [link.replace("cases", "ledger/cases") for link in links], rounds)
        figures |= {name: _times(auditor, [path], 5 if "." in path else rounds) for name, path in LEDGER_PAGES.items()}
    engine.dispose()
    return figures


def _come_in(centre: Centre, name: str, role: Role) -> Person:
    """Give somebody a session without the entrance: its hash is slow on purpose."""
    lengths = Lengths(DAY_MS, DAY_MS)
    with unit_of_work(centre.people) as session:
        user = User(name=name, password_hash="", role=role, demonstration=False)
        session.add(user)
        session.flush()
        at_ms = time.time_ns() // 1_000_000
        token = logins.begin(session, user, Stage.WHOLE, max(at_ms, centre.now_ms), lengths, "127.0.0.1")
        csrf = logins.find(session, token, at_ms, lengths.idle_ms)[0].csrf
    client = httpx.Client(base_url=centre.address, cookies={SESSION: token}, timeout=120)
    return Person(centre.clients.enter_context(client), csrf)


def _links(who: Person, path: str) -> list[str]:
    page = who.client.get(path).raise_for_status().text
    return [part.partition('"')[0] for part in page.split('data-row href="')[1:]]


def _deep(who: Person) -> str:
    """Turn pages until the twentieth, or the last; return its address."""
    path = "/console?group=payment"
    for _ in range(20):
        page = who.client.get(path).raise_for_status().text
        following = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        if not following:
            break
        path = following
    return path


def _times(who: Person, paths: Sequence[str], rounds: int) -> dict[str, float]:
    """Ask for pages in turn, once unmeasured; return quantiles in ms."""
    taken = []
    for number in range(rounds + 1):
        begun_s = time.perf_counter()
        answer = who.client.get(paths[number % len(paths)])
        taken.append((time.perf_counter() - begun_s) * 1000)
        if answer.status_code >= httpx.codes.BAD_REQUEST:
            raise PartMissingError(paths[number % len(paths)], f"it answered {answer.status_code}", answer.text[:300])
    return _quantiles(taken[1:])


def _decisions(centre: Centre) -> dict[str, float]:
    """Let officers delete one record each, after the least viewing time; return quantiles of the POST in ms.

    These cases are rows without evidence, and what is confirmed is proved anew (docs/console.md has its figure).
    """
    officers = [_come_in(centre, f"bench-{number}", Role.REVIEWER) for number in range(min(DECISIONS, OFFICERS))]
    opened = ((link, officers[0].client.get(link).text) for link in _links(officers[0], "/console?state=received"))
    links = [link for link, page in opened if 'data-complete="yes"' in page][: len(officers)]
    pages = [who.client.get(link).text for who, link in zip(officers, links, strict=False)]
    time.sleep(LOOKS_S)
    taken = []
    for who, link, page in zip(officers, links, pages, strict=False):
        version = page.partition('name="version" value="')[2].partition('"')[0]
        form = {"csrf": who.csrf, "version": version, "act": "reject", "reason": "unclear"}
        begun_s = time.perf_counter()
        answer = who.client.post(link, data=form)
        taken.append((time.perf_counter() - begun_s) * 1000)
        if answer.status_code != httpx.codes.SEE_OTHER:
            raise PartMissingError(link, f"it answered {answer.status_code}", answer.text[-600:])
    return _quantiles(taken)


def _quantiles(taken: Sequence[float]) -> dict[str, float]:
    ordered = sorted(taken)
    at = {"p50_ms": 0.5, "p95_ms": 0.95}
    return {name: round(ordered[min(len(ordered) - 1, int(q * len(ordered)))], 1) for name, q in at.items()}
