"""A database of before the chains: nothing of it is lost on the way here, nor on the way back."""

import base64

from alembic import command
from centre import KEY
from sqlalchemy import text

from contract.identity import chain_of
from server.db import open_engine
from server.migrate import alembic_config, migrate

PUBLIC = base64.b64encode(KEY.public_key().public_bytes_raw()).decode()
BEFORE = [
    "INSERT INTO devices (id, site_id, public_key, token_sha256, active, enrolled_at_ms)"
    " VALUES ('b', 's', :public_key, 't', 1, 5)",
    "INSERT INTO events (event_id, device_id, sequence, body, body_sha256, seen_at_ms, received_at_ms, demonstration)"
    " VALUES ('one', 'b', 7, '', '', 0, 0, 0), ('two', 'b', 7, '', '', 0, 0, 0)",
    "INSERT INTO event_files (event_id, name, sha256, size_bytes, media_type) VALUES ('one', 'n', 's', 1, 'm')",
    "INSERT INTO passages (device_id, sequence, position, site_id, camera_id, zone_id, user, lamp_at_entry, verdict,"
    " count, from_ms, to_ms) VALUES ('b', 1, 0, 's', 'c', 'z', 'u', 'l', 'v', 1, 0, 0)",
]


def test_old_events_stay_without_a_chain_and_the_present_key_is_known(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'x.sqlite'}")
    command.upgrade(alembic_config(engine), "0002")
    with engine.begin() as connection:
        for statement in BEFORE:
            connection.execute(text(statement), {"public_key": PUBLIC} if ":public_key" in statement else {})
    migrate(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT event_id, chain, held_because FROM events ORDER BY event_id")).all() == [
            ("one", None, None),
            ("two", None, None),
        ]
        assert connection.execute(text("SELECT device_id, chain, from_ms FROM device_keys")).all() == [
            ("b", chain_of(KEY.public_key()), 5)
        ]
    command.downgrade(alembic_config(engine), "0002")
    with engine.connect() as connection:
        counts = [connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in ("event_files", "passages")]  # noqa: S608
    assert counts == [1, 1]
    engine.dispose()
