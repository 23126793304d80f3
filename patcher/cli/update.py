"""`update`: its options, its question, and what it says before and afterwards."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from patcher.cli.answer import Output, answer, recovered
from patcher.cli.options import Folders, Format, NoColor, Quiet, Root
from patcher.cli.screen import Screen, escape
from patcher.commands.selection import selection
from patcher.commands.unpatched import COMMITTED
from patcher.commands.update import PlannedUpdate, Updated, UpdateOptions, update


def command(
    root: Root = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="REF",
            help="A release, a branch or a commit, older ones too. Default: the branch's upstream; "
            "at a release the newest one.",
        ),
    ] = None,
    patches: Folders = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Plan and show, no moving.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Move a git checkout to another release, patches and all.

    Use it instead of `git pull`. Everything is planned first; your own changes come along, and
    where they cannot, or where a patch does not fit, nothing is touched and it exits with 1.

    Example: librechat-patcher update --root /opt/LibreChat
    """

    def run(output: Output) -> int:
        ask = not (yes or output.is_json) and sys.stdin.isatty()
        shown: list[PlannedUpdate] = []

        def confirm(planned: PlannedUpdate) -> bool:
            if not output.is_json:
                shown.append(planned)
                text_of_plan(output.screen, planned)
            return not ask or typer.confirm("Update?", default=True)

        options = UpdateOptions(root, to, selection(None, patches), dry_run)
        updated = update(options, confirm, lambda said: output.screen.detail(f"{escape(said)} ..."))
        if not output.is_json and not shown:
            text_of_plan(output.screen, updated.planned)
        output.show(updated, text)
        return 0 if updated.ok else 1

    answer(format, quiet, no_color, run)


def text_of_plan(screen: Screen, planned: PlannedUpdate) -> None:
    """From where to where, what comes along, and what stands in the way."""
    recovered(screen, planned.recovered)
    if planned.target is None:
        screen.line(f"nothing to do: {escape(planned.name)} is what is newest")
        return
    screen.detail(f"{escape(planned.checkout.title)} in {escape(str(planned.root))}")
    ids = ", ".join(planned.patches)
    carried = f", with {ids}" if ids else "; no patch is applied here"
    screen.line(f"from {escape(planned.name)} to {escape(planned.target.name)}{escape(carried)}")
    if planned.target.left:
        screen.detail(
            f"note: the branch {escape(planned.target.left)} stays where it is; back to it: "
            f"librechat-patcher update --to {escape(planned.target.left)}"
        )
    if not planned.stands:
        _blocked(screen, planned)
        return
    for one in planned.local:
        screen.detail(f"comes along: {escape(one.path)} {escape(one.what)}")


def _blocked(screen: Screen, planned: PlannedUpdate) -> None:
    name = escape(planned.target.name if planned.target else "")
    screen.problem(f"[red]error:[/] this checkout cannot go to {name}; nothing was changed")
    for one in planned.in_the_way:
        screen.problem(f"  {escape(one.path)} {escape(one.what)}, and {name} has another one")
    for component in planned.absent:
        screen.problem(f"  {name} has no sources of {component}, which is patched here")
    breaks = {(b.path, b.title): b for b in planned.breaks}
    places = [(o.path, o.title, o.reason) for o in planned.plan.blocked] if planned.plan else []
    places += [(c.subject, c.rung, c.detail) for c in planned.failed]
    for path, title, reason in places:
        screen.problem(f"  {escape(path)}: {escape(title)}")
        screen.problem(f"    {escape(reason)}")
        if (path, title) in breaks:
            found = breaks[path, title]
            screen.problem(
                f"    since upstream's {found.commit[:10]} of {found.date}: {escape(found.subject)}"
            )
    if any(one.what == COMMITTED for one in planned.in_the_way):
        screen.problem(
            "next: librechat-patcher rollback, commit that, then run the same command again"
        )
    elif planned.in_the_way:
        screen.problem(
            "next: put such a file away (git stash push -- FILE, where it is not patched), or make "
            "a patch of your changes (librechat-patcher capture), then run the same command again"
        )
    elif places:
        screen.problem(
            "next: look for a newer librechat-patcher, or go to a release that fits: --to"
        )


def text(screen: Screen, updated: Updated) -> None:
    """What was done, and what to do next."""
    planned, receipt = updated.planned, updated.receipt
    if not updated.is_moved or planned.target is None:
        return
    name = escape(planned.target.name)
    screen.line(f"[green]updated[/] from {escape(planned.name)} to {name}")
    if receipt is not None:
        ids = ", ".join(p.id for p in receipt.patches)
        screen.line(f"applied {ids} to {len(receipt.files)} files, run {receipt.run}")
    elif planned.patches:
        screen.line(f"no file had to be patched: {name} has every edit already")
    else:
        screen.line("no patch was applied before, and none is now: librechat-patcher apply")
    for step in updated.next_steps:
        screen.detail(f"next: {escape(step)}")
