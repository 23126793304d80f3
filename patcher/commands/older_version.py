"""`apply` where an older version of a patch is applied, or another component in the place of one
that is wanted: planned on the files as they were before.

On the present files the older version's edits would stay beside the new ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from patcher.commands.in_effect import originals_of
from patcher.commands.workspace import Workspace
from patcher.errors import Blocked
from patcher.librechat import COMPONENTS, ENV_FILE
from patcher.model import Change, Patch, PatchRef, Plan
from patcher.plan.replay import Layer, Replay, replayed
from patcher.trees import File, Overlay

_NOT_THE_PATCHS = frozenset({ENV_FILE})
"""What `--allow-http` has written there stays, whatever version of a patch is applied."""


def plan_over_older(
    workspace: Workspace, patches: Sequence[Patch], wanted: Sequence[str]
) -> Plan | None:
    """What leads from the present files to what the present definitions make of the originals.

    None where none of `patches` is applied in an older version or with another component. Files
    that somebody changed since count as originals: an upgraded LibreChat has no edits of ours.
    Raises `Blocked` when another patch is applied whose definition is not found.
    """
    digests = workspace.digests
    is_older = any(digests.get(p.id, p.digest) != p.digest for p in patches)
    if not is_older and not _gives_way(workspace, patches, wanted):
        return None
    replay_of = _with_others(workspace, patches, wanted)
    originals = _untouched_originals(workspace)
    replay = replayed(replay_of, Overlay(workspace.tree, originals))
    meant = {p.id for p in patches}
    newer = [
        a.patch for a in replay_of if a.patch.id in meant or a.patch.digest != digests[a.patch.id]
    ]
    present = {c for one in replay_of for c in one.components}
    return Plan(
        patches=tuple(PatchRef(p.id, p.digest) for p in newer),
        components=tuple(dict.fromkeys(c for p in newer for c in p.components if c in present)),
        changes=tuple(_changes(workspace, replay, originals)),
        outcomes=replay.outcomes,
    )


def _with_others(
    workspace: Workspace, patches: Sequence[Patch], wanted: Sequence[str]
) -> list[Layer]:
    """All patches that are applied or meant, in order, each with all its components."""
    components = workspace.components_in_effect()
    meant = {p.id: p for p in patches}
    for id in meant:
        components.setdefault(id, set()).update(wanted)
        components[id] -= _replaced_by(wanted)
    for id in components:
        if id not in workspace.catalog:
            raise Blocked(
                f"the patch {id} is applied here, too, and its definition was not found; "
                "nothing was written",
                "name the folder that holds it: --patches DIR",
            )
    known = workspace.catalog
    return [Layer(meant.get(i) or known[i], frozenset(c)) for i, c in components.items()]


def _gives_way(workspace: Workspace, patches: Sequence[Patch], wanted: Sequence[str]) -> bool:
    """Whether a component is applied in whose place another one is wanted now."""
    applied = workspace.components_in_effect()
    return any(_replaced_by(wanted) & applied.get(p.id, set()) for p in patches)


def _replaced_by(wanted: Sequence[str]) -> set[str]:
    """The components that a tree cannot have beside those that are wanted."""
    pairs = [(c.name, c.stands_in_for) for c in COMPONENTS.values() if c.stands_in_for]
    return {other for pair in pairs for one, other in (pair, pair[::-1]) if one in wanted}


def _untouched_originals(workspace: Workspace) -> dict[str, File]:
    """The originals of the files that are as the last run left them."""
    return {
        path: original
        for path, original in originals_of(workspace).items()
        if path not in _NOT_THE_PATCHS and workspace.is_as_written(path)
    }


def _changes(
    workspace: Workspace, replay: Replay, originals: Mapping[str, File]
) -> Iterator[Change]:
    component = {f.path: f.component for r in workspace.receipts for f in r.files}
    for path in dict.fromkeys((*replay.changes, *originals)):
        now, then = workspace.tree.read(path), replay.tree.read(path)
        made = replay.changes.get(path)
        if now != then:
            mode = made.mode if made else originals[path].mode if now is None else None
            yield Change(path, made.component if made else component[path], now, then, mode)
