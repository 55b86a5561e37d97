"""QR codes as SVG, for the party's page and for the ledger's proof."""

import io
from collections.abc import Mapping
from typing import Final

import segno

from server.documents.values import Said
from server.errors import WrongInputError

LONGEST: Final = 1200
"""An address with the proof of a book of a hundred million entries."""
LONG: Final = 300
"""From here on less is spent on correcting errors, so that a telephone still tells the squares apart."""


def pictures(said: Said) -> Mapping[str, str]:
    """Return the QR codes of a document by name: ``query`` with its code, ``proof``. Raises WrongInputError."""
    query, proof = getattr(said, "query", None), getattr(said, "proof", None)
    urls = {"query": query and query.url, "proof": proof and proof.url}
    return {name: svg(url) for name, url in urls.items() if url}


def svg(url: str) -> str:
    """Return one QR code (ISO/IEC 18004, error correction M, or L of a long one).

    Raises WrongInputError for what is no web address.
    """
    if (
        not url.startswith(("https://", "http://127.0.0.1"))
        or len(url) > LONGEST
        or not url.isascii()
        or not url.isprintable()
    ):
        raise WrongInputError(f"a QR code needs an https address of at most {LONGEST} ASCII letters, found {len(url)}")
    out = io.BytesIO()
    code = segno.make(url, error="l" if len(url) > LONG else "m", micro=False)
    code.save(out, kind="svg", xmldecl=False, nl=False, border=4)
    return out.getvalue().decode()
