"""The tables of users, their sessions and failed logins."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class User(Base):
    """A person who works here. ``role``: officer, auditor (reads only) or admin."""

    __tablename__ = "users"

    name: Mapped[str] = mapped_column(primary_key=True)
    password_hash: Mapped[str]
    role: Mapped[str]
    demonstration: Mapped[bool]
    active: Mapped[bool] = mapped_column(default=True)


class Login(Base):
    """A session: the cookie's hash, until when, and the token that every form carries."""

    __tablename__ = "logins"

    token_sha256: Mapped[str] = mapped_column(primary_key=True)
    user_name: Mapped[str] = mapped_column(ForeignKey("users.name"))
    csrf: Mapped[str]
    ends_at_ms: Mapped[int]


class FailedLogin(Base):
    """A try that failed, for the rate limit."""

    __tablename__ = "failed_logins"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    user_name: Mapped[str] = mapped_column(index=True)
    at_ms: Mapped[int]
