"""Enrols this box: makes its key here, shows a one-time code and the public key to the centre, keeps what it answers.

The token is written last: a folder without one is an enrolment that was interrupted, and running it again goes on with
the same key, which the centre takes the same code from until the code is over.
"""

import ipaddress
import os
import shutil
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import ValidationError

from contract.enrolment import EnrolmentAnswer, asked, code_of
from contract.identity import key_of
from edge.errors import InputProblemError, PartMissingError, RefusedError
from edge.keys import load_private_key, make_private_key, trusted

KEY: Final = "device-key.pem"
NEW_KEY: Final = "device-key.pem.new"
TOKEN: Final = "token"  # noqa: S105 - a file's name
CENTRE_KEY: Final = "centre-public.pem"
CA: Final = "ca.pem"
AGAIN: Final = "Run the same command again: the key that was made here is kept, and the code is still good for it"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the operator asks for. ``keep_key`` and ``replace`` are for a box that is enrolled already."""

    centre_url: str
    code: str
    folder: Path
    ca_file: Path | None = None
    replace: bool = False
    keep_key: bool = False


def enrol(wish: Wish) -> EnrolmentAnswer:
    """Enrol this box and write key, token, the centre's public key and the CA into the folder.

    Raises:
        InputProblemError: a code, address, CA or folder that cannot be.
        PartMissingError: the centre cannot be reached.
        RefusedError: the centre said no.
    """
    code = _checked(wish)
    verify = trusted(wish.ca_file)
    key = _key(wish)
    answer = _answered(wish.centre_url, asked(code, key).model_dump_json(), verify)
    try:
        _keep(wish, answer)
    except OSError as error:
        raise InputProblemError(f"{wish.folder}: could not be written ({error.strerror}). {AGAIN}") from error
    return answer


def configuration(wish: Wish, answer: EnrolmentAnswer) -> str:
    """Return the `device:` and `centre:` parts of edge.yaml; paths are from the folder."""
    broker: dict[str, object] = {
        "host": answer.broker.host,
        "port": answer.broker.port,
        "username": answer.device_id,
        "password_file": TOKEN,
    }
    centre: dict[str, object] = {"url": wish.centre_url, "public_key_file": CENTRE_KEY}
    if wish.ca_file is not None and wish.centre_url.startswith("https:"):
        centre["ca_file"] = CA
    if answer.broker.tls:
        broker |= {"ca_file": CA} if wish.ca_file is not None else {"tls": True}
    parts = {
        "device": {"id": answer.device_id, "key_file": KEY, "token_file": TOKEN},
        "centre": centre | {"broker": broker},
    }
    return yaml.safe_dump(parts, allow_unicode=True, sort_keys=False)


def _checked(wish: Wish) -> str:
    """Return the code; every problem at once, before a key is made."""
    code = code_of(wish.code)
    problems = [] if code else ["--code: expected 16 letters and digits as the console shows them, XXXX-XXXX-XXXX-XXXX"]
    problems += [f"--centre: {problem}" for problem in _address_problems(wish.centre_url)]
    token = wish.folder / TOKEN
    if token.exists() and not wish.replace and not wish.keep_key:
        problems.append(
            f"{token}: this box is enrolled already. --keep-key enrols it again with its key; --replace makes a new one"
        )
    if wish.replace and wish.keep_key:
        problems.append("--replace, --keep-key: expected one of the two")
    if problems or code is None:
        raise InputProblemError(*problems)
    return code


def _address_problems(url: str) -> list[str]:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return [f"expected an address such as https://centre.example, found {url[:100]!r} ({error})"]
    if parts.scheme not in {"http", "https"} or not host or parts.path.strip("/") or parts.query or parts.username:
        return [f"expected an address such as https://centre.example, found {url[:100]!r}"]
    if parts.scheme == "http" and not _is_this_machine(host):
        return [f"expected https://, found {url[:100]!r}: code and token must not go over a network in the clear"]
    return []


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _key(wish: Wish) -> Ed25519PrivateKey:
    """Return the key to enrol with: the one that is here, unless it is to be replaced by a new one."""
    path = wish.folder / (NEW_KEY if wish.replace and (wish.folder / TOKEN).exists() else KEY)
    try:
        return load_private_key(path) if path.exists() else make_private_key(path)
    except OSError as error:
        raise InputProblemError(f"{path}: the key could not be made here ({error.strerror})") from error


def _answered(url: str, body: str, verify: ssl.SSLContext) -> EnrolmentAnswer:
    address = f"{url.rstrip('/')}/api/v1/devices/enrol"
    try:
        reply = httpx.post(address, content=body, verify=verify, timeout=httpx.Timeout(30.0, connect=10.0))
    except httpx.TransportError as error:
        raise _unreached(url, error) from error
    if reply.status_code != httpx.codes.OK:
        raise RefusedError(f"{url}: not enrolled ({reply.status_code}): {_said(reply)}")
    try:
        answer = EnrolmentAnswer.model_validate_json(reply.content)
        key_of(answer.centre_public_key)
    except (ValidationError, ValueError) as error:
        raise PartMissingError(url, "this is not the answer of a lukou centre", "Look at --centre") from error
    return answer


def _unreached(url: str, error: httpx.TransportError) -> Exception:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        why = str(error).split("certificate verify failed:")[-1].split(" (_ssl.c")[0].strip()
        return InputProblemError(
            f"{url}: its certificate is not believed: {why}. Expected one of the CA in --ca (or, without it, of a CA "
            "that this machine knows), for this very name, and not over; nothing was sent"
        )
    return PartMissingError(url, f"the centre cannot be reached ({str(error) or type(error).__name__})", AGAIN)


def _said(reply: httpx.Response) -> str:
    try:
        return str(reply.json()["error"])[:300]
    except (ValueError, KeyError, TypeError):
        return "this is not the answer of a lukou centre; look at --centre"


def _keep(wish: Wish, answer: EnrolmentAnswer) -> None:
    folder = wish.folder
    public = key_of(answer.centre_public_key).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / CENTRE_KEY).write_bytes(public)
    if wish.ca_file is not None and wish.ca_file.resolve() != (folder / CA).resolve():
        shutil.copyfile(wish.ca_file, folder / CA)
    new_key, new_token = folder / NEW_KEY, folder / f"{TOKEN}.new"
    new_token.unlink(missing_ok=True)
    handle = os.open(new_token, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(answer.token)
        file.flush()
        os.fsync(handle)
    if wish.replace and new_key.exists():
        new_key.replace(folder / KEY)
    new_token.replace(folder / TOKEN)
