"""Names with a hash for scripts that a page loads: browsers keep what lies in `assets/`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from msgspec.structs import replace

from patcher.edits.operations import AddModule
from patcher.errors import BadDefinition
from patcher.model import AddedFile, Edit

_DIGITS = 8


def with_hashes(
    edits: Sequence[Edit], files: Sequence[AddedFile]
) -> tuple[tuple[Edit, ...], tuple[AddedFile, ...]]:
    """Edits and added files, with eight digits of the SHA-256 in the names of loaded modules.

    Raises `BadDefinition` for an `add_module` whose file the patch does not add.
    """
    content = {f.path: f.content for f in files}
    names: dict[str, str] = {}
    for edit in edits:
        if isinstance(edit.operation, AddModule):
            path = edit.operation.module
            if path not in content:
                raise BadDefinition(f"{edit.place}: `add_module` names {path}, not below `files/`")
            stem, dot, ending = path.rpartition(".")
            digits = hashlib.sha256(content[path]).hexdigest()[:_DIGITS]
            names[path] = f"{stem}.{digits}{dot}{ending}"
    if not names:
        return tuple(edits), tuple(files)
    return (
        tuple(_renamed(edit, names) for edit in edits),
        tuple(replace(f, path=names.get(f.path, f.path)) for f in files),
    )


def _renamed(edit: Edit, names: dict[str, str]) -> Edit:
    if not isinstance(edit.operation, AddModule):
        return edit
    operation = replace(edit.operation, module=names[edit.operation.module])
    return replace(edit, operation=operation)
