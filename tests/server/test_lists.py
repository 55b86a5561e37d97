"""The public list: who may stand on it, what the public gets, and that what is taken down is gone."""

from dataclasses import replace
from hashlib import sha256

import cv2
import numpy as np
import pytest
from centre import NOW_MS, SUBJECT, deliver, make_act
from fastapi.testclient import TestClient
from officers import TO_SERVED, do, lead
from uploading import pages_of

from contract.evidence import Manifest
from contract.seal import unverified
from contract.words import StillRole
from server.cases import repository
from server.db import unit_of_work
from server.errors import ConflictError
from server.lists import service as lists
from server.lists.masking import BLOCK_SHARE, HEAD_SHARE, mask, masked
from server.lists.policy import DAYS_MAX, EFFECTIVE, Candidate, objections
from server.procedure.words import Act, AgeBand, CaseState

GOOD = {
    "state": CaseState.SERVED,
    "age_band": AgeBand.ADULT,
    "listed_already": False,
    "masked_picture": True,
    "reason": "r",
    "days": 7,
}


@pytest.mark.parametrize(
    ("change", "count"),
    [({}, 0), ({"days": 1}, 0), ({"days": DAYS_MAX}, 0)]
    + [({"state": state}, 1) for state in CaseState if state not in EFFECTIVE]
    + [({"age_band": age}, 1) for age in (None, *AgeBand) if age is not AgeBand.ADULT]
    + [({"listed_already": True}, 1), ({"masked_picture": False}, 1), ({"reason": " "}, 1)]
    + [({"days": 0}, 1), ({"days": DAYS_MAX + 1}, 1), ({"days": 0, "reason": ""}, 2)],
    ids=str,
)
def test_policy(change, count):
    assert len(objections(Candidate(**GOOD | change))) == count


def client_of(service) -> TestClient:
    app = pages_of(service)
    return TestClient(app, follow_redirects=False)


@pytest.fixture
def client(service):
    return client_of(service)


def decided(service) -> None:
    deliver(service, make_act())
    lead(service, TO_SERVED)


def publish(service, days: int = 7, listing_id: str = "l1") -> None:
    approval = lists.Approval(listing_id, "officer", "an approval's own reason", days, NOW_MS)
    with unit_of_work(service.sessions) as session:
        lists.publish(session, repository.get(session, 1), approval, service.store)


def shown(client) -> str:
    return client.get("/list").text + client.get("/list/feed.json").text


PRIVATE = ["officer", "an approval's own reason", "box-1", "LK-0000001", "P-0000001", "adult", "self_report"]


def test_the_public_sees_the_line_and_nothing_of_who_and_how(client, service):
    decided(service)
    publish(service)
    page = shown(client)
    assert "路口一" in page
    assert "10.00 元" in page
    assert [word for word in PRIVATE if word in page] == []
    assert client.get("/list/l1.jpg").headers["content-type"] == "image/jpeg"


def test_the_content_of_a_revoked_line_is_gone_and_its_correction_stays(client, service):
    decided(service)
    publish(service)
    do(service, Act.REVOKE, reason="不是本人")
    page = shown(client)
    assert "不是本人" in page
    assert "路口一" not in page
    assert "10.00" not in page
    assert "l1.jpg" not in page
    assert client.get("/list/l1.jpg").status_code == 404
    with service.sessions.reading() as session:
        assert lists.public_lines(session, NOW_MS + lists.CORRECTION_DAYS * lists.DAY_MS) == []


def test_a_line_that_has_ended_is_nowhere_public(client, service):
    decided(service)
    publish(service, days=1)
    later = client_of(replace(service, now_ms=lambda: NOW_MS + lists.DAY_MS))
    assert "路口一" in shown(client)
    assert "路口一" not in shown(later)
    assert later.get("/list/l1.jpg").status_code == 404


@pytest.mark.parametrize("name", ["manifest.json", "advanced_original.jpg"])
@pytest.mark.parametrize("harm", ["changed", "lost"])
def test_evidence_that_is_not_as_sealed_is_never_published(service, name, harm):
    decided(service)
    digest = sha256(make_act().files[name]).hexdigest()
    stored = service.settings.data_dir / "evidence" / digest[:2] / digest[2:4] / digest
    if harm == "lost":
        stored.unlink()
    else:
        stored.write_bytes(stored.read_bytes()[:-1] + b" ")
    with pytest.raises(ConflictError, match="LK-0000001"):
        publish(service)


NOISE = np.random.default_rng(5).integers(0, 255, (240, 320, 3), dtype=np.uint8)


def block_colours(region) -> int:
    return len(np.unique(region.reshape(-1, 3), axis=0))


def test_a_head_has_no_more_colours_than_blocks():
    x1, y1, x2, y2 = 100, 40, 160, 190
    block_px = round((y2 - y1) * BLOCK_SHARE)
    head = masked(NOISE, (x1, y1, x2, y2), [])[y1 : round(y1 + (y2 - y1) * HEAD_SHARE), x1:x2]
    across, down = (side // block_px + 2 for side in (head.shape[1], head.shape[0]))
    assert block_colours(head) <= across * down
    assert block_colours(head) < head.shape[0] * head.shape[1] / 50


def test_another_person_before_the_road_user_is_covered():
    subject, other = (100.0, 20.0, 180.0, 220.0), (120.0, 100.0, 160.0, 210.0)
    kept = np.all(masked(NOISE, subject, [other]) == NOISE, axis=2)
    assert kept[100:210, 120:160].mean() < 0.01
    assert kept[100:210, 101:119].all()


def test_blocks_fit_the_nearest_head_and_not_only_the_road_users():
    near = (10.0, 0.0, 110.0, 230.0)
    head = masked(NOISE, (250.0, 100.0, 265.0, 140.0), [near])[0:37, 40:77]
    assert block_colours(head) <= 9  # a head of 37 px: three blocks across at the most


def test_a_picture_without_its_road_user_is_not_shown():
    still = next(
        s
        for s in unverified(make_act().files["manifest.json"], Manifest).message.stills
        if s.role is StillRole.ADVANCED
    )
    assert still.road_users[0].box_xyxy_px == SUBJECT
    with pytest.raises(ValueError, match="track 7 is not in the picture"):
        mask(make_act().files["advanced_original.jpg"], still, 7)
    with pytest.raises(ValueError, match="expected a JPEG"):
        mask(b"not a picture", still, 1)
    whole = cv2.imdecode(np.frombuffer(mask(make_act().files["advanced_original.jpg"], still, 1), np.uint8), 1)
    assert whole.shape == (120, 160, 3)
