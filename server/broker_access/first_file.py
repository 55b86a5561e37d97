"""The plugin's first file: the centre as its only client, and nothing allowed that no role allows.

Written as Mosquitto 2.0 keeps it: PBKDF2-HMAC-SHA512, 12 bytes of salt, 64 of hash. The broker writes it from then on.
"""

import base64
import json
import os
from hashlib import pbkdf2_hmac
from typing import Final

from server.broker_access.rights import CENTRE, role

ITERATIONS: Final = 100_000
SALT_BYTES: Final = 12
NOTHING: Final = {
    "publishClientSend": False,
    "publishClientReceive": False,
    "subscribe": False,
    "unsubscribe": True,
}


def first_file(username: str, password: str) -> str:
    """Return the file's text."""
    salt = os.urandom(SALT_BYTES)
    digest = pbkdf2_hmac("sha512", password.encode("utf-8"), salt, ITERATIONS)
    client = {
        "username": username,
        "textname": "the centre",
        "password": base64.b64encode(digest).decode("ascii"),
        "salt": base64.b64encode(salt).decode("ascii"),
        "iterations": ITERATIONS,
        "roles": [{"rolename": "centre"}],
    }
    content = {"defaultACLAccess": NOTHING, "clients": [client], "groups": [], "roles": [role("centre", CENTRE)]}
    return json.dumps(content, indent=2) + "\n"
