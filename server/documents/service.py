"""Issues documents, numbered without a gap, and prints them again from what was kept.

A number is taken in the unit of work that keeps its document: if that fails, the number is free again.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server import audit, sealed_values
from server.civil_time import beijing
from server.db import hold
from server.documents import qr
from server.documents.data import Heading, to_json
from server.documents.models import Document
from server.documents.pieces import Authority
from server.documents.press import TEMPLATE_VERSION, Press
from server.documents.values import Said
from server.documents.words import Kind, number_text
from server.errors import NotFoundError, PartAwayError
from server.parties.service import By, checked_reason
from server.secrets_box import SecretsBox

CHECK_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Office:
    """What every document needs: the press, the box, who issues, and whether all is a demonstration."""

    press: Press
    box: SecretsBox
    authority: Authority
    demonstration: bool


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF. ``differs`` is empty where it is byte for byte what was issued, else it says what has changed since."""

    document: Document
    pdf: bytes
    differs: str = ""


class NoFontError(PartAwayError):
    """Nothing can be printed here."""

    def __init__(self) -> None:
        super().__init__(
            "documents cannot be printed: their font is not here; run `lukou assets pull`, start again",
            "文书不能打印：缺少字体，请运行 lukou assets pull 后重新启动",
        )


def must_print(office: Office | None) -> Office:
    """Return what prints. Raises NoFontError where the font is not here."""
    if office is None:
        raise NoFontError
    return office


def issue(
    session: Session, office: Office, said: Said, case_id: int | None, by: By, about: str | None = None
) -> Printed:
    """Number, print and keep a document. Raises WrongInputError with every problem of what it says."""
    year = beijing(by.at_ms).year
    serial = _next_serial(session, said.KIND, year, demonstration=office.demonstration)
    heading = Heading(
        number=number_text(office.authority.prefix, said.KIND, year, serial, demonstration=office.demonstration),
        authority=office.authority,
        issued_at_ms=by.at_ms,
        check_code=_check_code(),
        demonstration=office.demonstration,
    )
    data = to_json(heading, said, qr.pictures(said))
    pdf = office.press.pdf(said.KIND, TEMPLATE_VERSION, data)
    document = Document(
        kind=said.KIND,
        year=year,
        serial=serial,
        demonstration=office.demonstration,
        number=heading.number,
        case_id=case_id,
        template_version=TEMPLATE_VERSION,
        renderer=office.press.renderer,
        font_sha256=office.press.font_sha256,
        sha256=sha256(pdf).hexdigest(),
        size_bytes=len(pdf),
        issued_by=by.who,
        issued_at_ms=by.at_ms,
        about=about,
    )
    session.add(document)
    sealed_values.keep(session, office.box, document.data_name, data, case_id, by.at_ms)
    audit.record(session, by.at_ms, by.who, f"document.{said.KIND}", case_id, heading.number)
    return Printed(document, pdf)


def print_again(session: Session, office: Office, document_id: int, by: By) -> Printed:
    """Print a document from what was kept; the reason is noted, for it shows personal data.

    Raises NotFoundError (it may have been erased), WrongInputError (no reason).
    """
    document = session.get(Document, document_id)
    if document is None:
        raise NotFoundError(f"there is no document {document_id}")
    reason = checked_reason(by.reason, "opening a document")
    audit.record(session, by.at_ms, by.who, "document.open", document.case_id, f"{document.number}: {reason}")
    session.flush()
    pdf = _pdf_again(session, office, document)
    return Printed(document, pdf, _differs(document, office.press, pdf))


def differences(session: Session, office: Office, document: Document) -> str:
    """Return what has changed since a document was issued, shown to nobody; empty: it is the same byte for byte."""
    try:
        return _differs(document, office.press, _pdf_again(session, office, document))
    except NotFoundError as error:
        return str(error)


def _pdf_again(session: Session, office: Office, document: Document) -> bytes:
    data = sealed_values.opened(session, office.box, document.data_name)
    return office.press.pdf(Kind(document.kind), document.template_version, data)


def _differs(document: Document, press: Press, pdf: bytes) -> str:
    """Say why a PDF is not the one that was issued; a newer typst may set the same words in other bytes."""
    if sha256(pdf).hexdigest() == document.sha256:
        return ""
    then, now = (document.renderer, document.font_sha256[:12]), (press.renderer, press.font_sha256[:12])
    if then == now:
        return "its data or its template were changed since it was issued"
    return f"issued by {then[0]} with font {then[1]}, printed by {now[0]} with font {now[1]}"


def _next_serial(session: Session, kind: Kind, year: int, *, demonstration: bool) -> int:
    """Return the next number of a kind and year; another that wants one waits until this unit of work ends."""
    hold(session, f"documents/{kind}/{year}/{demonstration}")
    same = (Document.kind == kind, Document.year == year, Document.demonstration == demonstration)
    return (session.scalar(select(func.max(Document.serial)).where(*same)) or 0) + 1


def _check_code() -> str:
    """Return what makes a document's hash unguessable, and a forged number recognisable: 49 bits."""
    return "".join(secrets.choice(CHECK_LETTERS) for _ in range(10))


def newest(session: Session, kinds: Sequence[Kind], limit: int) -> Sequence[Document]:
    """Return the newest documents of some kinds."""
    rows = select(Document).where(Document.kind.in_(kinds)).order_by(Document.id.desc()).limit(limit)
    return session.scalars(rows).all()


def must_be(session: Session, document_id: int, kinds: Sequence[Kind], case_id: int | None = None) -> None:
    """Raise NotFoundError for a document of another kind or case: whoever may print these may not print any."""
    document = session.get(Document, document_id)
    if document is None or document.kind not in kinds or document.case_id != case_id:
        kinds_told = ", ".join(kinds)
        raise NotFoundError(
            f"there is no document {document_id} among {kinds_told}", f"没有编号为 {document_id} 的这类文书"
        )
