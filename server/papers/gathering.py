"""Gathers what a case's documents say from many tables, as one value. The identity is opened for it, and noted."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from contract.messages import ViolationReported
from server.cases import repository
from server.cases import service as cases
from server.cases.models import Case, CaseAct, Party
from server.civil_time import beijing_day
from server.documents.pieces import Query
from server.documents.service import Office
from server.errors import NotFoundError, WrongInputError
from server.law.law_book import LawBook
from server.law.limits import Limit, LimitKey
from server.law.reading import Offence
from server.law.terms import Term, TermKey
from server.parties.identity import Identity
from server.parties.service import By, open_identity
from server.procedure.words import Act

OWN_PAGE = "/own"
"""Where a party's own page begins."""


@dataclass(frozen=True, slots=True)
class Papers:
    """What issuing needs: the office, the law's data, and the https address by which parties reach the centre."""

    office: Office
    book: LawBook
    public_url: str

    def query_of(self, case: Case, code: str) -> Query:
        """Return the party's own page of a case."""
        return Query(f"{self.public_url}{OWN_PAGE}?number={case.number}", code)


@dataclass(frozen=True, slots=True, repr=False)
class Gathered:
    """A case as its documents tell of it, at ``by.at_ms``. ``history`` has the act that is being done as its last."""

    papers: Papers
    case: Case
    event: ViolationReported
    offence: Offence
    party: Party
    identity: Identity
    history: Sequence[CaseAct]
    query: Query
    by: By

    def __repr__(self) -> str:
        """Return nothing that a log could keep."""
        return f"Gathered({self.case.number}, hidden)"

    def term(self, key: TermKey) -> Term:
        """Return a period as it is for a start now. Raises WrongInputError where the law's data has none."""
        found = self.papers.book.terms.at(key, beijing_day(self.by.at_ms))
        if found is None:
            raise WrongInputError(f"the law's data has no {key} for {beijing_day(self.by.at_ms)}")
        return found

    def limit(self, key: LimitKey) -> Limit:
        """Return a limit as it is now. Raises NotFoundError."""
        return self.papers.book.limits.at(key, beijing_day(self.by.at_ms))

    def last(self, *acts: Act) -> CaseAct | None:
        """Return the last of these acts that was done; None: none was."""
        return next((row for row in reversed(self.history) if row.act in acts), None)

    def must(self, *acts: Act) -> CaseAct:
        """Return the last of these acts that was done. Raises WrongInputError where none was."""
        found = self.last(*acts)
        if found is None:
            raise WrongInputError(f"{self.case.number}: expected {' or '.join(acts)} in its history, found none")
        return found


def gather(session: Session, papers: Papers, case: Case, code: str, by: By, *, need_not_name: bool = False) -> Gathered:
    """Gather a case. ``need_not_name``: what is in the party's favour is told also where nobody is kept any more.

    Raises WrongInputError with what is missing.
    """
    offence, party = cases.offence_of(case, papers.book.offences), repository.party(session, case.id)
    if offence is None or party is None:
        missing = "the law's data has no entry for the day of the act" if offence is None else "no party is identified"
        raise WrongInputError(f"{case.number}: no document can be made: {missing}")
    return Gathered(
        papers=papers,
        case=case,
        event=cases.reported(case),
        offence=offence,
        party=party,
        identity=_identity(session, papers, case, party, by, need_not_name=need_not_name),
        history=repository.acts(session, case.id),
        query=papers.query_of(case, code),
        by=by,
    )


def _identity(session: Session, papers: Papers, case: Case, party: Party, by: By, *, need_not_name: bool) -> Identity:
    try:
        return open_identity(session, papers.office.box, party.id, by)
    except NotFoundError:
        if case.demonstration:
            return Identity(f"演示当事人 {party.number}")
        if need_not_name:
            return Identity(f"当事人 {party.number}")
        raise WrongInputError(
            f"{case.number}: no document can be made: no identity is kept of {party.number} (page 当事人);"
            " it never was, or its time was over"
        ) from None
