"""What a cashier writes into forms, read strictly: amounts in yuan, cases by number or reference, days, reasons."""

from datetime import date
from typing import Annotated

from fastapi import Form

from server.errors import WrongInputError
from server.ledger.bank_file import fen_of
from server.ledger.references import case_named
from server.ledger.refusals import Refusal, refused

Amount = Annotated[str, Form(max_length=20)]
CaseWord = Annotated[str, Form(max_length=40)]
Reason = Annotated[str, Form(max_length=200)]
Reference = Annotated[str, Form(max_length=80)]


def amount_fen(yuan: str) -> int:
    """Return an amount in fen. Raises WrongInputError."""
    plain = yuan.strip()
    read = fen_of(plain if "." in plain else f"{plain}.00")
    if isinstance(read, str):
        raise WrongInputError(*refused(Refusal.NO_AMOUNT, found=yuan, problem=read))
    return read


def case_id_of(word: str) -> int:
    """Return the case that is named by its number or payment reference. Raises WrongInputError."""
    case_id = case_named(word)
    if case_id is None:
        raise WrongInputError(*refused(Refusal.NO_CASE_NAMED, found=word[:40]))
    return case_id


def day_of(text: str) -> date:
    """Return a day. Raises WrongInputError."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise WrongInputError(*refused(Refusal.NO_DAY, found=text[:20])) from error


def reason_of(text: str) -> str:
    """Return a reason. Raises WrongInputError for none: it stands in the ledger."""
    if not text.strip():
        raise WrongInputError(*refused(Refusal.NO_REASON))
    return text.strip()
