"""Which patches and which components a command works with."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from patcher.checkout import Checkout
from patcher.definitions import DEFINITION, load, load_all
from patcher.errors import BadUsage
from patcher.patches import Patch
from patcher.resources import patches_folder

DEFAULT_PATCHES = ("dynamic-models",)
"""Built-in patches that are meant when none is named."""


@dataclass(frozen=True)
class Selection:
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


def available(selection: Selection) -> dict[str, Patch]:
    """All patches, built-in and in the user's folders; raises `BadDefinition`, `BadUsage`."""
    found = load_all(patches_folder())
    for folder in selection.folders:
        own = {p.id: p for p in [load(folder)]} if (folder / DEFINITION).is_file() else None
        own = own if own is not None else load_all(folder)
        if not own:
            raise BadUsage(
                f"--patches {folder}: there is no */{DEFINITION} in it",
                "name the folder that holds one folder per patch",
            )
        for name, patch in own.items():
            if name in found:
                raise BadUsage(f"two patches are called {name}: {found[name].place}, {patch.place}")
            found[name] = patch
    return found


def chosen(selection: Selection) -> tuple[Patch, ...]:
    """The patches to work with, in the order in which they were named."""
    found = available(selection)
    builtin = load_all(patches_folder()).keys()
    ids = selection.ids or (*DEFAULT_PATCHES, *(i for i in found if i not in builtin))
    for name in ids:
        if name not in found:
            near = difflib.get_close_matches(name, found, 1)
            did = f"; did you mean {near[0]}?" if near else ""
            raise BadUsage(f"there is no patch called {name}{did}", "see `librechat-patcher list`")
    return tuple(found[name] for name in ids)


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
    absent = [c for c in selection.only if c not in checkout.components]
    if absent:
        raise BadUsage(
            f"{checkout.title} has no sources of {', '.join(absent)}",
            f"what is there: --only {' --only '.join(checkout.components)}",
        )
    return tuple(c for c in wanted if c in checkout.components)
