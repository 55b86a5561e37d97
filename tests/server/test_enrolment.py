"""What becomes of a box that shows a code; and that nobody comes in by a code that is over, used, or guessed."""

import pytest
from centre import NOW_MS
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from contract.enrolment import asked, new_code
from contract.identity import key_text
from server import devices
from server.audit import AuditEntry
from server.db import unit_of_work
from server.devices import Device
from server.enrolment import codes
from server.enrolment import service as enrolment
from server.enrolment.codes import CODE_MS, Wanted
from server.enrolment.models import EnrolmentCode
from server.enrolment.service import REFUSED_IN_ALL_MAX, REFUSED_MAX, SPAN_MS, Enrolled, Refusal
from server.errors import ConflictError, NotFoundError, WrongInputError

KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
ADDRESS = "192.0.2.7"


def wanted(**changes) -> Wanted:
    values = {"device_id": "box-9", "site_id": "s-9", "cameras": ("c-9",), "who": "admin", "at_ms": NOW_MS}
    return Wanted(**(values | changes))


def code(service, **changes) -> str:
    with unit_of_work(service.sessions) as session:
        return codes.make(session, wanted(**changes))


def shows(service, code: str, key=KEY, at_ms: int = NOW_MS, address: str = ADDRESS, body: bytes | None = None):
    body = asked(code, key).model_dump_json().encode() if body is None else body
    with unit_of_work(service.sessions) as session:
        return enrolment.enrol(session, body, address, at_ms)


def device(service, device_id: str = "box-9") -> Device | None:
    with service.sessions.reading() as session:
        return session.get(Device, device_id)


def logged(service) -> list[tuple[str, str]]:
    with service.sessions.reading() as session:
        lines = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        return [(line.what, line.detail) for line in lines]


def test_a_box_with_its_code_is_enrolled_and_its_token_is_kept_as_a_hash_alone(service):
    made = code(service)
    done = shows(service, made)
    assert isinstance(done, Enrolled)
    known = device(service)
    assert (known.site_id, known.camera_ids, known.active) == ("s-9", ("c-9",), True)
    assert known.public_key == key_text(KEY.public_key())
    assert known.token_sha256 == devices.token_hash(done.token)
    with service.sessions.reading() as session:
        assert devices.by_token(session, done.token).id == "box-9"
        (row,) = session.scalars(select(EnrolmentCode))
    stored = f"{vars(row)} {vars(known)}"
    assert done.token not in stored
    assert made not in stored
    assert [what for what, _ in logged(service)] == ["device.code", "device.enrol"]


@pytest.mark.parametrize(
    ("story", "refusal"),
    [
        ("nobody made it", Refusal.UNKNOWN_CODE),
        ("half an hour later", Refusal.CODE_OVER),
        ("used by another key", Refusal.CODE_USED),
        ("withdrawn", Refusal.CODE_WITHDRAWN),
        ("a newer code for the device", Refusal.CODE_WITHDRAWN),
        ("the device was revoked", Refusal.CODE_WITHDRAWN),
        ("another's proof", Refusal.BAD_PROOF),
        ("no request", Refusal.MALFORMED),
    ],
)
def test_a_code_that_opens_nothing_is_counted_and_logged(service, story, refusal):
    made, key, at_ms, body = code(service), KEY, NOW_MS, None
    if story == "nobody made it":
        made = new_code()
    elif story == "half an hour later":
        at_ms += CODE_MS
    elif story == "used by another key":
        assert isinstance(shows(service, made, OTHER), Enrolled)
    elif story == "withdrawn":
        with unit_of_work(service.sessions) as session:
            (found,) = codes.open_codes(session, NOW_MS)
            codes.withdraw(session, found.id, "admin", NOW_MS)
    elif story == "a newer code for the device":
        code(service)
    elif story == "the device was revoked":
        assert isinstance(shows(service, made), Enrolled)
        with unit_of_work(service.sessions) as session:
            codes.revoke_device(session, "box-9", "admin", "stolen", NOW_MS, key_is_lost=False)
    elif story == "another's proof":
        body = asked(made, KEY).model_copy(update={"proof": asked(made, OTHER).proof}).model_dump_json().encode()
    else:
        body = b"{}"
    before = device(service)
    assert shows(service, made, key, at_ms, body=body) is refusal
    assert logged(service)[-1] == ("device.enrol_refused", f"{ADDRESS}: {refusal.value}")
    with service.sessions.reading() as session:
        assert enrolment.refusals(session) == {refusal.value: 1}
    after = device(service)
    assert (before is None and after is None) or (before.token_sha256, before.active) == (
        after.token_sha256,
        after.active,
    )


def test_the_same_key_may_show_its_code_again_because_an_answer_can_be_lost(service):
    made = code(service)
    first, second = shows(service, made), shows(service, made, at_ms=NOW_MS + CODE_MS - 1)
    with service.sessions.reading() as session:
        assert devices.by_token(session, first.token) is None
        assert devices.by_token(session, second.token).id == "box-9"


