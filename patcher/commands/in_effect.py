"""What `replayed` asks of a checkout: the patches in effect, and the files before any of them.

Apart from `workspace`, because it plans: `status` needs no parser of code.
"""

from __future__ import annotations

from patcher.commands.workspace import Workspace
from patcher.errors import BadUsage, Blocked
from patcher.plan.replay import Layer
from patcher.trees import File


def originals_of(workspace: Workspace) -> dict[str, File]:
    """Every file that a run touched, as it was before the first of them."""
    return {
        path: File(workspace.original(path), workspace.before(path).mode)
        for path in workspace.touched
    }


def patches_in_effect(workspace: Workspace) -> list[Layer]:
    """The patches in effect, each with all components that it was applied with.

    Raises `BadUsage` for a definition that is not found, `Blocked` for one that has changed.
    """
    known = workspace.catalog
    for id, digest in workspace.digests.items():
        if id not in known:
            raise BadUsage(
                f"the patch {id} is applied here, but its definition was not found",
                "name the folder that holds it: --patches DIR",
            )
        if known[id].digest != digest:
            raise Blocked(
                f"the definition of {id} ({known[id].place}) has changed since it was applied, "
                "so what it did cannot be told apart; nothing was written",
                "apply it again first, or roll back everything: librechat-patcher rollback",
            )
    components = workspace.components_in_effect()
    return [Layer(known[id], frozenset(names)) for id, names in components.items()]
