"""What `capture`, `explain` and `check` found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from patcher.diffs.lines import line_counts
from patcher.model import State, Verdict
from patcher.render.screen import Screen, escape
from patcher.results import LAST, Captured, HunkFit

if TYPE_CHECKING:
    from patcher.commands.check import Checked, CheckedPatch
    from patcher.commands.explain import Explanation
    from patcher.plan.explanation import Explained
    from patcher.plan.near_misses import NearMiss

_COLORS = {
    State.APPLIES: "green",
    State.ALREADY: "green",
    State.NOT_APPLICABLE: "yellow",
    State.BLOCKED: "red",
}


def captured(screen: Screen, done: Captured) -> None:
    """What was written, and how well it will carry."""
    counts = [line_counts(c) for c in done.changes]
    plus, minus = (sum(side) for side in zip(*counts, strict=True))
    files = f"{len(counts)} file{'s' * (len(counts) != 1)}"
    where = escape(str(done.folder))
    screen.line(f"[green]captured[/] {files}, +{plus} -{minus}, in {where}")
    screen.detail("proven: applied to the original, it gives the checkout as it is")
    if done.left_out:
        screen.detail(f"left out: what librechat-patcher did in {len(done.left_out)} files")
    for edit in done.edits:
        screen.detail(f"edit: {escape(edit)}")
    for hunk in done.hunks:
        _hunk(screen, hunk)
    if not done.hunks and done.has_diff:
        screen.detail(
            f"on how many of the last {LAST} releases each hunk fits is told with --repo CLONE"
        )
    parent = escape(str(done.folder.parent))
    screen.detail(f"next: librechat-patcher check {where}")
    name = escape(done.folder.name)
    screen.detail(f"use:  librechat-patcher apply --patches {parent} --patch {name}")


def _hunk(screen: Screen, hunk: HunkFit) -> None:
    color = "green" if not hunk.misses else "yellow"
    missed = f"; not {', '.join(hunk.misses)}" if hunk.misses else ""
    where = f"{hunk.path}:{hunk.line}" if hunk.line else hunk.path
    screen.detail(
        f"diff: {escape(where)} {escape(hunk.what)}: [{color}]fits {hunk.fits} of "
        f"the last {hunk.of} releases[/]{missed}"
    )


def explanation(screen: Screen, found: Explanation) -> None:
    """Every edit, where its anchor is, and for a blocked one what is nearest."""
    screen.line(f"{found.id}: {escape(found.title)}")
    screen.detail(f"on {escape(found.checkout)} in {escape(str(found.root))}")
    for number, edit in enumerate(found.edits, 1):
        _edit(screen, number, edit)
    blocked = sum(e.state is State.BLOCKED for e in found.edits)
    color, count = ("red", f"{blocked} of") if blocked else ("green", "none of")
    screen.line(f"[{color}]{count} {len(found.edits)} edits blocked[/]")


def _edit(screen: Screen, number: int, edit: Explained) -> None:
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
    for candidate in edit.nearest:
        _candidate(screen, candidate)


def _candidate(screen: Screen, candidate: NearMiss) -> None:
    inside = f", inside {candidate.inside}" if candidate.inside else ""
    note = f"; {candidate.note}" if candidate.note else ""
    screen.line(f"   near: line {candidate.line}{escape(inside + note)}")
    _code(screen, candidate.code, candidate.line, None)


def _code(screen: Screen, code: tuple[str, ...], first: int, marked: int | None) -> None:
    for number, line in enumerate(code, first):
        mark = ">" if number == marked else " "
        screen.detail(f"   {mark} {number:4} | {escape(line)}".rstrip())


def checked(screen: Screen, done: Checked) -> None:
    """Examples and releases of each patch."""
    for patch in done.patches:
        _checked(screen, patch)
    color, word = ("green", "good") if done.ok else ("red", "not good")
    screen.line(f"[{color}]{word}[/]")


def _checked(screen: Screen, patch: CheckedPatch) -> None:
    screen.line(f"{patch.id}: {escape(patch.title)}")
    failed = [c for c in patch.examples if c.verdict is Verdict.FAILED]
    held = len(patch.examples) - len(failed)
    failed += patch.broken
    edits = f"{patch.edits} edit{'s' * (patch.edits != 1)}"
    screen.line(f"  definition: {edits}; examples: {held} of {len(patch.examples)} hold")
    for check in failed:
        screen.line(f"  [red]failed[/] {escape(check.subject)}: {escape(check.detail)}")
    if patch.matrix is None:
        screen.detail("  releases: not asked; name a clone of LibreChat: --repo CLONE")
        return
    good = sum(row.ok for row in patch.matrix.rows)
    screen.line(f"  releases: {good} of {len(patch.matrix.rows)} can be patched")
    for row in patch.matrix.rows:
        for trouble in row.verdict.troubles if not row.ok else ():
            where = f"{row.name}: {trouble.path}: {trouble.title}: {trouble.reason}"
            screen.line(f"  [red]blocked[/] {escape(where)}")
