"""How a command answers: text or JSON, messages for failures, and the exit code."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

import typer
from msgspec import Struct

from patcher import errors
from patcher.cli.screen import Screen, escape, number_of
from patcher.diffs.lines import line_counts
from patcher.model import Change, Patch, Phase, Restored

EXIT_CODES: dict[type[errors.PatcherError], int] = {
    errors.Blocked: 1,
    errors.BadUsage: 2,
    errors.BadDefinition: 2,
    errors.Drifted: 4,
    errors.NoCheckout: 5,
    errors.InputOutput: 6,
}
"""Exit code per failure; subclasses share it. `docs/commands.md` has all exit codes."""

BUG = 3
INTERRUPTED = 130
DRIFTED = EXIT_CODES[errors.Drifted]
NOT_WRITTEN = EXIT_CODES[errors.InputOutput]
"""The answer found no room."""
NOT_HEARD = 1
"""Who asked did not listen to the end: what click says, too, when it is the first to notice."""


def exit_code(error: errors.PatcherError) -> int:
    """The exit code of an expected failure."""
    return next(EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES)


def _no_access(error: OSError) -> errors.InputOutput:
    """What the disk has refused, where no command knows more about it."""
    hint = "run as a user who may go there" if isinstance(error, PermissionError) else ""
    return errors.InputOutput(f"{os.fsdecode(error.filename)}: {error.strerror}", hint)


class Output(Struct, frozen=True):
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
            _write_json(json_data(value))
        else:
            text(self.screen, value)

    def show_error(self, error: errors.PatcherError) -> None:
        """A failure, in the form that was asked for."""
        if self.is_json:
            kind = type(error).__name__
            _write_json({"error": {"kind": kind, "message": str(error), "hint": error.hint}})
        else:
            self.screen.error(error)


def answer(
    format: str,
    quiet: bool,
    no_color: bool,
    command: Callable[[Output], int],
    formats: Sequence[str] = ("text", "json"),
) -> None:
    """Run a command and exit with its code; expected failures become messages."""
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
        refused = _no_access(error)
        output.show_error(refused)
        code = exit_code(refused)
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; nothing is half done\n")
        code = INTERRUPTED
    raise typer.Exit(code)


def recovered(screen: Screen, restored: Restored | None) -> None:
    """A run that was rolled back, on request or because it had been interrupted."""
    if restored is None:
        return
    if restored.update:
        screen.line(f"an update had been interrupted; it was {escape(restored.update)}")
        _left(screen, restored)
        return
    why = "" if restored.found is Phase.DONE else " (it had been interrupted)"
    files = number_of(len(restored.restored), "file")
    counts = f"{files} restored, {len(restored.removed)} removed"
    screen.line(f"[green]rolled back[/] run {restored.run}{why}: {counts}")
    _left(screen, restored)


def _left(screen: Screen, restored: Restored) -> None:
    for path in restored.kept:
        screen.line(f"kept: {escape(path)}")
    for path in restored.left:
        screen.line(f"[yellow]left as it is[/], somebody changed it: {escape(path)}")


def _write_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, indent=2) + "\n")


def json_data(value: Any) -> Any:
    """Anything that a command answers, as dictionaries, lists, texts and numbers.

    A value has its fields, and the properties that its class names in `JSON_ALSO`. The contents
    of files are left out.
    """
    if isinstance(value, Change):
        return _change(value)
    if isinstance(value, Patch):
        return _patch(value)
    if isinstance(value, Struct):
        also = value.JSON_ALSO if hasattr(value, "JSON_ALSO") else ()
        names = (*value.__struct_fields__, *also)
        return {name: json_data(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(k): json_data(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [json_data(v) for v in value]
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, Path) else value


def _change(change: Change) -> dict[str, Any]:
    added, removed = line_counts(change)
    kind = "add" if change.before is None else "delete" if change.after is None else "modify"
    return {
        "path": change.path,
        "component": change.component,
        "kind": kind,
        "added": added,
        "removed": removed,
    }


def _patch(patch: Patch) -> dict[str, Any]:
    edited = dict.fromkeys(e.path for e in patch.edits)
    return {
        "id": patch.id,
        "title": patch.title,
        "why": patch.why.strip(),
        "librechat": patch.librechat,
        "components": dict(patch.components),
        "edits": list(edited),
        "adds": [f.path for f in patch.files],
        "tested": list(patch.tested),
        "digest": patch.digest,
        "definition": patch.place.file,
    }
