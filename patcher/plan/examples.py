"""The examples of a definition, run. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from patcher.diffs.parts import FileDiff
from patcher.errors import AnchorNotFound
from patcher.model import Check, Edit, Example, Patch, Verdict
from patcher.plan.edit import edited


def example_checks(patch: Patch) -> Iterator[Check]:
    """One check for each example: the edit makes `after` of `before`, or leaves it alone."""
    entries = list(dict.fromkeys(e.place for e in patch.edits))
    for example in patch.examples:
        edit = next(e for e in patch.edits if e.place == entries[example.edit - 1])
        problem = _problem(edit, example)
        title = f"edit {example.edit}: {example.title}".removesuffix(": ")
        verdict = Verdict.FAILED if problem else Verdict.PASSED
        yield Check(
            "example", str(example.place), verdict, f"{title}: {problem}" if problem else title
        )


def _problem(edit: Edit, example: Example) -> str:
    if isinstance(edit.operation, FileDiff):
        return "a whole diff shows itself: it takes no example"
    try:
        made = edited(example.before.encode(), edit.operation, edit.path)[0]
    except AnchorNotFound as error:
        return str(error)
    if made is None:
        return "it changes nothing" if example.after is not None else ""
    text = made.decode()
    if example.after is None:
        return f"it changes the code to {_shown(text)}"
    return "" if text == example.after else f"it gives {_shown(text)}"


def _shown(text: str) -> str:
    return "`" + text.rstrip("\n").replace("\n", "\\n") + "`"
