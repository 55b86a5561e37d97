"""The token that a request shows (RFC 6750)."""

from fastapi import Request
from fastapi.security.utils import get_authorization_scheme_param


def bearer(request: Request) -> str:
    """Return the token, empty where none is shown."""
    scheme, token = get_authorization_scheme_param(request.headers.get("authorization"))
    return token if scheme.lower() == "bearer" else ""
