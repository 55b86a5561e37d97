"""What the desk refuses is told in the page's language: each word has both, and nothing is refused without one."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

from server.errors import ConflictError
from server.ledger.refusals import TEXTS, Refusal, refused

SERVER = Path(__file__).parents[3] / "server"
FILES = sorted([*(SERVER / "ledger").glob("*.py"), *(SERVER / "console" / "ledger").glob("*.py")])
TOLD = {"WrongInputError", "ConflictError", "NotFoundError", "NotAllowedError", "DecidedByThemError"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("refusal", Refusal)
def test_each_has_both_languages_and_can_be_said(refusal):
    chinese, english = TEXTS[refusal]
    assert CHINESE.search(chinese)
    assert not CHINESE.search(english.replace("行政处罚法", ""))
    found = dict.fromkeys(fields(chinese) | fields(english), 7)
    error = ConflictError(*refused(refusal, **found))
    assert (error.told("zh"), error.told("en")) == (chinese.format(**found), str(error))


def raised_in_english_alone(file: Path) -> list[int]:
    """Return the lines where an error of the desk is raised without a refusal."""
    raised = [node.exc for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Raise)]
    calls = [e for e in raised if isinstance(e, ast.Call) and isinstance(e.func, ast.Name) and e.func.id in TOLD]
    return [call.lineno for call in calls if not (len(call.args) == 1 and isinstance(call.args[0], ast.Starred))]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_nothing_is_refused_in_english_alone(file):
    assert raised_in_english_alone(file) == []


def test_a_word_that_nobody_says_is_none():
    said = "".join(file.read_text(encoding="utf-8") for file in FILES)
    assert [word for word in Refusal if said.count(f"Refusal.{word.name}") == 0] == []
