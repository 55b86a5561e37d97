"""Hostile requests to the centre's HTTP interface: uploads that lie, paths that lead out, bodies that burst."""

import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from datasets.faults.hostile.attacker import Attacker
from datasets.faults.hostile.spelling import PATHS, nested

EVIDENCE: Final = "/api/v1/evidence/"
TUS: Final = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. ``least`` is the lowest status that says no to it."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    least: int = 400


Requests = Callable[[Attacker, str, random.Random], Asked]


def wrong_bytes(attacker: Attacker, token: str, chance: random.Random) -> Asked:
    """Other bytes than the event has promised: a bomb, too many, too few, none."""
    digest, size = _awaited(attacker, chance)
    fits = bytes(chance.randbytes(size))
    content = chance.choice((fits, fits[:-1], fits + b"x", b"", _zip_bomb(size), _jpeg_bomb(size), b"\0" * size))
    return Asked("PUT", EVIDENCE + digest, _bearer(token), content)


def packed(attacker: Attacker, token: str, chance: random.Random) -> Asked:
    """A body that would be a thousand times as large if somebody unpacked it."""
    digest, _ = _awaited(attacker, chance)
    headers = _bearer(token) | {"Content-Encoding": chance.choice(("gzip", "deflate", "br", "gzip, gzip"))}
    return Asked("PUT", EVIDENCE + digest, headers, gzip.compress(b"\0" * 2_000_000))


def unasked(_attacker: Attacker, token: str, chance: random.Random) -> Asked:
    """A file that no event names, a hash that is none, a path instead of one."""
    tricks = ("".join(chance.choices("0123456789abcdef", k=64)), "A" * 64, "0" * 63, *map(_quoted, PATHS))
    method, path = chance.choice(("PUT", "PATCH", "HEAD", "GET")), EVIDENCE + chance.choice(tricks)
    return Asked(method, path, _bearer(token), b"x", least=300)  # a slash at the end leads to the path without it


def unknown_sender(attacker: Attacker, token: str, chance: random.Random) -> Asked:
    """An awaited file without a token, with a wrong one, with another device's, with a revoked one's."""
    digest, size = _awaited(attacker, chance)
    tricks: tuple[dict[str, str], ...] = (
        {},
        _bearer(token[:-1]),
        _bearer(token + "A"),
        _bearer(token.swapcase()),
        _bearer(attacker.other.device_id),
        _bearer(attacker.revoked.device_id),
        {"Authorization": f"Basic {token}"},
        {"Authorization": "Bearer " + "x" * 5000},
        {"Authorization": "Bearer ' OR 1=1 --"},
        {"Cookie": f"session={token}"},
    )
    return Asked(chance.choice(("PUT", "PATCH", "HEAD")), EVIDENCE + digest, chance.choice(tricks) | TUS, b"x" * size)


def wrong_offset(attacker: Attacker, token: str, chance: random.Random) -> Asked:
    """A piece of a file from where it cannot go on."""
    digest, size = _awaited(attacker, chance)
    offset = chance.choice(("-1", "1", str(size), str(size + 1), "9" * 30, "0x0", "1e2", "", "NaN", "0 ", "1.0"))
    headers = _bearer(token) | TUS | {"Upload-Offset": offset}
    return Asked("PATCH", EVIDENCE + digest, headers, chance.randbytes(size + 1))


def evil_paths(_attacker: Attacker, _token: str, chance: random.Random) -> Asked:
    """Ways out of the folders that the centre serves."""
    root = chance.choice(("/static/", "/assets/", "/", "/list/", "/console/cases/1/evidence/", "/api/v1/"))
    return Asked(chance.choice(("GET", "HEAD", "PUT", "DELETE")), root + _quoted(chance.choice(PATHS)) + "/..;/x.pem")


def evil_forms(_attacker: Attacker, _token: str, chance: random.Random) -> Asked:
    """Forms and JSON that nobody has asked for: deep, huge, of another type, without a login."""
    path = chance.choice(
        (
            "/console/cases/1/confirm",
            "/console/cases/999999999999999999999/reject",
            "/console/hand-off",
            "/console/devices/code",
            "/logout",
            "/api/v1/devices/enrol",
            "/api/v1/devices/admission",
        )
    )
    content = chance.choice(
        (
            nested(chance.choice((50, 5000, 100_000)), chance).encode(),
            json.dumps({"code": "0" * 10_000, "public_key": [], "proof": None}).encode(),
            b'{"code":"\\ud800","public_key":"\\u0000","proof":"x"}',
            b"csrf=" + b"%ff" * 1000,
            chance.randbytes(500),
            b'--x\r\nContent-Disposition: form-data; name="csrf"; filename="../../x"\r\n\r\n' + b"a" * 1000,
            b"a=1&" * 5000,
        )
    )
    kinds = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/\u00e9")
    kind = chance.choice(kinds).encode("latin-1").decode("latin-1")
    return Asked("POST", path, {"Content-Type": kind}, content, least=300)  # a page leads to the login


def evil_headers(_attacker: Attacker, token: str, chance: random.Random) -> Asked:
    """Methods and headers that no browser and no box sends, at a place that does not exist."""
    headers = {
        "Host": chance.choice(("", "evil.example", "a" * 300, "[::1")),
        "X-Forwarded-For": "x" * chance.randrange(1, 4000),
        "Range": chance.choice(("bytes=0-0,1-1,2-2", "bytes=-" + "9" * 40, "lines=1-2")),
        "Accept-Language": "zh" * 500,
        "Cookie": "=; ;;=" + token,
    }
    return Asked(chance.choice(("TRACE", "CONNECT", "OPTIONS", "PROPFIND", "X" * 40)), "/api/v1/nothing", headers)


HTTP: Final[dict[str, Requests]] = {
    "wrong bytes": wrong_bytes,
    "packed bodies": packed,
    "files that nobody awaits": unasked,
    "unknown senders": unknown_sender,
    "wrong offsets": wrong_offset,
    "paths out of the folders": evil_paths,
    "forms of nobody": evil_forms,
    "odd methods and headers": evil_headers,
}


def _awaited(attacker: Attacker, chance: random.Random) -> tuple[str, int]:
    file = chance.choice(chance.choice(attacker.known).evidence)
    return file.sha256, file.size_bytes


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _quoted(path: str) -> str:
    return path if path.startswith("%") else quote(path, safe="/")


def _zip_bomb(size: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../x", b"\0" * 500_000)
    return out.getvalue()[:size].ljust(size, b"\0")


def _jpeg_bomb(size: int) -> bytes:
    header = b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
    return header.ljust(size, b"\0")
