"""Every page that the centre has, as axe-core sees it in a real browser: for each role, in both languages.

The pages come from the routes: a route that no row names fails the first test.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from axe import Fault, faults_of
from browsing import settings_of
from centre import NOW_MS
from playwright.sync_api import Page, expect
from uploading import listening, pages_of
from visiting import begin
from whole_centre import FRESH, OWED, PAPERS, PARTY, SERVED, whole_centre

from server.access.doors import DOORS, Holders, Open, Stage
from server.access.rights import Role
from server.app import routes_of
from server.console.cookies import SESSION
from server.own_page.codes import code_of
from server.pages.render import LANGUAGE_COOKIE
from server.service import Service

pytestmark = [pytest.mark.browser, pytest.mark.refusals]
LINE_PX = 60
DESK, PHONE = {"width": 1280, "height": 1000}, {"width": 390, "height": 844}
CASE, MONEY = "/console/cases/{case_id}", "/console/ledger/cases/{case_id}"
PAGES = {
    "/list": ["/list"],
    "/ledger/heads": ["/ledger/heads"],
    "/ledger/heads/{day}": ["/ledger/heads/2027-01-15"],
    "/own": ["/own", f"/own?number=LK-{SERVED:07d}"],
    "/own/case": ["/own/case"],
    "/own/case/message": ["/own/case/message"],
    "/own/case/receipts/{position}": ["/own/case/receipts/1"],
    "/login": ["/login"],
    "/login/code": ["/login/code"],
    "/login/password": ["/login/password"],
    "/login/enrol": ["/login/enrol"],
    "/console": ["/console", "/console?group=review", "/console?q=nobody"],
    CASE: [f"/console/cases/{case}" for case in (FRESH, PARTY, PAPERS, SERVED)],
    f"{CASE}/party": [f"/console/cases/{PARTY}/party"],
    f"{CASE}/documents": [f"/console/cases/{PAPERS}/documents"],
    f"{CASE}/code": [f"/console/cases/{SERVED}/code"],
    "/console/from-parties": ["/console/from-parties"],
    "/console/from-parties/{message_id}": ["/console/from-parties/1"],
    MONEY: [f"/console/ledger/cases/{OWED}"],
    "/console/ledger/bank/{sha256}": ["/console/ledger/bank"],
    "/console/ledger/heads/proof": ["/console/ledger/heads/proof?entry=3"],
} | {
    f"/console{page}": [f"/console{page}"]
    for page in (
        *("/account", "/refused", "/held", "/delivery", "/statistics", "/retention", "/hand-off", "/sites", "/care"),
        *("/devices", "/users", "/audit", "/ledger", "/ledger/bank", "/ledger/suspense", "/ledger/cash"),
        "/ledger/heads",
    )
}  # fmt: skip
NO_PAGES = {
    "leads elsewhere": [
        *("/", f"{CASE}/next", f"{CASE}/previous", f"{CASE}/party/{{form}}", f"{CASE}/documents/{{form}}"),
        *(f"{CASE}/publish", f"{CASE}/reports/{{event_id}}/part"),
        *(f"{CASE}/party/{{form}}/{{number}}/{{deed}}", f"{CASE}/documents/{{number}}/{{deed}}"),
        *("/console/devices/codes", "/console/users/added", "/console/users/{name}/password", "/console/ledger/find"),
    ],
    "a file": [
        *("/list/{listing_id}.jpg", "/own/case/pictures/{role}.jpg", f"{CASE}/evidence/{{name}}"),
        *(f"{CASE}/reports/{{event_id}}/evidence/{{name}}", "/console/from-parties/{message_id}/files/{position}"),
        *("/console/ledger/statement.xlsx", f"{MONEY}/account.xlsx", "/console/ledger/heads/export.zip"),
        *("/console/audit.csv", "/static", "/assets"),
    ],
    "for machines": [
        *("/list/feed.json", "/ledger/heads.json", "/ledger/heads/{day}.json", "/openapi.json", "/metrics"),
        *("/api/v1/health", "/api/v1/public-key", "/api/v1/devices/{device_id}/delivery"),
        *("/docs", "/docs/oauth2-redirect", "/redoc"),
    ],
}
"""Routes that answer no page of ours. The framework's own pages are off in the service (server/app.py)."""


