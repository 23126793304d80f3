"""Where text goes, in colour on a terminal; the only importer of rich."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from typing import TextIO

from patcher.errors import PatcherError
from patcher.model import Verdict

_MARK = re.compile(r"\[(/|bold|red|green|yellow)\]")
_BRACKET = "\ufdd0"
"""Stands for a `[` that is no mark: a character that Unicode keeps free for such use. (rich's own
`\\[` cannot be told from a folder's name that ends with a backslash before a mark.)"""

_PATIENCE = 1.0
"""Seconds after which a user wonders."""
_EVERY = 0.1
VERDICTS = {
    Verdict.PASSED: "[green]ok[/]",
    Verdict.WARNED: "[yellow]warned[/]",
    Verdict.FAILED: "[red]failed[/]",
    Verdict.SKIPPED: "[yellow]skipped[/]",
}


def escape(text: str) -> str:
    """Protect brackets that come from outside: they are no marks."""
    return text.replace("[", _BRACKET)


def plain(text: str) -> str:
    """The text without its marks."""
    return _MARK.sub("", text).replace(_BRACKET, "[")


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """The parts of the text, each with its color or an empty text.

    Not rich's own markup, which reads `:bug:` in a path, too.
    """
    parts = _MARK.split(text)
    marks = ["", *("" if mark == "/" else mark for mark in parts[1::2])]
    return zip(map(plain, parts[::2]), marks, strict=True)


def _colored(line: str) -> str:
    """A line of a diff with its marks, as git colors it."""
    if line.startswith(("diff --git ", "--- ", "+++ ")):
        return f"[bold]{escape(line)}[/]"
    color = {"+": "green", "-": "red", "@": "yellow"}.get(line[:1])
    return f"[{color}]{escape(line)}[/]" if color else escape(line)


def number_of(number: int, noun: str) -> str:
    """`1 file`, `2 files`: for nouns that take a plain s."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


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

    def announce(self, work: str) -> None:
        """What is going to take a while: to standard error, so that no answer changes."""
        if not self.quiet:
            self._write(sys.stderr, f"running {escape(work)}")

    def diff(self, content: bytes) -> None:
        """A diff: in colour on a terminal, else byte for byte, for `git apply`."""
        if self._color and sys.stdout.isatty():
            lines = content.decode(errors="replace").splitlines()
            self._write(sys.stdout, "\n".join(map(_colored, lines)))
            return
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()

    def _write(self, stream: TextIO, text: str) -> None:
        if not (self._color and stream.isatty()):
            stream.write(plain(text) + "\n")
            return
        # 14 ms, and only a terminal needs it.
        from rich.console import Console

        console = Console(file=stream, markup=False, emoji=False, highlight=False, soft_wrap=True)
        for part, style in pieces(text):
            console.print(part, style=style, end="")
        console.print()

    def error(self, error: PatcherError) -> None:
        """An expected failure: what, why, and the next step."""
        self.problem(f"[red]error:[/] {escape(str(error))}")
        if error.hint:
            self.problem(f"next: {escape(error.hint)}")


class Progress:
    """How far a long command has come: one line on a terminal, nothing anywhere else.

    Call with how many of how many are done; `clear` before anything else is written.
    """

    def __init__(self, noun: str, quiet: bool) -> None:
        self._noun = noun
        self._silent = quiet or not sys.stderr.isatty()
        self._next = time.monotonic() + _PATIENCE
        self._shown = 0

    def __call__(self, done: int, of: int) -> None:
        """Show the counts, ten times a second at most, after the first second."""
        now = time.monotonic()
        if self._silent or now < self._next:
            return
        self._next = now + _EVERY
        text = f"{done} of {of} {self._noun}"
        sys.stderr.write("\r" + text.ljust(self._shown))
        sys.stderr.flush()
        self._shown = len(text)

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            sys.stderr.write("\r" + " " * self._shown + "\r")
            sys.stderr.flush()
            self._shown = 0
