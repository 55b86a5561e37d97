"""The benchmark of the console's pages, at a size that a test can wait for, and the drawing of its figures."""

import json
import time

import pytest
from postgres import programs_or_skip
from rich.console import Console

from datasets.benchmark.console import LEDGER_PAGES, PAGES, Wanted, bench_console
from datasets.benchmark.console_chart import chart, table
from datasets.benchmark.console_fill import HISTORIES, PER_MILLE
from server.procedure.table import TABLE
from server.procedure.words import Act, CaseState

MEASURED = {*PAGES, *LEDGER_PAGES, "queue, deep page", "case page", "next", "search", "decision", "case account"}
TIMES = {
    size: {page: {"p50_ms": ms, "p95_ms": 2 * ms} for page, ms in (("queue", size / 1000), ("case", 30.0))}
    for size in (10_000, 100_000, 1_000_000)
}


@pytest.mark.process
def test_every_page_is_measured_on_a_whole_book(tmp_path, capsys):
    programs_or_skip()
    wanted = Wanted(sizes=(1000,), rounds=5, out=tmp_path)
    bench_console(wanted, Console(stderr=True), time.time_ns() // 1_000_000, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["filled"]["1000"]["postings"] > 4 * 1000
    assert set(told["pages"]["1000"]) == MEASURED
    assert all(0 < ms["p50_ms"] <= ms["p95_ms"] for ms in told["pages"]["1000"].values())
    assert (tmp_path / "console-speed.svg").read_text().startswith("<svg")


def test_the_cases_are_spread_over_every_state_and_each_history_follows_the_table():
    assert sum(PER_MILLE.values()) == 1000
    assert set(PER_MILLE) == set(CaseState)
    rows = {(step.before, step.act) for step in TABLE}
    for state, acts in HISTORIES.items():
        assert all((CaseState(before), Act(act)) in rows for act, before, _ in acts)
        assert [after for *_, after in acts][-1] == state


def test_the_table_and_the_curve_show_each_size():
    assert "| queue | 10 / 20 | 100 / 200 | 1000 / 2000 |" in table(TIMES)
    assert "1,000,000 cases" in table(TIMES)
    assert chart(TIMES, ["queue", "case"]).count("<circle") == 6
