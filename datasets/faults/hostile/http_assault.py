"""Hostile requests of every family against a running centre: each must be told no, and nothing may have changed."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import httpx

from datasets.faults.hostile.broker_door import BrokerDoor
from datasets.faults.hostile.http_inputs import HTTP, Asked

SERVER_ERROR: Final = 500
NO_ROOM: Final = {501, 503, 505, 507}
"""Words for "not this, not now", which are no crash."""


@dataclass(slots=True)
class Answers:
    """What came of it: answers by status, and what must not be."""

    sent: int = 0
    by_status: Counter[int] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def assault_by_http(
    door: BrokerDoor, url: str, token: str, count: int, seed: int, step: Callable[[str], None]
) -> Answers:
    """Send ``count`` requests, every family as many as the others."""
    done, untouched = Answers(), door.content()
    with httpx.Client(base_url=url, timeout=30) as client:
        for name, family in HTTP.items():
            step(f"HTTP: {name}")
            chance = random.Random(f"{seed}/{name}")  # noqa: S311 - no secret
            for _ in range(-(-count // len(HTTP))):
                _ask(client, name, family(door.attacker, token, chance), done)
            if door.content() != untouched:
                done.problems.append(f"HTTP: {name}: something was changed")
                untouched = door.content()
    return done


def _ask(client: httpx.Client, name: str, asked: Asked, done: Answers) -> None:
    done.sent += 1
    headers = {key.encode("latin-1"): value.encode("latin-1") for key, value in asked.headers.items()}
    try:
        answer = client.request(asked.method, asked.path, headers=headers, content=asked.content)
        status = answer.status_code
    except httpx.RemoteProtocolError:  # it was cut off before it was sent whole: a no as well
        status = 0
    except (httpx.WriteError, httpx.ReadError):
        status = 0
    except httpx.LocalProtocolError:  # our own client does not write such a thing
        done.sent -= 1
        return
    done.by_status[status] += 1
    crashed = status >= SERVER_ERROR and status not in NO_ROOM
    if crashed or 0 < status < asked.least:
        what = f"{asked.method} {asked.path[:80]} with {', '.join(asked.headers)}"
        done.problems.append(f"HTTP: {name}: answered {status} to {what}, {len(asked.content)} bytes")
