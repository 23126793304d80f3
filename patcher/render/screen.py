"""Where text goes, in colour on a terminal; with its siblings the only importer of rich."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import TextIO

from patcher.errors import PatcherError

_MARK = re.compile(r"\\([\\\[])|\[(/|bold|red|green|yellow)\]")
"""What `escape` has protected, or a mark for colour."""


def escape(text: str) -> str:
    """Protect brackets and backslashes that come from outside: they are no marks."""
    return text.replace("\\", "\\\\").replace("[", "\\[")


def _unmarked(mark: re.Match[str]) -> str:
    return mark[1] or ""


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """The text between marks, each with its colour.

    Read here and not by rich: it takes `[/…]` behind a backslash for a mark, and fails.
    """
    color, piece, start = "", "", 0
    for mark in _MARK.finditer(text):
        piece += text[start : mark.start()] + _unmarked(mark)
        start = mark.end()
        if mark[2]:
            yield piece, color
            color, piece = mark[2].strip("/"), ""
    yield piece + text[start:], color


class Screen:
    """Where text goes: results to standard output, errors to standard error.

    On a terminal rich colours it. Elsewhere, and with `--no-color`, it is written plain, and
    rich is not even loaded: that halves the time a command takes in a script.
    """

    def __init__(self, quiet: bool, color: bool) -> None:
        self.quiet = quiet
        self._color = color

    def line(self, text: str) -> None:
        """One line, with marks for colour: `[red]failed[/]`."""
        self._write(sys.stdout, text)

    def detail(self, text: str) -> None:
        """A line that `--quiet` leaves out."""
        if not self.quiet:
            self._write(sys.stdout, text)

    def problem(self, text: str) -> None:
        """A line to standard error."""
        self._write(sys.stderr, text)

    def _write(self, stream: TextIO, text: str) -> None:
        if not (self._color and stream.isatty()):
            stream.write(_MARK.sub(_unmarked, text) + "\n")
            return
        from rich.console import Console
        from rich.text import Text

        colored = Text.assemble(*_pieces(text))
        Console(file=stream, highlight=False, soft_wrap=True).print(colored)

    def error(self, error: PatcherError) -> None:
        """An expected failure: what, why, and the next step."""
        self.problem(f"[red]error:[/] {escape(str(error))}")
        if error.hint:
            self.problem(f"next: {escape(error.hint)}")
