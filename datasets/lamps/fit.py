"""Fits the weights of edge/lamp/weights.py on pictures of the building seed: `python -m datasets.lamps.fit`.

Logistic, of the features and their products, with a penalty; what was wrong counts more than what was right, and a
wrong red most.
The figures that are reported come from other seeds.
"""

import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rich.progress import track as progress_bar

from contract.words import LampState
from datasets.cache import cache_folder
from datasets.footage import footage
from datasets.lamps.backgrounds import open_backgrounds
from datasets.lamps.pictures import draw
from edge.lamp.evidence import Evidence, gather
from edge.lamp.features import dark_features, lit_features
from edge.lamp.look import COLOURED, User, named_light
from edge.lamp.trust import Trust

BUILDING_SEED: Final = 2
PICTURES: Final = 24000
WRONG_COUNTS: Final = 5.0
WRONG_RED_COUNTS: Final = 30.0
BELIEVED: Final = -0.5
"""Where lights are believed so far, nobody asks whether the lamp is dark."""
PENALTY: Final = 10.0
EDGES: Final = (0.3, 99.7)
Numbers = NDArray[np.float64]
Sample = tuple[NDArray[np.float32], bool, float]
"""Features, whether the answer would be right, and how much it counts."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What of a picture is learnt from."""

    evidence: Evidence
    user: User
    right: frozenset[LampState]


def lit_sample(lesson: Lesson) -> Sample | None:
    """Return what a picture teaches about lights; None where none can be named."""
    named = named_light(lesson.evidence, lesson.user) if lesson.evidence.peak >= COLOURED else None
    if named is None or not isinstance(named.name, LampState):
        return None
    right = named.name in lesson.right
    wrong = WRONG_RED_COUNTS if named.name is LampState.RED else WRONG_COUNTS
    return lit_features(lesson.evidence, named.family, named.rivals), right, 1.0 if right else wrong


def dark_sample(lesson: Lesson, lit: Trust) -> Sample | None:
    """Return what a picture teaches about darkness; None where a light is believed, so that nobody asks."""
    seen = lit_sample(lesson)
    if seen is not None and lit.odds(seen[0]) >= BELIEVED:
        return None
    dark = LampState.DARK in lesson.right
    return dark_features(lesson.evidence), dark, 1.0 if dark else WRONG_COUNTS


def fitted(taught: list[Sample]) -> Trust:
    """Return the weights that tell right from wrong best (Newton's method on the penalised likelihood)."""
    features = np.stack([sample[0] for sample in taught]).astype(np.float64)
    right = np.array([sample[1] for sample in taught], np.float64)
    counts = np.array([sample[2] for sample in taught])
    limits = np.percentile(features, EDGES, axis=0)
    features = np.clip(features, *limits)
    centre, scale = features.mean(axis=0), features.std(axis=0)
    at = (features - centre) / scale
    wide = features.shape[1]
    first, second = np.triu_indices(wide)
    weights = _newton(np.column_stack([np.ones(len(at)), at, at[:, first] * at[:, second]]), right, counts)
    pairs = np.zeros((wide, wide))
    pairs[first, second] = weights[1 + wide :]
    parts = (centre, scale, limits, weights[1 : 1 + wide], pairs)
    return Trust(float(weights[0]), *(part.astype(np.float32) for part in parts))


def _newton(terms: Numbers, right: Numbers, counts: Numbers) -> Numbers:
    weights = np.zeros(terms.shape[1])
    penalty = PENALTY * np.eye(len(weights))
    penalty[0, 0] = 0
    for _ in range(100):
        sure = 1 / (1 + np.exp(-np.clip(terms @ weights, -30, 30)))
        slope = terms.T @ ((right - sure) * counts) - penalty @ weights
        bend = (terms * (counts * sure * (1 - sure))[:, None]).T @ terms + penalty
        step = np.linalg.solve(bend, slope)
        weights += step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def source(tables: dict[str, Trust], count: int) -> str:
    """Return the text of edge/lamp/weights.py."""
    lines = [
        '"""The weights of the trust in a look. Written by `python -m datasets.lamps.fit`; not to be edited by hand.',
        "",
        f"Fitted on {count} drawn pictures of the building seed {BUILDING_SEED}; edge/lamp/features.py names them.",
        '"""',
        "",
        "from typing import Final",
        "",
        "import numpy as np",
        "",
        "from edge.lamp.trust import Trust",
        "",
    ]
    lines = [*lines, "# fmt: off"]
    for name, trust in tables.items():
        lines += [f"{name}: Final = Trust(", f"    constant={trust.constant:.4f},"]
        for field in ("centre", "scale", "limits", "straight", "pairs"):
            lines += [f"    {field}=np.array(", *_wrapped(getattr(trust, field)), "    , np.float32),"]
        lines.append(")")
    return "\n".join([*lines, "# fmt: on"]) + "\n"


def _wrapped(values: NDArray[np.float32]) -> list[str]:
    words = str(np.round(values.astype(np.float64), 4).tolist()).split(" ")
    return textwrap.wrap(" ".join(words), 112, initial_indent="        ", subsequent_indent="        ")


def lessons(count: int) -> Iterator[Lesson]:
    """Yield what pictures of the building seed teach."""
    backgrounds = open_backgrounds(footage(cache_folder("footage"), print), cache_folder("riders"), print)
    for number in progress_bar(range(count), "pictures"):
        drawn = draw(backgrounds, np.random.default_rng([BUILDING_SEED, number]))
        evidence = gather(drawn.picture_bgr, drawn.lamp_xywh_px)
        if evidence is not None:
            yield Lesson(evidence, drawn.user, drawn.right)


def main(out: Path, count: int = PICTURES) -> None:
    """Draw, fit, write."""
    taught = list(lessons(count))
    lit = fitted([sample for lesson in taught if (sample := lit_sample(lesson)) is not None])
    dark = fitted([sample for lesson in taught if (sample := dark_sample(lesson, lit)) is not None])
    out.write_text(source({"LIT": lit, "DARK": dark}, count), encoding="utf-8")
    print(f"{out}: {count} pictures")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
