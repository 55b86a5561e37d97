"""Why a passage was judged so, and what follows: the first reason that applies, in this order. Pure."""

from enum import StrEnum
from typing import Final

from contract.words import PassageVerdict


class Reason(StrEnum):
    """The reasons in the order in which they are asked."""

    ADVANCED_ON_RED = "advanced_on_red"
    KIND_UNSETTLED = "kind_unsettled"
    IDENTITY_UNSURE = "identity_unsure"
    TRACK_INTERRUPTED = "track_interrupted"
    FIRST_SEEN_INSIDE = "first_seen_inside"
    LAMP_UNKNOWN = "lamp_unknown"
    NOT_RED_AT_ENTRY = "not_red_at_entry"
    JUST_TURNED_RED = "just_turned_red"
    LITTLE_ADVANCE = "little_advance"


VERDICTS: Final = {
    Reason.ADVANCED_ON_RED: PassageVerdict.VIOLATION,
    Reason.KIND_UNSETTLED: PassageVerdict.ABSTAINED,
    Reason.IDENTITY_UNSURE: PassageVerdict.ABSTAINED,
    Reason.TRACK_INTERRUPTED: PassageVerdict.ABSTAINED,
    Reason.FIRST_SEEN_INSIDE: PassageVerdict.ABSTAINED,
    Reason.LAMP_UNKNOWN: PassageVerdict.ABSTAINED,
    Reason.NOT_RED_AT_ENTRY: PassageVerdict.LAWFUL,
    Reason.JUST_TURNED_RED: PassageVerdict.LAWFUL,
    Reason.LITTLE_ADVANCE: PassageVerdict.LAWFUL,
}
DOUBTS: Final = (Reason.KIND_UNSETTLED, Reason.IDENTITY_UNSURE, Reason.TRACK_INTERRUPTED)
