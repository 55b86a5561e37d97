"""Who issues: the operator's own file, checked whole."""

import pytest

from server.documents.authority import AUTHORITY_FILE, read_authority
from server.errors import SettingsProblemError


def test_the_file_of_the_house_names_nobody_real_and_says_so():
    authority = read_authority()
    assert authority.verified is False
    assert "演示" in authority.name


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("verified = false", 'verified = "no"'), "verified: Input should be a valid boolean"),
        (('name = "', 'nick = "'), "name: Field required\n.*nick: Extra inputs are not permitted"),
        (("pay_at = [", "pay_at = [] #"), "pay_at: List should have at least 1 item"),
        (("prefix = ", "prefix "), "expected who issues documents"),
    ],
)
def test_every_problem_of_a_file_is_told(tmp_path, change, told):
    path = tmp_path / "authority.toml"
    path.write_text(AUTHORITY_FILE.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    with pytest.raises(SettingsProblemError, match=told):
        read_authority(path)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(SettingsProblemError, match=r"none\.toml: expected who issues documents"):
        read_authority(tmp_path / "none.toml")
