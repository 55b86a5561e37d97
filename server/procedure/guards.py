"""Why an act may not be done, although the table has it: every reason at once, as a word with two translations. Pure.

Each reason names the article that it rests on. An officer reads them in Chinese; a log in the words below.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from server.civil_time import beijing_day
from server.procedure.facts import Facts
from server.procedure.words import Act, AgeBand, Basis


class Reason(StrEnum):
    """Why not."""

    HELD = "held"
    SITE_SUSPENDED = "site_suspended"
    EVIDENCE_INCOMPLETE = "evidence_incomplete"
    SEEN_TOO_SHORT = "seen_too_short"
    SAME_REVIEWER = "same_reviewer"
    REASON_NOT_ON_LIST = "reason_not_on_list"
    LENIENCY_NOT_ON_LIST = "leniency_not_on_list"
    NO_REASON = "no_reason"
    NO_BASIS = "no_basis"
    NO_AGE = "no_age"
    DEMONSTRATION_ONLY = "demonstration_only"
    NO_IDENTITY = "no_identity"
    CONTACT_NOT_CONFIRMED = "contact_not_confirmed"
    NOT_HEARD = "not_heard"
    NOT_REVIEWED_TWICE = "not_reviewed_twice"
    UNDER_14 = "under_14"
    AGE_UNKNOWN = "age_unknown"
    FINING_OFF = "fining_off"
    AMOUNT_OUT_OF_RANGE = "amount_out_of_range"
    NOT_ANNOUNCED = "not_announced"
    AMOUNT_ABOVE_NOTICE = "amount_above_notice"
    TWO_YEARS_OVER = "two_years_over"
    TWO_YEARS_NOT_OVER = "two_years_not_over"
    NOT_LOWER = "not_lower"
    STILL_OWED = "still_owed"
    NOT_OVERDUE = "not_overdue"
    REMEDIES_OPEN = "remedies_open"
    NO_STATEMENT = "no_statement"
    UNTIL_OUT_OF_RANGE = "until_out_of_range"


TEXTS: Final[Mapping[Reason, tuple[str, str]]] = {
    Reason.HELD: ("事件被暂扣，不能作为证据：{found}", "the event is held back: {found}"),
    Reason.SITE_SUSPENDED: (
        "该路口已暂停采信，待主管核查后恢复：{found}",
        "the site is suspended until a supervisor lifts it: {found}",
    ),
    Reason.EVIDENCE_INCOMPLETE: (
        "证据尚未全部到达：没有看到的不能确认",
        "the evidence has not arrived whole: what is not seen is not confirmed",
    ),
    Reason.SEEN_TOO_SHORT: (
        "查看时间不足：至少 {expected}，实际 {found}",
        "the case was looked at too shortly: expected at least {expected}, found {found}",
    ),
    Reason.SAME_REVIEWER: (
        "须由另一人独立进行：{found} 已经作出过判断",
        "this is another person's to do: {found} has given a verdict already",
    ),
    Reason.REASON_NOT_ON_LIST: (
        "理由须选自法定清单（程序规定 22），实际为“{found}”",
        "a reason of the law's list is needed (程序规定 art. 22), found {found!r}",
    ),
    Reason.LENIENCY_NOT_ON_LIST: (
        "须写明从轻的法定理由（行政处罚法 33，道交法 87），实际为“{found}”",
        "a mild decision needs a reason of the law's list (行政处罚法 art. 33, 道交法 art. 87), found {found!r}",
    ),
    Reason.NO_REASON: ("须写明理由", "a reason is needed"),
    Reason.NO_BASIS: ("须写明认定依据", "an identification needs its basis"),
    Reason.NO_AGE: ("须写明年龄段", "an identification needs the age band"),
    Reason.DEMONSTRATION_ONLY: (
        "“演示”依据只用于演示案件",
        "the basis 'demonstration' is for demonstration cases only",
    ),
    Reason.NO_IDENTITY: ("当事人身份尚未登记", "the party's identity has not been recorded"),
    Reason.CONTACT_NOT_CONFIRMED: ("联系方式尚未核实", "no contact of the party has been confirmed"),
    Reason.NOT_HEARD: (
        "当事人尚未陈述申辩，期限也未届满（行政处罚法 44、45）",
        "the party has not been heard, and the time for it is not over (行政处罚法 arts. 44, 45)",
    ),
    Reason.NOT_REVIEWED_TWICE: (
        "拟罚款的案件须经两名审核员确认",
        "what will be fined needs the confirmation of two reviewers",
    ),
    Reason.UNDER_14: (
        "不满十四周岁不予处罚（行政处罚法 30）：教育并告知监护人",
        "a party under 14 is not punished (行政处罚法 art. 30): education, and the guardian is told",
    ),
    Reason.AGE_UNKNOWN: (
        "年龄不明，不能罚款（行政处罚法 30）",
        "a fine needs a party of at least 14 whose age is known (行政处罚法 art. 30)",
    ),
    Reason.FINING_OFF: ("该代码尚未启用罚款", "fining is not switched on for this code"),
    Reason.AMOUNT_OUT_OF_RANGE: (
        "罚款须在 {expected} 分之间，实际 {found}",
        "a fine needs {expected} fen, found {found}",
    ),
    Reason.NOT_ANNOUNCED: (
        "拟罚金额未在通知中告知（行政处罚法 44）",
        "the notice told of no fine (行政处罚法 art. 44)",
    ),
    Reason.AMOUNT_ABOVE_NOTICE: (
        "不得因申辩加重处罚（行政处罚法 45）：告知 {expected} 分，拟罚 {found} 分",
        "a fine is never raised after the notice (行政处罚法 art. 45): told {expected} fen, found {found}",
    ),
    Reason.TWO_YEARS_OVER: (
        "违法行为已逾两年，不再处罚（行政处罚法 36）",
        "two years since the act are over (行政处罚法 art. 36)",
    ),
    Reason.TWO_YEARS_NOT_OVER: ("未满两年", "two years since the act are not over"),
    Reason.NOT_LOWER: (
        "只能减少：原 {expected} 分，实际 {found}",
        "expected less than the {expected} fen decided, found {found}",
    ),
    Reason.STILL_OWED: ("尚欠 {found} 分", "{found} fen are still owed"),
    Reason.NOT_OVERDUE: ("尚未逾期", "nothing is overdue"),
    Reason.REMEDIES_OPEN: ("救济期限未届满", "the party can still object, apply or sue"),
    Reason.NO_STATEMENT: (
        "尚未登记当事人的陈述申辩或放弃声明",
        "nothing is kept of what the party said, nor that they waive it",
    ),
    Reason.UNTIL_OUT_OF_RANGE: (
        "延期须在 {expected} 之间（程序规定 53），实际 {found}",
        "more time ends within {expected} (程序规定 art. 53), found {found}",
    ),
}


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason, with what was expected and found where that helps."""

    reason: Reason
    expected: str = ""
    found: str = ""

    def text(self, language: str = "en") -> str:
        """Return it as a sentence, in Chinese (``zh``) or English."""
        chinese, english = TEXTS[self.reason]
        return (chinese if language == "zh" else english).format(expected=self.expected, found=self.found)


