"""What every source from outside has in common: it runs until it is stopped, and tells how it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from edge.signals.feed import Refused


@dataclass(frozen=True, slots=True)
class LinkState:
    """How an input is: whether somebody is connected, how many words were taken, and how many refused, and why."""

    connected: bool
    taken: int
    refused: Mapping[Refused, int] = field(default_factory=dict)


class Link(Protocol):
    """An input that hears."""

    def start(self) -> None:
        """Begin; whoever is not there yet is waited for. Raises PartMissingError, InputProblemError."""
        ...

    def stop(self) -> None:
        """End."""
        ...

    def state(self) -> LinkState:
        """Return how it is."""
        ...
