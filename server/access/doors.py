"""Which door every route of the centre has: nobody adds a route without saying here who may use it. Pure data.

The gate (server/console/gate.py) goes by this table; the service does not start with a route that is not in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from server.access.rights import TABLE, Right, Role


class Stage(StrEnum):
    """How far a login has come; only a whole one opens a page of the console."""

    CODE = "code"
    PASSWORD = "password"  # noqa: S105 - a stage's name
    ENROL = "enrol"
    WHOLE = "whole"


class Open(StrEnum):
    """Doors without a person's login."""

    ANYBODY = "anybody"
    FORM_OF_LOGIN = "form_of_login"  # anybody, by a form with the token of the visit
    PARTY = "party"  # who has come in by a case's number and code: to that case's page alone
    BOX = "box"  # a box with its token, its one-time code, or the key that sealed the message
    MONITOR = "monitor"  # this machine, or LUKOU_METRICS_TOKEN


@dataclass(frozen=True, slots=True)
class Holders:
    """Those who have one of these rights."""

    rights: frozenset[Right]

    @property
    def roles(self) -> frozenset[Role]:
        """Return the roles that may pass."""
        return frozenset().union(*(TABLE[right] for right in self.rights))


Door = Open | Stage | Holders


def _any(*rights: Right) -> Holders:
    return Holders(frozenset(rights))


_CASE: Final = "/console/cases/{case_id}"
_ACCOUNT: Final = "/console/ledger/cases/{case_id}"
_USER: Final = "/console/users/{name}"
_MESSAGE: Final = "/console/from-parties/{message_id}"
SEE: Final = _any(Right.SEE_CASE)
OPERATION: Final = _any(Right.SEE_OPERATION)
LEDGER: Final = _any(Right.SEE_LEDGER)
SETTLE: Final = _any(Right.SETTLE_MONEY)
DEVICES: Final = _any(Right.MANAGE_DEVICES)
ACTS: Final = _any(
    *(Right.CONFIRM, Right.SECOND_REVIEW, Right.SETTLE_DISPUTE, Right.IDENTIFY, Right.NOTIFY, Right.HEAR_STATEMENT),
    *(Right.DECIDE, Right.APPROVE_DECISION, Right.SERVE, Right.TAKE_PAYMENT, Right.ANSWER_OBJECTION, Right.REVOKE),
)
USERS: Final = _any(Right.MANAGE_USERS)
OWN: Final = _any(Right.OWN_ACCOUNT)

