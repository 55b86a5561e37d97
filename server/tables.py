"""Every table, in one place: importing this knows them all, for the migrations and for nothing else."""

from sqlalchemy import MetaData

from server import audit, audit_heads, devices
from server.access import models as access
from server.boxes import models as boxes
from server.cases import models as cases
from server.db import Base
from server.enrolment import models as enrolment
from server.hand_off import models as hand_off
from server.ledger import book
from server.lists import models as lists
from server.retention import models as retention

OWNERS = (access, audit, audit_heads, book, boxes, cases, devices, enrolment, hand_off, lists, retention)


def all_tables() -> MetaData:
    """Return the metadata of all tables."""
    return Base.metadata
