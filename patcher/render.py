"""Results as text for people. The only module that imports rich."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from typing import TextIO

from patcher.errors import PatcherError
from patcher.model import Change, Check, Phase, Restored, Verdict
from patcher.results import Applied, Listing, Planned, RolledBack, Status, Verified
from patcher.unified import git_diff, line_counts

_MARK = re.compile(r"\\(\[)|\[(?:/|bold|red|green|yellow)\]")
"""A mark for colour, or a bracket that `escape` has protected from being read as one."""

_MARKS = {
    Verdict.PASSED: "[green]ok[/]",
    Verdict.FAILED: "[red]failed[/]",
    Verdict.SKIPPED: "[yellow]skipped[/]",
}
_BLOCKED_CAUSE = (
    "Likely cause: the file was changed by hand or by a fork, or this LibreChat is newer than the "
    "releases that were tested."
)


def escape(text: str) -> str:
    """Protect brackets that come from outside: they are no marks."""
    return text.replace("[", "\\[")


def _unmarked(mark: re.Match[str]) -> str:
    return mark[1] or ""


class Screen:
    """Where text goes: results to standard output, errors to standard error.

    On a terminal rich colours it. Elsewhere, and with `--no-color`, it is written plain, and
    rich is not even loaded: that halves the time a command takes in a script.
    """

    def __init__(self, quiet: bool, color: bool) -> None:
        self._quiet = quiet
        self._color = color

    def line(self, text: str) -> None:
        """One line, with marks for colour: `[red]failed[/]`."""
        self._write(sys.stdout, text)

    def detail(self, text: str) -> None:
        """A line that `--quiet` leaves out."""
        if not self._quiet:
            self._write(sys.stdout, text)

    def problem(self, text: str) -> None:
        """A line to standard error."""
        self._write(sys.stderr, text)

    def _write(self, stream: TextIO, text: str) -> None:
        if not (self._color and stream.isatty()):
            stream.write(_MARK.sub(_unmarked, text) + "\n")
            return
        from rich.console import Console

        Console(file=stream, highlight=False, soft_wrap=True).print(text)

    def error(self, error: PatcherError) -> None:
        """An expected failure: what, why, and the next step."""
        self.problem(f"[red]error:[/] {escape(str(error))}")
        if error.hint:
            self.problem(f"next: {escape(error.hint)}")

    def planned(self, planned: Planned) -> None:
        """The plan as a table of files, and what stands in its way."""
        self.recovered(planned.recovered)
        self.detail(f"{escape(planned.checkout.title)} in {escape(str(planned.root))}")
        for remark in planned.remarks:
            self.detail(f"note: {escape(remark)}")
        if planned.plan.changes and planned.stands:
            for line in _changes_lines(planned.plan.changes):
                self.detail(line)
        elif planned.stands:
            self.line("nothing to do: every edit is there already")
        if not planned.stands:
            self._blocked(planned)

    def _blocked(self, planned: Planned) -> None:
        ids = ", ".join(p.id for p in planned.plan.patches)
        self.problem(f"[red]error:[/] {ids} cannot be applied; nothing was written")
        for outcome in planned.plan.blocked:
            self.problem(f"  {escape(outcome.path)}: {escape(outcome.title)}")
            self.problem(f"    {escape(outcome.reason)}")
        for check in planned.failed:
            self.problem(f"  {escape(check.subject)}: {escape(check.detail)}")
        self.problem(_BLOCKED_CAUSE)
        self.problem(f"next: {_next_after_block(planned)}")

    def applied(self, applied: Applied) -> None:
        """What was done, and what to do next."""
        receipt = applied.receipt
        if receipt is None:
            return
        ids = ", ".join(p.id for p in receipt.patches)
        count = len(receipt.files)
        self.line(f"[green]applied[/] {ids} to {count} files, run {receipt.run}")
        passed = sum(c.verdict is Verdict.PASSED for c in applied.planned.checks)
        self.detail(f"checked: {count} files as written, {passed} checks of the result hold")
        for change in applied.sample_diff:
            sys.stdout.write(git_diff([change]).decode(errors="replace"))
        root = applied.planned.root
        self.detail(f"originals: {escape(str(root / '.librechat-patcher' / 'runs' / receipt.run))}")
        for step in applied.next_steps:
            self.detail(f"next: {escape(step)}")
        self.detail(f"undo: librechat-patcher rollback --root {escape(str(root))}")

    def diff(self, changes: Iterable[Change]) -> None:
        """One unified diff, byte for byte."""
        sys.stdout.buffer.write(git_diff(list(changes)))
        sys.stdout.buffer.flush()

    def status(self, status: Status) -> None:
        """Patches, drift and builds of a checkout."""
        self.recovered(status.recovered)
        self.line(f"{escape(status.checkout.title)} in {escape(str(status.root))}")
        if not status.patches:
            self.line("no patch is applied here (by librechat-patcher)")
        for patch in status.patches:
            note = "" if patch.is_current else " (the definition has changed since: apply again)"
            parts = ", ".join(patch.components)
            self.line(f"{patch.id}: run {patch.run}, {patch.since}, {parts}{note}")
        for drift in status.drift:
            self.line(f"[yellow]{drift.kind}[/] {escape(drift.path)}")
        for build in status.builds:
            if build.state != "fresh":
                self.line(f"[yellow]{build.state}[/] {build.output}: {status.build_command}")

    def verified(self, verified: Verified) -> None:
        """The ladder: one line a rung, more where something failed or was skipped."""
        self.recovered(verified.recovered)
        self.detail(f"{escape(verified.checkout.title)} in {escape(str(verified.root))}")
        for rung in dict.fromkeys(c.rung for c in verified.checks):
            self._rung(rung, [c for c in verified.checks if c.rung == rung])
        self.line("[green]verified[/]" if verified.ok else "[red]verification failed[/]")

    def _rung(self, rung: str, checks: list[Check]) -> None:
        passed = sum(c.verdict is Verdict.PASSED for c in checks)
        if passed:
            self.detail(f"{rung}: {passed} {_MARKS[Verdict.PASSED]}")
        for check in checks:
            if check.verdict is not Verdict.PASSED:
                where = f"{escape(check.subject)}: {escape(check.detail)}"
                self.line(f"{rung}: {_MARKS[check.verdict]} {where}")

    def rolled_back(self, done: RolledBack) -> None:
        """What came back."""
        self.recovered(done.restored)

    def recovered(self, restored: Restored | None) -> None:
        """A run that was undone, on request or because it had been interrupted."""
        if restored is None:
            return
        why = "" if restored.found is Phase.DONE else " (it had been interrupted)"
        counts = f"{len(restored.restored)} files restored, {len(restored.removed)} removed"
        self.line(f"[green]undone[/] run {restored.run}{why}: {counts}")
        for path in restored.kept:
            self.line(f"kept: {escape(path)}")
        for path in restored.left:
            self.line(f"[yellow]left as it is[/], somebody changed it: {escape(path)}")

    def listing(self, listing: Listing) -> None:
        """The patches, their components, files and tested releases."""
        for patch in listing.patches:
            default = "" if patch.id in listing.default else " (off unless named: --patch)"
            self.line(f"[bold]{patch.id}[/]{default}: {escape(patch.title)}")
            for name, what in patch.components.items():
                self.detail(f"  {name}: {escape(what)}")
            edited = len({e.path for e in patch.edits})
            self.detail(f"  edits {edited} files, adds {len(patch.files)}")
            self.detail(f"  LibreChat {patch.librechat}; tested on {_span(patch.tested)}")


def _next_after_block(planned: Planned) -> str:
    first = next(iter(planned.plan.blocked), None)
    where = f"look at {first.path}" if first else "look at the files named above"
    return f"{where}; `librechat-patcher apply --dry-run --format json` has every detail"


def _span(releases: tuple[str, ...]) -> str:
    if not releases:
        return "no release yet"
    return f"{len(releases)} releases, {releases[0]} to {releases[-1]}"


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
