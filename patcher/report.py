"""Results as plain data, for `--format json`. File contents are left out."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

from msgspec import Struct

from patcher.diffs.lines import line_counts
from patcher.errors import PatcherError
from patcher.model import Change, Patch
from patcher.results import Applied, Doctored, Listing, Planned, Probed, Verified


def data(value: Any) -> Any:
    """Anything that a command answers, as dictionaries, lists, texts and numbers."""
    if isinstance(value, Change):
        return _change(value)
    if isinstance(value, Patch):
        return _patch(value)
    if isinstance(value, Struct):
        fields = {name: data(getattr(value, name)) for name in value.__struct_fields__}
        return {**fields, **_derived(value)}
    if isinstance(value, Mapping):
        return {str(k): data(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [data(v) for v in value]
    if isinstance(value, Enum):
        return value.value
    return str(value) if isinstance(value, Path) else value


def _derived(value: Any) -> dict[str, Any]:
    if isinstance(value, Planned):
        return {"stands": value.stands}
    if isinstance(value, Applied | Verified | Probed | Doctored):
        return {"ok": value.ok}
    return {}


def _change(change: Change) -> dict[str, Any]:
    added, removed = line_counts(change)
    kind = "add" if change.before is None else "delete" if change.after is None else "modify"
    return {
        "path": change.path,
        "component": change.component,
        "kind": kind,
        "added": added,
        "removed": removed,
    }


def _patch(patch: Patch) -> dict[str, Any]:
    edited = dict.fromkeys(e.path for e in patch.edits)
    return {
        "id": patch.id,
        "title": patch.title,
        "why": patch.why.strip(),
        "librechat": patch.librechat,
        "components": dict(patch.components),
        "edits": list(edited),
        "adds": [f.path for f in patch.files],
        "tested": list(patch.tested),
        "digest": patch.digest,
        "definition": patch.place.file,
    }


def error_data(error: PatcherError) -> dict[str, Any]:
    """An expected failure as data."""
    return {"error": {"kind": type(error).__name__, "message": str(error), "hint": error.hint}}


def listing_data(listing: Listing) -> dict[str, Any]:
    """The patches, each with whether it is meant when none is named."""
    return {"patches": [{**_patch(p), "default": p.id in listing.default} for p in listing.patches]}
