"""The procedure once more, by hand and from the law's text: which act leads where, and when. Pure.

It shares no line with server.procedure: a row that is wrong or missing there is found against this one.
"""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

BEIJING: Final = timezone(timedelta(hours=8))
DAY_MS: Final = 86_400_000
BACK: Final = "back"
"""Where the case stood when the remedy began."""
BELIEVED: Final = ("confirmed", "identified", "notified", "heard", "proposed")
DECIDED: Final = ("decided", "served", "paid", "enforcement")
REMEDIES: Final = ("objected", "reconsideration", "court")
MILD: Final = ("warn", "educate", "no_penalty")
FROM_MILD: Final = dict.fromkeys(("identified", "notified", "heard"), "decided")
LEADS: Final[dict[str, dict[str, str]]] = {
    "confirm": {
        "received": "confirmed second_review",
        "second_review": "confirmed identified disputed",
        "disputed": "confirmed identified",
    },
    "reject": {
        "received": "rejected second_review",
        "second_review": "rejected disputed",
        "disputed": "rejected",
        **dict.fromkeys(BELIEVED, "rejected"),
    },
    "review_again": dict.fromkeys(("confirmed", "identified"), "second_review"),
    "reopen": dict.fromkeys(("second_review", "disputed", *BELIEVED), "received"),
    "identify": {"confirmed": "identified"},
    "reassign": dict.fromkeys(("identified", "notified", "heard"), "identified"),
    "notify": {"identified": "notified"},
    "prolong": {"notified": "notified"},
    "hear": {"notified": "heard", "heard": "heard"},
    "fine": dict.fromkeys(("notified", "heard"), "decided proposed"),
    "warn": FROM_MILD,
    "educate": FROM_MILD,
    "no_penalty": FROM_MILD,
    "approve": {"proposed": "decided"},
    "send_back": {"proposed": "heard"},
    "announce": {"decided": "decided"},
    "serve": {"decided": "served"},
    "settle": {"served": "paid", "enforcement": "paid"},
    "enforce": {"served": "enforcement"},
    "object": dict.fromkeys((*BELIEVED, *DECIDED), "objected"),
    "uphold": {"objected": "rejected revoked"},
    "deny": {"objected": BACK},
    "apply_reconsideration": dict.fromkeys(DECIDED, "reconsideration"),
    "sue": dict.fromkeys(DECIDED, "court"),
    "maintain": dict.fromkeys(("reconsideration", "court"), BACK),
    "reduce": dict.fromkeys(("reconsideration", "court"), BACK),
    "annul": dict.fromkeys(("reconsideration", "court"), "revoked"),
    "revoke": dict.fromkeys((*DECIDED, *REMEDIES), "revoked"),
    "lapse": dict.fromkeys(("received", "second_review", "disputed", *BELIEVED), "lapsed"),
    "shelve": {"confirmed": "shelved"},
    "archive": {"served": "archived", "paid": "archived"},
}
"""By act and by where the case stands: where it may lead to."""


def steps() -> frozenset[tuple[str, str, str]]:
    """Return every step that a case can take: from where, by which act, to where (``back`` as it stands here)."""
    return frozenset(
        (before, act, after) for act, leads in LEADS.items() for before, text in leads.items() for after in text.split()
    )


def day_of(at_ms: int) -> date:
    """Return the day in Beijing."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(BEIJING).date()


def two_years_over(entered_at_ms: int, at_ms: int) -> bool:
    """Tell whether two years since the act are over (行政处罚法 art. 36); the last day is the same of the year."""
    began = day_of(entered_at_ms)
    leap = (began.month, began.day) == (2, 29)
    last = date(began.year + 2, 2, 28) if leap else began.replace(year=began.year + 2)
    return day_of(at_ms) > last


def days_between(from_ms: int, to_ms: int) -> int:
    """Return how many days lie between two instants, the first one's own not counted."""
    return (day_of(to_ms) - day_of(from_ms)).days
