"""Which patches and components are meant: by the command line, else by the settings file.

The settings file is `.librechat-patcher.yaml`; what it leaves open has a default.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from patcher.access import current_folder, is_closed, is_folder
from patcher.checkout import Checkout, find_root
from patcher.definition.catalog import Catalog, shipped_folder
from patcher.definition.folder import DEFINITION, folders_in
from patcher.definition.ordering import in_order
from patcher.errors import BadUsage, NoCheckout
from patcher.librechat import COMPONENTS
from patcher.model import Patch

SETTINGS = ".librechat-patcher.yaml"
CLONE_VARIABLE = "LIBRECHAT_GIT"
DEFAULT_PATCHES = ("dynamic-models",)
"""Built-in patches that are meant when none is named."""


class Selection(Struct, frozen=True):
    """What the user chose; empty means the defaults."""

    ids: tuple[str, ...] = ()
    folders: tuple[Path, ...] = ()
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()


def selection(
    ids: Sequence[str] | None = None,
    folders: Sequence[Path] | None = None,
    only: Sequence[str] | None = None,
    skip: Sequence[str] | None = None,
) -> Selection:
    """What the options of a command say; None and nothing both mean the default."""
    return Selection(tuple(ids or ()), tuple(folders or ()), tuple(only or ()), tuple(skip or ()))


def available(selection: Selection) -> Catalog:
    """All patches, built-in and in the user's folders; raises `BadDefinition`, `BadUsage`.

    The user's are read at once, so that every command tells what is wrong with them.
    """
    builtin = folders_in(shipped_folder())
    found = dict(builtin)
    for folder in selection.folders:
        for id, place in patches_in(folder).items():
            if id in found:
                places = f"{found[id] / DEFINITION}:1, {place / DEFINITION}:1"
                raise BadUsage(
                    f"two patches are called {id}: {places}",
                    "rename one of them: its folder and its `id:`",
                )
            found[id] = place
    catalog = Catalog(found)
    for id in found.keys() - builtin.keys():
        catalog[id]
    return catalog


def patches_in(folder: Path) -> dict[str, Path]:
    """The patch that a folder is, or those that it holds: id, and the folder of each."""
    if is_closed(folder / DEFINITION):
        raise BadUsage(
            f"--patches {folder}: this user cannot look there",
            "run as the user who may, or name a folder of your own",
        )
    if not is_folder(folder):
        raise BadUsage(
            f"--patches {folder}: there is no such folder",
            f"name a folder with {DEFINITION}, or the folder that holds such folders",
        )
    if os.path.lexists(folder / DEFINITION):
        return {folder.absolute().name: folder}
    found = folders_in(folder)
    if not found:
        raise BadUsage(
            f"--patches {folder}: there is no */{DEFINITION} in it",
            "name the folder that holds one folder per patch",
        )
    return found


def chosen(selection: Selection) -> tuple[Patch, ...]:
    """The patches to work with, in the order in which they were named, but for what they need."""
    found = available(selection)
    for name in selection.ids:
        if name not in found:
            near = difflib.get_close_matches(name, found, 1)
            did = f"; did you mean {near[0]}?" if near else ""
            raise BadUsage(f"there is no patch called {name}{did}", "see `librechat-patcher list`")
    ids = dict.fromkeys(selection.ids or default_ids(found))
    return in_order([found[i] for i in ids], found)


def default_ids(found: Catalog) -> tuple[str, ...]:
    """What is meant when no patch is named: the default ones, and all of the user's own."""
    builtin = folders_in(shipped_folder())
    return (*DEFAULT_PATCHES, *(i for i in found if i not in builtin))


def components(
    selection: Selection, patches: Sequence[Patch], checkout: Checkout
) -> tuple[str, ...]:
    """The components to patch: those of the patches, limited by --only, --skip and the tree."""
    known = list(dict.fromkeys(c for p in patches for c in p.components))
    for name in (*selection.only, *selection.skip):
        if name not in known:
            raise BadUsage(f"there is no component {name}", f"choose among {', '.join(known)}")
    wanted = [c for c in known if c in (selection.only or known) and c not in selection.skip]
    if not wanted:
        raise BadUsage("--only and --skip leave no component", f"choose among {', '.join(known)}")
    for name in selection.only:
        other = COMPONENTS[name].stands_in_for if name in COMPONENTS else ""
        if other in selection.only:
            raise BadUsage(
                f"{name} and {other} do the same: {other} in the sources, {name} in what is built",
                f"leave out one of --only {name} and --only {other}",
            )
    absent = [c for c in selection.only if c not in checkout.components]
    if absent:
        raise BadUsage(
            f"{checkout.title} has no sources of {', '.join(absent)}",
            f"what is there: --only {' --only '.join(checkout.components)}",
        )
    present = [c for c in wanted if c in checkout.components]
    return tuple(c for c in present if COMPONENTS[c].stands_in_for not in present)


def clone_of(named: Path | None) -> Path | None:
    """The clone of LibreChat that is named, or that $LIBRECHAT_GIT names."""
    found = os.environ.get(CLONE_VARIABLE)
    return named or (Path(found) if found else None)


def configured(selection: Selection, root: Path | None) -> Selection:
    """`selection`, with what the settings file says where the command line is silent.

    The file is looked for in the current folder, then in the checkout `root`. `--patch` stands
    for its `apply`, `--patches` for both of its keys: ids need not be in other folders. Raises
    `BadDefinition`, naming file and line, for a file that is not as it must be.
    """
    file = _file(root)
    if file is None:
        return selection
    # 40 ms: where there is no such file no YAML is read for it.
    from patcher.commands.settings_file import read

    folders, ids = read(file)
    if selection.folders:
        return selection
    return replace(selection, folders=folders, ids=selection.ids or ids)


def configured_anywhere(selection: Selection) -> Selection:
    """`configured` for commands that work without a checkout, if there is one all the same."""
    try:
        root = find_root(None, os.environ, current_folder())
    except NoCheckout:
        root = None
    return configured(selection, root)


def _file(root: Path | None) -> Path | None:
    places = (folder / SETTINGS for folder in (current_folder(), root) if folder is not None)
    return next((p for p in places if os.path.lexists(p)), None)
