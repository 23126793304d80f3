"""The patches in effect, the files before any of them, and the files without them.

Apart from `workspace`, because it plans: `status` needs no parser of code.
"""

from __future__ import annotations

from collections.abc import Mapping

from patcher.commands.workspace import Workspace
from patcher.errors import AnchorNotFound, BadUsage, Blocked
from patcher.plan.merge import without_ours
from patcher.plan.replay import Layer, replayed
from patcher.transaction.files import sha256
from patcher.trees import File, Overlay


def originals_of(workspace: Workspace) -> dict[str, File]:
    """Every file that a run touched, as it was before the first of them."""
    return {
        path: File(workspace.original(path), workspace.before(path).mode)
        for path in workspace.touched
    }


def patches_in_effect(workspace: Workspace) -> list[Layer]:
    """The patches in effect, each with all components that it was applied with.

    Raises as `current_patches`, and `Blocked` for a definition that has changed.
    """
    found = current_patches(workspace)
    for one in found:
        if one.patch.digest != workspace.digests[one.patch.id]:
            raise Blocked(
                f"the definition of {one.patch.id} ({one.patch.place}) has changed since it was "
                "applied, so what it did cannot be told apart; nothing was written",
                "apply it again first, or roll back everything: librechat-patcher rollback",
            )
    return found


def current_patches(workspace: Workspace) -> list[Layer]:
    """The patches in effect as their definitions are now, with the components of before.

    Raises `BadUsage` for a definition that is not found.
    """
    known = workspace.catalog
    for id in workspace.digests:
        if id not in known:
            raise BadUsage(
                f"the patch {id} is applied here, but its definition was not found",
                "name the folder that holds it: --patches DIR",
            )
    components = workspace.components_in_effect()
    return [Layer(known[id], frozenset(names)) for id, names in components.items()]


def written(workspace: Workspace, originals: Mapping[str, File]) -> Mapping[str, bytes | None]:
    """What the patches in effect make of the originals; empty where no file has changed since.

    Raises as `patches_in_effect`.
    """
    if all(map(workspace.is_as_written, workspace.states)):
        return {}
    now = replayed(patches_in_effect(workspace), Overlay(workspace.tree, originals))
    return {path: change.after for path, change in now.changes.items()}


def without_patches(
    workspace: Workspace, path: str, original: bytes | None, written: Mapping[str, bytes | None]
) -> bytes | None:
    """A file that runs touched, without their patches and with all that somebody changed since.

    `written` is what `written` says. Raises `AnchorNotFound` when the two cannot be told apart.
    """
    if workspace.is_as_written(path):
        return original
    now, ours = workspace.tree.read(path), written.get(path)
    if ours is None or sha256(ours) != workspace.states[path].sha256:
        raise AnchorNotFound("was patched by other definitions than these and changed since")
    if now is None or original is None:
        raise AnchorNotFound(
            "was added or patched by librechat-patcher and is no longer what it wrote"
        )
    return without_ours(original, ours, now)
