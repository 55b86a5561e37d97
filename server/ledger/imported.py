"""What was imported: files, their lines by outcome, and the cases whose money came by one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.cases.models import Case
from server.errors import NotFoundError, WrongInputError
from server.ledger.kinds import EntryKind
from server.ledger.models import BankFile, IncomingPayment
from server.ledger.postings import Basis
from server.ledger.refusals import Refusal, refused


@dataclass(frozen=True, slots=True)
class FileTold:
    """A file, and its lines and money by outcome: (how many, fen). ``new_lines``: those that came first by it."""

    file: BankFile
    outcomes: dict[str, tuple[int, int]]

    @property
    def new_lines(self) -> int:
        """Return how many of its lines no file before had."""
        return sum(count for count, _ in self.outcomes.values())


def files(session: Session, limit: int) -> Sequence[BankFile]:
    """Return the newest files."""
    return session.scalars(select(BankFile).order_by(BankFile.at_ms.desc()).limit(limit)).all()


def file_told(session: Session, sha256: str) -> FileTold:
    """Return a file with what became of its lines. Raises NotFoundError."""
    file = session.get(BankFile, sha256)
    if file is None:
        raise NotFoundError(*refused(Refusal.NO_FILE, sha256=sha256[:12]))
    counted = select(IncomingPayment.outcome, func.count(), func.sum(IncomingPayment.amount_fen))
    rows = session.execute(counted.where(IncomingPayment.file_sha256 == sha256).group_by(IncomingPayment.outcome))
    return FileTold(file, {outcome: (count, int(fen)) for outcome, count, fen in rows})


def lines(session: Session, sha256: str, outcome: str, after: str, limit: int) -> Sequence[IncomingPayment]:
    """Return lines of a file behind a reference, of one outcome if it is named; by the index of both."""
    of_file = select(IncomingPayment).where(IncomingPayment.file_sha256 == sha256, IncomingPayment.reference > after)
    chosen = of_file.where(IncomingPayment.outcome == outcome) if outcome else of_file
    return session.scalars(chosen.order_by(IncomingPayment.reference).limit(limit)).all()


def bases(session: Session, sha256: str, officer: str, at_ms: int) -> list[Basis]:
    """Return the cases that a file's money was booked on, for `payments.move`."""
    of_file = select(IncomingPayment.case_id).where(
        IncomingPayment.file_sha256 == sha256,
        IncomingPayment.outcome == "matched",
        IncomingPayment.case_id.is_not(None),
    )
    rows = session.execute(select(Case.id, Case.demonstration).where(Case.id.in_(of_file)).order_by(Case.id))
    return [Basis(case_id, officer, sha256, at_ms, demonstration) for case_id, demonstration in rows]


def movable(kind: EntryKind) -> EntryKind:
    """Return a kind by which a file's money may be moved on. Raises WrongInputError for another."""
    if kind not in {EntryKind.EPAY_SETTLED, EntryKind.TO_TREASURY}:
        raise WrongInputError(*refused(Refusal.NOT_MOVABLE, kind=kind))
    return kind
