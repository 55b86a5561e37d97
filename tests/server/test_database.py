"""The database itself, on SQLite and on PostgreSQL: migrations there and back, a start by several at once, texts."""

import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from centre import KEY, NOW_MS, PASSWORD, TOKEN, deliver, log_in, make_act, take
from fastapi.testclient import TestClient
from postgres import programs_or_skip
from sqlalchemy import MetaData, select, text
from sqlalchemy.exc import DatabaseError, InternalError, OperationalError
from uploading import pages_of

from contract.seal import seal
from datasets.demo.broker import free_port
from datasets.postgres import cluster
from server import devices
from server.access import service as access
from server.access.service import Entrance, Moment
from server.access.sessions import Lengths
from server.cases.models import RefusedEvent
from server.db import Written, open_engine, sessions, unit_of_work
from server.errors import PartAwayError, SettingsProblemError
from server.keys import signing_key
from server.migrate import alembic_config, migrate
from server.tables import all_tables

ON_POSTGRESQL = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.process)], indirect=True
)
"""SQLite has no TRUNCATE, no settings of a session, and tells readers apart only by when they take the lock."""
AS_A_PROCESS = """
import sys
from pathlib import Path
from server.db import open_engine
from server.keys import signing_key
from server.migrate import migrate
sys.stdin.readline()
migrate(open_engine(sys.argv[1]))
print(signing_key(Path(sys.argv[2])).public_key().public_bytes_raw().hex())
"""


@pytest.fixture
def engine(empty_database_url):
    made = open_engine(empty_database_url)
    yield made
    made.dispose()


def differences(engine) -> list:
    with engine.connect() as connection:
        return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), all_tables())


def test_the_migrations_give_exactly_the_tables_of_the_code_and_nothing_stays_when_they_are_taken_back(engine):
    for _ in range(2):
        migrate(engine)
        assert differences(engine) == []
        command.downgrade(alembic_config(engine), "base")
        left = MetaData()
        left.reflect(engine)
        assert set(left.tables) == {"alembic_version"}


def test_each_migration_can_be_taken_back_and_done_again(engine):
    migrate(engine)
    for _ in ScriptDirectory.from_config(alembic_config(engine)).walk_revisions():
        command.downgrade(alembic_config(engine), "-1")
        command.upgrade(alembic_config(engine), "+1")
        command.downgrade(alembic_config(engine), "-1")
    migrate(engine)
    assert differences(engine) == []


def test_a_database_of_before_knows_its_sites_after_the_migration_and_can_go_back(engine):
    command.upgrade(alembic_config(engine), "0001")
    with engine.begin() as connection:
        for box, site in (("box-1", "s-1"), ("box-2", "s-1"), ("box-3", "s-2")):
            values = f"'{box}', '{site}', 'key', 'token of {box}', true, 0"
            columns = "id, site_id, public_key, token_sha256, active, enrolled_at_ms"
            connection.execute(text(f"INSERT INTO devices ({columns}) VALUES ({values})"))  # noqa: S608 - our own words
    migrate(engine)
    with engine.connect() as connection:
        assert connection.scalars(text("SELECT id FROM sites ORDER BY id")).all() == ["s-1", "s-2"]
    command.downgrade(alembic_config(engine), "0001")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM devices")) == 3


