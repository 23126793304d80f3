"""What `capture`, `explain` and `check` found."""

from __future__ import annotations

from patcher.render.screen import Screen, escape
from patcher.results import LAST, Captured, HunkFit
from patcher.unified import line_counts


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
    screen.detail(f"use:  librechat-patcher apply --patches {parent}")


def _hunk(screen: Screen, hunk: HunkFit) -> None:
    color = "green" if not hunk.misses else "yellow"
    missed = f"; not {', '.join(hunk.misses)}" if hunk.misses else ""
    where = f"{hunk.path}:{hunk.line}" if hunk.line else hunk.path
    screen.detail(
        f"diff: {escape(where)} {escape(hunk.what)}: [{color}]fits {hunk.fits} of "
        f"the last {hunk.of} releases[/]{missed}"
    )
