"""One case's whole history as the oracles read it: looked at twice, told, heard, fined, served and paid."""

from datasets.histories.law import DAY_MS
from datasets.histories.values import ActSeen, CaseSeen

ENTERED_MS = 1_800_000_000_000
PLACES = ("received", "second_review", "confirmed", "identified", "notified", "heard", "decided", "served", "paid")
WORDS = (
    ("confirm", "zhang"),
    ("confirm", "wang"),
    ("identify", "zhang"),
    ("notify", "zhang"),
    ("hear", "zhang"),
    ("fine", "zhang"),
    ("serve", "zhang"),
    ("settle", "qian"),
)
AMOUNTS = {"notify": 1000, "fine": 1000}
ACTS = tuple(
    ActSeen(act, before, after, who, ENTERED_MS + number * DAY_MS, AMOUNTS.get(act))
    for number, ((act, who), before, after) in enumerate(zip(WORDS, PLACES, PLACES[1:], strict=False), start=1)
)
PAID = CaseSeen(
    id=1,
    state="paid",
    version=9,
    entered_at_ms=ENTERED_MS,
    seen_ms=ENTERED_MS + 30 * DAY_MS,
    fined=True,
    range_fen=(500, 5000),
    simple_max_fen=2500,
    sanction="fine",
    amount_fen=1000,
    acts=ACTS,
    bands=("adult",),
)