@pytest.fixture
def settings(tmp_path, page_assets):
    return settings_of(tmp_path, page_assets)


def test_every_route_is_a_page_that_is_looked_at_or_none(service):
    routes = {path for method, path in routes_of(pages_of(service)) if method in {"GET", "*"}}
    named = [*PAGES, *(path for paths in NO_PAGES.values() for path in paths)]
    assert sorted(named) == sorted(routes)


@dataclass
class Look:
    """One browser that goes from page to page; what it finds is kept by page."""

    page: Page
    service: Service
    base: str
    script: str
    found: dict[str, list[Fault]] = field(default_factory=dict)
    seen: set[tuple[str, ...]] = field(default_factory=set)

    def enter(self, role: Role | None, stage: Stage = Stage.WHOLE) -> None:
        """Be somebody of a role, or nobody; the language stays."""
        self.page.context.clear_cookies(name=SESSION)
        if role is not None:
            token, _ = begin(self.service, role, stage, NOW_MS, f"{role}-{stage}")
            self.page.context.add_cookies([{"name": SESSION, "value": token, "url": self.base}])

    def speak(self, language: str) -> None:
        self.page.context.add_cookies([{"name": LANGUAGE_COOKIE, "value": language, "url": self.base}])

    def at(self, address: str, who: str, status: int = 200) -> None:
        """Look at a page, unless the same was seen for somebody else: to ask costs less than to show."""
        answer = self.page.request.get(f"{self.base}{address}", max_redirects=0)
        assert (answer.status, answer.headers["content-type"]) == (status, "text/html; charset=utf-8"), (address, who)
        head, _, main = re.sub(r'name="csrf" value="[^"]*"', "", answer.text()).partition("<main")
        width = str(self.page.viewport_size["width"])
        parts = {(head.partition("<nav")[2].partition("</nav>")[0], width), (main, width)}
        if parts <= self.seen:
            return
        self.seen |= parts
        self.page.goto(f"{self.base}{address}", wait_until="domcontentloaded")
        self.here(f"{address} ({who})")

    def here(self, name: str) -> None:
        """Look at what is open."""
        language, width = self.page.locator("html").get_attribute("lang"), self.page.viewport_size["width"]
        self.found[f"{name} {language} {width} px"] = [*faults_of(self.page, self.script), *title_faults(self.page)]

    def told(self) -> str:
        """Tell whatever was found, of whatever weight."""
        return "\n".join(f"{name}:\n    {fault}" for name, found in self.found.items() for fault in found)


def title_faults(page: Page) -> list[Fault]:
    """Return that a page's title does not begin as its heading does (WCAG 2.4.2), the own page's apart."""
    heading = page.locator("h1").first.evaluate("h1 => h1.firstChild.textContent.trim()")
    if page.title().startswith(heading) or "/own/case" in page.url:
        return []
    return [Fault("serious", "title", "the title is the page's own", "title", f"{page.title()!r} for {heading!r}")]


@pytest.fixture
def look(service, press, page, axe_script):
    whole = whole_centre(service, press)
    with listening(pages_of(whole)) as port:
        yield Look(page, whole, f"http://127.0.0.1:{port}", axe_script)


@pytest.fixture
def plain(service, page, axe_script):
    """A centre without a case."""
    with listening(pages_of(service)) as port:
        yield Look(page, service, f"http://127.0.0.1:{port}", axe_script)


def holders(path: str) -> list[Role]:
    door = DOORS["GET", path]
    return [role for role in Role if role in door.roles] if isinstance(door, Holders) else []


