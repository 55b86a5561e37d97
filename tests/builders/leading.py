"""A case led through its procedure by the rows of its history alone, for what only reads them: the party's own page."""

from centre import NOW_MS

from server.cases.models import Case, CaseAct, Party
from server.db import unit_of_work
from server.ledger import book
from server.ledger.postings import Basis as PostingBasis
from server.ledger.postings import assess
from server.procedure.words import Act, CaseState

A, S = Act, CaseState
DAY_MS = 86_400_000
WAY = {
    A.CONFIRM: S.CONFIRMED,
    A.IDENTIFY: S.IDENTIFIED,
    A.NOTIFY: S.NOTIFIED,
    A.HEAR: S.HEARD,
    A.FINE: S.DECIDED,
    A.WARN: S.DECIDED,
    A.SERVE: S.SERVED,
    A.OBJECT: S.OBJECTED,
    A.UPHOLD: S.REJECTED,
    A.APPLY_RECONSIDERATION: S.RECONSIDERATION,
    A.REJECT: S.REJECTED,
    A.REVOKE: S.REVOKED,
    A.REOPEN: S.RECEIVED,
    A.ARCHIVE: S.ARCHIVED,
}
FINE_FEN = 1000
TO_CONFIRMED = (A.CONFIRM,)
TO_IDENTIFIED = (*TO_CONFIRMED, A.IDENTIFY)
TO_NOTIFIED = (*TO_IDENTIFIED, A.NOTIFY)
TO_DECIDED = (*TO_NOTIFIED, A.HEAR, A.FINE)
TO_SERVED = (*TO_DECIDED, A.SERVE)


def lead(service, *acts: Act, case_id: int = 1, at_ms: int = NOW_MS) -> None:
    """Do acts one after the other, all at one instant; an identification makes a party, a fine posts its money."""
    with unit_of_work(service.sessions) as session:
        case = session.get_one(Case, case_id)
        for act in acts:
            amount_fen = FINE_FEN if act in {A.FINE, A.NOTIFY} else None
            values = {"case_id": case_id, "actor": "officer", "at_ms": at_ms, "demonstration": case.demonstration}
            session.add(
                CaseAct(act=act, from_state=case.state, to_state=WAY[act], reason="r", amount_fen=amount_fen, **values)
            )
            case.state = WAY[act]
            if act is A.IDENTIFY:
                known = {"basis": "self_report", "age_band": "adult", "identified_by": "officer", "at_ms": at_ms}
                session.add(Party(case_id=case_id, **known))
            if act is A.FINE:
                basis = PostingBasis(case_id, "officer", "0" * 64, at_ms, case.demonstration)
                book.append(session, assess(basis, FINE_FEN))
            session.flush()