def test_a_new_enrolment_ends_the_old_key_and_token_at_once_and_brings_a_revoked_device_back(service):
    first = shows(service, code(service))
    with unit_of_work(service.sessions) as session:
        codes.revoke_device(session, "box-9", "admin", "stolen", NOW_MS, key_is_lost=False)
        assert devices.by_token(session, first.token) is None
        assert devices.speakers(session, ["box-9"]) == {}
    second = shows(service, code(service, site_id="s-8", cameras=("c-8",)), OTHER)
    known = device(service)
    assert (known.active, known.site_id, known.camera_ids, known.revoked_because) == (True, "s-8", ("c-8",), None)
    with service.sessions.reading() as session:
        assert devices.by_token(session, first.token) is None
        assert devices.by_token(session, second.token).public_key == key_text(OTHER.public_key())
        assert believed(session) == [OTHER, KEY]  # what the old key sealed before stands


def believed(session) -> list[Ed25519PrivateKey]:
    """The keys whose seal is taken for the box's, the present one first."""
    texts = [key_text(key) for key in devices.speakers(session, ["box-9"])["box-9"].keys.values()]
    return [next(key for key in (KEY, OTHER) if key_text(key.public_key()) == text) for text in texts]


def test_a_key_that_was_lost_is_believed_nothing_even_when_the_device_is_back_and_cannot_be_enrolled(service):
    shows(service, code(service))
    with unit_of_work(service.sessions) as session:
        codes.revoke_device(session, "box-9", "admin", "stolen", NOW_MS, key_is_lost=True)
    made = code(service)
    assert shows(service, made) is Refusal.KEY_LOST
    assert not device(service).active
    assert isinstance(shows(service, made, OTHER), Enrolled)  # the thief has not used up the code
    with service.sessions.reading() as session:
        assert believed(session) == [OTHER]


def guess(service, times: int, address=lambda _: ADDRESS, at_ms: int = NOW_MS) -> None:
    for number in range(times):
        assert shows(service, new_code(), at_ms=at_ms, address=address(number)) is Refusal.UNKNOWN_CODE


@pytest.mark.parametrize(
    ("story", "times", "addresses", "mine", "limited"),
    [
        ("one address, one short of it", REFUSED_MAX - 1, lambda _: ADDRESS, ADDRESS, False),
        ("one address", REFUSED_MAX, lambda _: ADDRESS, ADDRESS, True),
        ("another address", REFUSED_MAX, lambda _: ADDRESS, "192.0.2.8", False),
        ("one line's IPv6 addresses", REFUSED_MAX, lambda n: f"2001:db8:1:2::{n:x}", "2001:db8:1:2::ffff", True),
        ("another line", REFUSED_MAX, lambda n: f"2001:db8:1:2::{n:x}", "2001:db8:1:3::1", False),
        ("many addresses", REFUSED_IN_ALL_MAX, lambda n: f"198.51.100.{n}", "192.0.2.8", True),
    ],
)
def test_who_guesses_waits(service, story, times, addresses, mine, limited):
    made = code(service)
    guess(service, times, addresses)
    done = shows(service, made, address=mine)
    assert (done is Refusal.TOO_MANY) is limited
    if limited:
        with service.sessions.reading() as session:
            assert enrolment.refusals(session) == {"too_many": 1, "unknown_code": times}
        assert isinstance(shows(service, made, address=mine, at_ms=NOW_MS + SPAN_MS), Enrolled)


def test_a_flood_writes_no_more_into_the_log_than_the_limit(service):
    guess(service, REFUSED_MAX)
    for _ in range(50):
        assert shows(service, new_code()) is Refusal.TOO_MANY
    refused = [detail for what, detail in logged(service) if what == "device.enrol_refused"]
    assert len(refused) == REFUSED_MAX
    assert "it waits" in refused[-1]


@pytest.mark.parametrize(
    ("story", "changes", "error", "says"),
    [
        ("a topic in an id", {"device_id": "a/b"}, WrongInputError, "device: expected"),
        ("a wildcard", {"site_id": "+"}, WrongInputError, "site: expected"),
        ("a camera that can be none", {"cameras": ("C 9",)}, WrongInputError, "camera: expected"),
        ("the centre's name", {"device_id": "centre"}, WrongInputError, "the centre's own name"),
        ("a camera twice", {"cameras": ("c-9", "c-9")}, WrongInputError, "each once"),
        ("too many", {"cameras": tuple(f"c-{n}" for n in range(65))}, WrongInputError, "at most 64"),
        ("another device's camera", {"device_id": "box-8"}, ConflictError, "c-9: enrolled with box-9"),
    ],
)
def test_codes_that_are_not_made(service, story, changes, error, says):
    shows(service, code(service))
    with unit_of_work(service.sessions) as session, pytest.raises(error, match=says):
        codes.make(session, wanted(**changes))


def test_a_revoked_device_gives_its_cameras_free(service):
    shows(service, code(service))
    with unit_of_work(service.sessions) as session:
        codes.revoke_device(session, "box-9", "admin", "broken", NOW_MS, key_is_lost=False)
    assert isinstance(shows(service, code(service, device_id="box-8"), OTHER), Enrolled)


@pytest.mark.parametrize(
    ("story", "device_id", "reason", "error"),
    [
        ("no such device", "box-7", "r", NotFoundError),
        ("no reason", "box-1", " ", WrongInputError),
        ("twice", "box-2", "r", ConflictError),
    ],
)
def test_revocations_that_are_none(service, story, device_id, reason, error):
    with unit_of_work(service.sessions) as session:
        devices.revoke(session, "box-2", "admin", "r", NOW_MS)
    with unit_of_work(service.sessions) as session, pytest.raises(error):
        codes.revoke_device(session, device_id, "admin", reason, NOW_MS, key_is_lost=False)
