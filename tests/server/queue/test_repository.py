"""The queue's pages on both databases: each case once, in order, nobody's own verdicts."""

from dataclasses import dataclass, replace

import pytest
from centre import NOW_MS
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete

from contract.words import ViolationKind
from server.cases import repository as cases
from server.cases.models import Case, CaseAct, Event
from server.db import unit_of_work
from server.procedure.words import Act, CaseState
from server.queue import repository
from server.queue.filters import DAY_MS, Due, Wanted, due_span, place_at
from server.queue.groups import OPEN
from server.queue.repository import Pressing

KINDS = list(ViolationKind)
S, A = CaseState, Act


@dataclass(frozen=True)
class Told:
    """A case of a test: where it stands and when its earliest period ends (days from now; None: never)."""

    state: CaseState = S.RECEIVED
    due: int | None = 1
    site: str = "s-1"
    kind: ViolationKind = ViolationKind.PEDESTRIAN_RED_LIGHT
    days_ago: int = 5


def fill(service, told: list[Told]) -> None:
    """Put cases 1, 2, ... into an empty database."""
    with unit_of_work(service.sessions) as session:
        session.execute(delete(Case))
        session.execute(delete(Event))
        for number, one in enumerate(told, 1):
            session.add(event(number))
            session.flush()
            due_ms = None if one.due is None else NOW_MS + one.due * DAY_MS
            values = {"state": one.state, "site_id": one.site, "site_name": f"路口 {one.site}", "kind": one.kind}
            times = {"entered_at_ms": NOW_MS - one.days_ago * DAY_MS, "created_at_ms": NOW_MS, "next_due_ms": due_ms}
            session.add(Case(id=number, event_id=f"event-{number}", demonstration=False, **values, **times))


def event(number: int) -> Event:
    said = {"event_id": f"event-{number}", "device_id": "box-1", "sequence": number, "chain": "c", "body": "{}"}
    times = {"seen_at_ms": NOW_MS, "received_at_ms": NOW_MS, "evidence_complete_at_ms": NOW_MS if number % 2 else None}
    return Event(body_sha256="0" * 64, demonstration=False, **said, **times)


def note(service, case_id: int, *acts: tuple[Act, CaseState, CaseState, str]) -> None:
    """Write a case's history as it is."""
    with unit_of_work(service.sessions) as session:
        for act, before, after, actor in acts:
            states = {"from_state": before, "to_state": after}
            session.add(CaseAct(case_id=case_id, act=act, actor=actor, at_ms=NOW_MS, demonstration=False, **states))
            session.flush()


def pages(service, sought: Wanted, size: int) -> list[int]:
    """Turn all pages; return the cases in the order in which they were shown."""
    shown, place = [], None
    with service.sessions.reading() as session:
        while rows := repository.page(session, sought, place, size):
            shown += [row.case.id for row in rows]
            place = place_at(rows[-1].case.next_due_ms, rows[-1].case.entered_at_ms, rows[-1].case.id)
    return shown


TOLD = st.builds(
    Told,
    state=st.sampled_from([S.RECEIVED, S.CONFIRMED, S.HEARD, S.COURT, S.PAID]),
    due=st.none() | st.integers(-2, 5),
    site=st.sampled_from(["s-1", "s-2", "s-3"]),
    kind=st.sampled_from(KINDS),
    days_ago=st.integers(0, 3),
)
SOUGHT = st.builds(
    Wanted,
    states=st.lists(st.sampled_from([S.RECEIVED, S.CONFIRMED, S.HEARD, S.COURT, S.PAID]), unique=True).map(tuple),
    viewer=st.just("li"),
    site=st.none() | st.sampled_from(["s-1", "s-2"]),
    kind=st.none() | st.sampled_from(KINDS),
    entered=st.sampled_from([(None, None), (NOW_MS - 2 * DAY_MS, None), (None, NOW_MS - DAY_MS)]),
    due=st.sampled_from([(None, None), *(due_span(due, NOW_MS) for due in Due)]),
)


def expected(told: list[Told], sought: Wanted) -> list[int]:
    """What the queue is to show, said without a database."""

    def within(value, span):
        return (span[0] is None or value >= span[0]) and (span[1] is None or value < span[1])

    found = []
    for number, one in enumerate(told, 1):
        due_ms = None if one.due is None else NOW_MS + one.due * DAY_MS
        timed = within(due_ms, sought.due) if due_ms is not None else sought.due == (None, None)
        chosen = one.state in sought.states and one.site in {sought.site or one.site} and timed
        if chosen and one.kind in {sought.kind or one.kind} and within(NOW_MS - one.days_ago * DAY_MS, sought.entered):
            entered_ms = NOW_MS - one.days_ago * DAY_MS
            found.append((due_ms is None, entered_ms if due_ms is None else due_ms, number))
    return [number for *_, number in sorted(found)]


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(TOLD, max_size=25), SOUGHT, st.integers(1, 7))
def test_pages_give_each_case_once_and_in_order_whatever_is_sought(service, told, sought, size):
    fill(service, told)
    assert pages(service, sought, size) == expected(told, sought)