DOORS: Final[dict[tuple[str, str], Door]] = {
    ("GET", "/"): Open.ANYBODY,
    ("GET", "/openapi.json"): Open.ANYBODY,
    ("GET", "/docs"): Open.ANYBODY,  # the framework's own pages of the same, switched off in server/app.py
    ("GET", "/docs/oauth2-redirect"): Open.ANYBODY,
    ("GET", "/redoc"): Open.ANYBODY,
    ("GET", "/static"): Open.ANYBODY,
    ("GET", "/assets"): Open.ANYBODY,
    ("GET", "/list"): Open.ANYBODY,
    ("GET", "/list/feed.json"): Open.ANYBODY,
    ("GET", "/list/{listing_id}.jpg"): Open.ANYBODY,
    ("GET", "/ledger/heads"): Open.ANYBODY,
    ("GET", "/ledger/heads.json"): Open.ANYBODY,
    ("GET", "/ledger/heads/{day}"): Open.ANYBODY,
    ("GET", "/ledger/heads/{day}.json"): Open.ANYBODY,
    ("GET", "/own"): Open.ANYBODY,
    ("POST", "/own"): Open.FORM_OF_LOGIN,
    ("POST", "/own/leave"): Open.PARTY,
    ("GET", "/own/case"): Open.PARTY,
    ("GET", "/own/case/pictures/{role}.jpg"): Open.PARTY,
    ("GET", "/own/case/message"): Open.PARTY,
    ("POST", "/own/case/message"): Open.PARTY,
    ("GET", "/own/case/receipts/{position}"): Open.PARTY,
    ("POST", "/language"): Open.ANYBODY,  # it sets a cookie of the visitor's own and nothing else
    ("GET", "/api/v1/health"): Open.ANYBODY,
    ("GET", "/api/v1/public-key"): Open.ANYBODY,
    ("GET", "/metrics"): Open.MONITOR,
    ("GET", "/api/v1/devices/{device_id}/delivery"): Open.MONITOR,
    ("POST", "/api/v1/devices/enrol"): Open.BOX,
    ("POST", "/api/v1/devices/admission"): Open.BOX,
    ("HEAD", "/api/v1/evidence/{digest}"): Open.BOX,
    ("PATCH", "/api/v1/evidence/{digest}"): Open.BOX,
    ("PUT", "/api/v1/evidence/{digest}"): Open.BOX,
    ("GET", "/login"): Open.ANYBODY,
    ("POST", "/login"): Open.FORM_OF_LOGIN,
    ("GET", "/login/code"): Stage.CODE,
    ("POST", "/login/code"): Stage.CODE,
    ("GET", "/login/password"): Stage.PASSWORD,
    ("POST", "/login/password"): Stage.PASSWORD,
    ("GET", "/login/enrol"): Stage.ENROL,
    ("POST", "/login/enrol"): Stage.ENROL,
    ("POST", "/logout"): OWN,
    ("GET", "/console/account"): OWN,
    ("POST", "/console/account/password"): OWN,
    ("POST", "/console/account/sessions/end"): OWN,
    ("POST", "/console/account/recovery-codes"): OWN,
    ("GET", "/console"): _any(Right.SEE_QUEUE),
    ("GET", _CASE): SEE,
    ("GET", f"{_CASE}/next"): SEE,
    ("GET", f"{_CASE}/previous"): SEE,
    ("GET", f"{_CASE}/evidence/{{name}}"): SEE,
    ("GET", f"{_CASE}/reports/{{event_id}}/evidence/{{name}}"): SEE,
    ("POST", _CASE): ACTS,  # then by the act and where the case stands: server/decisions/act_rights.py
    ("GET", f"{_CASE}/publish"): SEE,
    ("POST", f"{_CASE}/publish"): _any(Right.PUBLISH_LISTING),
    ("GET", f"{_CASE}/reports/{{event_id}}/part"): SEE,
    ("POST", f"{_CASE}/reports/{{event_id}}/part"): _any(Right.CONFIRM),
    ("POST", f"{_CASE}/hold"): _any(Right.HOLD),
    ("POST", f"{_CASE}/release-hold"): _any(Right.HOLD),
    ("GET", f"{_CASE}/party"): _any(Right.SEE_IDENTITY),
    ("GET", f"{_CASE}/party/{{form}}"): _any(Right.SEE_IDENTITY),
    ("GET", f"{_CASE}/party/{{form}}/{{number}}/{{deed}}"): _any(Right.SEE_IDENTITY),
    ("POST", f"{_CASE}/party/identity"): _any(Right.IDENTIFY),
    ("POST", f"{_CASE}/party/open"): _any(Right.SEE_IDENTITY),
    ("POST", f"{_CASE}/party/contacts"): _any(Right.IDENTIFY),
    ("POST", f"{_CASE}/party/contacts/{{contact_id}}/confirm"): _any(Right.IDENTIFY),
    ("POST", f"{_CASE}/party/contacts/{{contact_id}}/open"): _any(Right.SEE_IDENTITY),
    ("POST", f"{_CASE}/party/consent"): _any(Right.IDENTIFY),
    ("POST", f"{_CASE}/party/statements"): _any(Right.HEAR_STATEMENT),
    ("POST", f"{_CASE}/party/statements/{{statement_id}}/answer"): _any(Right.ANSWER_OBJECTION),
    ("POST", f"{_CASE}/party/statements/{{statement_id}}/open"): _any(Right.SEE_IDENTITY),
    ("GET", f"{_CASE}/documents"): SEE,
    ("GET", f"{_CASE}/documents/{{form}}"): SEE,
    ("GET", f"{_CASE}/documents/{{number}}/{{deed}}"): SEE,
    ("POST", f"{_CASE}/documents/check"): SEE,
    ("POST", f"{_CASE}/documents/account"): _any(Right.SERVE),
    ("POST", f"{_CASE}/documents/demand"): _any(Right.APPROVE_DECISION),
    ("POST", f"{_CASE}/documents/{{document_id}}/open"): _any(Right.SEE_IDENTITY),
    ("POST", f"{_CASE}/documents/{{document_id}}/services"): _any(Right.SERVE),
    ("GET", f"{_CASE}/code"): _any(Right.HEAR_STATEMENT),
    ("POST", f"{_CASE}/code"): _any(Right.HEAR_STATEMENT),
    ("GET", "/console/from-parties"): _any(Right.SEE_QUEUE),
    ("GET", f"{_MESSAGE}"): SEE,
    ("POST", f"{_MESSAGE}/open"): _any(Right.SEE_IDENTITY),
    ("GET", f"{_MESSAGE}/files/{{position}}"): _any(Right.SEE_IDENTITY),
    ("POST", f"{_MESSAGE}/answer"): _any(Right.HEAR_STATEMENT),  # an objection's: answer_objection
    ("GET", "/console/refused"): OPERATION,
    ("GET", "/console/held"): OPERATION,
    ("GET", "/console/delivery"): OPERATION,
    ("GET", "/console/statistics"): OPERATION,
    ("GET", "/console/retention"): OPERATION,
    ("GET", "/console/hand-off"): OPERATION,
    ("POST", "/console/hand-off/{site_id}/set"): _any(Right.HAND_OFF),
    ("POST", "/console/hand-off/{site_id}/release"): _any(Right.HAND_OFF),
    ("GET", "/console/sites"): SEE,
    ("POST", "/console/sites/{site_id}/lift"): _any(Right.LIFT_SUSPENSION),
    ("GET", "/console/care"): _any(Right.SEE_CARE),
    ("POST", "/console/care/seed"): _any(Right.SEED_KNOWN),
    ("GET", "/console/devices"): OPERATION,
    ("GET", "/console/devices/codes"): OPERATION,
    ("POST", "/console/devices/codes"): DEVICES,
    ("POST", "/console/devices/codes/{code_id}/withdraw"): DEVICES,
    ("POST", "/console/devices/{device_id}/revoke"): DEVICES,
    ("GET", "/console/users"): _any(Right.SEE_USERS),
    ("GET", "/console/users/added"): _any(Right.SEE_USERS),
    ("POST", "/console/users/added"): USERS,
    ("GET", f"{_USER}/password"): _any(Right.SEE_USERS),
    ("POST", f"{_USER}/password"): USERS,
    ("POST", f"{_USER}/role"): USERS,
    ("POST", f"{_USER}/active"): USERS,
    ("POST", f"{_USER}/second-factor"): USERS,
    ("POST", f"{_USER}/police"): USERS,
    ("GET", "/console/ledger"): LEDGER,
    ("GET", "/console/ledger/statement.xlsx"): _any(Right.EXPORT_LEDGER),
    ("POST", "/console/ledger/statement"): _any(Right.ISSUE_STATEMENT),
    ("POST", "/console/ledger/statement/again"): _any(Right.EXPORT_LEDGER),
    ("GET", "/console/ledger/bank"): LEDGER,
    ("POST", "/console/ledger/bank"): _any(Right.IMPORT_BANK),
    ("POST", "/console/ledger/bank/one"): _any(Right.IMPORT_BANK),
    ("GET", "/console/ledger/bank/{sha256}"): LEDGER,
    ("POST", "/console/ledger/bank/{sha256}/move"): _any(Right.TAKE_PAYMENT),
    ("GET", "/console/ledger/suspense"): LEDGER,
    ("POST", "/console/ledger/suspense/assign"): _any(Right.TAKE_PAYMENT),
    ("POST", "/console/ledger/suspense/return"): _any(Right.TAKE_PAYMENT),
    ("POST", "/console/ledger/suspense/payer"): _any(Right.TAKE_PAYMENT),
    ("GET", "/console/ledger/cash"): LEDGER,
    ("POST", "/console/ledger/cash/take"): _any(Right.TAKE_PAYMENT),
    ("POST", "/console/ledger/cash/hand-in"): _any(Right.HAND_IN_CASH),
    ("POST", "/console/ledger/cash/bank"): _any(Right.HAND_IN_CASH),
    ("GET", "/console/ledger/find"): LEDGER,
    ("GET", _ACCOUNT): LEDGER,
    ("GET", f"{_ACCOUNT}/account.xlsx"): _any(Right.EXPORT_LEDGER),
    ("POST", f"{_ACCOUNT}/receipt"): _any(Right.TAKE_PAYMENT),
    ("POST", f"{_ACCOUNT}/statement"): _any(Right.ISSUE_STATEMENT),
    ("POST", f"{_ACCOUNT}/again"): _any(Right.EXPORT_LEDGER),
    ("POST", f"{_ACCOUNT}/surcharge"): SETTLE,
    ("POST", f"{_ACCOUNT}/waive"): SETTLE,
    ("POST", f"{_ACCOUNT}/social-service"): SETTLE,
    ("POST", f"{_ACCOUNT}/agree"): SETTLE,
    ("POST", f"{_ACCOUNT}/refund"): _any(Right.TAKE_PAYMENT),
    ("POST", f"{_ACCOUNT}/move"): _any(Right.TAKE_PAYMENT),
    ("GET", "/console/ledger/heads"): LEDGER,
    ("GET", "/console/ledger/heads/proof"): LEDGER,
    ("GET", "/console/ledger/heads/export.zip"): _any(Right.EXPORT_LEDGER),
    ("GET", "/console/audit"): _any(Right.SEE_AUDIT),
    ("GET", "/console/audit.csv"): _any(Right.EXPORT_AUDIT),
}


def door_of(method: str, path: str) -> Door | None:
    """Return the door of a route, by its path as it was written; None: nobody has said."""
    return DOORS.get((method, path))


def without_door(routes: Iterable[tuple[str, str]]) -> list[str]:
    """Return the routes of which nobody has said who may use them."""
    return sorted(f"{method} {path}" for method, path in routes if (method, path) not in DOORS)
