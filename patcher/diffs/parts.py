"""What a diff says, as values: files, and the hunks of each. No module here does any work."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from patcher.model import Operation, Sought


class Side(Enum):
    """Which file a line of a hunk belongs to."""

    BOTH = " "
    OLD = "-"
    NEW = "+"


class Line(Struct, frozen=True):
    """One line of a hunk."""

    side: Side
    text: bytes
    """With its line end; without one where the diff says that the file has none."""


class Hunk(Struct, frozen=True):
    """Neighbouring changes with the lines around them."""

    old_start: int
    new_start: int
    lines: tuple[Line, ...]

    @property
    def old(self) -> tuple[bytes, ...]:
        """The lines before the change, with their context."""
        return tuple(line.text for line in self.lines if line.side is not Side.NEW)

    @property
    def new(self) -> tuple[bytes, ...]:
        """The lines after the change, with their context."""
        return tuple(line.text for line in self.lines if line.side is not Side.OLD)

    @property
    def head(self) -> str:
        """For messages: where the hunk says it belongs."""
        return f"@@ -{self.old_start},{len(self.old)} @@"

    @property
    def changes(self) -> bool:
        """Whether a line is added or removed."""
        return any(line.side is not Side.BOTH for line in self.lines)


class FileDiff(Operation, frozen=True):
    """All that a diff says of one file."""

    old: str | None
    """Path before; None when the file is new."""
    new: str | None
    """Path after; None when the file is deleted."""
    hunks: tuple[Hunk, ...] = ()
    old_mode: int | None = None
    """Permission bits, where the diff tells: 0o644 or 0o755."""
    new_mode: int | None = None
    is_copy: bool = False
    """Whether the old file stays where it is."""
    old_id: str = ""
    """What git calls the bytes before: the beginning of their blob id; empty for not told."""
    new_id: str = ""

    @property
    def path(self) -> str:
        """The file that must be there; for a new file where it goes."""
        return self.old or self.new or ""

    @property
    def is_plain(self) -> bool:
        """Whether it does nothing but change lines of a file that stays where it is."""
        return self.old == self.new and self.old_mode == self.new_mode

    def sought(self) -> Sought:
        """The heads of its hunks; without any, what it does."""
        heads = ", ".join(f"`{hunk.head}`" for hunk in self.hunks)
        return Sought(heads or str(self), "")

    def __str__(self) -> str:
        """What it does, for plans and messages."""
        if self.old is None:
            return "create the file"
        if self.new is None:
            return "delete the file"
        if self.old != self.new:
            return f"{'copy' if self.is_copy else 'rename'} the file to {self.new}"
        if not self.is_plain and not self.hunks:
            return f"set the file's mode to {self.new_mode or 0:o}"
        return "apply a diff"
