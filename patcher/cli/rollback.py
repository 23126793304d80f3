"""`rollback`: its options, and what it says came back."""

from __future__ import annotations

from typing import Annotated

import typer

from patcher import errors
from patcher.cli.answer import Output, answer, recovered
from patcher.cli.options import Folders, Format, NoColor, Quiet, Root
from patcher.cli.screen import Screen, number_of
from patcher.commands.rollback import RolledBack, rollback
from patcher.commands.rollback_patch import rollback_patch
from patcher.commands.selection import selection


def command(
    root: Root = None,
    run_id: Annotated[
        str | None, typer.Option("--run", metavar="ID", help="The run; default: the last one.")
    ] = None,
    patch: Annotated[
        str | None,
        typer.Option("--patch", metavar="ID", help="Roll back this patch alone; others stay."),
    ] = None,
    patches: Folders = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also where files changed since; keeps those beside.")
    ] = False,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Roll back a run: every byte and mode as before.

    Example: librechat-patcher rollback --root /opt/LibreChat
    """

    def run(output: Output) -> int:
        if patch and (run_id or force):
            raise errors.BadUsage("--patch takes one patch out of all runs: no --run, no --force")
        if patch:
            done = rollback_patch(root, patch, selection(None, patches))
        else:
            done = rollback(root, run_id, force)
        output.show(done, text)
        return 0

    answer(format, quiet, no_color, run)


def text(screen: Screen, done: RolledBack) -> None:
    """What came back."""
    restored = done.restored
    if restored is None:
        screen.line("nothing to roll back: no run is in effect here")
        return
    if not done.stays:
        recovered(screen, restored)
        return
    counts = f"{number_of(len(restored.restored), 'file')} changed, {len(restored.removed)} removed"
    screen.line(f"[green]rolled back[/] by run {restored.run}: {counts}")
    screen.line(f"still applied: {', '.join(done.stays)}")
