"""The film of real footage, decoded again: every band's number and time is that of clip.csv, and the act is covered."""

import csv
import io
import json
import time
from itertools import pairwise

import numpy as np
import pytest
from filming import START_MS, act, decoded, grey_frames, place, read_band, real_frames

from edge.video.band import Band
from edge.video.film import Film
from edge.video.settings import VideoSettings

ACT = act(7_300, 9_400)


def filmed(frames, violations=(), *, settings=None) -> Film:
    film = Film(place(), settings or VideoSettings(), patient=True)
    for frame in frames:
        film.offer(frame)
        for violation in violations:
            if frame.t_ms == violation.confirmed_ms:
                film.confirm(violation)
    film.finish()
    return film


def rows(files) -> list[dict[str, int]]:
    read = csv.DictReader(io.StringIO(files["clip.csv"].decode()))
    return [{name: int(value) for name, value in row.items()} for row in read]


@pytest.fixture(scope="module")
def real(footage_path):
    frames = real_frames(footage_path, 160)
    return frames, filmed(frames, [ACT]).files(ACT)


def test_every_frames_band_says_what_clip_csv_says(real):
    _, files = real
    band = Band(768, "c-1 DEMO", START_MS)
    pictures, told = decoded(files["clip.mp4"]), rows(files)
    assert len(pictures) == len(told) > 120
    for (clip_ms, luma), row in zip(pictures, told, strict=True):
        assert clip_ms == row["clip_ms"] == row["t_ms"] - told[0]["t_ms"]
        assert row["epoch_ms"] == START_MS + row["t_ms"]
        assert row["number"] == row["t_ms"] // 100 + 1  # ten a second, none left out
        said = band.text(row["number"], row["t_ms"])
        assert read_band(luma, band, said) == said
    assert band.text(1, 0) == "#0000001 2026-01-01 08:00:02.000 c-1 DEMO"


def test_the_clip_covers_the_act_from_5_s_before_to_5_s_after(real):
    _, files = real
    told, note = rows(files), json.loads(files["clip.json"])
    assert told[0]["t_ms"] <= 2_300 < 2_300 + 1_000
    assert told[-1]["t_ms"] >= 14_400 > told[-2]["t_ms"]
    assert note["wanted"] == [[2_300, 14_400]]
    assert (note["from_ms"], note["to_ms"], note["frames"]) == (told[0]["t_ms"], told[-1]["t_ms"], len(told))
    assert (note["missing"], note["skipped"]) == (None, 0)


def test_the_picture_above_the_band_is_the_cameras(real):
    frames, files = real
    pictures, told = decoded(files["clip.mp4"]), rows(files)
    for (_, luma), row in zip(pictures[::20], told[::20], strict=True):
        blue, green, red = (frames[row["number"] - 1].picture_bgr[..., n].astype(float) for n in range(3))
        expected = 16 + (65.5 * red + 128.6 * green + 25 * blue) / 255  # BT.601, video range
        shown = luma[:576].astype(float)
        assert np.abs(shown - expected).mean() < 4


@pytest.mark.parametrize(
    ("story", "violation", "seconds", "missing"),
    [
        ("it begins in the act", act(2_000, 4_000), 12, "the footage begins at 0 ms"),
        ("it ends in the act", act(7_000, 9_000), 11, "the last frame came at 10900 ms"),
        ("nothing is missing", act(7_000, 9_000), 16, None),
    ],
)
def test_what_the_footage_does_not_have_is_said(story, violation, seconds, missing):
    note = json.loads(filmed(grey_frames(seconds * 10), [violation]).files(violation)["clip.json"])
    assert note["missing"] == missing


def test_what_the_ring_has_let_go_is_said():
    violation = act(7_000, 9_000)
    film = filmed(grey_frames(300), settings=VideoSettings(ring_ms=10_000))
    files = film.files(violation)
    assert set(files) == {"clip.json"}
    assert json.loads(files["clip.json"])["missing"] == "nothing is kept of 2000 to 14000 ms"


def test_a_long_wait_is_shown_by_both_its_ends():
    violation = act(10_000, 100_000)
    film = Film(place(), VideoSettings(ring_ms=20_000), patient=True)
    for frame in grey_frames(560, 200):
        film.offer(frame)
        if frame.t_ms == 12_000:
            film.foresee(violation)
        if frame.t_ms == 101_000:
            film.confirm(violation)
    film.finish()
    files = film.files(violation)
    told, note = rows(files), json.loads(files["clip.json"])
    assert note["wanted"] == [[5_000, 20_000], [90_000, 105_000]]
    assert note["missing"] is None
    assert note["skipped"] == 0
    (leap,) = [(a["t_ms"], b["t_ms"]) for a, b in pairwise(told) if b["t_ms"] - a["t_ms"] > 200]
    assert leap == (20_000, 90_000)
    assert [clip_ms for clip_ms, _ in decoded(files["clip.mp4"])] == [row["clip_ms"] for row in told]


def test_a_film_that_falls_behind_keeps_nobody_waiting_and_its_numbers_show_the_gap():
    film = Film(place(), VideoSettings(preset="veryfast"))
    frames = grey_frames(60, 100, (1280, 720))
    began_s = time.perf_counter()
    for frame in frames[:40]:  # all at once: most are too late
        film.offer(frame)
    offered_s = time.perf_counter() - began_s
    time.sleep(1)
    for frame in frames[40:]:
        film.offer(frame)
        time.sleep(0.02)
    film.finish()
    assert film.counts.skipped > 0
    assert film.counts.filmed + film.counts.skipped == len(frames)
    assert offered_s < 0.5
    violation = act(1_000, 1_000)
    note = json.loads(film.files(violation)["clip.json"])
    numbers = [row["number"] for row in rows(film.files(violation))]
    assert note["skipped"] == numbers[-1] - numbers[0] + 1 - len(numbers) > 0


def test_a_picture_of_another_size_begins_a_film_of_its_own():
    violation = act(2_000, 2_000)
    later = [frame for frame in grey_frames(120, 100, (160, 121)) if frame.t_ms > 4_000]
    film = filmed([*grey_frames(41), *later], [violation])
    note = json.loads(film.files(violation)["clip.json"])
    assert note["missing"] == "what was before 4100 ms is no longer kept"
    pictures = decoded(film.files(violation)["clip.mp4"])
    assert pictures[0][1].shape == (122 + Band(160, "", 0).height_px, 160)


def test_a_film_that_fails_says_so_in_each_package_and_ends_no_watch():
    violation = act(1_000, 1_000)
    flat = [type(frame)(frame.t_ms, frame.picture_bgr[:, :, 0]) for frame in grey_frames(30)]  # no colour: no picture
    film = filmed(flat, [violation])
    assert film.complete(violation)
    files = film.files(violation)
    assert set(files) == {"clip.json"}
    assert "the filming has failed" in json.loads(files["clip.json"])["missing"]