REVIEWED = (A.CONFIRM, S.RECEIVED, S.SECOND_REVIEW)
AT_ODDS = (A.REJECT, S.SECOND_REVIEW, S.DISPUTED)
OWN = [
    ("nobody has looked", S.RECEIVED, [], {"li", "wang", "zhao"}),
    ("li looked first", S.SECOND_REVIEW, [(*REVIEWED, "li")], {"wang", "zhao"}),
    ("li and wang differ", S.DISPUTED, [(*REVIEWED, "li"), (*AT_ODDS, "wang")], {"zhao"}),
    (
        "reopened after a dispute: all may look again",
        S.RECEIVED,
        [(*REVIEWED, "li"), (*AT_ODDS, "wang"), (A.REOPEN, S.DISPUTED, S.RECEIVED, "zhao")],
        {"li", "wang", "zhao"},
    ),
    (
        "reopened, then wang looked first",
        S.SECOND_REVIEW,
        [(*REVIEWED, "li"), (A.REOPEN, S.SECOND_REVIEW, S.RECEIVED, "zhao"), (*REVIEWED, "wang")],
        {"li", "zhao"},
    ),
    (
        "confirmed by two, asked for once more: only the last verdict stands in the way, as in the procedure",
        S.SECOND_REVIEW,
        [
            (*REVIEWED, "li"),
            (A.CONFIRM, S.SECOND_REVIEW, S.CONFIRMED, "wang"),
            (A.REVIEW_AGAIN, S.CONFIRMED, S.SECOND_REVIEW, "zhao"),
        ],
        {"li", "zhao"},
    ),
    ("li proposed", S.PROPOSED, [(A.FINE, S.HEARD, S.PROPOSED, "li")], {"wang", "zhao"}),
    (
        "li proposed, and zhao denied an objection to it",
        S.PROPOSED,
        [
            (A.FINE, S.HEARD, S.PROPOSED, "li"),
            (A.OBJECT, S.PROPOSED, S.OBJECTED, "clerk"),
            (A.DENY, S.OBJECTED, S.PROPOSED, "zhao"),
        ],
        {"wang", "zhao"},
    ),
    (
        "sent back, then proposed by wang",
        S.PROPOSED,
        [
            (A.FINE, S.HEARD, S.PROPOSED, "li"),
            (A.SEND_BACK, S.PROPOSED, S.HEARD, "zhao"),
            (A.FINE, S.HEARD, S.PROPOSED, "wang"),
        ],
        {"li", "zhao"},
    ),
]


@pytest.mark.parametrize(("story", "state", "acts", "shown_to"), OWN, ids=[row[0] for row in OWN])
def test_nobody_is_led_to_a_case_that_somebody_else_must_judge(service, story, state, acts, shown_to):
    fill(service, [Told(state), Told(state, due=None)])
    for case_id in (1, 2):
        note(service, case_id, *acts)
    for viewer in ("li", "wang", "zhao"):
        assert pages(service, Wanted((state,), viewer), 1) == ([1, 2] if viewer in shown_to else [])
        with service.sessions.reading() as session:
            soon = repository.pressing(session, Wanted(OPEN, viewer), NOW_MS + 2 * DAY_MS)
        assert soon == ({state: Pressing(late=1)} if viewer in shown_to else {})


def test_what_is_pressing_is_counted_by_state(service):
    fill(
        service,
        [
            Told(S.HEARD, due=-3),
            Told(S.HEARD, due=-1),
            Told(S.HEARD, due=0),
            Told(S.HEARD, due=9),
            Told(S.COURT, due=None),
            Told(S.PAID, due=-1),
        ],
    )
    with service.sessions.reading() as session:
        assert repository.pressing(session, Wanted(OPEN, "li"), NOW_MS - 1) == {S.HEARD: Pressing(late=2, today=1)}
        hidden = Wanted(OPEN, "li", hidden=(1, 3))
        assert repository.pressing(session, hidden, NOW_MS - 1) == {S.HEARD: Pressing(late=1)}
        for days, counted in ((-1, Pressing(late=1)), (0, Pressing(today=1)), (9, None), (None, None)):
            more = Case(state=S.RECEIVED, next_due_ms=None if days is None else NOW_MS + days * DAY_MS)
            found = repository.pressing(session, hidden, NOW_MS - 1, more)
            assert found == {S.HEARD: Pressing(late=1)} | ({} if counted is None else {S.RECEIVED: counted})
    assert pages(service, Wanted((S.HEARD,), "li", hidden=(1, 3)), 9) == [2, 4]


def test_the_next_case_is_the_one_behind_and_after_the_last_the_first(service):
    fill(service, [Told(due=2), Told(due=1), Told(due=None)])
    sought = Wanted((S.RECEIVED,), "li")
    leads = {}
    with service.sessions.reading() as session:
        for number in (1, 2, 3):
            left = cases.get(session, number)
            leads[number] = repository.behind(
                session, sought, place_at(left.next_due_ms, left.entered_at_ms, number), number
            ).id
        assert leads == {2: 1, 1: 3, 3: 2}
        assert repository.behind(session, replace(sought, site="s-9"), None, 1) is None


def test_a_case_that_is_alone_leads_nowhere(service):
    fill(service, [Told()])
    with service.sessions.reading() as session:
        assert repository.behind(session, Wanted((S.RECEIVED,), "li"), None, 1) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *(("LK-0000002", 2), ("lk-2", 2), (" 2 ", 2), ("event-1", 1), ("EVENT-1", 1)),
        *((text, None) for text in ("LK-0000009", "event-9", "9" * 30, "LK-", "'; DROP TABLE cases", "张三", "²")),
    ],
)
def test_a_case_is_found_by_its_number_or_its_event(service, text, found):
    fill(service, [Told(), Told()])
    with service.sessions.reading() as session:
        assert repository.find(session, text) == found


def test_each_site_is_named_as_its_newest_act_names_it(service):
    fill(service, [Told(site="b", days_ago=9), Told(site="a"), Told(site="b", days_ago=1)])
    with unit_of_work(service.sessions) as session:
        cases.get(session, 1).site_name = "an old name"
    with service.sessions.reading() as session:
        assert list(cases.site_names(session).items()) == [("a", "路口 a"), ("b", "路口 b")]
