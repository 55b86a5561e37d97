"""A shadow's files: one a day, old ones deleted, a torn line cut, every fault told with its line."""

import io
import json

import pytest

from contract.words import ViolationKind
from edge.civil_time import DAY_MS
from edge.errors import InputProblemError
from edge.shadow import RulesLine, Terms, ViolationLine
from edge.shadow_files import DayFiles, OneFile, read_lines

EVENING_MS = 1_767_196_500_000  # 2025-12-31T23:55:00+08:00
TERMS = Terms(scene_sha256="0", rules={}, zones={})
HEAD = RulesLine(camera_id="c", start_ms=EVENING_MS, live=TERMS, shadow=TERMS)


def act(t_ms: int) -> ViolationLine:
    return ViolationLine(
        side="live", kind=ViolationKind.WRONG_WAY, track_id=1, zone_id="n", entered_ms=t_ms, confirmed_ms=t_ms,
        measure=9.0,
    )  # fmt: skip


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_each_day_has_its_file_and_each_file_its_rules(tmp_path):
    files = DayFiles(tmp_path / "shadow" / "c", HEAD, keep_days=30)
    for t_ms in (0, 1000, 299_999, 300_000, DAY_MS + 300_000):
        files.tell(t_ms, act(t_ms))
    files.close()
    assert names(tmp_path / "shadow" / "c") == ["2025-12-31.jsonl", "2026-01-01.jsonl", "2026-01-02.jsonl"]
    lines = read_lines([tmp_path / "shadow"])
    assert [line.what for line in lines] == ["rules", *["violation"] * 3, "rules", "violation", "rules", "violation"]
    assert lines[0] == HEAD


@pytest.mark.parametrize(
    ("keep_days", "left"), [(1, ["2026-01-01", "2026-01-02"]), (2, ["2025-12-31", "2026-01-01", "2026-01-02"])]
)
def test_files_are_kept_for_so_many_days(tmp_path, keep_days, left):
    (tmp_path / "notes.txt").write_text("not ours")
    files = DayFiles(tmp_path, HEAD, keep_days)
    for day in range(3):
        files.tell(day * DAY_MS, act(0))
    files.close()
    assert names(tmp_path) == [*(f"{day}.jsonl" for day in left), "notes.txt"]


def test_a_line_that_a_power_cut_tore_is_cut_before_more_is_written(tmp_path):
    for _ in range(2):
        files = DayFiles(tmp_path, HEAD, 30)
        files.tell(0, act(0))
        files.close()
        with (tmp_path / "2025-12-31.jsonl").open("a") as file:
            file.write('{"what":"viol')
    files = DayFiles(tmp_path, HEAD, 30)
    files.tell(5, act(5))
    files.close()
    assert [line.what for line in read_lines([tmp_path])] == ["rules", "violation"] * 3


def test_what_a_watch_wrote_is_read_from_its_folder(tmp_path):
    with (tmp_path / "shadow.jsonl").open("w") as file:
        OneFile(file, HEAD).tell(0, act(7))
    assert read_lines([tmp_path]) == read_lines([tmp_path / "shadow.jsonl"]) == [HEAD, act(7)]


def test_every_fault_of_every_file_is_told(tmp_path):
    good = io.StringIO()
    OneFile(good, HEAD).tell(0, act(7))
    odd = json.loads(good.getvalue().splitlines()[1])
    (tmp_path / "a.jsonl").write_text(f"{good.getvalue()}hello\n{json.dumps(odd | {'side': 'third'})}\n{{}}\n")
    (tmp_path / "b.jsonl").write_text(json.dumps(odd) + "\n")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputProblemError) as caught:
        read_lines([tmp_path / name for name in ("a.jsonl", "b.jsonl", "gone.jsonl", "empty")])
    found = [problem.removeprefix(f"{tmp_path}/") for problem in caught.value.problems]
    assert [problem[: len(start)] for problem, start in zip(found, STARTS, strict=True)] == STARTS


STARTS = [
    "a.jsonl:3: line: Invalid JSON",
    "a.jsonl:4: violation.side: Input should be 'live' or 'shadow'",
    "a.jsonl:5: line: Unable to extract tag",
    "b.jsonl:1: expected the rules of both sides first, found violation",
    "gone.jsonl: expected what a shadow said, found nothing to read",
    "empty: expected shadow.jsonl, or files such as 2026-11-24.jsonl, found none",
]
