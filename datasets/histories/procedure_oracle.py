"""What must hold of one case's history: every step is the law's, and nobody did what was another's to do. Pure.

The history is walked from its first row with a memory of its own; what is wrong comes out as sentences.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from datasets.histories.law import BACK, DAY_MS, DECIDED, LEADS, REMEDIES, day_of, days_between, two_years_over
from datasets.histories.values import ActSeen, CaseSeen

HEARING_DAYS: Final = 30
"""程序规定 art. 20: so long a party may come in."""
PAYING_DAYS: Final = 15
"""行政处罚法 art. 67."""
REMEDY_DAYS: Final = 15
"""The shortest time for a remedy there is: to sue after a reconsideration (行政复议法, 行政诉讼法 art. 45)."""


@dataclass(slots=True)
class Memory:
    """What the walk remembers. A reopened case begins anew; another party has not been told anything."""

    case: CaseSeen
    state: str = "received"
    verdicts: list[ActSeen] = field(default_factory=list)
    named: int = 0
    notice: ActSeen | None = None
    prolonged_ms: int = 0
    heard: bool = False
    proposed: ActSeen | None = None
    remedy_from: str | None = None
    served_ms: int | None = None
    stands_fen: int | None = None
    walked: set[tuple[str, str, str]] = field(default_factory=set)

    @property
    def band(self) -> str | None:
        """Return what is known of the party's age."""
        return self.case.bands[self.named - 1] if 0 < self.named <= len(self.case.bands) else None

    @property
    def confirmed_by(self) -> set[str]:
        """Return who has confirmed the record."""
        return {verdict.actor for verdict in self.verdicts if verdict.act == "confirm"}


def walked(case: CaseSeen) -> tuple[Memory, list[str]]:
    """Walk a history; return what is remembered of it at its end, and what is wrong with it."""
    memory, problems = Memory(case), []
    for number, act in enumerate(case.acts, start=1):
        said = [*_step(memory, act), *(text for need in NEEDS.get(act.act, ()) for text in need(memory, act))]
        problems += [f"case {case.id}, act {number} ({act.act} by {act.actor}): {text}" for text in said]
        _remember(memory, act)
    return memory, problems


def procedure_problems(case: CaseSeen) -> list[str]:
    """Return what is wrong with a case's history, its state and its version."""
    memory, problems = walked(case)
    ends = {
        "state": (memory.state, case.state),
        "version": (len(case.acts) + 1, case.version),
        "parties": (memory.named, len(case.bands)),
    }
    problems += [f"case {case.id}: {name} is {found}, expected {wanted}" for name, (wanted, found) in ends.items()
                 if wanted != found]  # fmt: skip
    if case.lined and case.state in {"revoked", "rejected"}:
        problems.append(f"case {case.id}: {case.state}, and still on the public list")
    told_again = case.due_ms is not None and case.due_ms <= case.seen_ms  # the reckoner looks at it next
    if not told_again and case.due_ms != case.reckoned_ms:
        problems.append(f"case {case.id} ({case.state}): is due at {case.due_ms}, reckoned afresh {case.reckoned_ms}")
    return problems


def _step(memory: Memory, act: ActSeen) -> Iterator[str]:
    if act.before != memory.state:
        yield f"begins at {act.before}, the case stood at {memory.state}"
    leads = LEADS.get(act.act, {}).get(act.before, "").split()
    if not leads:
        yield f"there is no such act at {act.before}"
        return
    narrow = NARROWED.get((act.act, act.before))
    wanted = set(leads) if narrow is None else narrow(memory, act)
    wanted = {memory.remedy_from or "" if one == BACK else one for one in wanted}
    if act.after not in wanted:
        yield f"led from {act.before} to {act.after}, expected {' or '.join(sorted(wanted))}"


def _first_look(memory: Memory, act: ActSeen) -> set[str]:
    """What may be fined is looked at twice, always; of the rest a share is drawn."""
    once = {"confirm": "confirmed", "reject": "rejected"}[act.act]
    return {"second_review"} if memory.case.fined else {"second_review", once}


