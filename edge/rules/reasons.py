"""Why a passage was judged so, and what follows: the first reason that applies, in this order. Pure."""

from enum import StrEnum
from typing import Final

from contract.words import LampState, PassageVerdict


class Reason(StrEnum):
    """The reasons in the order in which they are asked."""

    ADVANCED_ON_RED = "advanced_on_red"
    STOOD_BEYOND = "stood_beyond"
    AGAINST_THE_LANE = "against_the_lane"
    SAME_ACT = "same_act"
    OFFICER_DIRECTS = "officer_directs"
    ACCUSATIONS_PAUSED = "accusations_paused"
    KIND_UNSETTLED = "kind_unsettled"
    IDENTITY_UNSURE = "identity_unsure"
    TRACK_INTERRUPTED = "track_interrupted"
    FIRST_SEEN_INSIDE = "first_seen_inside"
    CAME_ALONG_THE_ROAD = "came_along_the_road"
    LAMP_UNKNOWN = "lamp_unknown"
    NOT_RED_AT_ENTRY = "not_red_at_entry"
    JUST_TURNED_RED = "just_turned_red"
    USES_THE_ROAD = "uses_the_road"
    TURNED_RIGHT = "turned_right"
    RIGHT_TURN_OPEN = "right_turn_open"
    LITTLE_ADVANCE = "little_advance"
    SHORT_OR_SLOW = "short_or_slow"
    WITH_THE_LANE = "with_the_lane"


VERDICTS: Final = {
    Reason.ADVANCED_ON_RED: PassageVerdict.VIOLATION,
    Reason.STOOD_BEYOND: PassageVerdict.VIOLATION,
    Reason.AGAINST_THE_LANE: PassageVerdict.VIOLATION,
    Reason.SAME_ACT: PassageVerdict.ABSTAINED,  # so that there are as many violations among passages as events
    Reason.OFFICER_DIRECTS: PassageVerdict.ABSTAINED,
    Reason.ACCUSATIONS_PAUSED: PassageVerdict.ABSTAINED,
    Reason.KIND_UNSETTLED: PassageVerdict.ABSTAINED,
    Reason.IDENTITY_UNSURE: PassageVerdict.ABSTAINED,
    Reason.TRACK_INTERRUPTED: PassageVerdict.ABSTAINED,
    Reason.FIRST_SEEN_INSIDE: PassageVerdict.ABSTAINED,
    Reason.CAME_ALONG_THE_ROAD: PassageVerdict.ABSTAINED,
    Reason.LAMP_UNKNOWN: PassageVerdict.ABSTAINED,
    Reason.NOT_RED_AT_ENTRY: PassageVerdict.LAWFUL,
    Reason.JUST_TURNED_RED: PassageVerdict.LAWFUL,
    Reason.USES_THE_ROAD: PassageVerdict.LAWFUL,
    Reason.TURNED_RIGHT: PassageVerdict.LAWFUL,
    Reason.RIGHT_TURN_OPEN: PassageVerdict.ABSTAINED,
    Reason.LITTLE_ADVANCE: PassageVerdict.LAWFUL,
    Reason.SHORT_OR_SLOW: PassageVerdict.LAWFUL,
    Reason.WITH_THE_LANE: PassageVerdict.LAWFUL,
}
SHOWS_NOTHING: Final = frozenset({LampState.UNKNOWN, LampState.DARK})
