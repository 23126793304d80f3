"""Whether built output is as new as the patched sources that it is made of. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from patcher.access import is_closed, is_file
from patcher.librechat import COMPONENTS


class Build(Struct, frozen=True):
    """One built output and the sources below a folder."""

    sources: str
    output: str
    state: str
    """`fresh`, `older` than a patched source, or `missing`."""


def build_states(root: Path, patched: Iterable[str]) -> Iterator[Build]:
    """The state of each output that some patched file goes into.

    Nothing is said of one that this user may not see.
    """
    files = list(patched)
    for component in COMPONENTS.values():
        sources, output = component.folder, component.output
        places = [root / p for p in files if p.startswith(sources)]
        newest = max((p.stat().st_mtime for p in places if is_file(p)), default=None)
        built = root / output
        if newest is None or not output or is_closed(built):
            continue
        if not is_file(built):
            yield Build(sources, output, "missing")
        else:
            yield Build(sources, output, "older" if built.stat().st_mtime < newest else "fresh")