def _second_look(memory: Memory, act: ActSeen) -> set[str]:
    if not memory.verdicts or memory.verdicts[-1].act != act.act:
        return {"disputed"}
    return _settled(memory, act)


def _settled(memory: Memory, act: ActSeen) -> set[str]:
    if act.act == "reject":
        return {"rejected"}
    return {"identified" if memory.band else "confirmed"}


def _fined(memory: Memory, act: ActSeen) -> set[str]:
    return {"decided" if (act.amount_fen or 0) <= memory.case.simple_max_fen else "proposed"}


def _upheld(memory: Memory, _act: ActSeen) -> set[str]:
    return {"revoked" if memory.remedy_from in DECIDED else "rejected"}


Narrow = Callable[[Memory, ActSeen], set[str]]
NARROWED: Final[dict[tuple[str, str], Narrow]] = {
    **{(act, "received"): _first_look for act in ("confirm", "reject")},
    **{(act, "second_review"): _second_look for act in ("confirm", "reject")},
    **{(act, "disputed"): _settled for act in ("confirm", "reject")},
    ("fine", "notified"): _fined,
    ("fine", "heard"): _fined,
    ("uphold", "objected"): _upheld,
}
"""Which of several ends it must be, where the history tells."""


def _another(memory: Memory, act: ActSeen) -> Iterator[str]:
    """In a second review the last verdict is somebody else's, in a dispute all of them."""
    before = memory.verdicts[-1:] if act.before == "second_review" else memory.verdicts
    if act.before in {"second_review", "disputed"} and act.actor in {verdict.actor for verdict in before}:
        yield "gave a verdict already, this was another person's to do"


def _another_head(memory: Memory, act: ActSeen) -> Iterator[str]:
    if memory.proposed is not None and memory.proposed.actor == act.actor:
        yield "proposed the fine themselves"


def _of_age(memory: Memory, _act: ActSeen) -> Iterator[str]:
    if memory.band not in {"adult", "minor_14_17"}:
        yield f"a fine for a party whose age is {memory.band} (行政处罚法 art. 30)"


def _no_child(memory: Memory, _act: ActSeen) -> Iterator[str]:
    if memory.band == "under_14":
        yield "a warning for a party under 14 (行政处罚法 art. 30)"


def _told(memory: Memory, act: ActSeen) -> Iterator[str]:
    announced = None if memory.notice is None else memory.notice.amount_fen
    if announced is None:
        yield "a fine that no notice told of (行政处罚法 art. 44)"
    elif (act.amount_fen or 0) > announced:
        yield f"a fine of {act.amount_fen} fen above the notice's {announced} (行政处罚法 art. 45)"


def _heard(memory: Memory, act: ActSeen) -> Iterator[str]:
    began = memory.notice
    if memory.heard or began is None:
        return
    if days_between(began.at_ms, act.at_ms) <= HEARING_DAYS or day_of(act.at_ms) <= day_of(memory.prolonged_ms):
        yield "decided before the party was heard and before their time was over (行政处罚法 arts. 44, 45)"


def _twice(memory: Memory, _act: ActSeen) -> Iterator[str]:
    if len(memory.confirmed_by) < 2:
        yield f"a fine on a record that {len(memory.confirmed_by)} officer has confirmed"


def _possible(memory: Memory, act: ActSeen) -> Iterator[str]:
    low, high = memory.case.range_fen
    if not memory.case.fined:
        yield "a fine for a code that is not switched on"
    if act.amount_fen is None or not low <= act.amount_fen <= high:
        yield f"a fine of {act.amount_fen} fen, the law has {low} to {high}"


def _in_time(memory: Memory, act: ActSeen) -> Iterator[str]:
    if two_years_over(memory.case.entered_at_ms, act.at_ms):
        yield "punished after two years (行政处罚法 art. 36)"


def _too_late(memory: Memory, act: ActSeen) -> Iterator[str]:
    if not two_years_over(memory.case.entered_at_ms, act.at_ms):
        yield "lapsed before two years were over (行政处罚法 art. 36)"


