"""Puts a shadow beside a watch: which second scene or rule set may judge the first one's observations, and how."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from calibration.rule_parameters import in_force
from calibration.scene import Scene
from edge.errors import InputProblemError
from edge.observations import Observation
from edge.rules.engine import RuleEngine
from edge.shadow import SIDES, Line, RulesLine, head, lines_of
from edge.shadow_beside import Shadow, ShadowedRules, Tell
from edge.signals.hand_off import HandOff
from edge.signals.timeline import Signals
from edge.watch import Watch


def fitting(live: Scene, shadow: Scene, source: str) -> Scene:
    """Return the shadow's scene if it may judge the live one's observations.

    Raises InputProblemError, naming ``source``, where its camera, its metres or its lamps are others.
    """
    problems = []
    if shadow.camera_id != live.camera_id:
        problems.append(f"{source}: camera.id: {shadow.camera_id}, needs the live scene's {live.camera_id}")
    if live.ground is not None and shadow.ground is not None:
        same = np.allclose(live.ground.metres_of_px, shadow.ground.metres_of_px, rtol=1e-9, atol=1e-12)
        if not same:
            problems.append(f"{source}: ground: is not the live scene's, and its metres are what the shadow judges")
    known = {signal.id for signal in live.signals}
    wanted = {crosswalk.signal_id for crosswalk in shadow.crosswalks} | {line.signal_id for line in shadow.stop_lines}
    problems += [f"{source}: signals: {name}: the live scene has no such signal" for name in sorted(wanted - known)]
    if problems:
        raise InputProblemError(*problems)
    return shadow


def put_beside(watch: Watch, shadow: Scene, tell: Tell, trouble: Callable[[str], None]) -> None:
    """Let a second rule set judge what a watch sees, in a thread of its own; its verdicts go to ``tell`` alone."""
    shadow = _as_late(shadow, watch.behind_ms)
    beside = Shadow(lambda: RuleEngine(shadow, watch.desk.signals, hand_off=watch.hand_off), tell, trouble)
    watch.pipeline = replace(watch.pipeline, rules=ShadowedRules(watch.pipeline.rules, beside))


def _as_late(shadow: Scene, behind_ms: int) -> Scene:
    """Return the shadow's scene with rules that look ahead no less than the live ones: what is asked is settled."""
    tracks = in_force("tracks", shadow.rules)
    tracks["look_ahead_s"] = max(tracks["look_ahead_s"], behind_ms / 1000)
    return replace(shadow, rules={**shadow.rules, "tracks": tracks})


def head_of(watch: Watch, live: Scene, shadow: Scene) -> RulesLine:
    """Return the first line of a watch's shadow file."""
    return head(live.camera_id, watch.place.start_ms, live, shadow)


def judged_by_both(
    live: Scene, shadow: Scene, observations: list[Observation], signals: Signals, hand_off: HandOff | None
) -> list[Line]:
    """Let two rule sets judge trajectories, one after the other."""
    lines: list[Line] = [head(live.camera_id, 0, live, shadow)]
    for side, scene in zip(SIDES, (live, shadow), strict=True):
        rules = RuleEngine(scene, signals, hand_off=hand_off)
        for observation in observations:
            lines += lines_of(side, rules.observe(observation))
        lines += lines_of(side, rules.finish())
    return lines
