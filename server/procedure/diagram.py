"""The table as a picture, drawn from itself for the docs (docs/procedure.md). Pure."""

from server.procedure.table import TABLE
from server.procedure.words import CaseState


def diagram() -> str:
    """Return a mermaid state diagram: one arrow for each pair of states, with every act that leads along it."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for step in TABLE:
        label = step.act.value + (f" [{', '.join(step.when)}]" if step.when else "")
        arrows.setdefault((step.before.value, step.after.value), []).append(label)
    rows = [f"    {before} --> {after}: {', '.join(labels)}" for (before, after), labels in arrows.items()]
    ends = [f"    {state.value} --> [*]" for state in CaseState if not any(step.before is state for step in TABLE)]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {CaseState.RECEIVED.value}", *rows, *ends])
