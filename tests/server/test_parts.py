"""The centre's smaller parts: the masked picture, the feed, the settings, the migrations, the law's data."""

import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st

from contract.words import ViolationKind
from server.cases.procedure import diagram
from server.db import open_engine
from server.errors import NotFoundError, SettingsProblemError
from server.ingest import intake
from server.law.reading import read_law
from server.lists.feed import Line, json_feed
from server.lists.masking import BLOCK_MIN_PX, BLOCK_SHARE, HEAD_SHARE, masked
from server.migrate import migrate
from server.pages.texts import TEXTS
from server.settings import Settings, read_settings
from server.tables import all_tables

DOCS = Path(__file__).parent.parent.parent / "docs"
NOISE = np.random.default_rng(3).integers(0, 255, (240, 320, 3), dtype=np.uint8)
BOXES = st.tuples(st.floats(0, 250), st.floats(0, 150), st.floats(20, 60), st.floats(60, 90)).map(
    lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])
)


@given(BOXES, st.lists(BOXES, max_size=3))
def test_only_the_body_below_the_head_is_as_it_was_and_all_else_is_blocks(subject, others):
    shown = masked(NOISE, subject, others)
    x1, y1, x2, y2 = subject
    block_px = max(BLOCK_MIN_PX, round((y2 - y1) * BLOCK_SHARE))
    body = np.zeros(NOISE.shape[:2], dtype=bool)
    body[round(y1 + (y2 - y1) * HEAD_SHARE) : round(y2), round(x1) : round(x2)] = True
    for a, b, c, d in others:
        body[round(b) : round(d), round(a) : round(c)] = False
    kept = np.all(shown == NOISE, axis=2)
    assert kept[body].all()
    assert kept[~body].mean() < 0.01  # noise equals its block's mean only by chance
    blocks = cv2.resize(shown, (320 // block_px, 240 // block_px), interpolation=cv2.INTER_NEAREST)
    assert blocks.shape[0] <= 240 // BLOCK_MIN_PX


def test_the_picture_of_a_road_user_at_the_edge_is_masked_as_well():
    assert masked(NOISE, (300, 200, 400, 300), []).shape == NOISE.shape


def test_the_feed_is_a_json_feed_without_more_than_the_public_may_know():
    lines = [Line("l1", 0, "t", "words", "/list/l1.jpg", True), Line("l2", 0, "t", "withdrawn", None, False)]
    feed = json_feed(lines, "http://host")
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    first, second = feed["items"]
    assert set(first) == {"id", "url", "title", "content_text", "date_published", "_lukou", "image"}
    assert first["image"] == "http://host/list/l1.jpg"
    assert "image" not in second


def test_the_migrations_give_exactly_the_tables_of_the_code(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'x.sqlite'}")
    migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), all_tables()) == []
    engine.dispose()


def test_wrong_settings_are_told_all_at_once(monkeypatch):
    for name, value in (("HTTP_PORT", "x"), ("SESSION_S", "5"), ("FINING_CODES", '"3001"')):
        monkeypatch.setenv(f"LUKOU_{name}", value)
    with pytest.raises(SettingsProblemError) as caught:
        read_settings()
    assert {line.split(":")[0] for line in str(caught.value).splitlines()} == {
        "LUKOU_HTTP_PORT",
        "LUKOU_SESSION_S",
        "LUKOU_FINING_CODES",
    }


def test_every_setting_and_the_procedure_are_documented_as_they_are():
    text = (DOCS / "server.md").read_text(encoding="utf-8")
    assert [n for n in Settings.model_fields if f"`LUKOU_{n.upper()}`" not in text] == []
    assert diagram() in text
    assert [table for table in all_tables().tables if f"`{table}`" not in text] == []


def test_every_reason_of_a_refusal_is_documented():
    text = (DOCS / "server.md").read_text(encoding="utf-8")
    source = Path(intake.__file__).read_text(encoding="utf-8")
    reasons = {*intake.REASONS.values(), *re.findall(r'_RefusedError\(\s*"(\w+)"', source)}
    assert len(reasons) == 9
    assert [reason for reason in reasons if f"| `{reason}` |" not in text] == []


def test_every_text_has_both_languages():
    assert [key for key, (zh, en) in TEXTS.items() if not zh or not en] == []


@pytest.mark.parametrize("kind", ViolationKind)
def test_the_law_has_a_dated_offence_for_every_violation_within_5_to_50_yuan(kind):
    offence = read_law().offence_at(kind, 1_800_000_000_000)
    assert 500 <= offence.fine_min_fen <= offence.fine_fen <= offence.fine_max_fen <= 5000
    assert offence.source
    with pytest.raises(NotFoundError):
        read_law().offence_at(kind, 0)


def test_there_are_the_eight_reasons_of_article_22():
    assert len(read_law().rejection) == 8
