"""What a document keeps: canonical, bounded, and a notice shows nothing that others should not see."""

import json
from dataclasses import replace

import pytest
from papers import HEADING, PARTY, SAID

from server.documents import qr
from server.documents.data import to_json
from server.documents.words import NUMBER_WORDS, Kind, number_text
from server.errors import WrongInputError

NOTICE, PENALTY = SAID[Kind.NOTICE], SAID[Kind.PENALTY]


def test_instants_and_money_are_told_as_a_paper_tells_them():
    said = json.loads(to_json(HEADING, PENALTY, {}))
    assert said["heading"]["issued_at_ms"] == {"date": "2026-11-30", "time": "08:53:20"}
    assert said["said"]["amount_fen"] == {"yuan": "10.00", "words": "壹拾元整", "zero": False}
    assert said["said"]["payment"]["term"]["until"] == "2026-12-15"


def test_one_unverified_piece_makes_the_document_unverified():
    verified = replace(PENALTY, cited=replace(PENALTY.cited, verified=True))
    assert json.loads(to_json(HEADING, PENALTY, {}))["verified"] is False
    assert json.loads(to_json(HEADING, verified, {}))["verified"] is True
    doubt = replace(HEADING, authority=replace(HEADING.authority, verified=False))
    assert json.loads(to_json(doubt, verified, {}))["verified"] is False


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (replace(NOTICE, party=PARTY), "a notice shows a masked number only"),
        (replace(NOTICE, party=replace(NOTICE.party, phone="13800000000")), "no address, phone or date of birth"),
        (replace(PENALTY, heard="x" * 20_001), "heard: expected at most 20000 characters, found 20001"),
        (replace(PENALTY, heard="\ud800"), "heard: holds half a character"),
        (replace(PENALTY, officers=PENALTY.officers * 2001), "officers: expected at most 2000 rows, found 2001"),
        (replace(SAID[Kind.HEARING], officers=PENALTY.officers * 2000, statement="好" * 20_000), None),
    ],
)
def test_what_a_document_must_not_say_is_refused_without_repeating_it(said, told):
    if told is None:
        assert len(to_json(HEADING, said, {})) < 1_000_000
        return
    with pytest.raises(WrongInputError, match=told) as error:
        to_json(HEADING, said, {})
    assert PARTY.document not in str(error.value)


def test_no_number_of_a_demonstration_can_be_taken_for_a_real_one():
    numbers = {number_text("京延交", kind, 2026, 7, demonstration=d) for kind in Kind for d in (False, True)}
    assert len(numbers) == 2 * len(NUMBER_WORDS) == 2 * len(Kind)
    assert "京延交罚〔2026〕第000007号" in numbers
    assert "演示京延交罚〔2026〕第000007号" in numbers


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "http://evil.example/", "https://a.example/" + "x" * 1200, "https://a/\n"]
)
def test_a_qr_code_holds_a_web_address_alone(url):
    with pytest.raises(WrongInputError, match="https address"):
        qr.svg(url)


def test_a_document_has_the_codes_that_it_speaks_of():
    assert set(qr.pictures(PENALTY)) == {"query", "proof"}
    assert set(qr.pictures(SAID[Kind.EDUCATION])) == set()
    assert set(qr.pictures(SAID[Kind.DAILY_STATEMENT])) == {"proof"}
