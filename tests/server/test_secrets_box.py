"""The box that seals personal data: what opens, what does not, and how keys turn over."""

import stat
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.errors import SettingsProblemError
from server.secrets_box import SealBrokenError, SecretsBox, key_id_of


@pytest.fixture(scope="module")
def box(tmp_path_factory) -> SecretsBox:
    return SecretsBox(tmp_path_factory.mktemp("box") / "secrets-key.txt")


@given(plain=st.binary(max_size=200), of=st.text(max_size=30).filter(lambda t: t.isprintable()))
def test_what_is_sealed_opens_and_shows_nothing(box, plain, of):
    sealed = box.seal(plain, of)
    assert box.open(sealed, of) == plain
    assert len(plain) < 8 or plain not in sealed
    assert box.seal(plain, of) != sealed  # a nonce of its own


def test_a_value_moved_to_another_row_does_not_open(box):
    with pytest.raises(SealBrokenError, match="P-0000002/identity was changed, or belongs to something else"):
        box.open(box.seal(b"x", "P-0000001/identity"), "P-0000002/identity")


@pytest.mark.parametrize("place", [0, 1, 8, 9, 20, 21, -1], ids=lambda p: f"byte {p}")
def test_a_changed_byte_anywhere_is_noticed(box, place):
    sealed = bytearray(box.seal(b"Zhang San", "a"))
    sealed[place] ^= 1
    with pytest.raises(SealBrokenError) as told:
        box.open(bytes(sealed), "a")
    assert "Zhang" not in str(told.value)


def test_too_short_a_value_is_no_sealed_one(box):
    with pytest.raises(SealBrokenError, match="found 3 other bytes"):
        box.open(b"\x01ab", "a")


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path):
    path, found = tmp_path / "keys" / "secrets-key.txt", []
    threads = [threading.Thread(target=lambda: found.append(SecretsBox(path))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({box.key_ids() for box in found}) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
    assert path.read_text().split()[1] not in repr(vars(found[0]))


@pytest.mark.parametrize(
    ("text", "mode", "told"),
    [
        ("", 0o600, "found an empty file"),
        ("abc\n", 0o600, "KEY_ID"),
        ("0123456789abcdef c2hvcnQ=\n", 0o600, "32 bytes"),
        ("0123456789abcdef " + "A" * 43 + "=\n", 0o640, "others may read it"),
    ],
)
def test_a_file_that_is_none_is_told_without_a_piece_of_it(tmp_path, text, mode, told):
    path = tmp_path / "key"
    path.write_text(text)
    path.chmod(mode)
    with pytest.raises(SettingsProblemError, match=told) as error:
        SecretsBox(path)
    assert "c2hvcnQ" not in str(error.value)


def test_keys_turn_over_while_another_process_holds_the_old_ones(tmp_path):
    ours, theirs = SecretsBox(tmp_path / "k"), SecretsBox(tmp_path / "k")
    old = theirs.seal(b"x", "a")
    digest = theirs.digest("110101")
    new_id = ours.add_key()
    assert key_id_of(theirs.seal(b"y", "a")) == new_id  # without a restart
    assert theirs.open(old, "a") == b"x"
    assert theirs.digests("110101")[1] == digest
    assert theirs.digest("110101") != digest
    ours.forget_all_but_newest()
    with pytest.raises(SealBrokenError, match=f"needs the key {key_id_of(old)}, which is not in"):
        theirs.open(old, "a")