Guard = Callable[[Facts], Iterator[Objection]]
R = Reason


def objections(act: Act, facts: Facts) -> tuple[Objection, ...]:
    """Return every reason why this act may not be done; none means that it may."""
    return tuple(objection for guard in GUARDS.get(act, ()) for objection in guard(facts))


def _believed(facts: Facts) -> Iterator[Objection]:
    if facts.held is not None:
        yield Objection(R.HELD, found=facts.held)
    if facts.site_suspended is not None:
        yield Objection(R.SITE_SUSPENDED, found=facts.site_suspended)


def _complete(facts: Facts) -> Iterator[Objection]:
    if not facts.evidence_complete:
        yield Objection(R.EVIDENCE_INCOMPLETE)


def _looked_at(facts: Facts) -> Iterator[Objection]:
    """Chicago: one officer approved 41 records in 59 s. Nobody has seen a case in less than the floor."""
    review = facts.review
    if review.seen_ms < review.seen_min_ms:
        yield Objection(R.SEEN_TOO_SHORT, _seconds(review.seen_min_ms), _seconds(review.seen_ms))


def _another_reviewer(facts: Facts) -> Iterator[Objection]:
    if facts.review.actor in facts.review.earlier_by:
        yield Objection(R.SAME_REVIEWER, found=facts.review.actor)


def _listed(facts: Facts) -> Iterator[Objection]:
    if not facts.reason_on_list:
        yield Objection(R.REASON_NOT_ON_LIST, found=facts.reason)


def _lenient(facts: Facts) -> Iterator[Objection]:
    if not facts.reason_on_list:
        yield Objection(R.LENIENCY_NOT_ON_LIST, found=facts.reason)


def _reasoned(facts: Facts) -> Iterator[Objection]:
    if not facts.reason.strip():
        yield Objection(R.NO_REASON)


def _identified(facts: Facts) -> Iterator[Objection]:
    if facts.basis is None:
        yield Objection(R.NO_BASIS)
    if facts.age_band is None:
        yield Objection(R.NO_AGE)
    if facts.basis is Basis.DEMONSTRATION and not facts.demonstration:
        yield Objection(R.DEMONSTRATION_ONLY)


def _reachable(facts: Facts) -> Iterator[Objection]:
    if not facts.identity_known and not facts.demonstration:
        yield Objection(R.NO_IDENTITY)
    if not facts.contact_confirmed and not facts.demonstration:
        yield Objection(R.CONTACT_NOT_CONFIRMED)


def _heard(facts: Facts) -> Iterator[Objection]:
    if not facts.hearing_over:
        yield Objection(R.NOT_HEARD)


def _in_time(facts: Facts) -> Iterator[Objection]:
    if facts.two_years_over:
        yield Objection(R.TWO_YEARS_OVER)


