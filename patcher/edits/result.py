"""What an operation answers."""

from __future__ import annotations

from msgspec import Struct

from patcher.code.splice import Splice


class Applies(Struct, frozen=True):
    """The edit has its place: make these changes."""

    splices: tuple[Splice, ...]
    line: int
    """1-based line of the anchor."""


class Present(Struct, frozen=True):
    """What the edit wants is there already; nothing to do."""

    line: int


Result = Applies | Present
