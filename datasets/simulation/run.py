"""`lukou simulate`: one seed, from its intersection to the files that judge and score read."""

import csv
import json
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from contract.words import LampState
from datasets.simulation.casting import play
from datasets.simulation.demand import write_demand
from datasets.simulation.lamps import Lamps, read_lamps
from datasets.simulation.layout import Layout, read_layout
from datasets.simulation.network import build_network
from datasets.simulation.oracle import Act, crossed_on_red
from datasets.simulation.oracle_riding import against_the_lane, at_stop_line
from datasets.simulation.scene_file import scene_yaml
from datasets.simulation.seen import Faults, Piece, Rows, rows_of, torn_pieces, whole_pieces
from datasets.simulation.site import Site, draw_site
from datasets.simulation.states import STEP_MS, Trace, run_sumo
from edge.errors import InputProblemError

TRACK_HEAD: Final = ("t_ms", "track_id", "kind", "x_m", "y_m")


@dataclass(frozen=True, slots=True)
class Simulated:
    """What happened at one intersection. ``acts`` are the broken rules with the index of their trace."""

    site: Site
    layout: Layout
    lamps: Lamps
    traces: list[Trace]
    acts: list[tuple[int, Act]]


def simulate(seed: int, minutes: float) -> Simulated:
    """Simulate an intersection. Raises PartMissingError without SUMO."""
    site, seconds = draw_site(seed), minutes * 60
    with tempfile.TemporaryDirectory(prefix="lukou-simulate-") as name:
        folder = Path(name)
        layout = read_layout(build_network(site, folder), site)
        write_demand(site, seconds, folder)
        traces, switches = run_sumo(seed, seconds, folder)
    lamps = read_lamps(layout, switches, round(seconds * 1000), site.flash_s)
    traces += play(site, layout, lamps, seconds)
    acts = [(index, act) for index, trace in enumerate(traces) for act in _acts(trace, layout, lamps)]
    return Simulated(site, layout, lamps, traces, acts)


def _acts(trace: Trace, layout: Layout, lamps: Lamps) -> list[Act]:
    found = [act for crossing in layout.crossings for act in crossed_on_red(trace, crossing, lamps)]
    found += [act for approach in layout.approaches for act in at_stop_line(trace, approach, lamps)]
    return found + [act for lane in layout.lanes for act in against_the_lane(trace, lane)]


def write(simulated: Simulated, out: Path, faults: Faults | None) -> Counter[str]:
    """Write all files into a folder and return how many acts of each kind there are. Raises InputProblemError."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        return _write(simulated, out, faults)
    except OSError as error:
        raise InputProblemError(f"{out}: expected a folder to write into: {error.strerror}") from error


def _write(simulated: Simulated, out: Path, faults: Faults | None) -> Counter[str]:
    random = np.random.default_rng([simulated.site.seed, 4])
    whole = whole_pieces(simulated.traces)
    number_of = {piece.trace: piece.number for piece in whole}
    pieces = whole if faults is None else torn_pieces(whole, simulated.traces, faults, random)
    (out / "scene.yaml").write_text(scene_yaml(simulated.site, simulated.layout), encoding="utf-8")
    _write_tracks(out / "tracks.csv", rows_of(pieces, simulated.traces, faults, random), simulated.traces)
    _write_signals(out / "signals.csv", simulated.lamps)
    _write_identities(out / "identities.csv", pieces, simulated.traces, number_of)
    _write_lines(out / "intents.jsonl", [_intent(piece, simulated) for piece in whole])
    acts = [(number_of[index], act, simulated.traces[index]) for index, act in simulated.acts if index in number_of]
    acts.sort(key=lambda entry: (entry[1].confirmed_ms, entry[0]))
    _write_lines(out / "truth.jsonl", [_line(*entry) for entry in acts])
    return Counter(act.kind.value for _, act, _ in acts)


def _line(number: int, act: Act, trace: Trace) -> dict[str, Any]:
    return {
        "kind": act.kind.value,
        "track_id": number,
        "zone_id": act.zone_id,
        "signal_id": act.signal_id,
        "entered_ms": act.entered_ms,
        "confirmed_ms": act.confirmed_ms,
        "measure": round(act.measure, 3),
        "user": trace.kind.value,
        "lamp": None if act.signal_id is None else LampState.RED.value,
        "lamp_since_ms": act.red_since_ms,
        "intent": trace.intent,
    }


def _intent(piece: Piece, simulated: Simulated) -> dict[str, Any]:
    trace = simulated.traces[piece.trace]
    return {
        "track_id": piece.number,
        "user": trace.kind.value,
        "intent": trace.intent,
        "zone_id": trace.zone_id,
        "from_ms": trace.start_ms + piece.first * STEP_MS,
        "to_ms": trace.start_ms + (piece.end - 1) * STEP_MS,
        "violations": sorted(act.kind.value for index, act in simulated.acts if index == piece.trace),
    }


def _write_lines(path: Path, lines: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def _write_tracks(path: Path, rows: Rows, traces: list[Trace]) -> None:
    kinds = [trace.kind.value for trace in traces]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(TRACK_HEAD)
        together = zip(rows.times_ms.tolist(), rows.numbers.tolist(), rows.traces.tolist(), rows.places, strict=True)
        writer.writerows([t, number, kinds[whose], f"{x:.3f}", f"{y:.3f}"] for t, number, whose, (x, y) in together)


def _write_signals(path: Path, lamps: Lamps) -> None:
    rows = sorted((span.start_ms, signal, span.state.value) for signal, spans in lamps.spans.items() for span in spans)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([("t_ms", "signal_id", "state"), *rows])


def _write_identities(path: Path, pieces: list[Piece], traces: list[Trace], number_of: dict[int, int]) -> None:
    """Write whose number was whose when: the truth's ``track_id`` behind every ``track_id`` of tracks.csv."""
    rows = sorted(
        (
            traces[p.trace].start_ms + p.first * STEP_MS,
            traces[p.trace].start_ms + (p.end - 1) * STEP_MS,
            p.number,
            p.trace,
        )
        for p in pieces
    )
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("from_ms", "to_ms", "track_id", "true_id"))
        writer.writerows([start, end, number, number_of[trace]] for start, end, number, trace in rows)
