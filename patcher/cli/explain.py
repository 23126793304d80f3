"""`explain`: its options, and each edit as text."""

from __future__ import annotations

from typing import Annotated

import typer

from patcher.cli.answer import Output, answer
from patcher.cli.options import Folders, Format, NoColor, Quiet, Root
from patcher.cli.screen import Screen, escape
from patcher.commands.explain import Explanation, explain
from patcher.commands.selection import selection
from patcher.model import State
from patcher.plan.explanation import ExplainedEdit
from patcher.plan.near_misses import NearMiss

_COLORS = {
    State.APPLIES: "green",
    State.ALREADY: "green",
    State.NOT_APPLICABLE: "yellow",
    State.BLOCKED: "red",
}


def command(
    id: Annotated[str, typer.Argument(metavar="ID", help="The patch.")],
    root: Root = None,
    patches: Folders = None,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Show what each edit of a patch looks for, and where that is.

    Where it is not there, what is nearest.

    Exits with 1 when an edit is blocked. Example: librechat-patcher explain dynamic-models
    """

    def run(output: Output) -> int:
        found = explain(root, id, selection(None, patches))
        output.show(found, text)
        return 0 if found.ok else 1

    answer(format, quiet, no_color, run)


def text(screen: Screen, found: Explanation) -> None:
    """Every edit, where its anchor is, and for a blocked one what is nearest."""
    screen.line(f"{found.id}: {escape(found.title)}")
    screen.detail(f"on {escape(found.checkout)} in {escape(str(found.root))}")
    for number, edit in enumerate(found.edits, 1):
        _edit(screen, number, edit)
    blocked = sum(e.state is State.BLOCKED for e in found.edits)
    color, count = ("red", f"{blocked} of") if blocked else ("green", "none of")
    screen.line(f"[{color}]{count} {len(found.edits)} edits blocked[/]")


def _edit(screen: Screen, number: int, edit: ExplainedEdit) -> None:
    show = screen.line if edit.state is State.BLOCKED else screen.detail
    show(f"{number}. {escape(edit.path)}: {escape(edit.title)} ({escape(edit.place)})")
    first, *others = edit.anchor.splitlines()
    show(f"   looks for: {escape(first)}")
    for line in others:
        show(f"              {escape(line)}")
    where = f" on line {edit.line}" if edit.line else ""
    why = f": {escape(edit.reason)}" if edit.reason else ""
    show(f"   [{_COLORS[edit.state]}]{edit.state.value}[/]{where}{why}")
    _code(screen, edit.code, edit.first, edit.line)
    for near in edit.nearest:
        _near_miss(screen, near)


def _near_miss(screen: Screen, near: NearMiss) -> None:
    inside = f", inside {near.inside}" if near.inside else ""
    note = f"; {near.note}" if near.note else ""
    screen.line(f"   near: line {near.line}{escape(inside + note)}")
    _code(screen, near.code, near.line, None)


def _code(screen: Screen, code: tuple[str, ...], first: int, marked: int | None) -> None:
    for number, line in enumerate(code, first):
        mark = ">" if number == marked else " "
        screen.detail(f"   {mark} {number:4} | {escape(line)}".rstrip())
