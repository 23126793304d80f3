"""The command line: parse, call one command, show its answer, choose the exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from patcher import __version__, commands, errors, report
from patcher.commands import ApplyOptions, Selection
from patcher.render import Screen
from patcher.results import Planned

EXIT_CODES: dict[type[errors.PatcherError], int] = {
    errors.Blocked: 1,
    errors.VerificationFailed: 1,
    errors.BadUsage: 2,
    errors.BadDefinition: 2,
    errors.Drifted: 4,
    errors.NoCheckout: 5,
    errors.InputOutput: 6,
}
"""Exit code per failure; subclasses share it. 0 is done or nothing to do, 3 a bug, 130 ^C."""

_BUG = 3
_INTERRUPTED = 130

app = typer.Typer(
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Give every LibreChat user the models of their own API key, and take it back.",
)

Root = Annotated[
    Path | None,
    typer.Option("--root", metavar="DIR", help="The LibreChat checkout; found when left out."),
]
Format = Annotated[
    str, typer.Option("--format", metavar="text|json", help="How to answer.", show_default=True)
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Only the outcome.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="Plain text.")]
Ids = Annotated[
    list[str] | None,
    typer.Option("--patch", metavar="ID", help="A patch by its id; repeatable."),
]
Folders = Annotated[
    list[Path] | None,
    typer.Option("--patches", metavar="DIR", help="A folder of own patches; repeatable."),
]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="COMPONENT", help="backend, data-provider, client."),
]
Skip = Annotated[list[str] | None, typer.Option("--skip", metavar="COMPONENT", help="All but it.")]
AllowHttp = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-http",
        metavar="HOST[:PORT]",
        help="Let the server ask this public host over plain HTTP (goes into .env).",
    ),
]


@dataclass(frozen=True)
class Output:
    """How to answer."""

    format: str
    screen: Screen

    @property
    def is_json(self) -> bool:
        """Whether the answer is one JSON document."""
        return self.format == "json"

    def show(self, value: Any, text: Callable[[Any], None]) -> None:
        """The value as JSON, or through `text`."""
        if self.is_json:
            sys.stdout.write(json.dumps(report.data(value), indent=2) + "\n")
        else:
            text(value)


def _output(format: str, quiet: bool, no_color: bool) -> Output:
    if format not in ("text", "json"):
        raise errors.BadUsage(f"--format {format}: choose text or json")
    return Output(format, Screen(quiet or format == "json", not no_color))


def _guarded(output: Output, command: Callable[[], int]) -> None:
    """Run a command and leave with its exit code; expected failures become messages."""
    try:
        code = command()
    except errors.PatcherError as error:
        if output.is_json:
            sys.stdout.write(json.dumps(report.error_data(error), indent=2) + "\n")
        else:
            output.screen.error(error)
        code = exit_code(error)
    raise typer.Exit(code)


def exit_code(error: errors.PatcherError) -> int:
    """The exit code of an expected failure (design: 1 blocked … 6 input/output)."""
    return next(EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES)


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    if version:
        sys.stdout.write(f"librechat-patcher {__version__}\n")
        raise typer.Exit(0)


@app.command()
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
    """Patch a checkout: plan, show, back up, write, verify. All of it or nothing."""
    output = _output(format, quiet, no_color)
    options = ApplyOptions(
        root, _selection(patch, patches, only, skip), tuple(allow_http or ()), dry_run
    )

    def run() -> int:
        if sample and root:
            raise errors.BadUsage("--sample makes a copy of its own: leave out --root")
        ask = not (yes or sample or output.is_json or not sys.stdin.isatty())
        confirm = _confirmation(output, ask)
        applied = commands.apply_sample(options) if sample else commands.apply(options, confirm)
        if not output.is_json and (sample or not ask or not applied.planned.plan.changes):
            output.screen.planned(applied.planned)
        output.show(applied, output.screen.applied)
        return 0 if applied.ok else 1

    _guarded(output, run)


def _confirmation(output: Output, ask: bool) -> Callable[[Planned], bool]:
    def confirm(planned: Planned) -> bool:
        if not ask:
            return True
        output.screen.planned(planned)
        return typer.confirm("Apply these changes?", default=True)

    return confirm


def _selection(
    ids: list[str] | None,
    folders: list[Path] | None,
    only: list[str] | None = None,
    skip: list[str] | None = None,
) -> Selection:
    return Selection(tuple(ids or ()), tuple(folders or ()), tuple(only or ()), tuple(skip or ()))


@app.command()
def diff(
    root: Root = None,
    patch: Ids = None,
    patches: Folders = None,
    only: Only = None,
    skip: Skip = None,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Show what `apply` would change as one diff that `git apply` accepts."""
    output = _output(format, quiet, no_color)

    def run() -> int:
        planned = commands.plan_for(ApplyOptions(root, _selection(patch, patches, only, skip)))
        if planned.stands and not output.is_json:
            output.screen.diff(planned.plan.changes)
        else:
            output.show(planned, output.screen.planned)
        return 0 if planned.stands else 1

    _guarded(output, run)


@app.command()
def status(
    root: Root = None,
    patches: Folders = None,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Show which patches are applied, by which run, what drifted, what needs a build."""
    output = _output(format, quiet, no_color)

    def run() -> int:
        found = commands.status(root, _selection(None, patches))
        output.show(found, output.screen.status)
        return 4 if found.drift else 0

    _guarded(output, run)


@app.command()
def verify(
    root: Root = None,
    patch: Ids = None,
    patches: Folders = None,
    only: Only = None,
    skip: Skip = None,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Check a patched checkout: receipts, syntax, what the patch promises, its own tools."""
    output = _output(format, quiet, no_color)

    def run() -> int:
        verified = commands.verify(root, _selection(patch, patches, only, skip))
        output.show(verified, output.screen.verified)
        return 0 if verified.ok else 1

    _guarded(output, run)


@app.command()
def rollback(
    root: Root = None,
    run_id: Annotated[
        str | None, typer.Option("--run", metavar="ID", help="The run; default: the last one.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also where files changed since; keeps those beside.")
    ] = False,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Undo a run: every byte and mode as before."""
    output = _output(format, quiet, no_color)

    def run() -> int:
        output.show(commands.rollback(root, run_id, force), output.screen.rolled_back)
        return 0

    _guarded(output, run)


@app.command(name="list")
def list_(
    patch: Ids = None,
    patches: Folders = None,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """List patches, their components, files and tested releases."""
    output = _output(format, quiet, no_color)

    def run() -> int:
        listing = commands.list_patches(_selection(patch, patches))
        output.show(listing, output.screen.listing)
        return 0

    _guarded(output, run)


def main() -> None:
    """Entry point. Leaves with an exit code of design §2."""
    try:
        app()
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; nothing is half done\n")
        sys.exit(_INTERRUPTED)
    except errors.PatcherError as error:
        Screen(quiet=False, color=True).error(error)
        sys.exit(exit_code(error))
    except Exception:
        sys.stderr.write("this is a bug in librechat-patcher; please report it with this text:\n")
        sys.excepthook(*sys.exc_info())
        sys.exit(_BUG)
