"""What is sealed opens only here, only unchanged, and only for what it is about."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import SettingsProblemError
from server.sealed_box import NotOursError, SealedBox, secrets_key

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
BOX = SealedBox({"old": OLD})


@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_was_sealed_opens_and_never_looks_the_same(data, about):
    assert BOX.open(BOX.seal(data, about), about) == data
    assert BOX.seal(data, about) != BOX.seal(data, about)


@pytest.mark.parametrize(
    ("story", "change", "about"),
    [
        ("moved to another row", lambda s: s, "user 2"),
        ("one letter changed", lambda s: s[:20] + ("A" if s[20] != "A" else "B") + s[21:], "user 1"),
        ("cut off", lambda s: s[:12], "user 1"),
        ("empty", lambda _: "", "user 1"),
        ("no base64", lambda _: "s1.old.é", "user 1"),
        ("by another key", lambda _: SealedBox({"other": NEW}).seal(b"x", "user 1"), "user 1"),
        ("by another key under our name", lambda _: SealedBox({"old": NEW}).seal(b"x", "user 1"), "user 1"),
    ],
)
def test_what_was_changed_does_not_open(story, change, about):
    with pytest.raises(NotOursError):
        BOX.open(change(BOX.seal(b"secret", "user 1")), about)


def test_a_new_key_seals_and_the_old_one_still_opens():
    both = SealedBox({"new": NEW, "old": OLD})
    assert both.open(BOX.seal(b"x", "a"), "a") == b"x"
    assert both.seal(b"x", "a").startswith("s1.new.")


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path):
    path = tmp_path / "keys" / "secrets-key"
    sealed = secrets_key(path).seal(b"x", "a")
    assert path.stat().st_mode & 0o777 == 0o600
    assert secrets_key(path).open(sealed, "a") == b"x"


@pytest.mark.parametrize(
    ("content", "mode", "says"),
    [
        (base64.b64encode(OLD), 0o640, "chmod 600"),
        (base64.b64encode(OLD[:16]), 0o600, "expected keys of 32 bytes, found 16"),
        (b"", 0o600, "found none"),
        (b"!!", 0o600, "expected base64 keys"),
    ],
)
def test_a_file_that_is_no_key(tmp_path, content, mode, says):
    path = tmp_path / "secrets-key"
    path.write_bytes(content)
    path.chmod(mode)
    with pytest.raises(SettingsProblemError, match=says):
        secrets_key(path)
