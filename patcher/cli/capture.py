"""`capture`: its options, and what it says about the new patch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from patcher.capture.hunk_fits import LAST, HunkFit
from patcher.cli.answer import Output, answer
from patcher.cli.options import Clone, Folders, Format, NoColor, Quiet, Root
from patcher.cli.screen import Screen, escape, number_of
from patcher.commands.capture import Captured, CaptureOptions, capture
from patcher.commands.selection import selection
from patcher.diffs.lines import line_counts
from patcher.paths import as_argument


def command(
    id: Annotated[str, typer.Argument(metavar="ID", help="Name of the new patch.")],
    title: Annotated[str, typer.Option("--title", help="What it does, in one line.")],
    root: Root = None,
    into: Annotated[
        Path, typer.Option("--into", metavar="DIR", help="Where the patch's folder goes.")
    ] = Path("patches"),
    why: Annotated[str, typer.Option("--why", help="Why somebody would want it.")] = "",
    as_edits: Annotated[
        bool, typer.Option("--as-edits", help="Say by name what can be: imports, routes, hooks.")
    ] = False,
    path: Annotated[
        list[str] | None,
        typer.Option("--path", metavar="PATH", help="Only this file or folder; repeatable."),
    ] = None,
    repo: Clone = None,
    patches: Folders = None,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Turn what you changed by hand into a patch of your own.

    Example: librechat-patcher capture my-branding --title "Shows our logo" --root /opt/LibreChat
    """

    def run(output: Output) -> int:
        chosen = selection(None, patches)
        only = tuple(path or ())
        options = CaptureOptions(id, title, root, into, why, as_edits, only, repo, chosen)
        output.show(capture(options), text)
        return 0

    answer(format, quiet, no_color, run)


def text(screen: Screen, done: Captured) -> None:
    """What was written, and how well it will carry."""
    counts = [line_counts(c) for c in done.changes]
    plus, minus = (sum(side) for side in zip(*counts, strict=True))
    files = number_of(len(counts), "file")
    where = escape(str(done.folder))
    screen.line(f"[green]captured[/] {files}, +{plus} -{minus}, in {where}")
    screen.detail("proven: applied to the original, it gives the checkout as it is")
    if done.left_out:
        ours = number_of(len(done.left_out), "file")
        screen.detail(f"left out: what librechat-patcher did in {ours}")
    if done.line_ends:
        names = escape(", ".join(done.line_ends))
        screen.detail(f"left out: line ends; here they are CRLF, in git LF: {names}")
    for edit in done.edits:
        screen.detail(f"edit: {escape(edit)}")
    for hunk in done.hunks:
        _hunk(screen, hunk)
    if not done.hunks and done.has_diff:
        screen.detail(
            f"on how many of the last {LAST} releases each hunk fits is told with --repo CLONE"
        )
    parent = escape(as_argument(done.folder.parent))
    screen.detail(f"next: librechat-patcher check {escape(as_argument(done.folder))}")
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
