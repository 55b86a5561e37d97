"""Which passwords are guessed first (NIST SP 800-63B section 5.1.1.2): words, the user's name, few signs. Pure."""

import re
from typing import Final

PASSWORD_MIN: Final = 12
PASSWORD_MAX: Final = 200
SIGNS_MIN: Final = 5
"""A password of fewer different signs is a pattern."""
WORDS: Final = (
    *("password", "passwort", "passw0rd", "p@ssword", "p@ssw0rd", "qwerty", "qwertyuiop", "asdfgh", "asdfghjkl"),
    *("zxcvbn", "zxcvbnm", "1qaz2wsx", "1q2w3e4r", "1q2w3e4r5t", "qazwsx", "qazwsxedc", "abc", "abcd", "abcdef"),
    *("iloveyou", "letmein", "welcome", "admin", "administrator", "root", "user", "test", "guest", "master"),
    *("login", "changeme", "secret", "superman", "dragon", "monkey", "football", "baseball", "sunshine", "princess"),
    *("woaini", "woaini1314", "nihao", "zhongguo", "china", "beijing", "yanqing", "jiaojing", "jingcha", "gongan"),
    *("police", "traffic", "lukou", "officer", "reviewer", "supervisor", "cashier", "auditor", "aa", "5201314", "a"),
)
RUNS: Final = ("01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyz")
_WORD: Final = re.compile("(?:" + "|".join(sorted(map(re.escape, WORDS), key=len, reverse=True)) + r"|[\d\W_])+")


def weakness(password: str, name: str) -> str | None:
    """Return why a password cannot be taken, or None."""
    plain = password.casefold()
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX:
        return f"a password needs at least {PASSWORD_MIN} characters, at most {PASSWORD_MAX}; found {len(password)}"
    if len(set(plain)) < SIGNS_MIN or any(plain[: len(plain) // 2] in run for run in RUNS):
        return "this password is a pattern: it would be guessed first"
    if _WORD.fullmatch(plain):
        return "this password is made of common words and figures alone: it would be guessed first"
    if len(name) >= 3 and name.casefold() in plain:
        return "this password contains the user's name"
    return None
