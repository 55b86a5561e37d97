"""The centre's smaller parts: the masked picture, the feed, the settings, the law's data."""

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from contract.words import RoadUserKind, StillRole, ViolationKind
from server.errors import NotFoundError, SettingsProblemError
from server.ingest import numbering, reading
from server.law.reading import read_law
from server.lists.feed import Line, json_feed
from server.lists.masking import BLOCK_MIN_PX, BLOCK_SHARE, HEAD_SHARE, masked
from server.pages.texts import TEXTS
from server.procedure.diagram import diagram
from server.settings import Settings, read_settings
from server.statistics import wilson
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


def test_of_a_rider_neither_the_head_nor_the_plate_can_be_read():
    x1, y1, x2, y2 = 100.0, 40.0, 180.0, 200.0
    kept = np.all(masked(NOISE, (x1, y1, x2, y2), [], RoadUserKind.RIDER) == NOISE, axis=2)
    rows = np.flatnonzero(kept[:, 100:180].all(axis=1))
    assert (rows[0] - y1) / (y2 - y1) == pytest.approx(0.32, abs=0.01)
    assert (rows[-1] - y1) / (y2 - y1) == pytest.approx(0.52, abs=0.01)


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
    documented = (DOCS / "server.md").read_text(encoding="utf-8")
    assert [n for n in Settings.model_fields if f"`LUKOU_{n.upper()}`" not in documented] == []
    assert diagram() in (DOCS / "procedure.md").read_text(encoding="utf-8")
    assert [table for table in all_tables().tables if f"`{table}`" not in documented] == []


def test_every_reason_of_a_refusal_is_documented():
    documented = (DOCS / "server.md").read_text(encoding="utf-8")
    source = "".join(Path(part.__file__).read_text(encoding="utf-8") for part in (reading, numbering))
    reasons = {*reading.REASONS.values(), *re.findall(r'(?:RefusedError|Refusal)\(\s*"(\w+)"', source)}
    assert len(reasons) == 12
    assert [reason for reason in reasons if f"| `{reason}` |" not in documented] == []


def test_every_text_has_both_languages():
    assert [key for key, (zh, en) in TEXTS.items() if not zh or not en] == []


@pytest.mark.parametrize("kind", ViolationKind)
def test_the_law_has_a_dated_offence_for_every_violation_within_5_to_50_yuan(kind):
    offence = read_law().offence_at(kind, 1_800_000_000_000)
    assert 500 <= offence.fine_min_fen <= offence.fine_fen <= offence.fine_max_fen <= 5000
    assert offence.source
    with pytest.raises(NotFoundError):
        read_law().offence_at(kind, 0)


@pytest.mark.parametrize(
    ("kind", "day_ms", "code", "amount_fen", "names_the_revised_rules"),
    [
        (ViolationKind.PEDESTRIAN_RED_LIGHT, 1_775_000_000_000, "3001", 1000, False),  # 2026-04-01
        (ViolationKind.RIDER_RED_LIGHT, 1_775_000_000_000, "2007", 2000, False),
        (ViolationKind.WRONG_WAY, 1_775_000_000_000, "2004", 2000, False),
        (ViolationKind.STOP_LINE, 1_775_000_000_000, "2019", 2000, False),
        (ViolationKind.PEDESTRIAN_RED_LIGHT, 1_780_000_000_000, "3001", 1000, False),  # 2026-05-29
        (ViolationKind.RIDER_RED_LIGHT, 1_780_000_000_000, "2007", 2000, True),
        (ViolationKind.WRONG_WAY, 1_780_000_000_000, "2004", 2000, True),
        (ViolationKind.STOP_LINE, 1_780_000_000_000, "2019", 2000, True),
    ],
)
def test_the_law_of_the_day_of_the_act_holds(kind, day_ms, code, amount_fen, names_the_revised_rules):
    offence = read_law().offence_at(kind, day_ms)
    assert (offence.code, offence.fine_fen, offence.verified) == (code, amount_fen, False)
    assert ("非机动车管理条例" in offence.articles) == names_the_revised_rules


def test_no_day_has_two_entries_of_one_kind():
    law = read_law()
    for kind in ViolationKind:
        spans = sorted((o.valid_from, o.valid_to or date.max) for o in law.offence if o.kind is kind)
        assert all(end < begin for (_, end), (begin, _) in pairwise(spans))


def test_which_reports_are_one_act_is_dated_data_as_well():
    assert read_law().same_act_at(1_780_000_000_000).entry_s == 1.0
    assert read_law().same_act_at(0) is None


@pytest.mark.parametrize("kind", ViolationKind)
def test_every_kind_has_its_words_on_every_page(kind):
    wanted = ["kind", "why", "measure", "unit", *(f"still.{role}" for role in StillRole)]
    assert [word for word in wanted if f"{word}.{kind}" not in TEXTS] == []


@given(st.integers(1, 5000), st.data())
def test_the_interval_is_wilsons(of, data):
    right = data.draw(st.integers(0, of))
    known = binomtest(right, of).proportion_ci(0.95, method="wilson")
    assert wilson(right, of) == pytest.approx((known.low, known.high), abs=1e-6)


def test_there_are_the_eight_reasons_of_article_22():
    assert len(read_law().rejection) == 8
