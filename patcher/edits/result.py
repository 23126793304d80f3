"""What an operation answers."""

from __future__ import annotations

from patcher.code.splice import Splice
from patcher.values import dataclass


@dataclass(frozen=True)
class Applies:
    """The edit has its place: make these changes."""

    splices: tuple[Splice, ...]
    line: int
    """1-based line of the anchor."""


@dataclass(frozen=True)
class Present:
    """What the edit wants is there already; nothing to do."""

    line: int


Result = Applies | Present
