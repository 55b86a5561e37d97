"""Fits the weights of edge/lamp/fitted.py on pictures of the building seeds: `python -m datasets.lamps.fit`.

The figures that are reported come from other seeds.
"""

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from rich.progress import track as progress_bar

from contract.words import LampState
from datasets.cache import cache_folder
from datasets.footage import footage
from datasets.lamps.backgrounds import Backgrounds, open_backgrounds
from datasets.lamps.exceptions import impossible, single_yellow
from datasets.lamps.learning import learnt
from datasets.lamps.pictures import draw
from datasets.lamps.values import Drawn
from edge.lamp.evidence import gather
from edge.lamp.features import features
from edge.lamp.look import STATES
from edge.lamp.trust import Trust

BUILDING_SEEDS: Final = (31, 32, 33, 34, 35)
PICTURES: Final = 24000
"""Of each seed."""
EXCEPTIONS: Final = ((single_yellow, 101), (impossible, 102))
EXCEPTIONS_SHARE: Final = 0.1
"""Of each kind, drawn by a seed of its own, so many for each picture of one seed."""
ANSWERS: Final = (*STATES, LampState.UNKNOWN)
FINE: Final = {"limits", "centre", "scale"}
HEAD: Final = '''
"""The weights of the trust in a look. Written by `python -m datasets.lamps.fit`; not to be edited by hand.

Fitted on {count} drawn pictures, those of the building seeds {seeds} and the exceptions.
edge/lamp/features.py names the features, edge/lamp/trust.py says what is done with them.
"""

from typing import Final

import numpy as np

from edge.lamp.trust import Trust

# fmt: off
TRUST: Final = Trust('''
Lesson = tuple[NDArray[np.float32], list[bool]]
"""Features, and which of ``ANSWERS`` are right."""


def lessons(backgrounds: Backgrounds, count: int) -> Iterator[Lesson]:
    """Yield what pictures of the building seeds teach, so many of each."""
    for seed in BUILDING_SEEDS:
        for number in progress_bar(range(count), f"pictures of seed {seed}"):
            yield from _lesson(draw(backgrounds, np.random.default_rng([seed, number])))
    for exception, seed in EXCEPTIONS:
        for number in progress_bar(range(round(EXCEPTIONS_SHARE * count)), "exceptions"):
            yield from _lesson(exception(backgrounds, np.random.default_rng([seed, number])))


def _lesson(drawn: Drawn) -> Iterator[Lesson]:
    evidence = gather(drawn.picture_bgr, drawn.lamp_xywh_px)
    if evidence is not None:
        yield features(evidence, drawn.user), [answer in drawn.right for answer in ANSWERS]


def source(trust: Trust, count: int) -> str:
    """Return the text of edge/lamp/fitted.py."""
    seeds = ", ".join(map(str, BUILDING_SEEDS))
    lines = [HEAD.format(count=count, seeds=seeds).lstrip()]
    for name in Trust.__slots__:
        lines += [f"    {name}=np.array(", *_wrapped(name, getattr(trust, name)), "    , np.float32),"]
    return "\n".join([*lines, ")", "# fmt: on"]) + "\n"


def _wrapped(name: str, values: NDArray[np.float32]) -> list[str]:
    """Return an array as lines of Python, as short as it can be written: there are some three thousand numbers."""
    rows = np.atleast_2d(values)
    text = ", ".join("[" + ", ".join(_short(value, fine=name in FINE) for value in row) + "]" for row in rows.tolist())
    lines = textwrap.wrap(text if values.ndim == 1 else f"[{text}]", 116, break_on_hyphens=False)
    return [f"    {line}" for line in lines]


def _short(value: float, *, fine: bool) -> str:
    """Return a number with two decimals, or, where ``fine``, with three digits that count."""
    return (f"{value:.3g}" if fine else f"{round(value, 2) + 0.0:g}").replace("0.", ".", 1 if abs(value) < 1 else 0)


def main(out: Path, count: int = PICTURES) -> None:
    """Draw, learn, write."""
    cv2.setNumThreads(1)
    backgrounds = open_backgrounds(footage(cache_folder("footage"), print), cache_folder("riders"), print)
    seen, right = zip(*lessons(backgrounds, count), strict=True)
    trust = learnt(np.stack(seen), np.array(right, np.float32))
    out.write_text(source(trust, len(seen)), encoding="utf-8")
    print(f"{out}: {len(seen)} pictures")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
