"""A published head as a file or a page's JSON: the sealed message, and how an older size leads to it."""

import json
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contract.errors import SealError
from contract.fields import Count, Sha256
from contract.seal import unseal, unverified
from server.ledger.head_told import CENTRE, HeadTold
from server.ledger.proofs import InclusionProof, ProofError
from server.ledger.tree import consistent

FILE_BYTES_MAX = 256 * 1024


class Since(BaseModel):
    """The proof (RFC 6962, 2.1.2) that the book of ``size`` entries begins the head's."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    size: Count
    path: list[Sha256] = Field(max_length=64)


class HeadFile(BaseModel):
    """``sealed`` is the text of the sealed message, as it was signed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    sealed: str
    since: Since | None = None


def head_json(sealed: str, since: tuple[int, Sequence[bytes]] | None = None) -> str:
    """Return what `/ledger/heads/DAY.json` answers."""
    told = None if since is None else {"size": since[0], "path": [digest.hex() for digest in since[1]]}
    return json.dumps({"sealed": sealed, "since": told})


def read_head(path: Path, key: Ed25519PublicKey | None) -> tuple[HeadTold, Since | None]:
    """Read a head's file, or a line of heads.jsonl. Raises ProofError."""
    try:
        data = path.read_bytes()[: FILE_BYTES_MAX + 1]
    except OSError as error:
        raise ProofError(f"{path}: expected a published head, found no file ({error.strerror})") from error
    try:
        file = HeadFile.model_validate_json(data)
    except ValidationError:
        file = HeadFile(sealed=data.decode("utf-8", "replace").strip())
    sealed = file.sealed.encode()
    try:
        if key is None:
            return unverified(sealed, HeadTold).message, file.since
        return unseal(sealed, HeadTold, lambda name: key if name == CENTRE else None).message, file.since
    except SealError as error:
        raise ProofError(f"{path}: expected a head that the centre has sealed: {error}") from error


def proof_problem(proof: InclusionProof, head: HeadTold, since: Since | None) -> str | None:
    """Return why the proof does not lead to the head; None where it does. ProofError: it cannot be asked."""
    root = proof.root()
    if proof.size == head.size:
        return None if root.hex() == head.root else f"the entry is not in the book of {head.day}"
    if proof.size > head.size:
        raise ProofError(
            f"the proof is of {proof.size} entries, the head of {head.day} covers {head.size}: take a later"
        )
    if since is None or since.size != proof.size:
        address = f"/ledger/heads/{head.day}.json?since={proof.size}"
        raise ProofError(f"the head covers {head.size} entries, the proof {proof.size}: take the head from {address}")
    path = [bytes.fromhex(digest) for digest in since.path]
    if consistent(proof.size, root, head.size, bytes.fromhex(head.root), path):
        return None
    return f"the book that has this entry does not begin the book of {head.day}: one of them was rewritten"
