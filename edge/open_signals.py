"""Opens the sources of a scene's signals: those it names, those of edge.yaml, or a file; all problems at once."""

from dataclasses import dataclass
from pathlib import Path

from calibration.scene import Scene
from contract.words import LampSource
from edge.errors import InputProblemError
from edge.lamp.reader import LampReader
from edge.lamp.reader import lamps_of as regions_of
from edge.lamp_sources.inbox import Inbox
from edge.pipeline import LampPort
from edge.signal_desk import SignalDesk
from edge.signal_links import Hearing, SourcesOf, open_links
from edge.signals.fusion import FusedSignals
from edge.signals.heard import HeardVoice
from edge.signals.known import KnownVoice
from edge.signals.plan import PlannedSignals
from edge.signals.reading import Voice
from edge.source_checks import scene_problems, sources_of
from edge.source_config import SignalSources, SourceConfig
from edge.trajectories import read_signals


@dataclass(frozen=True, slots=True)
class SignalsFrom:
    """Where a watch's signals come from: a signals.csv alone, or else the scene's own and what a box hears."""

    file: Path | None = None
    hearing: Hearing | None = None


def desk_of(scene: Scene, scene_path: Path, start_ms: int, signals_from: SignalsFrom) -> SignalDesk:
    """Return where the lamps' states come from. Raises InputProblemError."""
    hearing = signals_from.hearing
    if signals_from.file is not None:
        recorded = read_signals(signals_from.file, {signal.id for signal in scene.signals})
        return SignalDesk(FusedSignals({s.id: [KnownVoice(LampSource.FILE, recorded, s.id)] for s in scene.signals}))
    configured: SignalSources = {} if hearing is None else hearing.configured
    sources = sources_of(scene, configured)
    wanted = {crosswalk.signal_id for crosswalk in scene.crosswalks} | {line.signal_id for line in scene.stop_lines}
    problems = scene_problems(scene, configured)
    problems += [
        f"{signal}: needs a lamp, a plan, a source in edge.yaml, or --signals"
        for signal in sorted(wanted)
        if not sources.get(signal)
    ]
    if problems:
        raise InputProblemError(*(f"{scene_path}: signals: {problem}" for problem in problems))
    desk = open_desk(scene, sources, start_ms, hearing)
    desk.lamps = lamps_of(scene, sources)
    return desk


def lamps_of(scene: Scene, sources: SourcesOf) -> LampPort | None:
    """Return what reads the lamps that are a source; None where none is."""
    read = [s for s in scene.signals if any(source.source == "lamp" for source in sources[s.id])]
    return LampReader(regions_of(read)) if read else None


def open_desk(scene: Scene, sources: SourcesOf, start_ms: int, hearing: Hearing | None) -> SignalDesk:
    """Build a desk; nothing runs before ``start``. ``hearing`` None: nothing is heard from outside.

    Raises:
        InputProblemError: a secret's file cannot be read.
    """
    plans = PlannedSignals({s.id: s.plan for s in scene.signals if s.plan is not None}, start_ms)
    voices = {signal_id: [_voice(signal_id, source, plans) for source in each] for signal_id, each in sources.items()}
    inbox = Inbox()
    links = {} if hearing is None else open_links(scene, sources, start_ms, hearing, inbox)
    return SignalDesk(FusedSignals(voices), inbox, links=links)


def _voice(signal_id: str, source: SourceConfig, plans: PlannedSignals) -> Voice:
    if source.source == "plan":
        return KnownVoice(LampSource.PLAN, plans, signal_id)
    return HeardVoice(LampSource(source.source), round(source.age_max_s * 1000))
