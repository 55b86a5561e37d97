"""The demonstration's officers: work the console's own pages over HTTP, form by form, as a person's browser would.

Two confirm whatever is in the queue with its evidence, each for as long as the law's data asks; so it is no model of a
review, and all that they decide is marked as a demonstration. One of them leads the case on to the public list.
"""

import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

import httpx

from datasets.errors import ChainBrokenError

STEPS: Final = ("identify", "notify", "hear", "fine", "serve", "publish")
LOOKS_S: Final = 3.1
"""A little more than the least viewing time (server/law/limits.toml)."""


@dataclass(slots=True)
class _Form:
    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Page(HTMLParser):
    """The links and forms of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[_Form] = []
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "data-row" in given:
            self.links.append(given["href"])
        elif tag == "form":
            self.forms.append(_Form(given.get("action", "")))
        elif tag == "input" and self.forms and "name" in given:
            self.forms[-1].fields[given["name"]] = given.get("value", "")
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and "selected" in given and self.forms:
            self.forms[-1].fields[self._select] = given.get("value", "")


@dataclass(slots=True)
class Officer:
    """An officer at the console."""

    client: httpx.Client

    def log_in(self, name: str, password: str) -> None:
        """Log in. Raises ChainBrokenError."""
        form = next(form for form in _Page(self._get("/login")).forms if form.action == "/login")
        filled = form.fields | {"name": name, "password": password}
        answer = self.client.post(form.action, data=filled, follow_redirects=True)
        if answer.url.path != "/console":
            raise ChainBrokenError(f"login of {name}: expected the console, found {answer.url.path}")

    def queue(self) -> list[str]:
        """Return the links of the queue's cases."""
        return _Page(self._get("/console")).links

    def is_whole(self, link: str) -> bool:
        """Tell whether a case's pictures are here."""
        return 'data-complete="yes"' in self._get(link)

    def confirm(self, link: str) -> None:
        """Look at a case for as long as one must, and confirm it."""
        page = self._get(link)
        time.sleep(LOOKS_S)
        self._do(link, page, "confirm")

    def lead_on(self, link: str) -> None:
        """Lead a confirmed case to the public list."""
        page = self._get(link)
        for step in STEPS:
            page = self._do(link, page, step)

    def _do(self, link: str, page: str, step: str) -> str:
        form = _form(page, step)
        if form is None:
            raise ChainBrokenError(f"{link}: expected a form to {step}, found none")
        answer = self.client.post(form.action, data=form.fields, follow_redirects=True)
        if answer.status_code != httpx.codes.OK:
            raise ChainBrokenError(f"{link}: {step} was refused: {_alert(answer.text)}")
        return answer.text

    def _get(self, path: str) -> str:
        answer = self.client.get(path)
        answer.raise_for_status()
        return answer.text


def _form(page: str, step: str) -> _Form | None:
    for form in _Page(page).forms:
        if form.fields.get("act") == step or (step == "publish" and form.action.endswith("/publish")):
            return form
    return None


def _alert(html: str) -> str:
    return html.partition('role="alert">')[2].partition("<")[0] or "no reason was given"


@dataclass(frozen=True, slots=True)
class Officers:
    """The two who look at every case: what is fined is confirmed by two."""

    first: Officer
    second: Officer

    def work(self) -> int:
        """Decide every case in the queue whose evidence is here; return how many."""
        return sum(self._decide(link) for link in self.first.queue())

    def _decide(self, link: str) -> bool:
        if not self.first.is_whole(link):
            return False  # its pictures are still on their way
        self.first.confirm(link)
        self.second.confirm(link)
        self.first.lead_on(link)
        return True
