"""The demonstration's officer: works the console's own pages over HTTP, form by form, as a person's browser would.

It confirms whatever is in the queue with its evidence; so it is no model of a review, and all that it decides is
marked as a demonstration.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

import httpx

from datasets.errors import ChainBrokenError

STEPS: Final = ("confirm", "identify", "fine", "publish")


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
class Reviewer:
    """An officer at the console."""

    client: httpx.Client

    def log_in(self, name: str, password: str) -> None:
        """Log in. Raises ChainBrokenError."""
        form = next(form for form in _Page(self._get("/login")).forms if form.action == "/login")
        filled = form.fields | {"name": name, "password": password}
        answer = self.client.post(form.action, data=filled, follow_redirects=True)
        if answer.url.path != "/console":
            raise ChainBrokenError(f"login of {name}: expected the console, found {answer.url.path}")

    def work(self) -> int:
        """Decide every case in the queue whose evidence is here; return how many."""
        queue = _Page(self._get("/console"))
        return sum(self._decide(link) for link in queue.links)

    def _decide(self, link: str) -> bool:
        page = self._get(link)
        if 'data-complete="yes"' not in page:
            return False  # its pictures are still on their way
        for step in STEPS:
            form = _form(page, step)
            if form is None:
                raise ChainBrokenError(f"{link}: expected a form to {step}, found none")
            answer = self.client.post(form.action, data=form.fields, follow_redirects=True)
            if answer.status_code != httpx.codes.OK:
                raise ChainBrokenError(f"{link}: {step} was refused: {_alert(answer.text)}")
            page = answer.text
        return True

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
