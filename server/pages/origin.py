"""Whether a form comes from our own pages: the console and the party's page ask the same."""

from typing import Final
from urllib.parse import urlsplit

from fastapi import Request

from server.errors import NotAllowedError

SAME: Final = frozenset({"same-origin", "none"})


def check_origin(request: Request) -> None:
    """Raise NotAllowedError for a form of another site (Fetch standard: Sec-Fetch-Site, else Origin).

    Under our Referrer-Policy a browser's plain forms say ``Origin: null``; then the form's token alone decides.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin", "null")
    ours = site in SAME if site is not None else origin == "null" or urlsplit(origin).netloc == request.url.netloc
    if not ours:
        raise NotAllowedError("this form is from another site")
