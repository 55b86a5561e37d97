"""Progress on the terminal for work whose end is not known: what is going on now, a bar that moves, the time so far."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from datasets.debian import Say


@contextmanager
def telling(console: Console, name: str) -> Iterator[Say]:
    """Show a moving bar while the block runs; what is yielded changes its text."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        bar = bars.add_task(name, total=None)
        yield lambda text: bars.update(bar, description=f"{name}: {text}")
