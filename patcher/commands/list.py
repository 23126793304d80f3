"""`list`: the patches there are."""

from __future__ import annotations

from msgspec import Struct

from patcher.commands.selection import (
    Selection,
    available,
    chosen,
    configured_anywhere,
    default_ids,
)
from patcher.model import Patch


class Listing(Struct, frozen=True):
    """The patches there are."""

    patches: tuple[Patch, ...]
    default: tuple[str, ...]
    """Ids that `apply` takes when none is named."""


def list_patches(selection: Selection) -> Listing:
    """Built-in patches and those of `--patches`; raises as `chosen` for a wrong or unknown one."""
    selection = configured_anywhere(selection)
    found = available(selection)
    listed = chosen(selection) if selection.ids else tuple(found.values())
    return Listing(listed, default_ids(found))
