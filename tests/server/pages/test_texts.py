"""What the pages say: each reason for which a message is refused has its words in both languages."""

import re
from pathlib import Path

import pytest

from server.pages.texts import text

DOC = Path(__file__).parents[3] / "docs" / "server.md"
REASONS = re.findall(r"^\| `(\w+)` \| .+ \| (?:none|refused) \|$", DOC.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("reason", REASONS)
def test_a_refused_message_says_why_in_words(reason):
    key = f"refused.why.{reason}"
    assert key not in (text(key, language="zh"), text(key, language="en"))


def test_the_reasons_are_those_of_the_docs():
    assert len(REASONS) > 10
