"""The same JSON value in another spelling, and values that JSON cannot or should not hold."""

import json
import random
from collections.abc import Mapping
from typing import Any, Final

BLANKS: Final = ("", " ", "\n", "\t", "\r\n  ")


def respelled(value: object, chance: random.Random) -> str:
    """Write a value as RFC 8259 allows and RFC 8785 does not: blanks, order, escapes, 1.0 for 1. It means the same."""
    if isinstance(value, Mapping):
        items = list(value.items())
        chance.shuffle(items)
        inside = ",".join(
            f"{_blank(chance)}{_string(key, chance)}{_blank(chance)}:{respelled(each, chance)}" for key, each in items
        )
        return f"{_blank(chance)}{{{inside}{_blank(chance)}}}{_blank(chance)}"
    if isinstance(value, list | tuple):
        return f"[{','.join(respelled(each, chance) for each in value)}{_blank(chance)}]"
    if isinstance(value, str):
        return _blank(chance) + _string(value, chance)
    return _blank(chance) + json.dumps(value)


def _blank(chance: random.Random) -> str:
    return chance.choice(BLANKS)


def _string(text: str, chance: random.Random) -> str:
    written = [
        "".join(f"\\u{unit:04x}" for unit in _units(letter))
        if chance.random() < 0.3
        else json.dumps(letter, ensure_ascii=False)[1:-1]
        for letter in text
    ]
    return f'"{"".join(written)}"'


def _units(letter: str) -> list[int]:
    data = letter.encode("utf-16-be")
    return [int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data), 2)]


def nested(depth: int, chance: random.Random) -> str:
    """Return brackets in brackets, closed or not."""
    opening, closing = chance.choice((("[", "]"), ('{"a":', "}"), ('[{"b":', "}]")))
    inside = chance.choice(("1", '""', "null"))
    return opening * depth + inside + (closing * depth if chance.random() < 0.7 else "")


WILD: Final[tuple[Any, ...]] = (
    None,
    True,
    False,
    -1,
    0,
    2**53,
    2**63,
    -(2**64),
    10**300,
    1.5,
    -0.0,
    1e-320,
    1.7976931348623157e308,
    "",
    " ",
    "1",
    "x" * 5000,
    "\u0000",
    "\u202e",
    "<script>",
    "'; DROP TABLE events; --",
    "../../etc/passwd",
    "１",
    [],
    [[]],
    [None],
    {},
    {"": {}},
    {"__class__": "x"},
    ["a"] * 50,
)
"""Values that a field does not expect."""
RAW: Final = (
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
    "-1e400",
    "0x10",
    "01",
    "1.",
    ".5",
    "+1",
    "1" * 5000,
    "-" + "9" * 400,
    "1e999999999",
    '"\\ud800"',
    '"\\udfff\\ud800"',
    '"\\x41"',
    '"\\u00"',
    '"\n"',
    "'a'",
    "undefined",
    "nul",
    "{1:2}",
    "[1,]",
    "/*x*/1",
    "",
)
"""Text in a value's place that no JSON reader should take, or whose value no canonical form has."""
PATHS: Final = (
    "../manifest.json",
    "../../etc/passwd",
    "/etc/passwd",
    "..\\..\\boot.ini",
    "a/../../b.jpg",
    "%2e%2e%2fb.jpg",
    "..%c0%afb.jpg",
    "b.jpg\u0000.json",
    "manifest.json\n",
    "\nmanifest.json",
    "manifest.json ",
    ".manifest.json",
    ".manifest.json.part",
    "manifest.JSON",
    "con.jpg/",
    "~/.ssh/id.json",
    "file:///etc/x.json",
    "b.jpg;rm -rf",
    "$(id).jpg",
    "`id`.jpg",
    "b.php",
    "b.jpg.exe",
    "．．/b.jpg",
    "b\u202egpj.jpg",
    "x" * 300 + ".jpg",
    "",
    ".",
    "..",
    "b..jpg/..",
    "a\\b.jpg",
    "C:b.jpg",
)
"""Names that would lead out of a folder, hide, or pass for another file."""
