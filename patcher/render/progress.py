"""How far a long command has come: one line on a terminal, nothing anywhere else."""

from __future__ import annotations

import sys
import time

_PATIENCE = 1.0
"""Seconds after which a user wonders."""
_EVERY = 0.1


class Progress:
    """Call with how many of how many are done; `clear` before anything else is written."""

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