def test_no_page_keeps_anybody_out(look):
    """Chinese for each role; English for the one of them who may do most. Then whoever has no login, on a telephone."""
    for role in Role:
        look.enter(role)
        look.speak("zh")
        _console(look, role, lambda path, role=role: role in holders(path))
        look.speak("en")
        _console(look, role, lambda path, role=role: role == most(path))
    for language in ("zh", "en"):
        look.speak(language)
        for size in (DESK, PHONE):
            look.page.set_viewport_size(size)
            _public(look)
    assert look.told() == ""


def most(path: str) -> Role | None:
    """Return the role that sees most on a page."""
    order = (Role.ADMINISTRATOR, Role.SUPERVISOR, Role.CASHIER, Role.AUDITOR)
    if path.startswith("/console/ledger"):
        order = (Role.CASHIER, Role.AUDITOR)
    return next((role for role in order if role in holders(path)), None)


def _console(look: Look, role: Role, wanted: Callable[[str], bool]) -> None:
    look.page.set_viewport_size(DESK)
    for path, addresses in PAGES.items():
        for address in addresses if wanted(path) else ():
            look.at(address, role)


def _public(look: Look) -> None:
    """Everybody's pages, each step of a login, the party's own, and what is said to whoever may not."""
    look.enter(None)
    for path, addresses in PAGES.items():
        for address in addresses if DOORS["GET", path] is Open.ANYBODY else ():
            look.at(address, "anybody")
    look.page.goto(f"{look.base}/own?number=LK-{SERVED:07d}")
    look.page.fill("[name=code]", code_of(look.service.secrets_box, SERVED))
    look.page.keyboard.press("Enter")
    look.page.wait_for_url("**/own/case")
    for path, addresses in PAGES.items():
        for address in addresses if DOORS["GET", path] is Open.PARTY else ():
            look.at(address, "party")
    for stage in (Stage.CODE, Stage.PASSWORD, Stage.ENROL):
        look.enter(Role.REVIEWER, stage)
        look.at(f"/login/{stage}", "reviewer")
    look.enter(Role.REVIEWER)
    look.at("/console/users", "reviewer, who may not", 403)
    look.at("/console/cases/999", "reviewer", 404)


def test_too_many_tries_are_told_on_a_page_like_any_other(plain):
    page = plain.page
    for _ in range(40):
        page.goto(f"{plain.base}/login")
        page.fill("[name=name]", "officer")
        page.fill("[name=password]", "not this one")
        with page.expect_navigation() as coming:
            page.keyboard.press("Enter")
        if coming.value.status == 429:
            break
    plain.here("/login (429)")
    assert coming.value.status == 429
    assert plain.told() == ""


def test_a_fault_would_be_found(page, axe_script):
    page.set_content("<title>t</title><main><img src=x><p style='color:#ccc'>words</p><input></main>")
    assert {fault.rule for fault in faults_of(page, axe_script)} >= {"image-alt", "color-contrast", "label"}


def test_by_keyboard_the_menu_is_passed_opened_and_left_and_a_new_page_is_told(plain):
    page = plain.page
    plain.enter(Role.SUPERVISOR)
    page.goto(f"{plain.base}/console")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    summary = page.locator("header summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".menu a").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".menu a").first).to_be_hidden()
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_focused()  # htmx swapped the page: whoever listens goes on at its heading
    expect(page).to_have_title(re.compile("^现场指挥开关"))


def test_the_menu_of_whoever_has_the_longest_takes_one_line(plain):
    for role in (Role.SUPERVISOR, Role.AUDITOR):
        plain.enter(role)
        for language in ("zh", "en"):
            plain.speak(language)
            plain.page.goto(f"{plain.base}/console")
            for size in (DESK, {"width": 1440, "height": 900}):
                plain.page.set_viewport_size(size)
                assert plain.page.locator("header").bounding_box()["height"] < LINE_PX, (role, language, size)
