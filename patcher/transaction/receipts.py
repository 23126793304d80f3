"""Receipts as JSON, and the names of runs. Pure."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any, TypeVar

from patcher.model import FileState, Kept, PatchRef, Phase, Receipt, ReceiptFile
from patcher.paths import objection

SCHEMA = 1

_RUN = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{4}")
_STAMP = "%Y%m%dT%H%M%SZ"
_SHA256 = re.compile(r"[0-9a-f]{64}")

_NO_FILES = '"files": []'

T = TypeVar("T")


class Damaged(ValueError):
    """A receipt does not say what a receipt must say; `str` of it is the end of a sentence."""


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
    content = {
        "schema": SCHEMA,
        "run": receipt.run,
        "phase": receipt.phase.value,
        "started": receipt.started,
        "tool": receipt.tool,
        "librechat": receipt.librechat,
        "patches": [{"id": patch.id, "digest": patch.digest} for patch in receipt.patches],
        "components": list(receipt.components),
        "files": [],
        "folders": list(receipt.folders),
        "kept": [{"path": kept.path, "copy": kept.copy} for kept in receipt.kept],
        **({"removes": list(receipt.removes)} if receipt.removes else {}),
    }
    files = ",\n    ".join(map(_file_to_json, receipt.files))
    text = json.dumps(content, indent=2)
    return text.replace(_NO_FILES, f'"files": [\n    {files}\n  ]', 1).encode() + b"\n"


def _file_to_json(file: ReceiptFile) -> str:
    return json.dumps(
        {
            "path": file.path,
            "component": file.component,
            "before": _state_to_json(file.before),
            "after": _state_to_json(file.after),
        }
    )


def from_json(data: bytes) -> Receipt:
    """The receipt in `data`. Raises `Damaged` for anything that `to_json` does not write."""
    try:
        content = _is(json.loads(data), dict)
        schema = content["schema"]
        if schema != SCHEMA:
            raise Damaged(f"has schema {schema!r}, this version reads {SCHEMA}")
        return _receipt(content)
    except Damaged:
        raise
    except KeyError as error:
        raise Damaged(f"lacks {error}") from error
    except (ValueError, RecursionError) as error:
        raise Damaged("is not what was written there") from error


def _receipt(content: dict[str, Any]) -> Receipt:
    return Receipt(
        run=_is(content["run"], str),
        phase=Phase(content["phase"]),
        started=_is(content["started"], str),
        tool=_is(content["tool"], str),
        librechat=_is(content["librechat"], str),
        patches=tuple(
            PatchRef(_is(patch["id"], str), _is(patch["digest"], str))
            for patch in _objects(content["patches"])
        ),
        components=tuple(_is(name, str) for name in _is(content["components"], list)),
        files=tuple(
            ReceiptFile(
                _path(file["path"]),
                _is(file["component"], str),
                _state(file["before"]),
                _state(file["after"]),
            )
            for file in _objects(content["files"])
        ),
        folders=tuple(_path(folder) for folder in _is(content["folders"], list)),
        kept=tuple(
            Kept(_path(kept["path"]), _path(kept["copy"])) for kept in _objects(content["kept"])
        ),
        removes=tuple(_is(name, str) for name in _is(content.get("removes", []), list)),
    )


def _state_to_json(state: FileState) -> dict[str, str] | None:
    if state.sha256 is None or state.mode is None:
        return None
    return {"sha256": state.sha256, "mode": f"{state.mode:04o}"}


def _state(value: object) -> FileState:
    if value is None:
        return FileState(None, None)
    content = _is(value, dict)
    sha256 = _is(content["sha256"], str)
    if not _SHA256.fullmatch(sha256):
        raise Damaged(f"has {sha256!r} in the place of a SHA-256")
    return FileState(sha256, int(_is(content["mode"], str), 8) & 0o7777)


def _path(value: object) -> str:
    path = _is(value, str)
    if problem := objection(path):
        raise Damaged(f"names {path!r}, which {problem}")
    return path


def _objects(value: object) -> list[dict[str, Any]]:
    return [_is(item, dict) for item in _is(value, list)]


def _is(value: object, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise Damaged(f"has {value!r:.40} where a {kind.__name__} belongs")
    return value
