"""How documents name a police officer: a user's own name and police number (警号, or that of the enforcement card).

行政处罚法 art. 52 and 程序规定 arts 44, 45: an officer signs; so the paper says who that is, not a user's login.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.models import User
from server.errors import WrongInputError

NAME: Final = re.compile(r"[^\W\d_][^\W\d_ ·.'-]*(?:[ ·.'-]{1,2}[^\W\d_]+)*")
"""Letters of any script, parted by a blank or a mark."""
NAME_MIN: Final = 2
NAME_MAX: Final = 40
NUMBER: Final = re.compile(r"(?=.*\d)[0-9A-Z-]{4,20}")


@dataclass(frozen=True, slots=True)
class Police:
    """A user as documents and histories name them; ``name`` is the user's login where no other is known."""

    name: str
    number: str
    known: bool

    @property
    def words(self) -> str:
        """Return name and number on one line."""
        return f"{self.name}（{self.number}）" if self.number else self.name


def read_police(name: str, number: str) -> tuple[str | None, str | None]:
    """Return name and number as they are kept; both empty: none. Raises WrongInputError with every problem."""
    plain, figures = " ".join(name.split()), number.strip().upper()
    if not plain and not figures:
        return None, None
    english, chinese = [], []
    if not (NAME_MIN <= len(plain) <= NAME_MAX and NAME.fullmatch(plain)):
        english.append(f"expected a name of {NAME_MIN} to {NAME_MAX} letters, found {plain[:60]!r}")
        chinese.append(f"姓名应为 {NAME_MIN} 至 {NAME_MAX} 个文字，实际为“{plain[:60]}”")
    if not NUMBER.fullmatch(figures):
        english.append(f"expected a police number of 4 to 20 figures and capital letters, found {figures[:30]!r}")
        chinese.append(f"警号应为 4 至 20 位数字和大写字母，实际为“{figures[:30]}”")
    if english:
        raise WrongInputError("; ".join(english), "；".join(chinese))
    return plain, figures


def police_of(session: Session, names: Iterable[str]) -> Mapping[str, Police]:
    """Return how each of these users is named; who is no user any more is named by the login."""
    logins = list(dict.fromkeys(names))
    rows = {user.name: user for user in session.scalars(select(User).where(User.name.in_(logins)))}
    return {login: _police(login, rows.get(login)) for login in logins}


def _police(login: str, user: User | None) -> Police:
    if user is None or user.display_name is None or user.police_number is None:
        return Police(login, "", known=False)
    return Police(user.display_name, user.police_number, known=True)
