"""`.librechat-patcher.yaml`: which patches are meant when the command line does not say."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from msgspec import Struct

from patcher.access import expanded, is_closed, is_folder
from patcher.definition.decode import decode
from patcher.definition.folder import MAX_DEFINITION, read_plain
from patcher.definition.sections import Section, read_section
from patcher.edits.texts import Id, Words, says


class _Entry(Struct, frozen=True):
    """What the file may say."""

    section: Section
    patches: Annotated[
        tuple[Words, ...], says("Folders of own patches, relative to the file.")
    ] = ()
    apply: Annotated[tuple[Id, ...], says("Patches that are meant when none is named.")] = ()


def read(file: Path) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """The folders of own patches that the file names, and the ids that are meant.

    Raises `BadDefinition`, naming file and line, for a file that is not as it must be.
    """
    entry = decode(read_section(read_plain(file, MAX_DEFINITION), str(file)), _Entry)
    return tuple(_folder(file, entry, name) for name in entry.patches), entry.apply


def _folder(file: Path, entry: _Entry, name: str) -> Path:
    folder = file.parent / expanded(Path(name))
    if is_closed(folder):
        raise entry.section.error("patches", f"names {name}: this user cannot look there")
    if not is_folder(folder):
        raise entry.section.error("patches", f"names {name}: there is no such folder")
    return folder
