"""The daily seals of the audit log: the hash over a day's lines and the head before, signed with the centre's key.

A chain from line to line would make every page view wait for the one before; a day is sealed when it is over, and every
unit of work of it has ended (an idle one is cut off after 60 s).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.audit import AuditEntry, Wanted, oldest
from server.civil_time import BEIJING, beijing
from server.db import Base, hold

DAY_MS: Final = 86_400_000
SETTLED_MS: Final = 3_600_000
"""So long after its end a day is sealed."""
FIRST: Final = "0" * 64


class AuditHead(Base):
    """One sealed day. ``day``: 2026-11-25, China's time. Appended only."""

    __tablename__ = "audit_heads"

    day: Mapped[str] = mapped_column(primary_key=True)
    entries: Mapped[int]
    head_sha256: Mapped[str]
    signature: Mapped[str]
    sealed_at_ms: Mapped[int]


@dataclass(frozen=True, slots=True)
class Found:
    """What a verification found. ``problems``: in words, each with its day."""

    days: int
    entries: int
    head: str
    problems: tuple[str, ...]


def seal_next(session: Session, key: Ed25519PrivateKey, now_ms: int) -> bool:
    """Seal the next day that has lines, if it is over; tell whether there was one."""
    hold(session, "audit heads")
    last = session.scalars(select(AuditHead).order_by(AuditHead.day.desc()).limit(1)).first()
    since_ms = None if last is None else _end_ms(last.day)
    line = oldest(session, Wanted(from_ms=since_ms))
    if line is None:
        return False
    day = f"{beijing(line.at_ms):%Y-%m-%d}"
    if _end_ms(day) + SETTLED_MS > now_ms:
        return False
    entries, head = _head(session, day, FIRST if last is None else last.head_sha256)
    signature = key.sign(_said(day, entries, head)).hex()
    session.add(AuditHead(day=day, entries=entries, head_sha256=head, signature=signature, sealed_at_ms=now_ms))
    return True


def verify(session: Session, key: Ed25519PublicKey) -> Found:
    """Reckon every sealed day anew from the lines as they are now."""
    heads, head, entries, problems = session.scalars(select(AuditHead).order_by(AuditHead.day)).all(), FIRST, 0, []
    for row in heads:
        count, reckoned = _head(session, row.day, head)
        problems += list(_problems(row, count, reckoned, key))
        head, entries = row.head_sha256, entries + count
    if heads:
        until = select(func.count()).select_from(AuditEntry).where(AuditEntry.at_ms < _end_ms(heads[-1].day))
        between = (session.scalar(until) or 0) - entries
        if between:
            problems.append(f"{between} lines stand on days that were sealed without any, or lost their seal")
    return Found(len(heads), entries, head, tuple(problems))


def _problems(row: AuditHead, count: int, reckoned: str, key: Ed25519PublicKey) -> Iterator[str]:
    if count != row.entries:
        yield f"{row.day}: expected {row.entries} lines, found {count}"
    elif reckoned != row.head_sha256:
        yield f"{row.day}: the lines were changed, or the seal: expected {row.head_sha256}, found {reckoned}"
    try:
        key.verify(bytes.fromhex(row.signature), _said(row.day, row.entries, row.head_sha256))
    except (InvalidSignature, ValueError):
        yield f"{row.day}: the seal is not signed by this centre's key"


def _head(session: Session, day: str, before: str) -> tuple[int, str]:
    """Return a day's number of lines and its head."""
    reckoned, count = sha256(before.encode("ascii")), 0
    within = (AuditEntry.at_ms >= _end_ms(day) - DAY_MS, AuditEntry.at_ms < _end_ms(day))
    columns = (AuditEntry.id, AuditEntry.at_ms, AuditEntry.who, AuditEntry.what, AuditEntry.case_id, AuditEntry.detail)
    lines = select(*columns).where(*within).order_by(AuditEntry.at_ms, AuditEntry.id)
    for line in session.execute(lines.execution_options(yield_per=1000)):
        reckoned.update(json.dumps(list(line), ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n")
        count += 1
    return count, reckoned.hexdigest()


def _said(day: str, entries: int, head: str) -> bytes:
    return f"lukou audit {day} {entries} {head}".encode("ascii")


def _end_ms(day: str) -> int:
    return round(datetime.fromisoformat(day).replace(tzinfo=BEIJING).timestamp() * 1000) + DAY_MS
