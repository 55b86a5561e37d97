"""Plays the demonstration: gathers the parts, starts the chain, waits, and says what came of it."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
from rich.console import Console

from calibration.reader import load_scene
from calibration.scene import Scene
from datasets.assets import assets
from datasets.cache import cache_folder
from datasets.demo.processes import OFFICER, SECOND, Chain, Plan
from datasets.demo.reviewer import Officer, Officers
from datasets.demo.summary import Summary, show, summarise
from datasets.errors import ChainBrokenError, PartMissingError
from datasets.footage import footage
from datasets.progress import telling
from edge.camera.file import VideoFile
from models.npm import find_npm
from models.pull import cache_folder as model_cache
from models.pull import pull

MODEL: Final = "nanodet-g"
SCENE: Final = Path(__file__).with_name("scene.yaml")
MARK: Final = ".lukou-demo"
END_S: Final = 600.0


@dataclass(frozen=True, slots=True)
class Wish:
    """How to play it."""

    once: bool
    auto_review: bool
    pace: str
    folder: Path
    source: Path | None = None
    threads: int = 2


def play(wish: Wish, console: Console, now_ms: int) -> Summary | None:
    """Play the demonstration; return the summary, or None where the user ended it.

    Raises:
        PartMissingError: a part cannot be had or does not come up.
        ChainBrokenError: it ran, but a link does not hold; the text has each.
    """
    source = _gather(wish, console)
    _fresh(wish.folder)
    scene = load_scene(SCENE)
    plan = Plan(wish.folder, SCENE, source, _start_ms(scene, now_ms), wish.pace, wish.threads)
    frames_expected = VideoFile(source).frames_expected
    with Chain(plan) as chain:
        _say_where(chain, console)
        _follow(chain, wish, console)
        if not wish.once:
            _wait_for_the_user(console)
    summary = summarise(wish.folder, scene.camera_id, frames_expected)
    show(summary, console)
    broken = summary.broken(reviewed=wish.auto_review) if wish.once else []
    if broken:
        raise ChainBrokenError("the chain is broken:\n" + "\n".join(broken))
    return summary


def _gather(wish: Wish, console: Console) -> Path:
    with telling(console, "gathering the parts") as say:
        pull(MODEL, model_cache(os.environ), lambda what, done, total: say(f"{what} {done * 100 // max(total, 1)} %"))
        assets(cache_folder("assets"), find_npm(), say)
        return wish.source or footage(cache_folder("footage"), say)


def _fresh(folder: Path) -> None:
    """Empty the folder, if it is one of ours."""
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise PartMissingError(str(folder), "it holds something that is not a demonstration's", "Give another --data")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).touch()


def _start_ms(scene: Scene, now_ms: int) -> int:
    """Return the last beginning of the plan's cycle: the footage then meets the same lamps in every run."""
    cycle_ms = max(round(s.plan.cycle_s * 1000) for s in scene.signals if s.plan is not None)
    return now_ms // cycle_ms * cycle_ms


def _say_where(chain: Chain, console: Console) -> None:
    console.print(f"[bold]console[/]      {chain.url}/console    log in as [bold]{OFFICER}[/] / {chain.password}")
    console.print(
        f"              whoever looks at a case for the second time logs in as [bold]{SECOND}[/], same password"
    )
    console.print(f"[bold]public list[/]  {chain.url}/list")
    console.print(f"data and logs in {chain.plan.folder}; the crossing and its signal are virtual", highlight=False)


def _follow(chain: Chain, wish: Wish, console: Console) -> None:
    """Wait for the box's end; the demonstration's officers decide meanwhile."""
    with _officers(chain) as officers, console.status("the box is watching") as status:
        if wish.auto_review:
            officers.first.log_in(OFFICER, chain.password)
            officers.second.log_in(SECOND, chain.password)
        until_s, decided = time.monotonic() + END_S, 0
        while chain.box is not None and chain.box.poll() is None and time.monotonic() < until_s:
            decided += officers.work() if wish.auto_review else 0
            status.update(
                f"the box is watching; {decided} cases decided" if wish.auto_review else "the box is watching"
            )
            time.sleep(0.5)
        if wish.auto_review:
            officers.work()
    if chain.box is None or chain.box.poll() != 0:
        log = (chain.plan.folder / "box.log").read_text().strip().splitlines()[-3:]
        raise ChainBrokenError(f"the box ended with {chain.box and chain.box.poll()}:\n" + "\n".join(log))


@contextmanager
def _officers(chain: Chain) -> Iterator[Officers]:
    with ExitStack() as both:
        clients = [both.enter_context(httpx.Client(base_url=chain.url, timeout=20)) for _ in range(2)]
        yield Officers(*(Officer(client) for client in clients))


def _wait_for_the_user(console: Console) -> None:
    console.print("the footage has ended; the console and the list stay up until Ctrl-C")
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        console.print("stopping")