def _no_child(facts: Facts) -> Iterator[Objection]:
    if facts.age_band is AgeBand.UNDER_14:
        yield Objection(R.UNDER_14)


def _age_known(facts: Facts) -> Iterator[Objection]:
    if facts.age_band in {None, AgeBand.UNKNOWN}:
        yield Objection(R.AGE_UNKNOWN)


def _lawful(facts: Facts) -> Iterator[Objection]:
    money = facts.money
    if not money.fining_on:
        yield Objection(R.FINING_OFF)
    low, high = money.range_fen
    if money.amount_fen is None or not low <= money.amount_fen <= high:
        yield Objection(R.AMOUNT_OUT_OF_RANGE, f"{low} to {high}", str(money.amount_fen))


def _announced(facts: Facts) -> Iterator[Objection]:
    money = facts.money
    if money.announced_fen is None:
        yield Objection(R.NOT_ANNOUNCED)
    elif money.amount_fen is not None and money.amount_fen > money.announced_fen:
        yield Objection(R.AMOUNT_ABOVE_NOTICE, str(money.announced_fen), str(money.amount_fen))


def _of_a_fine(facts: Facts) -> Iterator[Objection]:
    """A notice that announces a fine must be able to lead to one; other notices announce no amount."""
    if facts.money.amount_fen is not None:
        for guard in (_no_child, _age_known, _lawful, _twice):
            yield from guard(facts)


def _twice(facts: Facts) -> Iterator[Objection]:
    if not facts.review.reviewed_twice:
        yield Objection(R.NOT_REVIEWED_TWICE)


def _lower(facts: Facts) -> Iterator[Objection]:
    money = facts.money
    if money.decided_fen is None or money.amount_fen is None or not 0 < money.amount_fen < money.decided_fen:
        yield Objection(R.NOT_LOWER, str(money.decided_fen), str(money.amount_fen))


def _old(facts: Facts) -> Iterator[Objection]:
    if not facts.two_years_over:
        yield Objection(R.TWO_YEARS_NOT_OVER)


def _nothing_owed(facts: Facts) -> Iterator[Objection]:
    if facts.money.owed_fen != 0:
        yield Objection(R.STILL_OWED, found=str(facts.money.owed_fen))


def _overdue(facts: Facts) -> Iterator[Objection]:
    if not facts.money.overdue:
        yield Objection(R.NOT_OVERDUE)


def _said(facts: Facts) -> Iterator[Objection]:
    if not facts.statement_kept and not facts.demonstration:
        yield Objection(R.NO_STATEMENT)


def _until(facts: Facts) -> Iterator[Objection]:
    low, high = facts.until_range_ms
    if facts.until_ms is None or not low <= facts.until_ms <= high:
        found = "-" if facts.until_ms is None else _day(facts.until_ms)
        yield Objection(R.UNTIL_OUT_OF_RANGE, f"{_day(low)} – {_day(high)}", found)


def _day(ms: int) -> str:
    return f"{beijing_day(ms):%Y-%m-%d}"


def _final(facts: Facts) -> Iterator[Objection]:
    if not facts.remedies_over:
        yield Objection(R.REMEDIES_OPEN)


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.1f} s"


GUARDS: Final[Mapping[Act, tuple[Guard, ...]]] = {
    Act.CONFIRM: (_believed, _complete, _looked_at, _another_reviewer),
    Act.REJECT: (_looked_at, _another_reviewer, _listed),
    Act.REVIEW_AGAIN: (_believed,),
    Act.REOPEN: (_reasoned,),
    Act.IDENTIFY: (_believed, _identified),
    Act.REASSIGN: (_believed, _identified, _reasoned),
    Act.NOTIFY: (_believed, _in_time, _reachable, _of_a_fine),
    Act.PROLONG: (_believed, _in_time, _reasoned, _until),
    Act.HEAR: (_believed, _said),
    Act.FINE: (_believed, _in_time, _no_child, _age_known, _lawful, _announced, _twice, _heard),
    Act.WARN: (_believed, _in_time, _no_child, _lenient),
    Act.EDUCATE: (_believed, _in_time, _lenient),
    Act.NO_PENALTY: (_believed, _lenient),
    Act.APPROVE: (_believed, _in_time, _another_reviewer),
    Act.SEND_BACK: (_reasoned,),
    Act.ANNOUNCE: (_reasoned,),
    Act.SERVE: (_reasoned,),
    Act.SETTLE: (_nothing_owed,),
    Act.OBJECT: (_reasoned,),
    Act.UPHOLD: (_reasoned,),
    Act.DENY: (_reasoned,),
    Act.MAINTAIN: (_reasoned,),
    Act.REDUCE: (_reasoned, _lower),
    Act.ANNUL: (_reasoned,),
    Act.ENFORCE: (_overdue, _final),
    Act.REVOKE: (_reasoned,),
    Act.LAPSE: (_old,),
    Act.SHELVE: (_reasoned,),
    Act.ARCHIVE: (_nothing_owed, _final),
}
"""What each act must pass. Acts that are not here need nothing but their row of the table."""
