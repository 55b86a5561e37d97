"""Attacks on belief: forged, borrowed and replayed seals, and genuine seals under what must not be said."""

import base64
import json
import random
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import topics
from contract.seal import canonical_bytes, seal
from datasets.faults.hostile.attacker import Attacker, Family, Identity, Sent
from datasets.faults.hostile.malformed import sealed_object
from datasets.faults.hostile.spelling import PATHS, WILD, respelled


def another_key(attacker: Attacker, chance: random.Random) -> Sent:
    """Sealed by a key that nobody knows, in a device's name."""
    key = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
    return Sent(attacker.topic(), seal(attacker.fresh(chance), attacker.device.device_id, key))


def no_signature(attacker: Attacker, chance: random.Random) -> Sent:
    """Everything but a signature: empty, short, long, zeros, other alphabets."""
    envelope = json.loads(attacker.sealed(attacker.fresh(chance)))
    genuine = envelope["signature"]
    tricks = ("", "AA==", "A" * 86 + "==", genuine[:-2], genuine + genuine, "é" * 88, "=" * 88, "A" * 88, "\u0000" * 88)
    return Sent(attacker.topic(), json.dumps(envelope | {"signature": chance.choice(tricks)}).encode())


def borrowed_signature(attacker: Attacker, chance: random.Random) -> Sent:
    """The body of one genuine message under the signature of another, or the key's name exchanged."""
    envelope, another = (json.loads(attacker.sealed(attacker.fresh(chance))) for _ in range(2))
    name = chance.choice(("signature", "body"))
    mixed = envelope | {name: another[name]}
    if chance.random() < 0.3:
        mixed = envelope | {"key_id": attacker.other.device_id}
    return Sent(attacker.topic(), json.dumps(mixed).encode())


def changed_body(attacker: Attacker, chance: random.Random) -> Sent:
    """A genuine message of which one fact is another: the place, the time, the clock, a hash."""
    envelope = json.loads(attacker.sealed(attacker.fresh(chance)))
    body: dict[str, Any] = envelope["body"]
    name = chance.choice(sorted(set(body) - {"schema_version"}))
    body[name] = chance.choice([value for value in WILD if value != body[name]])
    return Sent(attacker.topic(), json.dumps(envelope).encode())


def stranger(attacker: Attacker, chance: random.Random) -> Sent:
    """A device that is not enrolled, or no longer."""
    unknown = Identity("nobody-here", attacker.device.site_id, attacker.device.camera_id)
    who = attacker.revoked if chance.random() < 0.5 else unknown
    number = chance.randrange(1, 10**6)
    return Sent(attacker.topic(who), attacker.sealed(attacker.event(number, who), who))


def for_another(attacker: Attacker, chance: random.Random) -> Sent:
    """One device speaks in another's name, at its site, or on its topic; of any kind of message."""
    genuine, other = attacker.fresh(chance), attacker.other
    at_our_site = Identity(other.device_id, attacker.device.site_id, attacker.device.camera_id, other.key)
    topic, message = chance.choice(attacker.others(chance))
    tricks = (
        Sent(attacker.topic(), attacker.sealed(genuine, other)),
        Sent(attacker.topic(), attacker.sealed(attacker.event(chance.randrange(1, 10**6), at_our_site), other)),
        Sent(attacker.topic(), attacker.sealed(attacker.event(chance.randrange(1, 10**6), other), other)),
        Sent(topic, attacker.sealed(message, other)),
    )
    return chance.choice(tricks)


def wrong_topic(attacker: Attacker, chance: random.Random) -> Sent:
    """A genuine message where another kind, camera or site speaks."""
    genuine, device = attacker.fresh(chance), attacker.device
    kinds = (topics.passages, topics.heartbeat)
    tricks = (
        topics.violation(device.site_id, "another-camera"),
        topics.violation("another-site", device.camera_id),
        topics.violation(attacker.other.site_id, attacker.other.camera_id),
        topics.violation("", ""),
        topics.violation("..", ".."),
        topics.violation("路口" * 40, "x" * 2000),
        *(kind(device.site_id, device.camera_id) for kind in kinds),
        topics.hand_off_state(device.site_id),
    )
    return Sent(chance.choice(tricks), attacker.sealed(genuine))


def conflicting(attacker: Attacker, chance: random.Random) -> Sent:
    """A known event once more with another content, sealed by its own device."""
    known = chance.choice(attacker.known)
    changes: tuple[dict[str, Any], ...] = (
        {"measure": chance.uniform(3, 9)},
        {"zone_id": f"z{chance.randrange(10**6)}"},
        {"entered_at_ms": known.entered_at_ms - chance.randrange(1, 10**6)},
        {"sequence": chance.randrange(10**9, 10**10)},
        {"evidence": known.evidence[: chance.randint(1, len(known.evidence) - 1)]},
    )
    return Sent(attacker.topic(), attacker.sealed(known.model_copy(update=chance.choice(changes))))


