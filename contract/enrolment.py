"""How a box is enrolled: a one-time code against a public key that the box can prove to hold.

The private key stays on the box. The messages go over HTTPS; they carry a code and a token, so never in the clear.
"""

import base64
import re
import secrets
from typing import Annotated, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import Field, StringConstraints

from contract.fields import Identifier, Message, Part
from contract.identity import PublicKey, key_of, key_text
from contract.seal import canonical_bytes

CODE_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that nothing is read as something else. 16 of them are 80 random bits."""
GROUPS: Final = 4
LETTERS_A_GROUP: Final = 4
MISREAD: Final = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})
CAMERAS_MAX: Final = 64

Code = Annotated[str, StringConstraints(pattern=rf"^[{CODE_LETTERS}]{{4}}(-[{CODE_LETTERS}]{{4}}){{3}}$")]
Signature = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{86}==$")]
Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,253}$")]


class EnrolmentRequest(Message):
    """What a box sends: the code, its public key, and its signature over both (``proof_bytes``)."""

    code: Code
    public_key: PublicKey
    proof: Signature


class BrokerPlace(Part):
    """Where the box finds the broker. Its user name there is its id, its password its token."""

    host: Host
    port: Annotated[int, Field(ge=1, le=65535)]
    tls: bool


class EnrolmentAnswer(Message):
    """What the centre answers: who the box is now, what it sees, and how it knows the centre's receipts.

    Without cameras the box may speak for any camera of its site.
    """

    device_id: Identifier
    site_id: Identifier
    cameras: Annotated[tuple[Identifier, ...], Field(max_length=CAMERAS_MAX)]
    token: Token
    centre_public_key: PublicKey
    broker: BrokerPlace


def new_code() -> str:
    """Make a code by the system's randomness, as it is shown: ``7K3M-…``."""
    return _grouped("".join(secrets.choice(CODE_LETTERS) for _ in range(GROUPS * LETTERS_A_GROUP)))


def code_of(typed: str) -> str | None:
    """Return the code that a person typed (small letters, other spacing, O for 0), or None where it can be none."""
    letters = typed.upper().translate(MISREAD)
    right = re.fullmatch(rf"[{CODE_LETTERS}]{{{GROUPS * LETTERS_A_GROUP}}}", letters)
    return _grouped(letters) if right else None


def _grouped(letters: str) -> str:
    return "-".join(letters[at : at + LETTERS_A_GROUP] for at in range(0, len(letters), LETTERS_A_GROUP))


def asked(code: str, key: Ed25519PrivateKey) -> EnrolmentRequest:
    """Return the request that only the holder of the key can make."""
    public_key = key_text(key.public_key())
    proof = base64.b64encode(key.sign(proof_bytes(code, public_key))).decode("ascii")
    return EnrolmentRequest(code=code, public_key=public_key, proof=proof)


def proven(request: EnrolmentRequest) -> Ed25519PublicKey | None:
    """Return the request's key if its holder has signed this very request, else None."""
    try:
        key = key_of(request.public_key)
        key.verify(base64.b64decode(request.proof), proof_bytes(request.code, request.public_key))
    except (ValueError, InvalidSignature):  # a ValueError: 32 bytes that are no point of the curve
        return None
    return key


def proof_bytes(code: str, public_key: str) -> bytes:
    """Return what the proof signs: the RFC 8785 form of code and key."""
    return canonical_bytes({"code": code, "public_key": public_key})
