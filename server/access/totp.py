"""The second factor: time-based codes (RFC 6238: SHA-1, 6 digits, 30 s), one step of drift, each taken once. Pure."""

import re
from hmac import compare_digest
from typing import Final

import pyotp

STEP_MS: Final = 30_000
DRIFT_STEPS: Final = 1
SECRET_BYTES: Final = 20
"""As long as the hash's result (RFC 4226 section 4)."""
ISSUER: Final = "lukou"


def code_at(secret: str, at_ms: int) -> str:
    """Return the code of a moment. ``secret`` is base32."""
    return pyotp.HOTP(secret).at(at_ms // STEP_MS)


def step_of(secret: str, code: str, at_ms: int, last_step: int) -> int | None:
    """Return the step of which this is the code, or None. A step of which one was taken, or an earlier, is none."""
    if not re.fullmatch(r"[0-9]{6}", code):
        return None
    now = at_ms // STEP_MS
    near = range(max(now - DRIFT_STEPS, last_step + 1), now + DRIFT_STEPS + 1)
    return next((step for step in near if compare_digest(pyotp.HOTP(secret).at(step), code)), None)


def address(secret: str, name: str) -> str:
    """Return what the QR code says to an authenticator (Key URI Format)."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)
