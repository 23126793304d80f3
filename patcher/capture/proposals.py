"""Which edits by name say what a change does: for each, the bytes are tried. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from difflib import SequenceMatcher

from patcher.capture.candidates import candidates
from patcher.code.syntax import CODE_FILES, parse, problems
from patcher.definition.forms import operation_problem, problem_of
from patcher.diffs.lines import split_lines
from patcher.errors import PatcherError
from patcher.keys import form_of
from patcher.model import Change
from patcher.operations import Operation
from patcher.plan.editing import edited


def proposed(change: Change) -> tuple[Operation, ...]:
    """Edits that lead from `before` towards `after`, each writing nothing that `after` lacks.

    What they leave over is for a diff. None for a file that is no code, is new, or is gone.
    """
    if change.before is None or change.after is None or not change.path.endswith(CODE_FILES):
        return ()
    if problems(parse(change.before)) or problems(parse(change.after)):
        return ()
    return tuple(_accepted(change.path, change.before, change.after))


def _accepted(path: str, before: bytes, after: bytes) -> Iterator[Operation]:
    left = _distance(before, after)
    for alternatives in candidates(parse(before), parse(after)):
        for operation in alternatives:
            made = _made(before, operation, path)
            if made is None:
                continue
            rest = _distance(made, after)
            if rest == left - _distance(before, made):
                yield operation
                before, left = made, rest
                break


def _made(source: bytes, operation: Operation, path: str) -> bytes | None:
    if not _can_be_said(operation):
        return None
    try:
        return edited(source, operation, path)[0]
    except PatcherError:
        return None


def _can_be_said(operation: Operation) -> bool:
    """Whether a definition may hold it: code that is too deep to be compared is for the diff."""
    texts = (
        (form_of(field), text)
        for field in dataclasses.fields(operation)
        for text in _texts(getattr(operation, field.name))
    )
    # An empty text is a key that is left out.
    said = not any(text and problem_of(form, text) for form, text in texts)
    return said and operation_problem(operation) is None


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) else ()


def _distance(one: bytes, other: bytes) -> int:
    """Lines that must be removed and added to come from the one to the other."""
    matcher = SequenceMatcher(None, split_lines(one), split_lines(other), autojunk=False)
    return sum(
        end - start + new_end - new_start
        for kind, start, end, new_start, new_end in matcher.get_opcodes()
        if kind != "equal"
    )
