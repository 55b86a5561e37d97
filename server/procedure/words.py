"""The words of the procedure: where a case stands, what is done to it, who is meant and how they are known. Pure."""

from enum import StrEnum


class CaseState(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    SECOND_REVIEW = "second_review"
    DISPUTED = "disputed"
    CONFIRMED = "confirmed"
    IDENTIFIED = "identified"
    NOTIFIED = "notified"
    HEARD = "heard"
    PROPOSED = "proposed"
    DECIDED = "decided"
    SERVED = "served"
    PAID = "paid"
    OBJECTED = "objected"
    RECONSIDERATION = "reconsideration"
    COURT = "court"
    ENFORCEMENT = "enforcement"
    REJECTED = "rejected"
    REVOKED = "revoked"
    LAPSED = "lapsed"
    SHELVED = "shelved"
    ARCHIVED = "archived"


class Act(StrEnum):
    """What is done to a case; each is a named person's."""

    CONFIRM = "confirm"
    REJECT = "reject"
    REVIEW_AGAIN = "review_again"
    REOPEN = "reopen"
    IDENTIFY = "identify"
    REASSIGN = "reassign"
    NOTIFY = "notify"
    PROLONG = "prolong"
    HEAR = "hear"
    FINE = "fine"
    WARN = "warn"
    EDUCATE = "educate"
    NO_PENALTY = "no_penalty"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    ANNOUNCE = "announce"
    SERVE = "serve"
    SETTLE = "settle"
    OBJECT = "object"
    UPHOLD = "uphold"
    DENY = "deny"
    APPLY_RECONSIDERATION = "apply_reconsideration"
    SUE = "sue"
    MAINTAIN = "maintain"
    REDUCE = "reduce"
    ANNUL = "annul"
    ENFORCE = "enforce"
    REVOKE = "revoke"
    LAPSE = "lapse"
    SHELVE = "shelve"
    ARCHIVE = "archive"


SANCTIONS = frozenset({Act.FINE, Act.WARN, Act.EDUCATE, Act.NO_PENALTY})
"""The acts that decide a case."""
MILD = frozenset({Act.WARN, Act.EDUCATE, Act.NO_PENALTY})
NAMING = frozenset({Act.IDENTIFY, Act.REASSIGN})
"""The acts that say who it is."""


class AgeBand(StrEnum):
    """What is known of a party's age: 行政处罚法 art. 30, 未成年人保护法 art. 103."""

    ADULT = "adult"
    MINOR_14_17 = "minor_14_17"
    UNDER_14 = "under_14"
    UNKNOWN = "unknown"


class Basis(StrEnum):
    """How a party was identified. No face search, ever."""

    SHOWN_ON_SITE = "shown_on_site"
    SELF_REPORT = "self_report"
    RIDER_CODE = "rider_code"
    PLATE = "plate"
    DEMONSTRATION = "demonstration"