def _lower(memory: Memory, act: ActSeen) -> Iterator[str]:
    if memory.stands_fen is None or act.amount_fen is None or not 0 < act.amount_fen < memory.stands_fen:
        yield f"reduced from {memory.stands_fen} to {act.amount_fen} fen"


def _overdue(memory: Memory, act: ActSeen) -> Iterator[str]:
    if memory.served_ms is None or days_between(memory.served_ms, act.at_ms) <= PAYING_DAYS:
        yield "enforced before the time to pay was over (行政处罚法 art. 67)"


def _final(memory: Memory, act: ActSeen) -> Iterator[str]:
    if memory.served_ms is None or days_between(memory.served_ms, act.at_ms) <= REMEDY_DAYS:
        yield "ended while the party could still object or sue"


def _within_months(_memory: Memory, act: ActSeen) -> Iterator[str]:
    if act.until_ms is None or not 0 < act.until_ms - act.at_ms <= 92 * DAY_MS:
        yield f"more time until {act.until_ms}, asked at {act.at_ms} (程序规定 art. 53: three months)"


Need = Callable[[Memory, ActSeen], Iterator[str]]
FINES: Final[Sequence[Need]] = (_of_age, _told, _heard, _twice, _possible, _in_time)
NEEDS: Final[dict[str, Sequence[Need]]] = {
    "confirm": (_another,),
    "reject": (_another,),
    "fine": FINES,
    "approve": (_another_head, _of_age, _twice, _in_time),
    "warn": (_no_child, _in_time),
    "educate": (_in_time,),
    "lapse": (_too_late,),
    "reduce": (_lower,),
    "enforce": (_overdue, _final),
    "archive": (_final,),
    "prolong": (_within_months,),
}
"""What each act needs. The law's other demands are their row in LEADS."""


def _remember(memory: Memory, act: ActSeen) -> None:
    back = LEADS.get(act.act, {}).get(act.before) == BACK
    memory.walked.add((act.before, act.act, BACK if back else act.after))
    memory.state = act.after
    if act.after in REMEDIES:
        memory.remedy_from = act.before
    if act.after == "revoked":
        memory.stands_fen = 0 if memory.stands_fen is not None else None
    remember = REMEMBERED.get(act.act)
    if remember is not None:
        remember(memory, act)


def _verdict(memory: Memory, act: ActSeen) -> None:
    if act.before in {"received", "second_review", "disputed"}:
        memory.verdicts.append(act)


def _anew(memory: Memory, _act: ActSeen) -> None:
    memory.verdicts, memory.proposed = [], None
    memory.notice, memory.heard, memory.prolonged_ms = None, False, 0


def _name(memory: Memory, _act: ActSeen) -> None:
    memory.named += 1
    memory.notice, memory.heard, memory.prolonged_ms = None, False, 0


def _notice(memory: Memory, act: ActSeen) -> None:
    memory.notice, memory.heard, memory.prolonged_ms = act, False, 0


def _prolonged(memory: Memory, act: ActSeen) -> None:
    memory.prolonged_ms = act.until_ms or 0


def _hearing(memory: Memory, _act: ActSeen) -> None:
    memory.heard = True


def _fine(memory: Memory, act: ActSeen) -> None:
    if act.after == "decided":
        memory.stands_fen = act.amount_fen
    else:
        memory.proposed = act


def _approved(memory: Memory, _act: ActSeen) -> None:
    memory.stands_fen = None if memory.proposed is None else memory.proposed.amount_fen


def _reduced(memory: Memory, act: ActSeen) -> None:
    memory.stands_fen = act.amount_fen


def _served(memory: Memory, act: ActSeen) -> None:
    memory.served_ms = act.at_ms


REMEMBERED: Final[dict[str, Callable[[Memory, ActSeen], None]]] = {
    "confirm": _verdict,
    "reject": _verdict,
    "reopen": _anew,
    "identify": _name,
    "reassign": _name,
    "notify": _notice,
    "prolong": _prolonged,
    "hear": _hearing,
    "fine": _fine,
    "approve": _approved,
    "reduce": _reduced,
    "serve": _served,
}
"""What each act leaves behind."""
