"""A group of cases and the officers who work on them at once, each in a thread, until everybody has had their turns."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final, TypeVar

from sqlalchemy.orm import Session

from datasets.histories import acting, paying
from datasets.histories.law import DAY_MS
from datasets.histories.money_oracle import money_problems
from datasets.histories.procedure_oracle import procedure_problems, walked
from datasets.histories.reading import read_cases
from datasets.histories.stage import Centre, Clock
from datasets.histories.values import CaseSeen
from server.cases.service import Order
from server.db import unit_of_work
from server.decisions.errors import ObjectedError
from server.errors import ServerError

T = TypeVar("T")
JUMPS: Final = (
    *((3_600_000,) * 60),
    *((DAY_MS,) * 24),
    *((16 * DAY_MS,) * 3),
    31 * DAY_MS,
    61 * DAY_MS,
)
"""How time goes on between two acts, now and then over a period of the law."""
TWO_YEARS_MS: Final = 731 * DAY_MS
SETTLED: Final = frozenset({"served", "paid", "enforcement", "revoked", "objected", "reconsideration", "court"})
"""Where it is often about money."""
ENDED: Final = frozenset({"rejected", "lapsed", "shelved", "archived"})
"""Where little is left to do."""


@dataclass(slots=True)
class Group:
    """Cases that some officers work on at once. ``seed`` draws what each does; who comes first, nobody knows."""

    centre: Centre
    seed: int
    case_ids: Sequence[int]
    clock: Clock
    turns: int
    problems: list[str] = field(default_factory=list)
    did: Counter[str] = field(default_factory=Counter)
    steps: set[tuple[str, str, str]] = field(default_factory=set)
    _ended: set[int] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def work(self, officers: int) -> list[CaseSeen]:
        """Let so many officers take their turns at once; return the cases as they stand then."""
        threads = [threading.Thread(target=self._officer, args=(number,)) for number in range(officers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with self.centre.sessions.reading() as session:
            seen = read_cases(session, self.centre, self.case_ids, self.clock.now_ms)
        for case in seen:
            self.problems += procedure_problems(case) + money_problems(case)
            self.steps |= walked(case)[0].walked
        return seen

    def _officer(self, number: int) -> None:
        chance = Random(f"{self.seed}/{number}")  # noqa: S311 - no secret
        for turn in range(self.turns):
            if chance.random() < 0.5:
                self.clock.later(chance.choice(JUMPS))
            elif turn > self.turns // 2 and chance.random() < 0.006:
                self.clock.later(TWO_YEARS_MS)
            self.turn(chance, f"{self.seed}-{number}-{turn}")

    def turn(self, chance: Random, name: str) -> None:
        """Do one thing to one case, whatever it is."""
        case_id = chance.choice(self.case_ids)
        if case_id in self._ended and chance.random() < 0.95:
            case_id = chance.choice([one for one in self.case_ids if one not in self._ended] or self.case_ids)
        with self.centre.sessions.reading() as session:
            seen = acting.look(session, case_id)
        if seen.state in ENDED:
            self._ended.add(case_id)
        if chance.random() < (0.65 if seen.state in SETTLED else 0.04):
            self.money(chance, case_id, name)
        else:
            self.act(chance, seen)

    def act(self, chance: Random, seen: acting.Seen) -> None:
        """Do an act to a case as it was seen."""
        self.order(chance, seen, acting.next_order(chance, seen, self.clock.later(1)))

    def order(self, chance: Random, seen: acting.Seen, order: Order) -> None:
        """Do what somebody asks for; before a notice the party is mostly made reachable."""
        if order.act == "notify" and seen.state == "identified" and chance.random() < 0.95:
            self._try(
                "make reachable", lambda session: acting.make_reachable(session, self.centre, seen.case_id, order)
            )
        self._try(f"act {order.act}", lambda session: acting.act(session, self.centre, seen.case_id, order))

    def money(self, chance: Random, case_id: int, name: str, do: paying.Do | None = None) -> None:
        """Do something about a case's money."""
        deed = paying.Deed(case_id, chance.choice(paying.CASHIERS), self.clock.later(1), chance, name)
        do = do or chance.choice(paying.DEEDS)
        came = self._try(do.__name__, lambda session: do(session, self.centre, deed))
        with self._lock:
            paying.note(self.centre, came)

    def _try(self, name: str, work: Callable[[Session], T]) -> T | None:
        """Do it in one unit of work. A refusal is an answer; any other error is a defect and a problem."""
        try:
            with unit_of_work(self.centre.sessions) as session:
                became = work(session)
        except ObjectedError as error:
            self._count(f"refused {', '.join(sorted({one.reason for one in error.objections}))}")
            return None
        except ServerError as error:
            self._count(f"refused {type(error).__name__}")
            return None
        except Exception as error:
            self.problems.append(f"{name} ended with {type(error).__name__}: {str(error).splitlines()[0]}")
            self._count("broke")
            return None
        self._count(name)
        return became

    def _count(self, name: str) -> None:
        with self._lock:
            self.did[name] += 1
