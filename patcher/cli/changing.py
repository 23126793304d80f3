"""Commands that change a checkout: `apply` and `rollback`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from patcher import errors
from patcher.cli.answer import Output, answer
from patcher.cli.options import Folders, Format, Ids, NoColor, Only, Quiet, Root, Skip

if TYPE_CHECKING:
    from patcher.results import Planned

AllowHttp = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-http",
        metavar="HOST[:PORT]",
        help="Let the server ask this public host over plain HTTP (goes into .env).",
    ),
]


def apply(
    root: Root = None,
    patch: Ids = None,
    patches: Folders = None,
    only: Only = None,
    skip: Skip = None,
    allow_http: AllowHttp = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Plan and show, no writing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    sample: Annotated[
        bool, typer.Option("--sample", help="Patch a copy of the bundled sample instead.")
    ] = False,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Patch a checkout: plan, show, back up, write, verify. All of it or nothing.

    Example: librechat-patcher apply --root /opt/LibreChat
    """
    from patcher.commands.apply import ApplyOptions
    from patcher.commands.apply import apply as carry_out
    from patcher.commands.selection import selection
    from patcher.render import plans

    def run(output: Output) -> int:
        if sample and root:
            raise errors.BadUsage("--sample makes a copy of its own: leave out --root")
        chosen = selection(patch, patches, only, skip)
        options = ApplyOptions(root, chosen, tuple(allow_http or ()), dry_run)
        ask = not (yes or sample or output.is_json) and sys.stdin.isatty()
        confirm = _confirmation(output, ask)
        if sample:
            from patcher.commands.sample import apply_sample

            applied = apply_sample(options)
        else:
            applied = carry_out(options, confirm)
        if not output.is_json and not (ask and applied.planned.plan.changes):
            plans.planned(output.screen, applied.planned)
        output.show(applied, plans.applied)
        return 0 if applied.ok else 1

    answer(format, quiet, no_color, run)


def _confirmation(output: Output, ask: bool) -> Callable[[Planned], bool]:
    from patcher.render import plans

    def confirm(planned: Planned) -> bool:
        if not ask:
            return True
        plans.planned(output.screen, planned)
        return typer.confirm("Apply these changes?", default=True)

    return confirm


def rollback(
    root: Root = None,
    run_id: Annotated[
        str | None, typer.Option("--run", metavar="ID", help="The run; default: the last one.")
    ] = None,
    patch: Annotated[
        str | None,
        typer.Option("--patch", metavar="ID", help="Take back this patch alone; others stay."),
    ] = None,
    patches: Folders = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also where files changed since; keeps those beside.")
    ] = False,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Undo a run: every byte and mode as before.

    Example: librechat-patcher rollback --root /opt/LibreChat
    """
    from patcher.commands.rollback import rollback as undo
    from patcher.commands.selection import selection
    from patcher.commands.taking_back import take_back
    from patcher.render import history

    def run(output: Output) -> int:
        if patch and (run_id or force):
            raise errors.BadUsage("--patch takes one patch out of all runs: no --run, no --force")
        done = (
            take_back(root, patch, selection(None, patches)) if patch else undo(root, run_id, force)
        )
        output.show(done, history.rolled_back)
        return 0

    answer(format, quiet, no_color, run)
