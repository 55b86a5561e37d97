"""Every table, in one place: importing this knows them all, for the migrations and for nothing else."""

from sqlalchemy import MetaData

from server import audit, audit_heads, devices, sealed_values
from server.access import models as access
from server.boxes import models as boxes
from server.cases import models as cases
from server.db import Base
from server.documents import models as documents
from server.enrolment import models as enrolment
from server.hand_off import models as hand_off
from server.known_answers import models as known_answers
from server.ledger import models as ledger
from server.lists import models as lists
from server.own_page import models as own_page
from server.papers import models as papers
from server.parties import models as parties
from server.retention import models as retention
from server.suspensions import models as suspensions

OWNERS = (
    access,
    audit,
    audit_heads,
    boxes,
    cases,
    devices,
    documents,
    enrolment,
    hand_off,
    known_answers,
    ledger,
    lists,
    papers,
    own_page,
    parties,
    retention,
    sealed_values,
    suspensions,
)


def all_tables() -> MetaData:
    """Return the metadata of all tables."""
    return Base.metadata
