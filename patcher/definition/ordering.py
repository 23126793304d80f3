"""The order in which patches are applied: as they were named, but after what they need. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from patcher.definition.words import did_you_mean
from patcher.errors import BadDefinition
from patcher.model import Link, Patch


def in_order(chosen: Sequence[Patch], available: Mapping[str, Patch]) -> tuple[Patch, ...]:
    """`chosen` and what they need, each after the patches that it names in `needs` and `after`.

    Raises `BadDefinition`, naming file and line, for a patch that does not exist and for a circle.
    """
    wanted = _with_needed(chosen, available)
    done: dict[str, Patch] = {}
    for patch in wanted.values():
        _add(patch, wanted, done, ())
    return tuple(done.values())


def needing(id: str, patches: Sequence[Patch]) -> tuple[Patch, ...]:
    """Those of `patches` that name `id` in their `needs`."""
    return tuple(p for p in patches if any(link.id == id for link in p.needs))


def _require_known(patch: Patch, available: Mapping[str, Patch]) -> None:
    for key, links in (("needs", patch.needs), ("after", patch.after)):
        for link in links:
            if link.id not in available:
                near = did_you_mean(link.id, available)
                raise BadDefinition(
                    f"{link.place}: `{key}` names `{link.id}`, which is no patch{near}",
                    "name the folder that holds it, too: --patches DIR",
                )


def _with_needed(chosen: Sequence[Patch], available: Mapping[str, Patch]) -> dict[str, Patch]:
    wanted = {patch.id: patch for patch in chosen}
    queue = list(chosen)
    for patch in queue:
        _require_known(patch, available)
        for link in patch.needs:
            if link.id not in wanted:
                wanted[link.id] = available[link.id]
                queue.append(available[link.id])
    return wanted


def _add(
    patch: Patch, wanted: Mapping[str, Patch], done: dict[str, Patch], above: tuple[str, ...]
) -> None:
    if patch.id in done:
        return
    path = (*above, patch.id)
    for link in _links(patch):
        if link.id in path:
            circle = " -> ".join((*path[path.index(link.id) :], link.id))
            raise BadDefinition(
                f"{link.place}: the patches wait for each other: {circle}",
                "take one of them out of `needs` or `after`",
            )
        if link.id in wanted:
            _add(wanted[link.id], wanted, done, path)
    done[patch.id] = patch


def _links(patch: Patch) -> Iterator[Link]:
    yield from patch.needs
    yield from patch.after
