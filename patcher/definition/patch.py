"""A folder to a `Patch`: its definition and the files that it adds, all checked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from patcher.definition.compiled import compiled
from patcher.definition.folder import (
    DEFINITION,
    added_files,
    digest,
    read_definition,
    tested_releases,
)
from patcher.definition.hashed_names import with_hashes
from patcher.errors import BadDefinition
from patcher.librechat import component_of
from patcher.model import AddedFile, Patch


def load(folder: Path) -> Patch:
    """Read the patch in `folder` (its `patch.yaml` and `files/`).

    Raises `BadDefinition`, naming file and line, for anything that is not as it must be.
    """
    file = folder / DEFINITION
    text = read_definition(folder)
    patch = compiled(text, file) or _read(text, file)
    added = tuple(_added(folder, patch, text))
    if not patch.edits and not added:
        raise BadDefinition(f"{file}:1: the patch has neither edits nor files")
    tested = tested_releases(folder)
    edits, files = with_hashes(patch.edits, added)
    return replace(
        patch,
        edits=edits,
        files=files,
        tested=tuple(tag for tag, _ in tested),
        digest=digest(folder, text, ((f.path, f.content) for f in added)),
        versions=frozenset(version for _, version in tested),
    )


def _read(text: bytes, file: Path) -> Patch:
    # Imported late (12 ms, most of it PyYAML): what the wheel has compiled is not read.
    from patcher.definition.reader import read_patch

    return read_patch(text, file)


def _added(folder: Path, patch: Patch, text: bytes) -> Iterator[AddedFile]:
    for path, content in added_files(folder):
        component = component_of(path)
        if component not in patch.components:
            lines = enumerate(text.split(b"\n"), start=1)
            line = next((n for n, key in lines if key.startswith(b"components")), 1)
            what = f"`components` holds no component for the added file {path}"
            raise BadDefinition(f"{folder / DEFINITION}:{line}: {what}")
        yield AddedFile(path, component, content)
