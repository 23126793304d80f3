"""`list`: the patches there are."""

from __future__ import annotations

from patcher.commands.selection import DEFAULT_PATCHES, Selection, available
from patcher.results import Listing


def list_patches(selection: Selection) -> Listing:
    """Built-in patches and those of `--patches`; raises `BadDefinition` for a wrong one."""
    found = available(selection)
    ids = selection.ids or tuple(found)
    return Listing(tuple(p for i, p in found.items() if i in ids), DEFAULT_PATCHES)
