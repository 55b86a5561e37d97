"""Whether a message can be believed, and what it says: seal, sender, site, topic. It asks for keys, stores nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from contract import topics
from contract.box import StatusTold
from contract.errors import ForgedError, MalformedError, SealError, UnknownKeyError
from contract.evidence import MANIFEST
from contract.hand_off import HandOffHeld
from contract.messages import Heartbeat, PassageCounts, ViolationReported
from contract.seal import Believed, believe
from contract.strict_json import message_in
from server.devices import Speaker

FromDevice = ViolationReported | PassageCounts | Heartbeat | HandOffHeld | StatusTold
KINDS: Final[Mapping[str, type[FromDevice]]] = {
    "violation": ViolationReported,
    "passages": PassageCounts,
    "heartbeat": Heartbeat,
    "state": HandOffHeld,
    "status": StatusTold,
}
REASONS: Final = {UnknownKeyError: "unknown_key", ForgedError: "forged", MalformedError: "malformed"}
NUL: Final = b"\\u0000"
KEPT_FOR_GOOD: Final = (ViolationReported, PassageCounts)
"""What an outbox may still hold from before a new key; of how a box is now, only its present key can tell."""


@dataclass(frozen=True, slots=True)
class Came:
    """A message as the wire brought it."""

    topic: str
    payload: bytes

    @property
    def kind(self) -> str:
        """Return the last part of its topic."""
        return self.topic.rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that is believed; ``body`` is its canonical form, ``chain`` the name of the key that sealed it."""

    message: FromDevice
    chain: str
    body: bytes


class RefusedError(Exception):
    """A message that is not taken. ``to`` is the event whose sender may hear of it, None where nobody may."""

    def __init__(self, reason: str, detail: str, to: ViolationReported | None = None) -> None:
        self.reason, self.to = reason, to
        super().__init__(detail)


def read(came: Came, speaker_of: Callable[[str], Speaker | None]) -> Heard:
    """Return what a message says. Raises RefusedError with the reason (docs/server.md has all of them)."""
    expected = KINDS.get(came.kind)
    if expected is None:
        raise RefusedError(
            "malformed", f"expected one of {', '.join(KINDS)} at the topic's end, found {came.kind[:60]!r}"
        )

    def keys_of(key_id: str) -> tuple[Ed25519PublicKey, ...]:
        known = speaker_of(key_id)
        return () if known is None else tuple(known.keys.values())

    try:
        believed = believe(came.payload, keys_of)
        message: FromDevice = message_in(believed.body, expected)
    except SealError as error:
        raise RefusedError(REASONS[type(error)], str(error)) from error
    if NUL in believed.body:
        raise RefusedError("malformed", "a text holds the character 0, which no database keeps")
    speaker = speaker_of(believed.key_id)
    if speaker is None:
        raise RefusedError("unknown_key", f"expected a registered key, found {believed.key_id!r}")
    return _from_one_mouth(came, message, believed, speaker)


def _from_one_mouth(came: Came, message: FromDevice, believed: Believed, speaker: Speaker) -> Heard:
    """The seal's key, the device in the body, its site and the topic must all be of one mouth."""
    if message.device_id != believed.key_id:  # no receipt: one box must not get another's event refused
        raise RefusedError("wrong_sender", f"sealed by {believed.key_id!r}, but speaks for {message.device_id!r}")
    to = message if isinstance(message, ViolationReported) else None
    if speaker.site_id != message.site_id:
        raise RefusedError("wrong_site", f"{believed.key_id!r} is not enrolled at site {message.site_id!r}", to)
    anothers = [camera for camera in _cameras(message) if not speaker.may_speak_for(camera)]
    if anothers:
        raise RefusedError("wrong_camera", f"{believed.key_id!r} is not enrolled with camera {anothers[0]!r}", to)
    if came.topic != _own_topic(message):
        raise RefusedError("wrong_topic", f"came on {came.topic!r}, expected {_own_topic(message)!r}", to)
    chain, present = _chain(believed, speaker)
    if not present and not isinstance(message, KEPT_FOR_GOOD):
        raise RefusedError("old_key", f"sealed by a key that {believed.key_id!r} had before: chain {chain}")
    if to is not None:
        _names_its_evidence(to)
    return Heard(message, chain, believed.body)


def _chain(believed: Believed, speaker: Speaker) -> tuple[str, bool]:
    names = [name for name, key in speaker.keys.items() if key is believed.key]
    return names[0], names[0] == next(iter(speaker.keys))


def _names_its_evidence(report: ViolationReported) -> None:
    names = [file.name for file in report.evidence]
    if MANIFEST not in names:
        raise RefusedError("no_manifest", f"event {report.event_id} names no manifest.json", report)
    if len(set(names)) < len(names):
        raise RefusedError("file_named_twice", f"event {report.event_id} names a file twice", report)


def _cameras(message: FromDevice) -> tuple[str, ...]:
    """Return the cameras for which a message speaks."""
    match message:
        case HandOffHeld():
            return ()
        case StatusTold():
            return message.cameras
        case _:
            return (message.camera_id,)


def _own_topic(message: FromDevice) -> str:
    match message:
        case ViolationReported():
            return topics.violation(message.site_id, message.camera_id)
        case PassageCounts():
            return topics.passages(message.site_id, message.camera_id)
        case Heartbeat():
            return topics.heartbeat(message.site_id, message.camera_id)
        case HandOffHeld():
            return topics.hand_off_state(message.site_id)
        case StatusTold():
            return topics.status(message.site_id, message.device_id)
