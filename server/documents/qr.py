"""QR codes as SVG, for the party's page and for the ledger's proof."""

import io
from collections.abc import Mapping

import segno

from server.documents.values import Said
from server.errors import WrongInputError


def pictures(said: Said) -> Mapping[str, str]:
    """Return the QR codes of a document by name: ``query`` with its code, ``proof``. Raises WrongInputError."""
    query, proof = getattr(said, "query", None), getattr(said, "proof", None)
    urls = {"query": query and query.url, "proof": proof and proof.url}
    return {name: svg(url) for name, url in urls.items() if url}


def svg(url: str) -> str:
    """Return one QR code (ISO/IEC 18004, error correction M). Raises WrongInputError for what is no web address."""
    if (
        not url.startswith(("https://", "http://127.0.0.1"))
        or len(url) > 500
        or not url.isascii()
        or not url.isprintable()
    ):
        raise WrongInputError(f"a QR code needs an https address of at most 500 ASCII letters, found {len(url)}")
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", xmldecl=False, nl=False, border=4)
    return out.getvalue().decode()
