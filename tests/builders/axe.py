"""axe-core in a real browser: what it finds on the page that is open, told so that it can be mended."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule of axe that does not hold on a page, and where."""

    impact: str
    rule: str
    asks: str
    place: str
    why: str

    def __str__(self) -> str:
        return f"[{self.impact}] {self.rule}: {self.asks}\n      {self.place}\n      {self.why}"


def faults_of(page: Page, axe_script: str) -> Iterator[Fault]:
    """Yield what axe finds on the page that is open. The page's policy forbids a script of ours only from within."""
    page.evaluate(axe_script)
    for found in page.evaluate(RUN, list(TAGS))["violations"]:
        for node in found["nodes"]:
            place = f"{' '.join(map(json.dumps, node['target']))} {node['html'][:160]}"
            why = node["failureSummary"].partition("\n")[2].strip().replace("\n", ";")
            yield Fault(node["impact"] or found["impact"], found["id"], found["help"], place, why)
