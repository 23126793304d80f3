"""Git's diffs as text: read to values, and written so that `git apply` accepts them.

Reading is strict: a line that means nothing here is an error, never skipped.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NoReturn

from msgspec import Struct, field
from msgspec.structs import replace

from patcher.diffs.lines import neighbourhoods, split_lines
from patcher.diffs.parts import FileDiff, Hunk, Line, Side
from patcher.errors import BadDefinition
from patcher.model import Change

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

_CONTEXT = 3
_EXECUTABLE = 0o111
_DIGITS = 12
NOTHING = "/dev/null"
_PREFIXES = frozenset({"a/", "b/", "c/", "i/", "o/", "w/"})
"""Git swaps `a/` and `b/` with `-R`; with diff.mnemonicPrefix it names commit, index, object and
work tree."""
_ESCAPE = re.compile(rb'\\([abtnvfr"\\]|[0-7]{3})')
_ESCAPES = dict(zip(b'abtnvfr"\\', b'\a\b\t\n\v\f\r"\\', strict=True))
_PLAIN = re.compile(rb"[ !#-\[\]-~]*")


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


class _Reader(Struct):
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


class _Header(Struct):
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


@lru_cache(maxsize=256)
def parse_diff(text: str, path: str) -> FileDiff:
    """What a diff of one file says; raises `BadDefinition` for anything else."""
    try:
        files = read_diff(text.encode())
    except BadDefinition as error:
        raise BadDefinition(f"the diff for {path} cannot be read: {error}") from error
    if len(files) != 1:
        raise BadDefinition(f"a `diff:` changes one file; this one changes {len(files)}")
    return files[0]


def git_diff(changes: Sequence[Change], context: int = _CONTEXT, with_ids: bool = False) -> bytes:
    """All changes as one diff; `context` is the number of lines around each hunk.

    With ids the diff names the bytes that it was made from, so they are known again for certain.
    """
    return b"".join(part for change in changes for part in _file_diff(change, context, with_ids))


def _file_diff(change: Change, context: int, with_ids: bool) -> Iterator[bytes]:
    old, new = quoted(f"a/{change.path}"), quoted(f"b/{change.path}")
    mode = b"100755" if (change.mode or 0) & _EXECUTABLE else b"100644"
    yield b"diff --git %s %s\n" % (old, new)
    if change.before is None:
        yield b"new file mode %s\n" % mode
        old = NOTHING.encode()
    elif change.after is None:
        yield b"deleted file mode %s\n" % mode
        new = NOTHING.encode()
    elif change.mode is not None:
        # A change of mode is only planned where the file has the other one.
        was = b"100644" if mode == b"100755" else b"100755"
        yield b"old mode %s\nnew mode %s\n" % (was, mode)
    hunks = list(_hunks(change.before or b"", change.after or b"", context))
    if hunks and with_ids:
        ids = tuple(_id(text) for text in (change.before, change.after))
        yield b"index %s..%s\n" % ids
    if hunks:
        yield b"--- %s\n+++ %s\n" % (old, new)
        yield from hunks


def _id(text: bytes | None) -> bytes:
    return b"0" * _DIGITS if text is None else blob_id(text)[:_DIGITS].encode()


def _hunks(before: bytes, after: bytes, context: int) -> Iterator[bytes]:
    old, new = split_lines(before), split_lines(after)
    for group in neighbourhoods(old, new, context):
        _, old_at, _, new_at, _ = group[0]
        _, _, old_to, _, new_to = group[-1]
        yield b"@@ -%s +%s @@\n" % (_span(old_at, old_to), _span(new_at, new_to))
        for tag, i, old_end, j, new_end in group:
            if tag == "equal":
                yield from (_line(b" ", line) for line in old[i:old_end])
            else:
                yield from (_line(b"-", line) for line in old[i:old_end])
                yield from (_line(b"+", line) for line in new[j:new_end])


def _span(at: int, to: int) -> bytes:
    """Where a hunk's lines stand; no lines stand behind the one that is named."""
    count = to - at
    line = at + 1 if count else at
    return b"%d" % line if count == 1 else b"%d,%d" % (line, count)


def _line(sign: bytes, text: bytes) -> bytes:
    end = b"" if text.endswith(b"\n") else b"\n\\ No newline at end of file\n"
    return sign + text + end


def blob_id(source: bytes) -> str:
    """What git calls these bytes."""
    head = b"blob %d\0" % len(source)
    return hashlib.sha1(head + source, usedforsecurity=False).hexdigest()


def unquoted(name: bytes) -> str:
    """A name as git writes it, without quotes; raises `UnicodeDecodeError` for no UTF-8."""
    if len(name) > 1 and name.startswith(b'"') and name.endswith(b'"'):
        name = _ESCAPE.sub(_unescaped, name[1:-1])
    return name.decode()


def quoted(name: str) -> bytes:
    """A name as git writes it."""
    plain = name.encode()
    if _PLAIN.fullmatch(plain):
        return plain
    letters = {code: letter for letter, code in _ESCAPES.items()}
    return b'"' + b"".join(_escaped(byte, letters) for byte in plain) + b'"'


def without_prefixes(old: str, new: str) -> tuple[str, str]:
    """Both names without `a/` and `b/`, or git's other prefixes, when the diff uses them."""
    told = [name[:2] for name in (old, new) if name != NOTHING]
    if len(set(told)) == len(told) and _PREFIXES.issuperset(told):
        return _cut(old), _cut(new)
    return old, new


def _cut(name: str) -> str:
    return name if name == NOTHING else name[2:]


def of_header(rest: bytes) -> tuple[str, str]:
    """Both names behind `diff --git`; they are the same, or told again further down.

    Raises as `unquoted`.
    """
    if rest.startswith(b'"') or rest.endswith(b'"'):
        found = re.fullmatch(rb'("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*"|.+)', rest)
        return (unquoted(found[1]), unquoted(found[2])) if found else ("", "")
    middle = len(rest) // 2
    if rest[middle : middle + 1] == b" " and rest[2:middle] == rest[middle + 3 :]:
        return unquoted(rest[:middle]), unquoted(rest[middle + 1 :])
    return "", ""


def _unescaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8) & 255 if len(code) == 3 else _ESCAPES[code[0]]])


def _escaped(byte: int, letters: dict[int, int]) -> bytes:
    if byte in letters:
        return b"\\" + bytes([letters[byte]])
    return bytes([byte]) if _PLAIN.fullmatch(bytes([byte])) else b"\\%03o" % byte
