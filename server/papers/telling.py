"""The pieces of a document, told in Chinese from what was gathered: person, act, evidence, law, periods, officers."""

from collections.abc import Callable
from typing import Final

from sqlalchemy.orm import Session

from contract.evidence import MANIFEST
from contract.messages import ViolationReported
from contract.words import LampState, ViolationKind
from server.access.police import police_of
from server.civil_time import beijing_day
from server.documents import pieces
from server.documents.pieces import ActTold, Cited, EvidenceTold, Officer, Payment, Person, Remedies
from server.errors import WrongInputError
from server.law.limits import LimitKey
from server.law.terms import Term, TermKey, Unit
from server.papers.citing import all_of, cited, without
from server.papers.gathering import Gathered
from server.papers.words import DOCUMENT_WORDS
from server.parties.identity import Identity
from server.parties.numbers import masked

NOT_SET: Final = "未登记"
LAMP_WORDS: Final = {LampState.RED: "红灯", LampState.YELLOW: "黄灯", LampState.GREEN: "绿灯"}
FACTS: Final[dict[ViolationKind, str]] = {
    ViolationKind.PEDESTRIAN_RED_LIGHT: "{lamp}时进入人行横道，并继续前行 {measure:.1f} 米。",
    ViolationKind.RIDER_RED_LIGHT: "骑行非机动车，{lamp}时越过停止线，并继续行驶 {measure:.1f} 米。",
    ViolationKind.WRONG_WAY: "骑行非机动车，逆向行驶 {measure:.1f} 米。",
    ViolationKind.STOP_LINE: "骑行非机动车，{lamp}时越过停止线停车，停留 {measure:.1f} 秒。",
}
ITEMS: Final = (
    (("before.jpg", "entry.jpg", "advanced.jpg"), "违法过程照片 {count} 张（进入前、进入时、继续前行）"),
    (("clip.mp4",), "视频片段"),
    (("trajectory.json",), "轨迹记录"),
)


def whole_person(known: Identity) -> Person:
    """Return a party as a decision names them (行政处罚法 art. 52)."""
    return Person(
        name=known.name,
        document=_document(known, lambda number: number),
        born=known.date_of_birth,
        phone=known.phone or "",
        address=known.address or "",
        company=known.company or "",
        plate=known.plate or "",
    )


def masked_person(known: Identity) -> Person:
    """Return a party as a notice names them: it may be read by others (程序规定 art. 56)."""
    return Person(known.name, _document(known, masked), company=known.company or "", plate=known.plate or "")


def _document(known: Identity, shown: Callable[[str], str]) -> str:
    if known.document_kind is None or known.document_number is None:
        return ""
    return f"{DOCUMENT_WORDS[known.document_kind]} {shown(known.document_number)}"


def act_told(of: Gathered) -> ActTold:
    """Return when, where and what."""
    return ActTold(
        case_number=of.case.number,
        at_ms=of.case.entered_at_ms,
        place=of.case.site_name,
        direction=of.event.direction,
        code=of.offence.code,
        name=of.offence.name_zh,
        fact=fact(of.event),
    )


def fact(event: ViolationReported) -> str:
    """Return the fact as a sentence, with what was measured."""
    return FACTS[event.kind].format(lamp=_lamp(event), measure=event.measure)


def _lamp(event: ViolationReported) -> str:
    if event.lamp is None:
        return "信号灯状态不明"
    shown = f"信号灯为{LAMP_WORDS.get(event.lamp.state, event.lamp.state)}"
    if event.lamp.since_ms is None or event.lamp.since_ms > event.entered_at_ms:
        return shown
    return f"{shown}（已持续 {(event.entered_at_ms - event.lamp.since_ms) / 1000:.1f} 秒）"


