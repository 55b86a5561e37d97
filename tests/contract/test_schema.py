import json
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic.json_schema import models_json_schema

from calibration import scene_file
from contract import evidence, fields, messages
from contract.box import Prompted, StatusTold
from contract.enrolment import EnrolmentAnswer, EnrolmentRequest
from contract.hand_off import HandOffHeld, HandOffSwitched

DOCS = Path(__file__).parent.parent.parent / "docs"
PUBLISHED = ("ViolationReported", "Receipt", "Heartbeat", "PassageCounts", "PackagedAct")


def test_the_published_schema_of_the_messages_is_current():
    published_models = [
        *(getattr(messages, name) for name in PUBLISHED),
        evidence.Manifest,
        HandOffSwitched,
        HandOffHeld,
        StatusTold,
        Prompted,
        EnrolmentRequest,
        EnrolmentAnswer,
    ]
    models = [(model, "validation") for model in published_models]
    _, schema = models_json_schema(models, title="lukou messages")
    published = json.loads((DOCS / "messages.schema.json").read_text(encoding="utf-8"))
    assert published == json.loads(json.dumps(schema))


@pytest.mark.parametrize("text", ["yq-003", "a", "A", "-a", "a/b", "a+b", "a b", "路口", "a" * 63, "a" * 64, ""])
def test_a_scenes_id_is_what_the_contract_takes_for_one(text):
    def accepts(kind) -> bool:
        try:
            TypeAdapter(kind).validate_python(text)
        except ValidationError:
            return False
        return True

    assert accepts(scene_file.Id) == accepts(fields.Identifier)
