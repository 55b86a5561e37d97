"""What the centre holds back, and why: clocks, chains, manifests; and what an officer may still do."""

from itertools import permutations
from uuid import UUID

import pytest
from centre import CLOCK, KEY, NOW_MS, deliver, described, keep_file, make_act, manifest_of, take
from officers import do
from sqlalchemy import select

from contract.messages import ViolationReported
from contract.seal import seal
from contract.words import ClockReference, ClockStatus, ReceiptOutcome
from server import statistics
from server.cases import repository
from server.cases.holding import HeldBecause, Numbered, broken_links, clock_hold, graver
from server.cases.models import Case, Event
from server.cases.service import Order
from server.db import unit_of_work
from server.decisions.service import decide
from server.errors import WrongInputError
from server.procedure.words import Act

CLOCKS = [
    ("a good clock", {}, None),
    ("at the limit", {"offset_ms": -1000.0, "uncertainty_ms": 1000.0}, None),
    ("the box says no", {"status": ClockStatus.INVALID, "reason": "no answer for a day"}, "no answer for a day"),
    ("valid by its own word, but too far off", {"offset_ms": -1000.5}, "offset"),
    ("too doubtful", {"uncertainty_ms": 1001.0}, "uncertainty"),
    ("no offset told", {"offset_ms": None}, "offset"),
    ("no doubt told", {"uncertainty_ms": None}, "uncertainty"),
    ("never synchronised", {"synchronised_at_ms": None}, "never"),
    ("no reference", {"source": ClockReference.NONE}, "never"),
    ("the camera's own clock is off", {"camera_offset_ms": 1500.0}, "camera"),
]


@pytest.mark.parametrize(("story", "changes", "problem"), CLOCKS, ids=[row[0] for row in CLOCKS])
def test_a_clock_is_believed_by_its_figures_and_not_by_its_word(story, changes, problem):
    hold = clock_hold(CLOCK.model_copy(update=changes))
    assert (hold is None) if problem is None else (hold.because is HeldBecause.CLOCK and problem in hold.detail)


def test_a_box_that_says_nothing_of_its_clock_proves_nothing():
    assert clock_hold(None) is not None


A, B, C = Numbered("a", None), Numbered("b", "a"), Numbered("c", "b")
CHAINS = [
    ("whole", {1: A, 2: B, 3: C}, set()),
    ("one is missing", {1: A, 3: C}, set()),
    ("one was exchanged", {1: A, 2: Numbered("x", "a"), 3: C}, {2, 3}),
    ("does not follow on the one before", {1: A, 2: Numbered("b", "y"), 3: C}, {1, 2}),
    ("the first follows on something", {1: Numbered("a", "z")}, {1}),
    ("a later one follows on nothing", {5: Numbered("e", None)}, {5}),
    ("nothing", {}, set()),
]


@pytest.mark.parametrize(("story", "chain", "accused"), CHAINS, ids=[row[0] for row in CHAINS])
def test_a_link_that_does_not_fit_accuses_both_its_ends(story, chain, accused):
    assert set(broken_links(chain)) == accused


def test_the_gravest_reason_stands():
    order = [HeldBecause.MANIFEST, HeldBecause.CHAIN, HeldBecause.CLOCK]
    assert [[graver(known, new) for new in order] for known in order] == [
        [False, False, False],
        [True, False, False],
        [True, True, False],
    ]


def held(service) -> dict[int, str | None]:
    with service.sessions.reading() as session:
        return {event.sequence: event.held_because for event in session.scalars(select(Event))}


def cases(service) -> int:
    with service.sessions.reading() as session:
        return len(session.scalars(select(Case)).all())


def test_an_event_of_a_wrong_clock_is_taken_and_receipted_and_makes_no_case(service):
    late = CLOCK.model_copy(update={"offset_ms": 5000.0})
    act = make_act(clock=late)
    assert take(service, act.sealed()).receipt.outcome is ReceiptOutcome.ACCEPTED
    for data in act.files.values():
        keep_file(service, data)
    assert (held(service), cases(service)) == ({1: "clock"}, 0)
    with service.sessions.reading() as session:
        assert statistics.counts(session).events_with_evidence == 1


EXCHANGED = make_act(2, track_id=77, event_id=UUID(int=9))


@pytest.mark.parametrize("order", list(permutations([make_act(1), EXCHANGED, make_act(3)])))
def test_in_whatever_order_they_come_both_ends_of_a_broken_link_are_held(service, order):
    for act in order:
        assert take(service, act.sealed()).receipt.outcome is ReceiptOutcome.ACCEPTED
    assert held(service) == {1: None, 2: "chain", 3: "chain"}


def with_manifest(manifest: bytes) -> tuple[ViolationReported, dict[str, bytes]]:
    act = make_act()
    files = act.files | {"manifest.json": manifest}
    evidence = tuple(described(name, data) for name, data in files.items())
    return act.message.model_copy(update={"evidence": evidence}), files


def plain(**changes) -> bytes:
    message = make_act().message
    said = {name: getattr(message, name) for name in ViolationReported.model_fields}
    files = tuple(file for file in message.evidence if file.name != "manifest.json")
    return seal(manifest_of(said, changes.pop("files", files), **changes), "box-1", KEY)


MANIFESTS = [
    ("its own", plain(), None),
    ("not sealed", b"{}", "expected a sealed message"),
    ("no JSON", b"\xff", "expected a sealed message"),
    ("one byte changed", plain().replace(b"c-1", b"c-9"), "signature"),
    ("of another event", plain(event_id=UUID(int=3)), "event_id"),
    ("with another number", plain(sequence=2, previous_sha256="0" * 64), "sequence, previous_sha256"),
    ("with another clock", plain(clock=CLOCK.model_copy(update={"offset_ms": 4.0})), "clock"),
    ("without one of the files", plain(files=make_act().message.evidence[:2]), "files"),
    ("of another track", plain(track_id=5), "track_id"),
]


@pytest.mark.parametrize(("story", "manifest", "problem"), MANIFESTS, ids=[row[0] for row in MANIFESTS])
def test_a_manifest_that_is_not_the_events_own_holds_it_and_its_case_cannot_be_confirmed(
    service, story, manifest, problem
):
    message, files = with_manifest(manifest)
    take(service, seal(message, "box-1", KEY))
    assert cases(service) == 1
    for data in files.values():
        keep_file(service, data)
    with unit_of_work(service.sessions) as session:
        case = repository.get(session, 1)
        order = Order(Act.CONFIRM, case.version, "officer", NOW_MS)
        if problem is None:
            assert decide(session, case, order, service.house).to_state == "second_review"
        else:
            assert problem in case.event.held_detail
            with pytest.raises(WrongInputError, match="held back: manifest"):
                decide(session, case, order, service.house)


def test_a_held_case_can_still_be_rejected(service):
    deliver(service, make_act())
    with unit_of_work(service.sessions) as session:
        repository.get(session, 1).event.held_because = "chain"
    assert do(service, Act.REJECT).to_state == "second_review"
    assert do(service, Act.REJECT).to_state == "rejected"
