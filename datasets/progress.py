"""Progress on the terminal: what is going on now, a bar that moves, the time so far, and the rest where it is known."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from datasets.debian import Say


@contextmanager
def telling(console: Console, name: str) -> Iterator[Say]:
    """Show a moving bar while the block runs; what is yielded changes its text."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        bar = bars.add_task(name, total=None)
        yield lambda text: bars.update(bar, description=f"{name}: {text}")


@contextmanager
def counting(console: Console, name: str, steps: int) -> Iterator[Callable[[str], None]]:
    """Show a bar of so many steps while the block runs; what is yielded begins the next one and says what it is."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        bar = bars.add_task(name, total=steps)
        begun = 0

        def step(text: str) -> None:
            nonlocal begun
            bars.update(bar, completed=begun, description=f"{name}: {text}")
            begun += 1

        yield step
