"""The words of parties: how to reach them, what they say, what is answered. Pure."""

from enum import StrEnum


class Channel(StrEnum):
    """A way to reach a party."""

    PHONE = "phone"
    POST = "post"
    ELECTRONIC = "electronic"


class StatementKind(StrEnum):
    """What a party said it as."""

    STATEMENT = "statement"
    DEFENCE = "defence"
    WAIVER = "waiver"


class CameBy(StrEnum):
    """How it came."""

    SPOKEN = "spoken"
    WRITTEN = "written"
    ONLINE = "online"


class Outcome(StrEnum):
    """What came of it."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    NOT_ACCEPTED = "not_accepted"
