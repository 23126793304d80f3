"""Patch definitions: a folder to a frozen `Patch`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from patcher.definition.patch_folder import (
    DEFINITION,
    added_files,
    digest,
    folders_in,
    read_definition,
    tested_releases,
)
from patcher.definition.reading import read_patch
from patcher.errors import BadDefinition
from patcher.librechat import component_of
from patcher.model import AddedFile, Patch


def load(folder: Path) -> Patch:
    """Read the patch in `folder` (its `patch.yaml` and `files/`).

    Raises `BadDefinition`, naming file and line, for anything that is not as it must be.
    """
    file = folder / DEFINITION
    text = read_definition(folder)
    patch = read_patch(text, file)
    added = tuple(_added(folder, patch, text))
    if not patch.edits and not added:
        raise BadDefinition(f"{file}:1: the patch has neither edits nor files")
    tested = tested_releases(folder)
    return replace(
        patch,
        files=added,
        tested=tuple(tag for tag, _ in tested),
        digest=digest(folder, text, ((f.path, f.content) for f in added)),
        versions=frozenset(version for _, version in tested),
    )


def load_all(folder: Path) -> dict[str, Patch]:
    """All patches below `folder`, by id; raises `BadDefinition` as `load`."""
    return {id: load(found) for id, found in folders_in(folder).items()}


def _added(folder: Path, patch: Patch, text: bytes) -> Iterator[AddedFile]:
    for path, content in added_files(folder):
        component = component_of(path)
        if component not in patch.components:
            lines = enumerate(text.split(b"\n"), start=1)
            line = next((n for n, key in lines if key.startswith(b"components")), 1)
            what = f"`components` holds no component for the added file {path}"
            raise BadDefinition(f"{folder / DEFINITION}:{line}: {what}")
        yield AddedFile(path, component, content)
