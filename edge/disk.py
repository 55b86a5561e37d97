"""The box's disk: measured, kept within its budget, and its state left where every camera's process can read it.

The state stands in ``disk.state``, a file of one block that is written over in place: so it can be said on a full disk.
With it stands what was taken then: whoever finds too little room looks at once whether there is more of it by now.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Final

import structlog

from contract.evidence import MANIFEST
from contract.words import DiskState
from edge.disk_policy import Leaving, Limits, Use, leaving, state_of
from edge.full_disk import RESERVE_BYTES, disk_full, set_aside
from edge.outbox_sweep import Sweep
from edge.purge_journal import Purged, note

log = structlog.get_logger()

STATE: Final = "disk.state"
STATE_BYTES: Final = 64
OUTBOX: Final = "outbox.sqlite"
VIDEO: Final = "video"


@dataclass(frozen=True, slots=True)
class Measured:
    """What takes room on the box's disk, for the heartbeat."""

    state: DiskState
    evidence_bytes: int
    video_bytes: int
    outbox_bytes: int
    free_bytes: int
    budget_bytes: int


@dataclass(slots=True)
class Disk:
    """The disk of one box; its supervisor's process has it.

    Raw video is not its matter: that yields by its own floor of free space (edge.video.retention), above this one's.
    """

    data: Path
    limits: Limits
    now_ms: Callable[[], int]
    measured: Measured | None = None
    _state: DiskState = DiskState.OK
    _sweep: Sweep | None = field(default=None)

    def tend(self) -> None:
        """Sweep the outbox, let go what may go, and say what is still kept. Called about once a minute."""
        try:
            self._let_go()
        except (OSError, sqlite3.OperationalError) as error:
            if not disk_full(error):
                raise
            log.error("disk.sweep_put_off", why=str(error))
        self._look()

    def close(self) -> None:
        """Close what is open."""
        if self._sweep is not None:
            self._sweep.close()

    def _let_go(self) -> None:
        if self._sweep is None:
            self._sweep = Sweep(self.data / OUTBOX)
        self._sweep.sweep(self.now_ms())
        going = leaving(self._use(), self.limits, tuple(self._sweep.stored()), self.now_ms(), MANIFEST)
        for _, files in groupby(going, key=lambda each: each.event_id):
            self._purge(self._sweep, tuple(files))

    def _purge(self, sweep: Sweep, files: tuple[Leaving, ...]) -> None:
        """Delete files of one package: first written down, then done, then noted; after a cut it is done again."""
        paths = [sweep.path_of(each.event_id, each.file.name) for each in files]
        folder, at_ms = paths[0].parent, self.now_ms()
        told = [Purged(f.event_id, f.file.name, f.file.size_bytes, at_ms, f.why.value) for f in files]
        if folder.parent.is_dir():
            note(folder.parent, told)
        for path in paths:
            path.unlink(missing_ok=True)
        sweep.purged(told[0].event_id, [each.name for each in told])
        size_bytes = sum(each.size_bytes for each in told)
        log.info("evidence.purged", event_id=told[0].event_id, files=len(told), bytes=size_bytes, why=told[0].why)

    def _look(self) -> None:
        use, before = self._use(), self._state
        self._state = state_of(use, self.limits, before)
        outbox_bytes = sum(_size_bytes(path) for path in self.data.glob(f"{OUTBOX}*"))
        self.measured = Measured(
            self._state,
            evidence_bytes=_below_bytes(self.data / "evidence"),
            video_bytes=use.video_bytes,
            outbox_bytes=outbox_bytes,
            free_bytes=use.free_bytes,
            budget_bytes=self.limits.budget_bytes,
        )
        leave_word(self.data, self._state, use)
        if use.free_bytes > self.limits.free_min_bytes + 2 * RESERVE_BYTES:
            with suppress(OSError):  # it is tried again in a minute
                set_aside(self.data)
        if self._state is not before:
            tell = log.error if self._state is not DiskState.OK else log.info
            tell("disk.state", state=self._state.value, before=before.value, free_bytes=use.free_bytes)

    def _use(self) -> Use:
        video_bytes = _below_bytes(self.data / VIDEO)
        return Use(_below_bytes(self.data) - video_bytes, video_bytes, shutil.disk_usage(self.data).free)


@dataclass(frozen=True, slots=True)
class DiskRoom:
    """What a camera's process may still keep: the box's last word, and the disk's free space at this moment.

    Where the word was that there is too little room, it is judged anew by what is free now: it may be a minute old.
    """

    data: Path
    limits: Limits

    def may_clip(self) -> bool:
        """Tell whether a new clip is kept."""
        return self._state() is DiskState.OK

    def may_package(self) -> bool:
        """Tell whether a new package is kept."""
        return self._state() is not DiskState.FULL

    def _state(self) -> DiskState:
        free_bytes = shutil.disk_usage(self.data).free
        if free_bytes <= self.limits.free_min_bytes:
            return DiskState.FULL
        state, taken = _word(self.data)
        if state is DiskState.OK or taken is None:
            return state
        return state_of(Use(*taken, free_bytes), self.limits, state)


def leave_word(data: Path, state: DiskState, use: Use) -> None:
    """Write the state, and what was taken, over the last one."""
    with suppress(OSError):  # a new file on a full disk: whoever reads goes by the free space then
        handle = os.open(data / STATE, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            word = f"{state.value} {use.used_bytes} {use.video_bytes}"
            os.pwrite(handle, word.ljust(STATE_BYTES).encode("ascii"), 0)
        finally:
            os.close(handle)


def last_word(data: Path) -> DiskState:
    """Return the state that was left last; all is well where none was."""
    return _word(data)[0]


def _word(data: Path) -> tuple[DiskState, tuple[int, int] | None]:
    """Return the last word, and what the box's data and its raw video took then; None where it does not say."""
    try:
        state, *taken = (data / STATE).read_text(encoding="ascii").split()
        return DiskState(state), (int(taken[0]), int(taken[1])) if len(taken) == 2 else None
    except (OSError, ValueError):
        return DiskState.OK, None


def _below_bytes(folder: Path) -> int:
    """Return what the files below a folder take; what goes meanwhile takes nothing."""
    total = 0
    for place, _, names in os.walk(folder):
        total += sum(_size_bytes(Path(place) / name) for name in names)
    return total


def _size_bytes(path: Path) -> int:
    try:
        return path.lstat().st_blocks * 512
    except OSError:
        return 0
