"""Receipts as JSON, and the names of runs. Pure."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any

import msgspec

from patcher.model import ABSENT, FileState, Kept, PatchRef, Phase, Receipt, ReceiptFile
from patcher.paths import objection

SCHEMA = 1

_RUN = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{4}")
_STAMP = "%Y%m%dT%H%M%SZ"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MODE = re.compile(r"[0-7]+")

_NO_FILES = '"files": []'
_NOT_OURS = "is not what was written there"
_KINDS = {"object": "dict", "array": "list"}


class Damaged(ValueError):
    """A receipt does not say what a receipt must say; `str` of it is the end of a sentence."""


class _StoredState(msgspec.Struct, frozen=True):
    """A file that was there; `mode` in octal digits."""

    sha256: str
    mode: str


class _StoredFile(msgspec.Struct, frozen=True):
    """`ReceiptFile` as it is written: null for no file."""

    path: str
    component: str
    before: _StoredState | None
    after: _StoredState | None


class _Stored(msgspec.Struct, frozen=True, omit_defaults=True):
    """`Receipt` as it is written, in the order of its keys."""

    schema: int
    run: str
    phase: Phase
    started: str
    tool: str
    librechat: str
    patches: tuple[PatchRef, ...]
    components: tuple[str, ...]
    files: tuple[_StoredFile, ...]
    folders: tuple[str, ...]
    kept: tuple[Kept, ...]
    removes: tuple[str, ...] = ()


def is_run(name: str) -> bool:
    """Whether `name` is the id of a run."""
    return _RUN.fullmatch(name) is not None


def next_run(last: str | None, now: datetime, tail: int) -> str:
    """An id that sorts after `last`, also within one second and when the clock was set back."""
    run = f"{now:{_STAMP}}-{tail:04x}"
    if last is None or run > last:
        return run
    stamp, _, last_tail = last.partition("-")
    if last_tail != "ffff":
        return f"{stamp}-{int(last_tail, 16) + 1:04x}"
    return f"{datetime.strptime(stamp, _STAMP) + timedelta(seconds=1):{_STAMP}}-0000"


def to_json(receipt: Receipt) -> bytes:
    """The receipt as a person would like to read it: each file on a line."""
    stored = _Stored(
        schema=SCHEMA,
        run=receipt.run,
        phase=receipt.phase,
        started=receipt.started,
        tool=receipt.tool,
        librechat=receipt.librechat,
        patches=receipt.patches,
        components=receipt.components,
        files=tuple(_file_to_store(file) for file in receipt.files),
        folders=receipt.folders,
        kept=receipt.kept,
        removes=receipt.removes,
    )
    content = msgspec.to_builtins(stored)
    files = ",\n    ".join(map(json.dumps, content["files"]))
    text = json.dumps({**content, "files": []}, indent=2)
    return text.replace(_NO_FILES, f'"files": [\n    {files}\n  ]', 1).encode() + b"\n"


def from_json(data: bytes) -> Receipt:
    """The receipt in `data`. Raises `Damaged` for anything that `to_json` does not write."""
    try:
        content = msgspec.json.decode(data)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise Damaged(_NOT_OURS) from error
    schema = content.get("schema", SCHEMA) if isinstance(content, dict) else SCHEMA
    if schema != SCHEMA:
        raise Damaged(f"has schema {schema!r}, this version reads {SCHEMA}")
    try:
        return _receipt(msgspec.convert(content, _Stored))
    except msgspec.ValidationError as error:
        raise Damaged(_reason(str(error), content)) from error


def _receipt(stored: _Stored) -> Receipt:
    return Receipt(
        run=stored.run,
        phase=stored.phase,
        started=stored.started,
        tool=stored.tool,
        librechat=stored.librechat,
        patches=stored.patches,
        components=stored.components,
        files=tuple(_file_from_store(file) for file in stored.files),
        folders=tuple(_path(folder) for folder in stored.folders),
        kept=tuple(Kept(_path(kept.path), _path(kept.copy)) for kept in stored.kept),
        removes=stored.removes,
    )


def _file_to_store(file: ReceiptFile) -> _StoredFile:
    states = (
        None if s.sha256 is None or s.mode is None else _StoredState(s.sha256, f"{s.mode:04o}")
        for s in (file.before, file.after)
    )
    return _StoredFile(file.path, file.component, *states)


def _file_from_store(file: _StoredFile) -> ReceiptFile:
    path = _path(file.path)
    return ReceiptFile(path, file.component, _state(file.before), _state(file.after))


def _state(stored: _StoredState | None) -> FileState:
    if stored is None:
        return ABSENT
    if not _SHA256.fullmatch(stored.sha256):
        raise Damaged(f"has {stored.sha256!r} in the place of a SHA-256")
    if not _MODE.fullmatch(stored.mode):
        raise Damaged(_NOT_OURS)
    return FileState(stored.sha256, int(stored.mode, 8) & 0o7777)


def _path(path: str) -> str:
    if problem := objection(path):
        raise Damaged(f"names {path!r}, which {problem}")
    return path


def _reason(said: str, content: Any) -> str:
    """What msgspec says is wrong with a receipt, in our words and with the value itself."""
    if missing := re.match(r"Object missing required field `(\w+)`", said):
        return f"lacks {missing[1]!r}"
    wrong = re.fullmatch(r"Expected `(\w+)(?: \| null)?`, got `\w+`(?: - at `\$(.+)`)?", said)
    if wrong is None:
        return _NOT_OURS
    for key, index in re.findall(r"\.(\w+)|\[(\d+)\]", wrong[2] or ""):
        content = content[key or int(index)]
    return f"has {content!r:.40} where a {_KINDS.get(wrong[1], wrong[1])} belongs"
