"""How a command answers: text or JSON, messages for failures, and the exit code."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

import typer

from patcher import errors
from patcher.render.screen import Screen
from patcher.values import dataclass

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

INTERRUPTED = 130
DRIFTED = EXIT_CODES[errors.Drifted]


def exit_code(error: errors.PatcherError) -> int:
    """The exit code of an expected failure."""
    return next(EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES)


def _no_access(error: OSError) -> errors.InputOutput:
    """What the disk has refused, where no command knows more about it."""
    hint = "run as a user who may go there" if isinstance(error, PermissionError) else ""
    return errors.InputOutput(f"{os.fsdecode(error.filename)}: {error.strerror}", hint)


@dataclass(frozen=True)
class Output:
    """Where and in which form a command answers."""

    format: str
    screen: Screen

    @property
    def is_json(self) -> bool:
        """Whether the answer is one JSON document."""
        return self.format == "json"

    def show(self, value: Any, text: Callable[[Screen, Any], None]) -> None:
        """The value as JSON, or through `text`."""
        if self.is_json:
            from patcher import report

            sys.stdout.write(json.dumps(report.data(value), indent=2) + "\n")
        else:
            text(self.screen, value)

    def show_error(self, error: errors.PatcherError) -> None:
        """A failure, in the form that was asked for."""
        if self.is_json:
            from patcher import report

            sys.stdout.write(json.dumps(report.error_data(error), indent=2) + "\n")
        else:
            self.screen.error(error)


def answer(
    format: str,
    quiet: bool,
    no_color: bool,
    command: Callable[[Output], int],
    formats: Sequence[str] = ("text", "json"),
) -> None:
    """Run a command and leave with its exit code; expected failures become messages."""
    output = Output(format, Screen(quiet or format == "json", not no_color))
    try:
        if format not in formats:
            choices = f"{', '.join(formats[:-1])} or {formats[-1]}"
            raise errors.BadUsage(f"--format {format}: choose {choices}")
        code = command(output)
    except errors.PatcherError as error:
        output.show_error(error)
        code = exit_code(error)
    except OSError as error:
        if error.filename is None:  # no file, but what the answer is written to
            raise
        output.show_error(_no_access(error))
        code = EXIT_CODES[errors.InputOutput]
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; nothing is half done\n")
        code = INTERRUPTED
    raise typer.Exit(code)