def evidence_told(of: Gathered) -> EvidenceTold:
    """Return what proves the act: what the package holds, the device, the manifest's hash."""
    names = {file.name: file.sha256 for file in of.event.evidence}
    items = [text.format(count=n) for files, text in ITEMS if (n := sum(name in names for name in files))]
    if of.event.lamp is not None:
        items.append(f"信号灯状态记录（{len(of.event.lamp.sources)} 个来源）")
    device = f"{of.event.device_id}，摄像机 {of.event.camera_id}"
    return EvidenceTold(tuple(items), device, names.get(MANIFEST, ""))


def offence_cited(of: Gathered, *further: str) -> Cited:
    """Return the articles that were broken, and those that punish it, with further ones on which it rests."""
    offence = of.offence
    basis = all_of([offence.punished_by or offence.articles, *further])
    return Cited(cited(without(offence.articles, offence.punished_by)), cited(basis), offence.verified)


def told_term(of: Gathered, key: TermKey, *, from_now: bool) -> pieces.Term:
    """Return a period of days; its last day where it runs from now. Raises WrongInputError for another unit."""
    term = of.term(key)
    until = term.due(beijing_day(of.by.at_ms), of.papers.book.calendar).day if from_now else None
    working = term.unit is Unit.WORKING_DAYS
    return pieces.Term(_counted(term, Unit.WORKING_DAYS if working else Unit.CALENDAR_DAYS), working, until,
                       cited(term.article), term.verified)  # fmt: skip


def calendar_days(term: Term) -> int:
    """Return a period of calendar days. Raises WrongInputError for another unit."""
    return _counted(term, Unit.CALENDAR_DAYS)


def _counted(term: Term, unit: Unit) -> int:
    if term.unit is not unit:
        raise WrongInputError(f"{term.key}: the documents tell of {unit}, the law's data has {term.unit}")
    return term.number


def payment_told(of: Gathered) -> Payment:
    """Return until when to pay, and what lateness costs (行政强制法 art. 45: told beforehand)."""
    rate, cap = of.limit(LimitKey.SURCHARGE_RATE), of.limit(LimitKey.SURCHARGE_CAP)
    if cap.value != 100:
        raise WrongInputError(f"surcharge_cap: the documents tell of 100 % of the fine, the law's data has {cap.value}")
    term = told_term(of, TermKey.PAYMENT, from_now=False)
    source = cited(all_of([rate.article, cap.article]))
    return Payment(term, rate.value, source, verified=rate.verified and cap.verified)


def remedies_told(of: Gathered, *, on_the_spot: bool) -> Remedies:
    """Return what the party may do; after a decision on the spot reconsideration comes first (行政复议法 art. 23)."""
    reconsider, direct = of.term(TermKey.RECONSIDERATION), of.term(TermKey.COURT)
    after = of.term(TermKey.COURT_AFTER_RECONSIDERATION)
    rest = (reconsider, after) if on_the_spot else (reconsider, direct)
    return Remedies(
        reconsider_first=on_the_spot,
        reconsider_days=_counted(reconsider, Unit.CALENDAR_DAYS),
        court_days_after=_counted(after, Unit.CALENDAR_DAYS),
        court_months_direct=_counted(direct, Unit.MONTHS),
        source=cited(all_of(term.article for term in rest)),
        verified=all(term.verified for term in rest),
    )


def officers(session: Session, of: Gathered, *logins: str, signing: bool = False) -> tuple[Officer, ...]:
    """Return officers by name and police number, each once; who has none yet is printed with 未登记.

    ``signing``: the paper imposes something, so that outside of a demonstration an officer who signs it must have both
    (行政处罚法 art. 52, 程序规定 art. 45). Raises WrongInputError with everybody who has not.
    """
    found = police_of(session, logins)
    nameless = [login for login, police in found.items() if not police.known]
    if nameless and signing and not of.papers.office.demonstration:
        who = "、".join(nameless)
        raise WrongInputError(
            f"{of.case.number}: {who} signs this document and has no name and police number: an administrator sets them"
            " on the page 用户",
            f"{of.case.number}：{who} 在本文书上署名，但没有登记姓名和警号：请管理员在“用户”页登记",
        )
    return tuple(Officer(police.name, police.number or NOT_SET) for police in found.values())
