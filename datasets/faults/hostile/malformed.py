"""Attacks on the readers: bytes that are no message. None needs a key, but some have one."""

import base64
import json
import random
from collections.abc import Mapping
from typing import Any, Final

from contract.seal import SEALED_BYTES_MAX, canonical_bytes
from datasets.faults.hostile.attacker import Attacker, Family, Identity, Sent
from datasets.faults.hostile.spelling import RAW, nested

PLACES: Final = ('"measure":', '"track_id":', '"schema_version":', '"site_name":')


def random_bytes(attacker: Attacker, chance: random.Random) -> Sent:
    """Noise."""
    return Sent(_any_topic(attacker, chance), chance.randbytes(chance.randrange(400)))


def cut_off(attacker: Attacker, chance: random.Random) -> Sent:
    """A genuine message that ends too early."""
    payload = attacker.sealed(attacker.fresh(chance))
    return Sent(attacker.topic(), payload[: chance.randrange(len(payload))])


def torn(attacker: Attacker, chance: random.Random) -> Sent:
    """Some bytes of a genuine message are others."""
    payload = bytearray(attacker.sealed(attacker.fresh(chance)))
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(payload))
        payload[at] ^= 1 << chance.randrange(8)
    return Sent(attacker.topic(), bytes(payload))


def oversized(attacker: Attacker, chance: random.Random) -> Sent:
    """More bytes than a message may have, genuine but for that."""
    envelope = json.loads(attacker.sealed(attacker.fresh(chance)))
    blanks = SEALED_BYTES_MAX + chance.randint(1, 60_000)
    return Sent(attacker.topic(), json.dumps(envelope).encode() + b" " * blanks)


def deep(attacker: Attacker, chance: random.Random) -> Sent:
    """Brackets in brackets, as the whole message or as its body."""
    text = nested(chance.choice((10, 120, 300, 1000, 20_000)), chance)
    if chance.random() < 0.5:
        text = f'{{"body":{{"a":{text}}},"key_id":"{attacker.device.device_id}","signature":"{"A" * 86}=="}}'
    return Sent(attacker.topic(), text.encode()[:SEALED_BYTES_MAX])


def no_json_value(attacker: Attacker, chance: random.Random) -> Sent:
    """NaN, 1e400, half surrogates and the like in a value's place."""
    text = attacker.sealed(attacker.fresh(chance)).decode()
    place = chance.choice(PLACES)
    at = text.index(place) + len(place)
    end = at + min(i for i in (text[at:].find(","), text[at:].find("}")) if i >= 0)
    return Sent(attacker.topic(), f"{text[:at]}{chance.choice(RAW)}{text[end:]}".encode())


def other_encoding(attacker: Attacker, chance: random.Random) -> Sent:
    """UTF-16, a byte order mark, Latin-1, bytes that are no UTF-8."""
    text = attacker.sealed(attacker.fresh(chance)).decode()
    spelled = (
        text.encode("utf-16"),
        text.encode("utf-32"),
        b"\xff\xfe" + text.encode(),
        text.replace("fault run", "f\u00fc").encode("latin-1"),
        text.encode().replace(b"fault run", b"\xc0\xaf\xed\xa0\x80"),
        b"\x00" + text.encode(),
        text.encode() + b"\x00",
        text.encode() + b"{}",
        text.encode("utf-7"),
    )
    return Sent(attacker.topic(), chance.choice(spelled[:-1]))


def no_envelope(attacker: Attacker, chance: random.Random) -> Sent:
    """JSON that is no sealed message: parts lacking, of other types, too many."""
    envelope: dict[str, Any] = json.loads(attacker.sealed(attacker.fresh(chance)))
    name = chance.choice(("body", "key_id", "signature"))
    tricks: list[object] = [
        {key: value for key, value in envelope.items() if key != name},
        envelope | {name: chance.choice((None, 1, [], {}, True, "", "\u0000"))},
        envelope | {chance.choice(("alg", "body2", "")): "none"},
        [envelope],
        json.dumps(envelope),
        None,
        envelope["body"],
        {"body": envelope},
    ]
    return Sent(_any_topic(attacker, chance), json.dumps(chance.choice(tricks)).encode())


def named_twice(attacker: Attacker, chance: random.Random) -> Sent:
    """A key twice in one object: one reader takes the first, another the last (RFC 8259, 4)."""
    text = attacker.sealed(attacker.fresh(chance)).decode()
    other = attacker.fresh(chance)
    again = chance.choice(
        (
            f'"measure":{chance.randint(4, 99)},"measure":',
            f'"event_id":"{other.event_id}","event_id":',
        )
    )
    name = again.split(":")[0] + ":"
    head, tail = text.split(name, 1)
    written = f"{head}{again}{tail}"
    if chance.random() < 0.5:  # the trick's value behind the sealed one, so that it wins
        value_end = tail.index(",")
        written = f"{head}{name}{tail[:value_end]},{again[: again.rindex(',')]}{tail[value_end:]}"
    return Sent(attacker.topic(), written.encode())


def canonical_of_what_is_none(attacker: Attacker, chance: random.Random) -> Sent:
    """A body with a number beyond what every reader holds alike, sealed over the bytes as they stand."""
    body = attacker.fresh(chance).model_dump(mode="json")
    return sealed_text(attacker, json.dumps(body | {"track_id": 2**53 + 2 * chance.randrange(1, 2**60)}))


def sealed_text(attacker: Attacker, body: str, who: Identity | None = None) -> Sent:
    """Seal a body as it is written, as whoever has the key but keeps to no rules would."""
    who = who or attacker.device
    signed = f'{{"body":{body},"key_id":"{who.device_id}"}}'
    signature = base64.b64encode(who.key.sign(signed.encode())).decode()
    return Sent(attacker.topic(), f'{signed[:-1]},"signature":"{signature}"}}'.encode())


def sealed_object(attacker: Attacker, body: Mapping[str, object], topic: str, who: Identity | None = None) -> Sent:
    """Seal any object in its canonical form."""
    who = who or attacker.device
    signed = {"body": body, "key_id": who.device_id}
    signature = base64.b64encode(who.key.sign(canonical_bytes(signed))).decode()
    return Sent(topic, canonical_bytes({**signed, "signature": signature}))


def _any_topic(attacker: Attacker, chance: random.Random) -> str:
    return chance.choice([attacker.topic(), *(topic for topic, _ in attacker.others(chance))])


MALFORMED: Final[dict[str, Family]] = {
    "random bytes": random_bytes,
    "cut off": cut_off,
    "bits turned": torn,
    "oversized": oversized,
    "deep JSON": deep,
    "NaN, huge numbers, surrogates": no_json_value,
    "another encoding": other_encoding,
    "no envelope": no_envelope,
    "keys named twice": named_twice,
    "a number without a canonical form": canonical_of_what_is_none,
}
