"""What a controller's words for a lamp mean here: SAE J2735's movement states and GB/T 20999's lamp-group states. Pure.

A word that is not plainly one of our states means unknown, which accuses nobody. The names of J2735 are those of its
ASN.1 (checked against public implementations); what GB/T 20999-2017 and GA/T 1743-2020 call the lamp-group states and
control modes is put into English here and NOT verified against their texts (docs/signals.md).
"""

from enum import StrEnum
from typing import Final, Literal

from contract.words import LampState

SignalUser = Literal["pedestrian", "vehicle", "bicycle"]


class MovementState(StrEnum):
    """J2735 MovementPhaseState."""

    UNAVAILABLE = "unavailable"
    DARK = "dark"
    STOP_THEN_PROCEED = "stop-Then-Proceed"
    STOP_AND_REMAIN = "stop-And-Remain"
    PRE_MOVEMENT = "pre-Movement"
    PERMISSIVE_MOVEMENT_ALLOWED = "permissive-Movement-Allowed"
    PROTECTED_MOVEMENT_ALLOWED = "protected-Movement-Allowed"
    PERMISSIVE_CLEARANCE = "permissive-clearance"
    PROTECTED_CLEARANCE = "protected-clearance"
    CAUTION_CONFLICTING_TRAFFIC = "caution-Conflicting-Traffic"


class IntersectionStatus(StrEnum):
    """J2735 IntersectionStatusObject."""

    MANUAL_CONTROL_IS_ENABLED = "manualControlIsEnabled"
    STOP_TIME_IS_ACTIVATED = "stopTimeIsActivated"
    FAILURE_FLASH = "failureFlash"
    PREEMPT_IS_ACTIVE = "preemptIsActive"
    SIGNAL_PRIORITY_IS_ACTIVE = "signalPriorityIsActive"
    FIXED_TIME_OPERATION = "fixedTimeOperation"
    TRAFFIC_DEPENDENT_OPERATION = "trafficDependentOperation"
    STANDBY_OPERATION = "standbyOperation"
    FAILURE_MODE = "failureMode"
    OFF = "off"
    RECENT_MAP_MESSAGE_UPDATE = "recentMAPmessageUpdate"
    RECENT_CHANGE_IN_MAP_ASSIGNED_LANES_IDS_USED = "recentChangeInMAPassignedLanesIDsUsed"
    NO_VALID_MAP_IS_AVAILABLE = "noValidMAPisAvailableAtThisTime"
    NO_VALID_SPAT_IS_AVAILABLE = "noValidSPATisAvailableAtThisTime"


class LampGroupState(StrEnum):
    """GB/T 20999: 红灯, 黄灯, 绿灯, 灭灯, 红闪, 黄闪, 绿闪, 红黄."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    OFF = "off"
    FLASHING_RED = "flashing_red"
    FLASHING_YELLOW = "flashing_yellow"
    FLASHING_GREEN = "flashing_green"
    RED_YELLOW = "red_yellow"


class ControlMode(StrEnum):
    """GB/T 20999: 定周期, 感应, 自适应, 协调 (绿波); 手动, 黄闪, 全红, 关灯; a fault, and whatever else there is."""

    FIXED_TIME = "fixed_time"
    ACTUATED = "actuated"
    ADAPTIVE = "adaptive"
    COORDINATED = "coordinated"
    MANUAL = "manual"
    FLASH = "flash"
    ALL_RED = "all_red"
    OFF = "off"
    FAULT = "fault"
    OTHER = "other"


BELIEVED_MODES: Final = frozenset(
    {ControlMode.FIXED_TIME, ControlMode.ACTUATED, ControlMode.ADAPTIVE, ControlMode.COORDINATED}
)
"""An officer's hand overrules the light (道交法 art. 38), and all red by command is no red of the cycle."""
UNBELIEVED_STATUS: Final = frozenset(
    {
        IntersectionStatus.MANUAL_CONTROL_IS_ENABLED,
        IntersectionStatus.STOP_TIME_IS_ACTIVATED,
        IntersectionStatus.FAILURE_FLASH,
        IntersectionStatus.STANDBY_OPERATION,
        IntersectionStatus.FAILURE_MODE,
        IntersectionStatus.OFF,
        IntersectionStatus.NO_VALID_SPAT_IS_AVAILABLE,
    }
)
OF_MOVEMENT: Final = {
    MovementState.UNAVAILABLE: LampState.UNKNOWN,
    MovementState.DARK: LampState.DARK,
    MovementState.STOP_THEN_PROCEED: LampState.UNKNOWN,  # a flashing red
    MovementState.STOP_AND_REMAIN: LampState.RED,
    MovementState.PRE_MOVEMENT: LampState.UNKNOWN,  # red and yellow together: green is about to come
    MovementState.PERMISSIVE_MOVEMENT_ALLOWED: LampState.GREEN,
    MovementState.PROTECTED_MOVEMENT_ALLOWED: LampState.GREEN,
    MovementState.PERMISSIVE_CLEARANCE: LampState.YELLOW,
    MovementState.PROTECTED_CLEARANCE: LampState.YELLOW,
    MovementState.CAUTION_CONFLICTING_TRAFFIC: LampState.FLASHING_YELLOW,
}
OF_LAMP_GROUP: Final = {
    LampGroupState.RED: LampState.RED,
    LampGroupState.YELLOW: LampState.YELLOW,
    LampGroupState.GREEN: LampState.GREEN,
    LampGroupState.OFF: LampState.DARK,
    LampGroupState.FLASHING_RED: LampState.UNKNOWN,
    LampGroupState.FLASHING_YELLOW: LampState.FLASHING_YELLOW,
    LampGroupState.FLASHING_GREEN: LampState.FLASHING_GREEN,
    LampGroupState.RED_YELLOW: LampState.UNKNOWN,
}


def of_movement(state: MovementState, user: SignalUser) -> LampState:
    """Return what a movement shows to somebody: a pedestrian lamp has no yellow, its clearance flashes green."""
    lamp = OF_MOVEMENT[state]
    return LampState.FLASHING_GREEN if lamp is LampState.YELLOW and user == "pedestrian" else lamp
