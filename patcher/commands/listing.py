"""`list`: the patches there are."""

from __future__ import annotations

from patcher.commands.selection import Selection, available, chosen, default_ids
from patcher.commands.settings import configured_anywhere
from patcher.results import Listing


def list_patches(selection: Selection) -> Listing:
    """Built-in patches and those of `--patches`; raises as `chosen` for a wrong or unknown one."""
    selection = configured_anywhere(selection)
    found = available(selection)
    listed = chosen(selection) if selection.ids else tuple(found.values())
    return Listing(listed, default_ids(found))
