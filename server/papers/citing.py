"""The law's short references as a document cites them: 道路交通安全法 38、62 becomes 《…》第三十八条、第六十二条. Pure.

Which articles they are is data (server/law); here are the statutes' full names alone. A number in brackets is printed
as it stands, since the data does not say whether it is a paragraph or an item.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

FULL_NAMES: Final = {
    "道路交通安全法": "中华人民共和国道路交通安全法",
    "实施条例": "中华人民共和国道路交通安全法实施条例",
    "行政处罚法": "中华人民共和国行政处罚法",
    "行政复议法": "中华人民共和国行政复议法",
    "行政诉讼法": "中华人民共和国行政诉讼法",
    "行政强制法": "中华人民共和国行政强制法",
    "程序规定": "道路交通安全违法行为处理程序规定",
    "北京市实施办法": "北京市实施〈中华人民共和国道路交通安全法〉办法",
}
DIGITS: Final = "零一二三四五六七八九"
STATUTE: Final = re.compile(r"(?P<name>[^\s（]+)\s*(?P<remark>（[^）]*）)?\s*(?P<articles>[0-9（(].*)?")
ARTICLE: Final = re.compile(r"(\d{1,3})(?:\((\d{1,2})\))?")


def cited(articles: str) -> str:
    """Return the references in full; what is no reference is returned as it stands."""
    return "；".join(_statute(part) for part in _parts(articles))


def without(articles: str, taken: str) -> str:
    """Return the references that are not among others: what was broken, without what punishes it."""
    gone = set(_single(taken))
    left: dict[str, list[str]] = {}
    for name, article in _single(articles):
        if not article or (name, article) not in gone:  # a whole statute may forbid and punish
            left.setdefault(name, []).append(article)
    return "；".join(f"{name} {'、'.join(numbers)}".strip() for name, numbers in left.items())


def all_of(references: Iterable[str]) -> str:
    """Return several references as one, each statute's article once."""
    found: dict[str, list[str]] = {}
    for name, article in (single for text in references for single in _single(text)):
        known = found.setdefault(name, [])
        if article and article not in known:
            known.append(article)
    return "；".join(f"{name} {'、'.join(sorted(found[name], key=_place))}".strip() for name in found)


def _place(article: str) -> tuple[int, ...]:
    """Return where an article stands: 5 before 22, 33(1) before 33(2)."""
    return tuple(int(number) for number in re.findall(r"\d+", article))


def numeral(number: int) -> str:
    """Return a whole number from 1 to 999 in Chinese: 38 is 三十八, 105 is 一百零五."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    head = f"{DIGITS[hundreds]}百" if hundreds else ""
    if not rest:
        return head
    if not tens:
        return f"{head}零{DIGITS[ones]}" if hundreds else DIGITS[ones]
    ten = "十" if tens == 1 and not hundreds else f"{DIGITS[tens]}十"
    return head + ten + (DIGITS[ones] if ones else "")


def _parts(articles: str) -> list[str]:
    return [part.strip() for part in articles.split("；") if part.strip()]


def _single(articles: str) -> Iterator[tuple[str, str]]:
    for part in _parts(articles):
        name, _, numbers = part.partition(" ")
        if "（" in name:  # a remark in place of articles may hold blanks
            yield part, ""
            continue
        yield from ((name, number) for number in numbers.split("、"))


def _statute(part: str) -> str:
    found = STATUTE.fullmatch(part)
    if found is None:
        return part
    name, remark, articles = found["name"], found["remark"] or "", found["articles"] or ""
    numbers = "、".join(ARTICLE.sub(_article, article) for article in articles.split("、"))
    return f"《{FULL_NAMES.get(name, name)}》{remark}{numbers}"


def _article(found: re.Match[str]) -> str:
    item = f"（{numeral(int(found[2]))}）" if found[2] else ""
    return f"第{numeral(int(found[1]))}条{item}"