def wrong_types(attacker: Attacker, chance: random.Random) -> Sent:
    """A field that lacks, is too many or is of another type, under a genuine seal; of any kind of message."""
    topic, message = chance.choice([(attacker.topic(), attacker.fresh(chance)), *attacker.others(chance)])
    body = message.model_dump(mode="json")
    trick = chance.choice(("more", "less", "other"))
    if trick == "more":
        return sealed_object(attacker, body | {chance.choice(("is_admin", "schema", "id", "")): True}, topic)
    needed = [name for name, field in type(message).model_fields.items() if field.is_required()]
    if trick == "less":
        lacking = chance.choice(needed)
        return sealed_object(attacker, {name: each for name, each in body.items() if name != lacking}, topic)
    name = chance.choice(needed)
    wild: list[object] = [{"wild": 1}, [["wild"]]]
    if isinstance(body[name], str):
        wild += [1, 1.5, True, [body[name]], "", "\u0000", body[name] + "\n", "x" * 5000]
    elif isinstance(body[name], bool):
        wild += ["true", 1, 0, "yes", None]
    elif isinstance(body[name], int | float):
        wild += [str(body[name]), "", -1, 1e300, None, [body[name]]]
    return sealed_object(attacker, body | {name: chance.choice(wild)}, topic)


def evil_names(attacker: Attacker, chance: random.Random) -> Sent:
    """File names that lead out of the evidence folder, under a genuine seal."""
    body = attacker.fresh(chance).model_dump(mode="json")
    files = body["evidence"]
    files[chance.randrange(len(files))]["name"] = chance.choice(PATHS)
    return sealed_object(attacker, body, attacker.topic())


def evil_files(attacker: Attacker, chance: random.Random) -> Sent:
    """Evidence that cannot be: too large, no hash, a type that a browser runs, two of one name, none, a crowd."""
    body = attacker.fresh(chance).model_dump(mode="json")
    files: list[dict[str, Any]] = body["evidence"]
    one = files[chance.randrange(len(files))]
    trick = chance.randrange(6)
    if trick == 0:
        one["size_bytes"] = chance.choice((0, -1, 2**40, 64 * 1024 * 1024 + 1, 1.5, "1"))
    elif trick == 1:
        one["sha256"] = chance.choice((one["sha256"][:63], one["sha256"].upper() + "0", "../" + one["sha256"], "", 1))
    elif trick == 2:
        one["media_type"] = chance.choice(("text/html", "image/svg+xml", "application/javascript", "", None))
    elif trick == 3:
        files.append(dict(files[0]))
    elif trick == 4:
        body["evidence"] = [file for file in files if file["name"] != "manifest.json"]
    else:
        body["evidence"] = [{**one, "name": f"x{number}.jpg"} for number in range(chance.randint(25, 60))]
    return sealed_object(attacker, body, attacker.topic())


def replayed(attacker: Attacker, chance: random.Random) -> Sent:
    """A known event once more, to the byte."""
    return Sent(attacker.topic(), attacker.sealed(chance.choice(attacker.known)))


def respelled_replay(attacker: Attacker, chance: random.Random) -> Sent:
    """A known event once more in another spelling: blanks, key order, escapes. It means the same, and is the same."""
    envelope = json.loads(attacker.sealed(chance.choice(attacker.known)))
    return Sent(attacker.topic(), respelled(envelope, chance).encode())


def signature_spelled(attacker: Attacker, chance: random.Random) -> Sent:
    """The genuine signature in another base64: URL alphabet, blanks, the unused bits set, no padding."""
    envelope = json.loads(attacker.sealed(attacker.fresh(chance)))
    raw = base64.b64decode(envelope["signature"])
    plain = envelope["signature"]
    tricks = [plain[:44] + "\n" + plain[44:], plain.rstrip("="), " " + plain, plain + "====", raw.hex()]
    tricks += [plain[:10] + "-_" + plain[12:], base64.b32encode(raw).decode()]
    signature = chance.choice(tricks)
    return Sent(attacker.topic(), canonical_bytes(envelope | {"signature": signature}))


FORGED: Final[dict[str, Family]] = {
    "another key": another_key,
    "no signature": no_signature,
    "a borrowed signature": borrowed_signature,
    "a body changed": changed_body,
    "a signature spelled otherwise": signature_spelled,
    "strangers and the revoked": stranger,
    "in another device's name": for_another,
    "on a wrong topic": wrong_topic,
    "an event in conflict with itself": conflicting,
    "wrong types under a genuine seal": wrong_types,
    "paths in file names": evil_names,
    "evidence that cannot be": evil_files,
}
KNOWN: Final[dict[str, Family]] = {"replayed": replayed, "replayed in another spelling": respelled_replay}
"""Genuine messages once more: they are no refusal, and must change nothing."""
