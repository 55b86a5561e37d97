"""Which passwords are taken."""

import pytest

from server.access.weak_passwords import weakness


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "at least 12"),
        ("x" * 201, "at most 200"),
        ("aaaaaaaaaaaaaa", "pattern"),
        ("abababababab", "pattern"),
        ("123456789012", "pattern"),
        ("abcdefghijkl", "pattern"),
        ("Password2026!", "common words"),
        ("passwordpassword", "common words"),
        ("P@ssw0rd123456", "common words"),
        ("woaini1314520", "common words"),
        ("Jiaojing-2026-Beijing", "common words"),
        ("li.wei rides a bicycle", "user's name"),
        ("the bicycle of LI.WEI", "user's name"),
        ("a long enough password", None),
        ("四个字的一句话加上标点，不难记", None),
        ("x7-fJq0Zb_LkPe3R", None),
    ],
)
def test_a_password(password, says):
    found = weakness(password, "li.wei")
    assert (found is None) if says is None else (says in found)


def test_a_name_of_two_letters_may_stand_in_a_password():
    assert weakness("the lighthouse keeper", "li") is None