@pytest.mark.process
def test_processes_that_start_at_once_on_an_empty_database_all_come_up_with_one_key(empty_database_url, tmp_path):
    words = [sys.executable, "-c", AS_A_PROCESS, empty_database_url, str(tmp_path / "centre-key.pem")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    started = [subprocess.Popen(words, **pipes) for _ in range(3)]
    for process in started:
        process.stdin.write("\n")
        process.stdin.flush()
    told = [process.communicate(timeout=120) for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], told
    known = signing_key(tmp_path / "centre-key.pem").public_key().public_bytes_raw().hex()
    assert {said.strip() for said, _ in told} == {known}


@pytest.mark.parametrize(
    ("url", "says"),
    [("nonsense", "LUKOU_DATABASE_URL: expected"), ("postgres2://host/lukou", "LUKOU_DATABASE_URL: expected")],
)
def test_a_url_that_names_no_database_is_a_wrong_setting(url, says):
    with pytest.raises(SettingsProblemError, match=says):
        open_engine(url)


def test_a_server_that_is_away_is_told_without_its_password(settings, service):
    engine = open_engine(f"postgresql://lukou:geheim@127.0.0.1:{free_port()}/lukou")
    with pytest.raises(PartAwayError, match="Is it running") as caught:
        migrate(engine)
    assert "geheim" not in str(caught.value)
    app = pages_of(replace(service, sessions=sessions(engine)))
    with closing(TestClient(app, raise_server_exceptions=False)) as client:
        answers = [client.get("/list"), client.put(f"/api/v1/evidence/{'0' * 64}", content=b"x")]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert "geheim" not in answers[0].text + answers[1].text


@ON_POSTGRESQL
def test_whoever_only_reads_can_change_nothing(service):
    with service.sessions.reading() as session, pytest.raises(InternalError, match="read-only"):
        session.execute(text("DELETE FROM sites"))


@ON_POSTGRESQL
@pytest.mark.parametrize("table", ["audit_log", "case_acts", "cases", "hand_offs", "ledger_entries"])
def test_nobody_empties_what_is_appended_only(service, table):
    with pytest.raises(DatabaseError, match="appended only"), unit_of_work(service.sessions) as session:
        session.execute(text(f"TRUNCATE {table} CASCADE"))


@ON_POSTGRESQL
def test_a_receipts_word_is_on_the_disk_and_a_worker_that_is_cut_off_holds_nothing_for_long(service):
    with service.sessions.writing() as session:
        settings = dict(session.execute(text("SELECT name, setting FROM pg_settings")).all())
    assert settings["synchronous_commit"] == "on"
    assert (settings["lock_timeout"], settings["idle_in_transaction_session_timeout"]) == ("30000", "60000")


@pytest.mark.process
def test_what_was_committed_outlives_a_killed_server_and_the_service_goes_on_by_itself():
    with cluster(programs_or_skip()) as server:
        engine = open_engine(server.url())
        migrate(engine)
        made = sessions(engine)
        with unit_of_work(made) as session:
            devices.enrol(session, "box-1", "s-1", KEY.public_key(), TOKEN, NOW_MS)
        server.kill()
        with pytest.raises(OperationalError), unit_of_work(made) as session:
            devices.enrol(session, "box-2", "s-2", KEY.public_key(), "u" * 43, NOW_MS)
        server.start()
        with made.reading() as session:
            assert session.scalars(select(devices.Device.id)).all() == ["box-1"]
        engine.dispose()


def test_a_nul_stops_neither_the_intake_nor_a_page(service):
    spoilt = make_act().message.model_copy(
        update={"site_name": "路\0口"}
    )  # not looked at, as whoever has a key may send
    assert take(service, seal(spoilt, "box-1", KEY)) is None
    deliver(service, make_act(), files=False)
    app = pages_of(service)
    with unit_of_work(service.sessions) as session:
        assert session.scalars(select(RefusedEvent.reason)).all() == ["malformed"]
        entrance = Entrance(service.secrets_box, Lengths(60_000, 60_000))
        assert access.log_in(session, "offi\0cer", PASSWORD, entrance, Moment(0)) is None
    with TestClient(app, follow_redirects=False) as client:
        assert client.get("/list/a%00b.jpg").status_code == 404
        assert log_in(client, "a\0").status_code == 401
        log_in(client)
        assert client.get("/console/cases/1/reports/%00/evidence/a%00.jpg").status_code == 404
        assert client.get("/console/cases/1/evidence/a%00.jpg").status_code == 404


def test_only_a_nul_is_written_otherwise():
    for words in (None, "", "路口 \n\x01 é"):
        assert Written().process_bind_param(words, None) == words
