"""Issues the documents of a case. An act and its document stand or fall together: one unit of work, the caller's."""

from sqlalchemy.orm import Session

from server.access.police import police_of
from server.cases.models import Case
from server.db import hold
from server.documents import service as documents
from server.documents.accounts import AccountLine, PartyAccount, Receipt
from server.documents.service import Printed
from server.documents.values import Said
from server.documents.words import Kind
from server.ledger import statements
from server.papers import register, telling
from server.papers.enforcing import demand
from server.papers.gathering import Gathered, Papers, gather
from server.papers.paid import without_receipt
from server.papers.proving import proof_of_entry, proof_of_fine
from server.papers.revoking import FALLEN, revocation
from server.papers.saying import SAID
from server.papers.words import ENTRY_WORDS, MEANS_WORDS
from server.parties.service import By
from server.procedure.words import Act, CaseState

NEED_NOT_NAME = FALLEN | {Act.NO_PENALTY, Act.MAINTAIN, Act.REDUCE}
"""In the party's favour, or another's judgment: it is told also where nobody's name is kept any more."""


def issue_for(session: Session, papers: Papers, case: Case, act: Act, by: By, query_code: str) -> Printed | None:
    """Issue what goes with an act that has just been done; None where nothing does. The identity's opening is noted.

    An upheld objection that fells a decision has two documents: the answer is returned, the revocation lies beside it.
    Raises WrongInputError with what is missing.
    """
    fallen = case.state == CaseState.REVOKED and act in FALLEN
    decided_later = act is Act.FINE and case.state != CaseState.DECIDED
    if decided_later or (act not in SAID and not fallen):
        return None
    by = By(by.who, by.at_ms, f"for the document of the act {act}")
    of = gather(session, papers, case, query_code, by, need_not_name=act in NEED_NOT_NAME)
    said = SAID[act](session, of) if act in SAID else None
    printed = _issue(session, of, said) if said is not None else None
    withdrawal = revocation(session, of) if fallen else None
    withdrawn = _issue(session, of, withdrawal) if withdrawal is not None else None
    return printed or withdrawn


def issue_demand(session: Session, papers: Papers, case: Case, by: By, query_code: str) -> Printed:
    """Issue the demand that comes before enforcement. Raises ConflictError (nothing is owed), WrongInputError."""
    of = gather(session, papers, case, query_code, By(by.who, by.at_ms, "for the demand before enforcement"))
    return _issue(session, of, demand(session, of))


def issue_receipt(session: Session, papers: Papers, case: Case, reference: str, by: By) -> Printed:
    """Issue the receipt of a payment by its reference (``receipt:NO``, ``bank:ID``, ``epay:ID``).

    Raises NotFoundError where no such payment stands, ConflictError where it has a receipt, WrongInputError with what
    is missing.
    """
    hold(session, f"receipts/{case.id}")  # of two who ask at once the later sees the other's
    paid = without_receipt(session, case.id, case.number, reference)
    of = gather(session, papers, case, "", By(by.who, by.at_ms, f"for the receipt of {reference[:64]}"))
    first = paid.entries[0].posting
    decision = register.last_of(session, case.id, (Kind.PENALTY,))
    said = Receipt(
        payer=of.identity.name,
        decision_number=decision.number if decision is not None else "",
        case_number=case.number,
        amount_fen=paid.total_fen - paid.surcharge_fen,
        surcharge_fen=paid.surcharge_fen,
        total_fen=paid.total_fen,
        paid_at_ms=paid.at_ms,
        means=MEANS_WORDS.get(first.kind, ENTRY_WORDS[first.kind]),
        official_number=reference.removeprefix("receipt:") if reference.startswith("receipt:") else "",
        taken_by=police_of(session, [first.officer])[first.officer].name,
        proof=proof_of_entry(session, papers.public_url, paid.entries[0].number),
    )
    return documents.issue(session, of.papers.office, said, case.id, of.by, about=reference)


def issue_account(session: Session, papers: Papers, case: Case, by: By, query_code: str) -> Printed:
    """Issue a party's account of a case: what was owed, paid and taken back. Raises WrongInputError."""
    of = gather(session, papers, case, query_code, By(by.who, by.at_ms, "for the party's account"))
    told, decision = statements.party(session, [case.id]), register.last_of(session, case.id, (Kind.PENALTY,))
    lines = tuple(_account_line(line) for line in told.lines if line.owed_change_fen)
    said = PartyAccount(
        party=telling.masked_person(of.identity),
        case_number=case.number,
        decision_number=decision.number if decision is not None else "",
        lines=lines,
        balance_fen=told.owed_fen,
        as_of_ms=by.at_ms,
        query=of.query,
        proof=proof_of_fine(session, of),
    )
    return _issue(session, of, said)


def _account_line(line: statements.PartyLine) -> AccountLine:
    change = line.owed_change_fen
    text = ENTRY_WORDS.get(line.kind, line.kind.value)
    return AccountLine(line.at_ms, text, f"分录 {line.number}", max(change, 0), max(-change, 0), line.owed_after_fen)


def _issue(session: Session, of: Gathered, said: Said) -> Printed:
    return documents.issue(session, of.papers.office, said, of.case.id, of.by)
