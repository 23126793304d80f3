"""A diff's text to values. Strict: a line that means nothing here is an error, never skipped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import field, replace
from typing import NoReturn

from patcher.diffs.names import NOTHING, of_header, unquoted, without_prefixes
from patcher.diffs.parts import FileDiff, Hunk, Line, Side
from patcher.errors import BadDefinition
from patcher.values import dataclass

_HUNK = re.compile(rb"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@.*")
_INDEX = re.compile(rb"index ([0-9a-f]{4,64})\.\.([0-9a-f]{4,64})(?: (\d{6}))?")
_MODE = re.compile(rb"(old mode|new mode|new file mode|deleted file mode) (\d{6})")
_MOVE = re.compile(rb"(rename|copy) (from|to) (.+)")
_SIMILARITY = re.compile(rb"(dis)?similarity index \d{1,3}%")
_BINARY = (b"Binary files ", b"GIT binary patch")
_BEGIN = b"diff --git "
_SIGNATURE = b"-- "
_MODES = {b"100644": 0o644, b"100755": 0o755}
_COUNTED = {b" ": (1, 1), b"-": (1, 0), b"+": (0, 1)}
_ENDS_EARLY = "a hunk ends too early"


def read_diff(data: bytes) -> tuple[FileDiff, ...]:
    """The files that a diff changes, in its order.

    Words above the first `diff --git` (of a commit) and a mail's signature below the last hunk
    are passed over. Raises `BadDefinition`, naming the line, for anything else that is no diff.
    """
    return tuple(file for _, file in split_diff(data))


def split_diff(data: bytes) -> tuple[tuple[bytes, FileDiff], ...]:
    """Each file's own part of a diff, and what it says; raises as `read_diff`."""
    reader = _Reader(data.removesuffix(b"\n").split(b"\n") if data else [])
    return tuple((b"\n".join(part) + b"\n", file) for part, file in reader.files())


@dataclass
class _Reader:
    lines: list[bytes]
    at: int = 0

    def files(self) -> Iterator[tuple[list[bytes], FileDiff]]:
        if any(line.startswith(_BEGIN) for line in self.lines):
            while not self._line.startswith(_BEGIN):
                if self._line.startswith(b"@@ "):
                    self._fail("a hunk of no file")
                self.at += 1
        while not self._is_done():
            start = self.at
            try:
                file = _Header().read(self)
            except UnicodeDecodeError:
                self.fail_here("the file's name is not UTF-8 text")
            hunks = tuple(self._hunks())
            yield self.lines[start : self.at], replace(file, hunks=hunks)

    def _is_done(self) -> bool:
        """Whether nothing but blank lines, or the signature of a mail, is left."""
        while self.at < len(self.lines) and not self._line:
            self.at += 1
        if self._line == _SIGNATURE and any(self.lines[self.at + 2 :]):
            self._fail("more than one mail")
        return self.at == len(self.lines) or self._line == _SIGNATURE

    @property
    def _line(self) -> bytes:
        return self.lines[self.at].removesuffix(b"\r") if self.at < len(self.lines) else b""

    def next(self) -> bytes:
        """The line, without its end; the next one is next."""
        line = self._line
        self.at += 1
        return line

    def peek(self) -> bytes:
        """The line that `next` would give; empty at the end."""
        return self._line

    def _hunks(self) -> Iterator[Hunk]:
        while found := _HUNK.fullmatch(self._line):
            self.at += 1
            old, new = (1 if n is None else int(n) for n in (found[2], found[4]))
            yield Hunk(int(found[1]), int(found[3]), tuple(self._hunk(old, new)))

    def _hunk(self, old: int, new: int) -> Iterator[Line]:
        while old or new:
            if self.at == len(self.lines):
                self._fail(_ENDS_EARLY)
            line = self.lines[self.at]
            mark = line[:1] if line.strip(b"\r") else b" "
            counted = _COUNTED.get(mark)
            if counted is None or old < counted[0] or new < counted[1]:
                self._fail(_ENDS_EARLY)
            self.at += 1
            old, new = old - counted[0], new - counted[1]
            ended = not self._line.startswith(b"\\ ")
            self.at += not ended
            text = line[1:] if line.strip(b"\r") else line
            yield Line(Side(mark.decode()), text + b"\n" if ended else text)

    def fail_here(self, what: str) -> NoReturn:
        """The error for the line that was read last."""
        self.at -= 1
        self._fail(what)

    def _fail(self, what: str) -> NoReturn:
        shown = self._line[:60].decode(errors="replace")
        raise BadDefinition(f"line {self.at + 1}: {what}: `{shown}`")


@dataclass
class _Header:
    """The lines above the hunks of one file."""

    names: tuple[str, str] = ("", "")
    moved: dict[bytes, str] = field(default_factory=dict)
    file: FileDiff = field(default_factory=lambda: FileDiff(None, None))
    is_new: bool = False
    is_gone: bool = False

    def read(self, reader: _Reader) -> FileDiff:
        line = reader.next()
        if line.startswith(_BEGIN):
            self.names = of_header(line[len(_BEGIN) :])
            line = reader.next()
            while self._is_extended(reader, line):
                line = reader.next()
            if not line.startswith(b"--- "):
                reader.at -= 1
                line = b""
        if line.startswith(b"--- ") and reader.peek().startswith(b"+++ "):
            self.names = _name(line), _name(reader.next())
        elif line or not (self.is_new or self.is_gone or self.moved or not self.file.is_plain):
            reader.fail_here("not a line of a diff")
        return self._named(reader)

    def _is_extended(self, reader: _Reader, line: bytes) -> bool:
        if line.startswith(_BINARY):
            reader.fail_here("it is binary; put the file into `files/` instead")
        if mode := _MODE.fullmatch(line):
            self._mode(reader, mode[1], mode[2])
        elif index := _INDEX.fullmatch(line):
            old_id, new_id = index[1].decode(), index[2].decode()
            self.file = replace(self.file, old_id=old_id, new_id=new_id)
            if index[3] and index[3] not in _MODES:
                self._mode(reader, b"", index[3])
        elif move := _MOVE.fullmatch(line):
            self.moved[move[2]] = unquoted(move[3])
            self.file = replace(self.file, is_copy=move[1] == b"copy")
        else:
            return _SIMILARITY.fullmatch(line) is not None
        return True

    def _mode(self, reader: _Reader, kind: bytes, mode: bytes) -> None:
        if mode not in _MODES:
            reader.fail_here("neither a plain nor an executable file (100644, 100755)")
        self.is_new |= kind == b"new file mode"
        self.is_gone |= kind == b"deleted file mode"
        if kind in (b"old mode", b"deleted file mode"):
            self.file = replace(self.file, old_mode=_MODES[mode])
        else:
            self.file = replace(self.file, new_mode=_MODES[mode])

    def _named(self, reader: _Reader) -> FileDiff:
        old, new = without_prefixes(*self.names)
        if self.moved:
            old, new = self.moved.get(b"from", ""), self.moved.get(b"to", "")
        if not old or not new:
            reader.fail_here("the file's name is missing")
        is_new, is_gone = self.is_new or old == NOTHING, self.is_gone or new == NOTHING
        if (is_new and is_gone) or (not self.moved and not is_new and not is_gone and old != new):
            reader.fail_here(f"it names two files, {old} and {new}")
        return replace(self.file, old=None if is_new else old, new=None if is_gone else new)


def _name(line: bytes) -> str:
    return unquoted(line[4:].partition(b"\t")[0])
