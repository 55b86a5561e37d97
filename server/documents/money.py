"""Amounts as receipts write them: yuan with two decimals, and in capital numerals. Pure. Amounts are integer fen.

The words follow 支付结算办法 annex 1 (正确填写票据和结算凭证的基本规定): 整 after 元 or 角, one 零 for zeros between.
"""

from typing import Final

DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
PLACES: Final = ("", "拾", "佰", "仟")
MYRIADS: Final = ("", "万", "亿", "万亿")
MOST_FEN: Final = 10**18 - 1


def yuan(fen: int) -> str:
    """Return an amount in yuan: 123456 fen are 1,234.56."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02d}"


def amount_in_words(fen: int) -> str:
    """Return an amount in capital numerals: 1000 fen are 壹拾元整. Raises ValueError beyond 10^16 yuan."""
    if abs(fen) > MOST_FEN:
        raise ValueError(f"expected at most {MOST_FEN} fen, found {fen}")
    whole, rest = divmod(abs(fen), 100)
    jiao, cents = divmod(rest, 10)
    sign = "负" if fen < 0 else ""
    head = f"{_whole(whole)}元" if whole or not rest else ""
    gap = "零" if whole and not jiao and cents else ""
    tail = (f"{DIGITS[jiao]}角" if jiao else "") + (f"{DIGITS[cents]}分" if cents else "整")
    return sign + head + gap + tail


def _whole(number: int) -> str:
    """Return a whole number in capital numerals, four digits at a time."""
    if number == 0:
        return DIGITS[0]
    words, gap = "", False
    for power in reversed(range(len(MYRIADS))):
        group = number // 10 ** (4 * power) % 10_000
        if group == 0:
            gap = gap or bool(words)
            continue
        if words and (gap or group < 1000):
            words += DIGITS[0]
        words += _group(group) + MYRIADS[power]
        gap = False
    return words


def _group(group: int) -> str:
    """Return up to four digits; zeros at the end are silent."""
    words, gap = "", False
    for place in reversed(range(4)):
        digit = group // 10**place % 10
        if digit == 0:
            gap = bool(words)
            continue
        words += (DIGITS[0] if gap else "") + DIGITS[digit] + PLACES[place]
        gap = False
    return words
