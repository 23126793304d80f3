"""Plans, what `apply` did, diffs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from shutil import which

from patcher.diffs.lines import line_counts
from patcher.model import Change, State, Verdict
from patcher.render.history import recovered
from patcher.render.screen import Screen, escape
from patcher.results import Applied, Planned

_NAME = "librechat-patcher"
_BLOCKED_CAUSE = (
    "Likely cause: the file was changed by hand or by a fork, or this LibreChat is newer than the "
    "releases that were tested."
)


def planned(screen: Screen, planned: Planned) -> None:
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
    if states == {State.NOT_HERE}:
        return "no edit is for this release"
    return "every edit is there already"


def _blocked(screen: Screen, planned: Planned) -> None:
    ids = ", ".join(p.id for p in planned.plan.patches)
    screen.problem(f"[red]error:[/] {ids} cannot be applied; nothing was written")
    for outcome in planned.plan.blocked:
        screen.problem(f"  {escape(outcome.path)}: {escape(outcome.title)}")
        screen.problem(f"    {escape(outcome.reason)}")
    for check in planned.failed:
        screen.problem(f"  {escape(check.subject)}: {escape(check.detail)}")
    screen.problem(_BLOCKED_CAUSE)
    screen.problem(f"next: {_next_after_block(planned)}")


def applied(screen: Screen, applied: Applied) -> None:
    """What was done, and what to do next."""
    receipt = applied.receipt
    if receipt is None:
        return
    ids = ", ".join(p.id for p in receipt.patches)
    count = len(receipt.files)
    screen.line(f"[green]applied[/] {ids} to {count} files, run {receipt.run}")
    passed = sum(c.verdict is Verdict.PASSED for c in applied.planned.checks)
    screen.detail(f"checked: {count} files as written, {passed} checks of the result hold")
    if applied.sample_diff and not screen.quiet:
        # Imported late, here and below: a plan is shown without reading or writing diffs.
        from patcher.unified import git_diff

        sys.stdout.write(git_diff(applied.sample_diff).decode(errors="replace"))
    root = applied.planned.root
    screen.detail(f"originals: {escape(str(root / '.librechat-patcher' / 'runs' / receipt.run))}")
    for step in applied.next_steps:
        screen.detail(f"next: {escape(step)}")
    screen.detail(f"undo: {escape(_command())} rollback --root {escape(str(root))}")


def _command() -> str:
    """What to type to call this program: its name, or its path where it is not on the PATH."""
    return _NAME if which(_NAME) or not sys.argv[0].endswith(_NAME) else sys.argv[0]


def diff(changes: Iterable[Change]) -> None:
    """One unified diff, byte for byte."""
    from patcher.unified import git_diff

    sys.stdout.buffer.write(git_diff(list(changes)))
    sys.stdout.buffer.flush()


def _next_after_block(planned: Planned) -> str:
    first = next(iter(planned.plan.blocked), None)
    where = f"look at {first.path}" if first else "look at the files named above"
    return f"{where}; `librechat-patcher apply --dry-run --format json` has every detail"


def _changes_lines(changes: Iterable[Change]) -> Iterator[str]:
    """Edited files one a line; added ones one line a folder."""
    added: dict[tuple[str, str], int] = {}
    for change in changes:
        if change.before is None:
            folder = (change.component, change.path.rpartition("/")[0])
            added[folder] = added.get(folder, 0) + 1
            continue
        plus, minus = line_counts(change)
        yield f"  {change.component:13} edit {escape(change.path)} +{plus} -{minus}"
    for (component, path), count in added.items():
        files = "1 file" if count == 1 else f"{count} files"
        yield f"  {component:13} add  {files} in {escape(path)}/"
