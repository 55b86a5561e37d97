"""Which sources each signal has, and what of a configuration cannot be: every problem with its place in edge.yaml."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel

from calibration.scene import Scene
from edge.source_config import (
    FeedSourceConfig,
    InputConfig,
    Inputs,
    LampSourceConfig,
    PlanSourceConfig,
    SignalSources,
    SourceConfig,
    WireSourceConfig,
)


def default_sources(scene: Scene) -> dict[str, tuple[SourceConfig, ...]]:
    """Return every source that the scene itself names: a signal's lamp, its plan, or both, which must then agree."""
    return {
        signal.id: (
            *([LampSourceConfig(source="lamp")] if signal.lamp_xywh_px is not None else []),
            *([PlanSourceConfig(source="plan")] if signal.plan is not None else []),
        )
        for signal in scene.signals
    }


def sources_of(scene: Scene, configured: SignalSources) -> dict[str, tuple[SourceConfig, ...]]:
    """Return the sources of each of the scene's signals: those that are configured, else those that it names itself."""
    return {signal_id: configured.get(signal_id, own) for signal_id, own in default_sources(scene).items()}


def input_problems(configured: SignalSources, inputs: Inputs) -> list[str]:
    """Return what cannot be of a camera's sources, each with its place below ``signals``."""
    problems = []
    for signal_id, sources in configured.items():
        for index, source in enumerate(sources):
            where = f"{signal_id}.{index}"
            if source.source in {other.source for other in sources[:index]}:
                problems.append(f"{where}: {source.source} is given twice, needs one of a kind")
            if isinstance(source, FeedSourceConfig | WireSourceConfig):
                problems += [f"{where}.input: {problem}" for problem in _input_problem(source, inputs)]
    return problems


def _input_problem(source: FeedSourceConfig | WireSourceConfig, inputs: Inputs) -> list[str]:
    known = inputs.get(source.input)
    if known is None:
        return [f"no input {source.input!r}, needs one of inputs ({', '.join(inputs) or 'none is given'})"]
    if known.kind != source.source:
        takes = "mqtt or http" if source.source == "feed" else "tcp or serial"
        return [f"{source.input!r} is no {source.source}, needs an input with {takes}"]
    return []


def shared_problems(cameras: Sequence[SignalSources], inputs: Inputs) -> list[str]:
    """Return which inputs two cameras would open that only one can have: each camera is a process of its own."""
    problems = []
    for name, config in inputs.items():
        users = [number for number, signals in enumerate(cameras) if name in _inputs_of(signals)]
        if len(users) > 1 and (config.http is not None or config.serial is not None):
            told = ", ".join(f"cameras.{number}" for number in users)
            problems.append(f"{name}: one camera alone can listen there, found {told}; give each its own, or use mqtt")
    return problems


def _inputs_of(signals: SignalSources) -> set[str]:
    return {s.input for each in signals.values() for s in each if isinstance(s, FeedSourceConfig | WireSourceConfig)}


def below(config: InputConfig, folder: Path) -> InputConfig:
    """Return the same with every path absolute."""
    parts = {name: part for name in ("mqtt", "http", "serial") if (part := getattr(config, name)) is not None}
    return config.model_copy(update={name: _below(part, folder) for name, part in parts.items()})


def _below(part: BaseModel, folder: Path) -> BaseModel:
    names = ("password_file", "ca_file", "token_file", "path")
    paths = {name: folder / path for name in names if (path := getattr(part, name, None)) is not None}
    return part.model_copy(update=paths)


def scene_problems(scene: Scene, configured: SignalSources) -> list[str]:
    """Return what a scene lacks of what is configured, each with its place below ``signals``."""
    known = {signal.id: signal for signal in scene.signals}
    problems = []
    for signal_id, sources in configured.items():
        signal = known.get(signal_id)
        if signal is None:
            problems.append(f"{signal_id}: the scene has no such signal, needs one of {', '.join(known) or 'none'}")
            continue
        drawn = {"lamp": signal.lamp_xywh_px is not None, "plan": signal.plan is not None}
        problems += [
            f"{signal_id}.{index}: the scene draws no {source.source} for it"
            for index, source in enumerate(sources)
            if not drawn.get(source.source, True)
        ]
    return problems
