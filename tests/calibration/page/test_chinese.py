"""What the reader and the checks say, in Chinese; tests of both hold that every fault has some."""

import pytest

from calibration.page.chinese import chinese


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("no such key", "没有这一项"),
        ("no such key, did you mean signal?", "没有这一项，是否应为 signal？"),
        ("2 points, needs 3", "现有 2 个点，需要 3 个"),
        ("words that nobody has put into Chinese", "words that nobody has put into Chinese"),
    ],
)
def test_what_has_no_chinese_stays_english(english, said):
    assert chinese(english) == said
