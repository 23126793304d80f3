"""`.librechat-patcher.yaml`: which patches are meant when the command line does not say."""

from __future__ import annotations

import os
from dataclasses import field, replace
from pathlib import Path

from patcher.checkout import expanded, find_root, here
from patcher.commands.selection import Selection
from patcher.definition.fields import Section
from patcher.definition.patch_folder import MAX_DEFINITION, read_plain
from patcher.errors import NoCheckout
from patcher.keys import key
from patcher.values import dataclass

SETTINGS = ".librechat-patcher.yaml"


@dataclass(frozen=True)
class SettingsEntry:
    """What the file may say."""

    section: Section
    patches: tuple[str, ...] = field(metadata=key(form="words"), default=())
    """Folders of own patches, relative to the file."""
    apply: tuple[str, ...] = field(metadata=key(form="id"), default=())
    """Patches that are meant when none is named."""


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
        root = find_root(None, os.environ, here())
    except NoCheckout:
        root = None
    return configured(selection, root)


def _file(root: Path | None) -> Path | None:
    places = [here() / SETTINGS, *([root / SETTINGS] if root else [])]
    return next((p for p in places if os.path.lexists(p)), None)


def _read(file: Path) -> SettingsEntry:
    # Imported late: where there is no such file no YAML is read for it.
    from patcher.definition.plain_yaml import read_yaml
    from patcher.definition.records import record

    return record(read_yaml(read_plain(file, MAX_DEFINITION), str(file)), SettingsEntry)


def _folder(file: Path, entry: SettingsEntry, name: str) -> Path:
    folder = file.parent / expanded(Path(name))
    if not folder.is_dir():
        raise entry.section.error("patches", f"names {name}: there is no such folder")
    return folder
