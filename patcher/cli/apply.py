"""`apply`: its options, its question, and what it says about the plan and what was done."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from shutil import which
from typing import Annotated

import typer

from patcher import errors
from patcher.cli.answer import Output, answer, recovered
from patcher.cli.options import Folders, Format, Ids, NoColor, Only, Quiet, Root, Skip
from patcher.cli.screen import Screen, escape, number_of
from patcher.commands.apply import Applied, ApplyOptions, Planned, apply, apply_sample
from patcher.commands.selection import selection
from patcher.diffs.git_format import git_diff
from patcher.diffs.lines import line_counts
from patcher.model import Change, Outcome, State, Verdict
from patcher.paths import STATE_FOLDER, as_argument

_NAME = "librechat-patcher"
_SHOWN = 3
"""Edits that are named when many are blocked for one reason, such as `api is a symbolic link`."""
_BLOCKED_CAUSE = (
    "likely cause: the file was changed by hand or by a fork, or this LibreChat is newer than the "
    "releases that were tested"
)

AllowHttp = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-http",
        metavar="HOST[:PORT]",
        help="Let the server ask this public host over plain HTTP (goes into .env).",
    ),
]


def command(
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

    def run(output: Output) -> int:
        if sample and root:
            raise errors.BadUsage("--sample makes a copy of its own: leave out --root")
        chosen = selection(patch, patches, only, skip)
        options = ApplyOptions(root, chosen, tuple(allow_http or ()), dry_run)
        ask = not (yes or sample or output.is_json) and sys.stdin.isatty()
        confirm = _confirmation(output, ask)
        applied = apply_sample(options) if sample else apply(options, confirm)
        if not output.is_json and not (ask and applied.planned.plan.changes):
            text_of_plan(output.screen, applied.planned)
        output.show(applied, text)
        return 0 if applied.ok else 1

    answer(format, quiet, no_color, run)


def _confirmation(output: Output, ask: bool) -> Callable[[Planned], bool]:
    def confirm(planned: Planned) -> bool:
        if not ask:
            return True
        text_of_plan(output.screen, planned)
        return typer.confirm("Apply these changes?", default=True)

    return confirm


def text_of_plan(screen: Screen, planned: Planned) -> None:
    """The plan as a table of files, and what stands in its way."""
    recovered(screen, planned.recovered)
    screen.detail(f"{escape(planned.checkout.title)} in {escape(str(planned.root))}")
    for remark in planned.remarks:
        screen.detail(f"note: {escape(remark)}")
    if planned.plan.changes and planned.stands:
        for line in _changes_lines(planned.plan.changes):
            screen.detail(line)
    elif planned.stands:
        screen.line(f"nothing to do: {why_nothing(planned)}")
    if not planned.stands:
        _blocked(screen, planned)


def why_nothing(planned: Planned) -> str:
    """Why a plan that stands changes nothing."""
    states = {o.state for o in planned.plan.outcomes}
    if states == {State.NOT_APPLICABLE}:
        return "no edit is for this release"
    return "every edit is there already"


def _blocked(screen: Screen, planned: Planned) -> None:
    ids = ", ".join(p.id for p in planned.plan.patches)
    screen.problem(f"[red]error:[/] {ids} cannot be applied; nothing was written")
    of_reason: dict[str, list[Outcome]] = {}
    for outcome in planned.plan.blocked:
        of_reason.setdefault(outcome.reason, []).append(outcome)
    for reason, outcomes in of_reason.items():
        for outcome in outcomes[:_SHOWN]:
            screen.problem(f"  {escape(outcome.path)}: {escape(outcome.title)}")
        if len(outcomes) > _SHOWN:
            screen.problem(f"  and {number_of(len(outcomes) - _SHOWN, 'more edit')}")
        screen.problem(f"    {escape(reason)}")
    for check in planned.failed:
        screen.problem(f"  {escape(check.subject)}: {escape(check.detail)}")
    screen.problem(_BLOCKED_CAUSE)
    screen.problem(f"next: {_next_after_block(planned)}")


def text(screen: Screen, applied: Applied) -> None:
    """What was done, and what to do next."""
    receipt = applied.receipt
    if receipt is None:
        return
    ids = ", ".join(p.id for p in receipt.patches)
    files = number_of(len(receipt.files), "file")
    screen.line(f"[green]applied[/] {ids} to {files}, run {receipt.run}")
    passed = sum(c.verdict is Verdict.PASSED for c in applied.planned.checks)
    screen.detail(f"checked: {files} as written, {number_of(passed, 'check')} passed")
    if applied.sample_diff and not screen.quiet:
        screen.diff(git_diff(applied.sample_diff))
    root = applied.planned.root
    screen.detail(f"originals: {escape(str(root / STATE_FOLDER / 'runs' / receipt.run))}")
    for step in applied.next_steps:
        screen.detail(f"next: {escape(step)}")
    screen.detail(f"roll back: {_command()} rollback --root {escape(as_argument(root))}")


def _command() -> str:
    """What to type to call this program: its name, or its path where it is not on the PATH."""
    by_name = which(_NAME) or not sys.argv[0].endswith(_NAME)
    return _NAME if by_name else escape(as_argument(sys.argv[0]))


def _next_after_block(planned: Planned) -> str:
    first = next(iter(planned.plan.blocked), None)
    where = f"look at {first.path}" if first else "look at the files named above"
    return f"{where}; `librechat-patcher apply --dry-run --format json` has every detail"


def _changes_lines(changes: Iterable[Change]) -> Iterator[str]:
    """By component: edited files one a line, added ones one line a folder."""
    of_component: dict[str, list[Change]] = {}
    for change in changes:
        of_component.setdefault(change.component, []).append(change)
    for component, its_changes in of_component.items():
        yield f"[bold]{component}[/]"
        for change in its_changes:
            if change.before is not None:
                plus, minus = line_counts(change)
                yield f"  edit {escape(change.path)} +{plus} -{minus}"
        added = Counter(c.path.rpartition("/")[0] for c in its_changes if c.before is None)
        for folder, count in added.items():
            yield f"  add  {number_of(count, 'file')} in {escape(folder) or '.'}/"
