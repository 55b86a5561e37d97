"""The tables of users, their logins, failed tries and recovery codes."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class User(Base):
    """A person who works here. ``role``: server.access.rights.Role.

    ``totp_at_ms`` is when the second factor was enrolled, whose secret lies under seal (server/sealed_values.py);
    ``totp_step`` the last 30 s of which a code was taken: a code is taken once (RFC 6238 section 5.2).
    ``display_name`` and ``police_number`` are how documents name a police officer (server/access/police.py).
    """

    __tablename__ = "users"
    __table_args__ = (Index("ix_users_police_number", "police_number", unique=True),)

    name: Mapped[str] = mapped_column(primary_key=True)
    password_hash: Mapped[str]
    role: Mapped[str]
    demonstration: Mapped[bool]
    active: Mapped[bool] = mapped_column(default=True)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    totp_at_ms: Mapped[int | None]
    totp_step: Mapped[int] = mapped_column(default=0)
    display_name: Mapped[str | None]
    police_number: Mapped[str | None]

    @property
    def has_second_factor(self) -> bool:
        """Tell whether a second factor is enrolled."""
        return self.totp_at_ms is not None

    @property
    def second_factor(self) -> str:
        """Return the name under which its secret is kept."""
        return f"user/{self.name}/second-factor"


class Login(Base):
    """A session: the cookie's hash, how far it has come, until when, and the token that every form carries.

    ``offered_sealed`` is the second factor that is being enrolled.
    """

    __tablename__ = "logins"

    token_sha256: Mapped[str] = mapped_column(primary_key=True)
    user_name: Mapped[str] = mapped_column(ForeignKey("users.name"), index=True)
    csrf: Mapped[str]
    stage: Mapped[str]
    began_at_ms: Mapped[int]
    seen_at_ms: Mapped[int]
    ends_at_ms: Mapped[int]
    address: Mapped[str]
    offered_sealed: Mapped[bytes | None]


class FailedLogin(Base):
    """A try that failed, for the rate limits. ``kind``: password or code."""

    __tablename__ = "failed_logins"
    __table_args__ = (Index("ix_failed_logins_address", "address", "at_ms"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    user_name: Mapped[str] = mapped_column(index=True)
    at_ms: Mapped[int]
    kind: Mapped[str]
    address: Mapped[str]


class RecoveryCode(Base):
    """The hash of a one-time code that stands for the second factor; 80 random bits need no slow hash."""

    __tablename__ = "recovery_codes"

    code_sha256: Mapped[str] = mapped_column(primary_key=True)
    user_name: Mapped[str] = mapped_column(ForeignKey("users.name"), index=True)
    used_at_ms: Mapped[int | None]
