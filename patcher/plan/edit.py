"""One operation on the bytes of one file: the result, or why there is none. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from patcher.code.splice import line_number, splice
from patcher.code.syntax import CODE_FILES, Module, parse, parse_edited, problems, stray_awaits
from patcher.diffs.places import apply_diff
from patcher.edits import SYNTAX_EDITS, Applies, Present, Result
from patcher.edits.add_module import add_module
from patcher.edits.operations import AddModule, Diff, SetRevision
from patcher.errors import AnchorNotFound
from patcher.model import Operation

_SHOWN = 80
_CONFLICT = re.compile(rb"^<{7} ", re.MULTILINE)
_NOT_ITSELF = (
    "the result would not be what the edit says: the code beside it changes the meaning, "
    "or a second run would apply the edit again"
)


# Remembered, because neighbouring releases share most files: a matrix over all of them asks the
# same question of the same bytes again and again.
@lru_cache(maxsize=4096)
def edited(source: bytes, operation: Operation, path: str) -> tuple[bytes | None, int]:
    """A file after one operation (None: it is there already), and the line of its anchor.

    Raises `AnchorNotFound` when there is no one place for it, when the file does not parse, or when
    the result would not parse or would not be what the operation says.
    """
    result = _result(source, operation, path)
    if isinstance(result, Present):
        return None, result.line
    after = splice(source, result.splices)
    if path.endswith(CODE_FILES) or not isinstance(operation, Diff | AddModule):
        before = parse(source)
        _require_valid(before, parse_edited(before, result.splices, after))
    try:
        again = _result(after, operation, path)
    except AnchorNotFound as error:
        raise AnchorNotFound(_NOT_ITSELF) from error
    # Catches what syntax alone does not: a line that is joined with the one above it, an operator
    # that binds tighter than the code it was put beside.
    if isinstance(again, Applies):
        raise AnchorNotFound(_NOT_ITSELF)
    return after, result.line


def readable(source: bytes) -> Module:
    """A parsed file; raises `AnchorNotFound` for bytes that are no text."""
    _require_text(source)
    return parse(source)


def _result(source: bytes, operation: Operation, path: str) -> Result:
    if isinstance(operation, AddModule):
        return add_module(source, operation, path)
    if isinstance(operation, SetRevision):
        raise AnchorNotFound("a revision is made of two files: it has no example")
    if not isinstance(operation, Diff):
        return SYNTAX_EDITS[type(operation)](_parsable(source), operation)
    if path.endswith(CODE_FILES):
        _parsable(source)
    edits, line = apply_diff(source, operation.text, path)
    return Applies(edits, line) if edits else Present(line)


def _parsable(source: bytes) -> Module:
    """Refuse code that is broken already, as a merge leaves it: its shape means nothing."""
    module = readable(source)
    lines = problems(module)
    if lines:
        conflict = _CONFLICT.search(source)
        if conflict:
            line = line_number(source, conflict.start())
            raise AnchorNotFound(f"the merge conflict on line {line} is not resolved")
        text = source.split(b"\n")[lines[0] - 1][: 4 * _SHOWN].decode(errors="ignore")
        shown = text.strip()[:_SHOWN]
        raise AnchorNotFound(f"the file has a syntax error on line {lines[0]}: `{shown}`")
    return module


def _require_valid(before: Module, after: Module) -> None:
    lines = ", ".join(map(str, problems(after)[:3]))
    if lines:
        raise AnchorNotFound(f"the result would have a syntax error near line {lines}")
    stray = stray_awaits(after)
    if stray and len(stray) > len(stray_awaits(before)):
        raise AnchorNotFound(
            f"the result would have `await` in a function that is not async, near line {stray[0]}"
        )


def _require_text(source: bytes) -> None:
    try:
        source.decode()
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise AnchorNotFound(
            f"the file is not UTF-8 (byte 0x{source[error.start]:02x} on line {line})"
        ) from error
    if b"\0" in source:
        raise AnchorNotFound("the file holds NUL bytes: it is not source code")
