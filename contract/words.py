"""The closed lists of words that both sides, the files and the messages share. No behaviour in here."""

from enum import StrEnum


class ViolationKind(StrEnum):
    """One broken rule. The national code and the article of each stand in the centre's law table."""

    PEDESTRIAN_RED_LIGHT = "pedestrian_red_light"
    RIDER_RED_LIGHT = "rider_red_light"
    WRONG_WAY = "wrong_way"
    STOP_LINE = "stop_line"


class RoadUserKind(StrEnum):
    """Who moves on the road. A rider is the person and the machine as one."""

    PEDESTRIAN = "pedestrian"
    RIDER = "rider"
    CAR = "car"
    BUS = "bus"
    TRUCK = "truck"


class LampState(StrEnum):
    """What a signal shows. Only ``red`` can accuse; ``unknown`` and ``dark`` never do."""

    RED = "red"
    GREEN = "green"
    YELLOW = "yellow"
    FLASHING_GREEN = "flashing_green"
    FLASHING_YELLOW = "flashing_yellow"
    DARK = "dark"
    UNKNOWN = "unknown"


class ZoneKind(StrEnum):
    """What a road user passes over. A crosswalk, a lane and a stop line may bear the same id."""

    CROSSWALK = "crosswalk"
    LANE = "lane"
    STOP_LINE = "stop_line"


class LampSource(StrEnum):
    """Who says what a signal shows: pixels, the controller's feed, a detector's wire, a fixed plan, a file."""

    LAMP = "lamp"
    FEED = "feed"
    WIRE = "wire"
    PLAN = "plan"
    FILE = "file"


class PassageVerdict(StrEnum):
    """What the rule made of one passage."""

    LAWFUL = "lawful"
    VIOLATION = "violation"
    ABSTAINED = "abstained"


class StillRole(StrEnum):
    """Which moment of the act a picture shows (DB4403/T 150: at least three pictures of the process)."""

    BEFORE = "before"
    ENTRY = "entry"
    ADVANCED = "advanced"


class ReceiptOutcome(StrEnum):
    """What the centre did with an event."""

    ACCEPTED = "accepted"
    REFUSED = "refused"


class CameraState(StrEnum):
    """Whether a camera can be believed. Only ``ok`` can accuse; ``moved`` lasts until it is calibrated again."""

    OK = "ok"
    LOST = "lost"
    BLACK = "black"
    COVERED = "covered"
    MOVED = "moved"
    BLURRED = "blurred"
    FROZEN = "frozen"


class ClockStatus(StrEnum):
    """Whether the time of an act can be believed."""

    VALID = "valid"
    INVALID = "invalid"


class ClockReference(StrEnum):
    """By what a box knows how far its clock is off."""

    SNTP = "sntp"
    CHRONY = "chrony"
    KERNEL = "kernel"
    NONE = "none"


class DiskState(StrEnum):
    """What the box still keeps: everything, everything but new clips, or nothing new."""

    OK = "ok"
    CLIPS_STOPPED = "clips_stopped"
    FULL = "full"


class BoxStatus(StrEnum):
    """Whether a box can be reached."""

    ONLINE = "online"
    OFFLINE = "offline"


class HandOffCause(StrEnum):
    """Why nobody is accused at a site: an officer directs the traffic, or accusations are paused (road works, ...)."""

    DIRECTED = "directed"
    PAUSED = "paused"
