"""Acts on their way to a package: they wait for a picture of their end, then for the end of their clip.

In the order in which they were said. What waits here lies in memory alone: 5 s of capture time after the advance.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from edge.evidence.held import HeldPictures
from edge.evidence.package import Package, Packager
from edge.evidence.ring import Kept
from edge.observations import Violation
from edge.pipeline import Frame
from edge.report import Place


class Clips(Protocol):
    """Films what the camera shows, and cuts the clip of an act from it."""

    def offer(self, frame: Frame) -> None:
        """Take the next picture in."""
        ...

    def foresee(self, act: Violation) -> None:
        """Keep how an act began whose verdict may come late."""
        ...

    def confirm(self, violation: Violation) -> None:
        """Keep what shows an act until its clip is cut."""
        ...

    def complete(self, violation: Violation) -> bool:
        """Tell whether the clip would lack nothing by being cut now."""
        ...

    def files(self, violation: Violation) -> Mapping[str, bytes]:
        """Return the clip as files of the package."""
        ...

    def finish(self) -> None:
        """No more pictures come."""
        ...


class NoClips:
    """Films nothing: packages hold stills alone."""

    def offer(self, frame: Frame) -> None:
        """Let it go."""

    def foresee(self, act: Violation) -> None:
        """Keep nothing."""

    def confirm(self, violation: Violation) -> None:
        """Keep nothing."""

    def complete(self, violation: Violation) -> bool:  # noqa: ARG002 - the port's words
        """Nothing is waited for."""
        return True

    def files(self, violation: Violation) -> Mapping[str, bytes]:  # noqa: ARG002 - the port's words
        """Return no files."""
        return {}

    def finish(self) -> None:
        """There is nothing to end."""


@dataclass(frozen=True, slots=True)
class _Pictured:
    """An act with its stills and its record; its clip may not be whole yet."""

    violation: Violation
    record: Mapping[str, bytes]
    pictures: Sequence[Kept]


@dataclass(slots=True)
class Packing:
    """The acts of one camera that have no package yet."""

    place: Place
    packager: Packager
    clips: Clips
    violated: Callable[[Violation, Package], None]
    """Told when a package is written."""
    held: HeldPictures = field(default_factory=HeldPictures)
    _said: list[tuple[Violation, Mapping[str, bytes]]] = field(default_factory=list)
    _foreseen: list[Violation] = field(default_factory=list)
    _pictured: list[_Pictured] = field(default_factory=list)

    def take(self, said: Sequence[tuple[Violation, Mapping[str, bytes]]], foreseen: Sequence[Violation]) -> None:
        """Take in what the rules have said, each with its record, and what they foresee."""
        for violation, _ in said:
            self.clips.confirm(violation)
        for act in foreseen:
            self.clips.foresee(act)
        self._said += said
        self._foreseen += foreseen

    def picture(self, kept: Callable[[], Sequence[Kept]]) -> None:
        """Give everybody their stills, now that a picture of that moment or the next one is kept."""
        said, self._said = self._said, []
        foreseen, self._foreseen = self._foreseen, []
        if not said and not foreseen:
            return
        pictures = kept()
        for act in foreseen:
            self.held.hold(act, pictures)
        for violation, record in said:
            self._pictured.append(_Pictured(violation, record, self.held.pictures(violation, pictures)))

    def pack(self, *, at_end: bool = False) -> None:
        """Write the packages whose clips are whole, or all ``at_end``; none overtakes another."""
        while self._pictured and (at_end or self.clips.complete(self._pictured[0].violation)):
            act = self._pictured.pop(0)
            files = {**act.record, **self.clips.files(act.violation)}
            self.violated(act.violation, self.packager.write(self.place, act.violation, act.pictures, files))
