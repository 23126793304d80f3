"""`.librechat-patcher.yaml`: which patches are meant when the command line does not say."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from msgspec import Struct
from msgspec.structs import replace

from patcher.checkout import find_root
from patcher.commands.selection import Selection
from patcher.definition.folder import MAX_DEFINITION, read_plain
from patcher.definition.sections import Section
from patcher.edits.texts import Id, Words, says
from patcher.errors import NoCheckout

SETTINGS = ".librechat-patcher.yaml"


class SettingsEntry(Struct, frozen=True):
    """What the file may say."""

    section: Section
    patches: Annotated[
        tuple[Words, ...], says("Folders of own patches, relative to the file.")
    ] = ()
    apply: Annotated[tuple[Id, ...], says("Patches that are meant when none is named.")] = ()


def configured(selection: Selection, root: Path | None) -> Selection:
    """`selection`, with what the settings file says where the command line is silent.

    The file is looked for in the current folder, then in the checkout `root`. `--patch` stands
    for its `apply`, `--patches` for both of its keys: ids need not be in other folders. Raises
    `BadDefinition`, naming file and line, for a file that is not as it must be.
    """
    file = _file(root)
    if file is None:
        return selection
    entry = _read(file)
    if selection.folders:
        return selection
    folders = tuple(_folder(file, entry, name) for name in entry.patches)
    return replace(selection, folders=folders, ids=selection.ids or entry.apply)


def configured_anywhere(selection: Selection) -> Selection:
    """`configured` for commands that work without a checkout, if there is one all the same."""
    try:
        root = find_root(None, os.environ, Path.cwd())
    except NoCheckout:
        root = None
    return configured(selection, root)


def _file(root: Path | None) -> Path | None:
    places = [Path.cwd() / SETTINGS, *([root / SETTINGS] if root else [])]
    return next((p for p in places if os.path.lexists(p)), None)


def _read(file: Path) -> SettingsEntry:
    # Imported late: where there is no such file no YAML is read for it.
    from patcher.definition.decode import decode
    from patcher.definition.sections import read_section

    return decode(read_section(read_plain(file, MAX_DEFINITION), str(file)), SettingsEntry)


def _folder(file: Path, entry: SettingsEntry, name: str) -> Path:
    folder = file.parent / Path(name).expanduser()
    if not folder.is_dir():
        raise entry.section.error("patches", f"names {name}: there is no such folder")
    return folder
