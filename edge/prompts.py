"""Prompts at the crossing: what is said when a rule is met, and the way from a camera's process to the publisher.

They accuse nobody and name nobody, so they go at once, before any evidence is made, and one that is late is dropped:
nobody is spoken to about what is over.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Final

import structlog
from pydantic import ValidationError

from contract.box import Prompted
from contract.words import ViolationKind
from edge.observations import Violation
from edge.report import Place

log = structlog.get_logger()

LATE_S: Final = 5
"""After so long nobody needs the words any more: brokers drop them as well (MQTT 5, message expiry)."""
TEXTS: Final = {
    ViolationKind.PEDESTRIAN_RED_LIGHT: (
        "现在是红灯，请注意安全，绿灯亮后再通行",
        "The light is red: take care, cross on green",
    ),
    ViolationKind.RIDER_RED_LIGHT: (
        "现在是红灯，请在停止线内等候",
        "The light is red: please wait behind the stop line",
    ),
    ViolationKind.WRONG_WAY: (
        "您正在逆向骑行，请下车推行或靠右骑行",
        "Wrong way: please get off and walk, or keep right",
    ),
    ViolationKind.STOP_LINE: ("请退回停止线内等候", "Please wait behind the stop line"),
}


def prompted(place: Place, violation: Violation) -> Prompted:
    """Return what is said at the crossing."""
    text_zh, text_en = TEXTS[violation.kind]
    return Prompted(
        device_id=place.device_id,
        site_id=place.site_id,
        camera_id=place.camera_id,
        kind=violation.kind,
        zone_id=violation.zone_id,
        at_ms=place.start_ms + violation.confirmed_ms,
        text_zh=text_zh,
        text_en=text_en,
    )


@dataclass(slots=True)
class Speaker:
    """The camera's end of the pipe. It never waits: a box that does not listen must not slow the watch."""

    pipe: Connection
    unheard: int = 0

    def __post_init__(self) -> None:
        os.set_blocking(self.pipe.fileno(), False)

    def say(self, prompt: Prompted) -> None:
        """Hand a prompt on, or count it. One is far below PIPE_BUF, so it is written whole or not at all (pipe(7))."""
        try:
            self.pipe.send_bytes(prompt.model_dump_json().encode())
        except OSError as error:
            self.unheard += 1
            log.warning("prompt.unheard", kind=prompt.kind.value, why=str(error))


@dataclass(slots=True)
class Megaphone:
    """The box's end: sends on what its cameras say. ``send`` returns whether it could; counts are by camera."""

    send: Callable[[Prompted], bool]
    now_s: Callable[[], float] = time.monotonic
    sent: Counter[str] = field(default_factory=Counter)
    unsent: Counter[str] = field(default_factory=Counter)
    _looked_s: float | None = None

    def pump(self, pipes: Iterable[Connection]) -> None:
        """Send what has come; what may have come long ago, since nobody looked, is dropped."""
        now_s = self.now_s()
        late = self._looked_s is not None and now_s - self._looked_s > LATE_S
        self._looked_s = now_s
        for pipe in pipes:
            for prompt in heard(pipe):
                counted = self.sent if not late and self.send(prompt) else self.unsent
                counted[prompt.camera_id] += 1


def heard(pipe: Connection) -> Iterator[Prompted]:
    """Yield what lies in a pipe; nothing where its writer is gone."""
    try:
        while pipe.poll():
            yield Prompted.model_validate_json(pipe.recv_bytes(4096))
    except (EOFError, OSError):
        return
    except ValidationError as error:
        log.error("prompt.malformed", why=str(error))
