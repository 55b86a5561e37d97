"""The files of a simulation: what judge reads, what score holds against it, and what everybody was told to do."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from contract.words import LampState
from datasets.claims import IDENTITY_COLUMNS
from datasets.rows import write_lines, write_table
from datasets.simulation.lamps import signal_ids
from datasets.simulation.oracle import Act
from datasets.simulation.oracle_yielding import Meeting
from datasets.simulation.run import Simulated
from datasets.simulation.scene_file import scene_yaml
from datasets.simulation.seen import Faults, Piece, Rows, rows_of, torn_pieces, whole_pieces
from datasets.simulation.states import STEP_MS, Trace
from edge.errors import InputProblemError
from edge.trajectories import SIGNAL_COLUMNS, TRACK_COLUMNS


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
    _write_signals(out / "signals.csv", simulated)
    _write_identities(out / "identities.csv", pieces, simulated.traces, number_of)
    write_lines(out / "intents.jsonl", [_intent(piece, simulated) for piece in whole])
    write_lines(out / "yields.jsonl", [_yield(entry, simulated, number_of) for entry in simulated.yields])
    acts = [(number_of[index], act, simulated.traces[index]) for index, act in simulated.acts if index in number_of]
    acts.sort(key=lambda entry: (entry[1].confirmed_ms, entry[0]))
    write_lines(out / "truth.jsonl", [_line(*entry) for entry in acts])
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


def _yield(entry: tuple[int, Meeting], simulated: Simulated, number_of: dict[int, int]) -> dict[str, Any]:
    index, met = entry
    return {
        "track_id": number_of.get(index),
        "user": simulated.traces[index].kind.value,
        "zone_id": met.zone_id,
        "pedestrian_id": number_of.get(met.person),
        "entered_ms": met.entered_ms,
        "yielded": met.yielded,
        "gap_s": round(met.gap_s, 1),
        "distance_m": round(met.distance_m, 3),
        "intent": simulated.traces[index].intent,
    }


def _write_tracks(path: Path, rows: Rows, traces: list[Trace]) -> None:
    kinds = [trace.kind.value for trace in traces]
    together = zip(rows.times_ms.tolist(), rows.numbers.tolist(), rows.traces.tolist(), rows.places, strict=True)
    table = ((t, number, kinds[whose], f"{x:.3f}", f"{y:.3f}") for t, number, whose, (x, y) in together)
    write_table(path, TRACK_COLUMNS, table)


def _write_signals(path: Path, simulated: Simulated) -> None:
    rows = sorted(
        (span.since_ms, signal_id, span.state.value)
        for signal_id in signal_ids(simulated.layout)
        for span in simulated.lamps.spans(signal_id)
    )
    write_table(path, SIGNAL_COLUMNS, rows)


def _write_identities(path: Path, pieces: list[Piece], traces: list[Trace], number_of: dict[int, int]) -> None:
    """Write whose number was whose when: the truth's ``track_id`` behind every ``track_id`` of tracks.csv."""
    started = [traces[piece.trace].start_ms for piece in pieces]
    rows = sorted(
        (start + piece.first * STEP_MS, start + (piece.end - 1) * STEP_MS, piece.number, number_of[piece.trace])
        for start, piece in zip(started, pieces, strict=True)
    )
    write_table(path, IDENTITY_COLUMNS, rows)
