"""So many hostile messages of every family against one door: how many were refused, taken, or broke something."""

import random
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from datasets.faults.hostile.attacker import Attacker, Family, Sent
from datasets.faults.hostile.forged import FORGED, KNOWN
from datasets.faults.hostile.malformed import MALFORMED

AT_ONCE: Final = 100
FAMILIES: Final[dict[str, Family]] = MALFORMED | FORGED | KNOWN


class Door(Protocol):
    """Where messages go in."""

    @property
    def attacker(self) -> Attacker:
        """Return who attacks."""

    def knock(self, sent: Sequence[Sent]) -> int:
        """Hand messages in; return how many were refused."""

    def content(self) -> dict[str, object]:
        """Return all that a message could have changed."""


@dataclass(slots=True)
class Assault:
    """What came of it: ``crashes`` are texts of what was raised, ``changed`` families after which a table differed."""

    sent: int = 0
    refused: int = 0
    replays: int = 0
    crashes: list[str] = field(default_factory=list)
    uncounted: dict[str, int] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)

    def problems(self) -> list[str]:
        """Return what must not be, a line each."""
        return [
            *(f"crash: {crash}" for crash in self.crashes),
            *(f"{family}: {count} neither refused nor a replay" for family, count in self.uncounted.items() if count),
            *(f"{family}: something was changed" for family in self.changed),
        ]


def assault(door: Door, count: int, seed: int, step: Callable[[str], None] = lambda _: None) -> Assault:
    """Send ``count`` messages, every family as many as the others."""
    done, untouched = Assault(), door.content()
    each = -(-count // len(FAMILIES))
    for name, family in FAMILIES.items():
        step(name)
        chance = random.Random(f"{seed}/{name}")  # noqa: S311 - no secret
        for begun in range(0, each, AT_ONCE):
            sent = [family(door.attacker, chance) for _ in range(min(AT_ONCE, each - begun))]
            knock(door, name, sent, done)
        if door.content() != untouched:
            done.changed.append(name)
            untouched = door.content()
    return done


def knock(door: Door, name: str, sent: Sequence[Sent], done: Assault) -> None:
    """Hand messages of one family in and count what came of them; where something breaks, one by one."""
    done.sent += len(sent)
    try:
        refused = door.knock(sent)
    except Exception:  # whatever it is, it is what is looked for
        if len(sent) == 1:
            done.crashes.append(f"{name}: {traceback.format_exc(limit=-3)}: {sent[0].payload[:300]!r}")
        else:
            done.sent -= len(sent)
            for one in sent:
                knock(door, name, [one], done)
        return
    done.refused += refused
    if name in KNOWN:
        done.replays += len(sent) - refused
    elif refused != len(sent):
        done.uncounted[name] = done.uncounted.get(name, 0) + len(sent) - refused
