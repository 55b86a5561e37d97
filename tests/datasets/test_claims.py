"""What `lukou score` reads: good lines, every fault with its line, and who stood behind a number."""

import json

import pytest

from contract.words import ViolationKind
from datasets.claims import read_claims, read_intents, read_whose
from datasets.scoring import Claim
from edge.errors import InputProblemError

LINE = {
    "kind": "pedestrian_red_light",
    "track_id": 7,
    "zone_id": "n",
    "signal_id": "ped",
    "entered_ms": 100,
    "confirmed_ms": 900,
    "measure": 3.1,
    "user": "pedestrian",
}
RED = ViolationKind.PEDESTRIAN_RED_LIGHT


def test_lines_are_read_and_what_is_not_compared_is_left(tmp_path):
    path = tmp_path / "found.jsonl"
    path.write_text(json.dumps(LINE) + "\n\n" + json.dumps(LINE | {"intent": "walks-on-red"}) + "\n")
    first, second = read_claims(path)
    assert first == Claim(RED, 7, "n", 100, 900)
    assert second.intent == "walks-on-red"


def test_every_fault_is_told_with_its_line(tmp_path):
    path = tmp_path / "found.jsonl"
    faults = ["{", json.dumps(LINE | {"kind": "speeding"}), json.dumps(LINE), json.dumps(LINE | {"entered_ms": -1})]
    path.write_text("\n".join(faults))
    with pytest.raises(InputProblemError) as error:
        read_claims(path)
    assert [line.split(": ")[0].rsplit(":", 1)[1] for line in error.value.problems] == ["1", "2", "4"]
    assert "kind" in error.value.problems[1]
    path.write_text("x\n" * 50)
    with pytest.raises(InputProblemError, match="and 30 more"):
        read_claims(path)
    with pytest.raises(InputProblemError, match="expected a file to read"):
        read_claims(tmp_path / "none.jsonl")


@pytest.mark.parametrize(
    ("story", "number", "entered_ms", "confirmed_ms", "person"),
    [
        ("always the same", 1, 500, 900, 10),
        ("before the numbers were exchanged", 2, 1000, 4000, 20),
        ("after it", 2, 6000, 9000, 30),
        ("entered as one, was accused as the other", 2, 4000, 6000, None),
        ("a number that nobody had", 9, 0, 1, None),
        ("entered a moment before the first row", 1, 0, 50, 10),
    ],
)
def test_who_stood_behind_a_number(story, number, entered_ms, confirmed_ms, person, tmp_path):
    path = tmp_path / "identities.csv"
    path.write_text("from_ms,to_ms,track_id,true_id\n100,9000,1,10\n0,4900,2,20\n5000,9000,2,30\n5000,9000,3,20\n")
    assert read_whose(path)(Claim(RED, number, "n", entered_ms, confirmed_ms)) == person, story


def test_a_wrong_list_of_identities_is_told(tmp_path):
    path = tmp_path / "identities.csv"
    path.write_text("from_ms,to_ms,track_id\n")
    with pytest.raises(InputProblemError, match=":1: expected the columns from_ms,to_ms,track_id,true_id"):
        read_whose(path)
    path.write_text("from_ms,to_ms,track_id,true_id\n0,1,x,2\n")
    with pytest.raises(InputProblemError, match=":2: expected four whole numbers"):
        read_whose(path)


def test_intents_are_read(tmp_path):
    path = tmp_path / "intents.jsonl"
    path.write_text('{"track_id": 1, "intent": "turns-back", "user": "pedestrian"}\n')
    assert read_intents(path) == {1: "turns-back"}
    path.write_text("{}\n")
    with pytest.raises(InputProblemError, match=":1: track_id: Field required"):
        read_intents(path)
