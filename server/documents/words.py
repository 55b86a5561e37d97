"""The kinds of documents, and the word of each in its number. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """A kind of document: the name of its template as well."""

    NOTICE = "notice"
    PENALTY = "penalty"
    WARNING = "warning"
    EDUCATION = "education"
    NO_PENALTY = "no_penalty"
    HEARING = "hearing"
    OBJECTION_ANSWER = "objection_answer"
    REVOCATION = "revocation"
    REDUCTION = "reduction"
    MAINTENANCE = "maintenance"
    DEMAND = "demand"
    ENFORCEMENT = "enforcement"
    RECEIPT = "receipt"
    PARTY_ACCOUNT = "party_account"
    DAILY_STATEMENT = "daily_statement"
    MONTHLY_STATEMENT = "monthly_statement"


NUMBER_WORDS: Final[Mapping[Kind, str]] = {
    Kind.NOTICE: "告",
    Kind.PENALTY: "罚",
    Kind.WARNING: "警",
    Kind.EDUCATION: "教",
    Kind.NO_PENALTY: "免",
    Kind.HEARING: "申",
    Kind.OBJECTION_ANSWER: "答",
    Kind.REVOCATION: "撤",
    Kind.REDUCTION: "变",
    Kind.MAINTENANCE: "维",
    Kind.DEMAND: "催",
    Kind.ENFORCEMENT: "执",
    Kind.RECEIPT: "收",
    Kind.PARTY_ACCOUNT: "户",
    Kind.DAILY_STATEMENT: "日",
    Kind.MONTHLY_STATEMENT: "月",
}


def number_text(prefix: str, kind: Kind, year: int, serial: int, *, demonstration: bool) -> str:
    """Return a document's number as official papers write it; a demonstration's can be taken for no real one."""
    return f"{'演示' if demonstration else ''}{prefix}{NUMBER_WORDS[kind]}〔{year}〕第{serial:06d}号"
