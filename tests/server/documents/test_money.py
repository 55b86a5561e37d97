"""Amounts as receipts write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.documents.money import DIGITS, MOST_FEN, amount_in_words, yuan


@pytest.mark.parametrize(
    ("fen", "figures", "words"),
    [
        (0, "0.00", "零元整"),
        (1, "0.01", "壹分"),
        (30, "0.30", "叁角整"),
        (35, "0.35", "叁角伍分"),
        (1000, "10.00", "壹拾元整"),
        (1005, "10.05", "壹拾元零伍分"),
        (1030, "10.30", "壹拾元叁角整"),
        (2000, "20.00", "贰拾元整"),
        (5000, "50.00", "伍拾元整"),
        (10_100, "101.00", "壹佰零壹元整"),
        (140_950, "1,409.50", "壹仟肆佰零玖元伍角整"),  # annex 1 of 支付结算办法
        (600_714, "6,007.14", "陆仟零柒元壹角肆分"),  # the same
        (1_000_000, "10,000.00", "壹万元整"),
        (1_000_100, "10,001.00", "壹万零壹元整"),
        (1_001_000, "10,010.00", "壹万零壹拾元整"),
        (1_100_000, "11,000.00", "壹万壹仟元整"),
        (10_700_053, "107,000.53", "壹拾万柒仟元伍角叁分"),
        (10_000_000_000, "100,000,000.00", "壹亿元整"),
        (10_000_000_100, "100,000,001.00", "壹亿零壹元整"),
        (10_000_100_000, "100,001,000.00", "壹亿零壹仟元整"),
        (10_001_000_000, "100,010,000.00", "壹亿零壹万元整"),
        (-1030, "-10.30", "负壹拾元叁角整"),
    ],
)
def test_an_amount_in_figures_and_words(fen, figures, words):
    assert (yuan(fen), amount_in_words(fen)) == (figures, words)


def read_back(words: str) -> int:
    """Read capital numerals by another road than they were written: unit by unit, from the left."""
    total = section = digit = fen = 0
    for letter in words.removeprefix("负"):
        if letter in DIGITS:
            digit = DIGITS.index(letter)
        elif letter in "拾佰仟":
            section, digit = section + digit * {"拾": 10, "佰": 100, "仟": 1000}[letter], 0
        elif letter == "万":
            total, section, digit = total + (section + digit) * 10_000, 0, 0
        elif letter == "亿":
            total, section, digit = (total + section + digit) * 100_000_000, 0, 0
        elif letter == "元":
            total, section, digit = total + section + digit, 0, 0
        elif letter in "角分":
            fen, digit = fen + digit * (10 if letter == "角" else 1), 0
    return (total * 100 + fen) * (-1 if words.startswith("负") else 1)


@given(st.integers(-(10**14) + 1, 10**14 - 1))
def test_every_amount_can_be_read_back(fen):
    words = amount_in_words(fen)
    assert read_back(words) == fen
    assert "零零" not in words
    assert words.endswith(("整", "分"))


def test_what_nobody_owes_is_refused():
    with pytest.raises(ValueError, match="at most"):
        amount_in_words(MOST_FEN + 1)
