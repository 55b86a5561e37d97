"""How a document cites the law's short references."""

import pytest

from server.papers.citing import all_of, cited, numeral, without

RED = "道路交通安全法 38、62、89；实施条例 39；北京市实施办法 81(1)"
NEW_RULES = "北京市非机动车管理条例（2025 年修订，条号未核实）"


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("行政处罚法 36", "《中华人民共和国行政处罚法》第三十六条"),
        ("程序规定 20、53", "《道路交通安全违法行为处理程序规定》第二十条、第五十三条"),
        ("北京市实施办法 81(1)", "《北京市实施〈中华人民共和国道路交通安全法〉办法》第八十一条（一）"),
        (
            "道路交通安全法 109；程序规定 60",
            "《中华人民共和国道路交通安全法》第一百零九条；《道路交通安全违法行为处理程序规定》第六十条",
        ),
        (NEW_RULES, "《北京市非机动车管理条例》（2025 年修订，条号未核实）"),
        ("某地方办法 12", "《某地方办法》第十二条"),
    ],
)
def test_a_reference_is_written_out(short, full):
    assert cited(short) == full


def test_what_was_broken_is_told_without_what_punishes_it():
    assert without(RED, "道路交通安全法 89；北京市实施办法 81(1)") == "道路交通安全法 38、62；实施条例 39"
    both = f"道路交通安全法 35、89；{NEW_RULES}"
    assert without(both, f"道路交通安全法 89；{NEW_RULES}") == f"道路交通安全法 35；{NEW_RULES}"
    assert without(RED, "") == RED


def test_each_article_is_cited_once():
    assert all_of(["行政复议法 20、23", "行政复议法 20", "行政诉讼法 45"]) == "行政复议法 20、23；行政诉讼法 45"


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (38, "三十八"), (100, "一百"), (105, "一百零五"),
     (110, "一百一十"), (156, "一百五十六")],
)  # fmt: skip
def test_a_number_in_chinese(number, words):
    assert numeral(number) == words
