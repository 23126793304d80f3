"""`rollback --patch ID`: one patch is rolled back while the others stay, as a run of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from patcher.commands.in_effect import originals_of, patches_in_effect
from patcher.commands.rollback import RolledBack, roll_back_all
from patcher.commands.selection import Selection
from patcher.commands.workspace import Workspace, open_workspace
from patcher.definition.ordering import needing
from patcher.errors import BadUsage, Blocked, Drifted
from patcher.model import ABSENT, Patch, Plan, Receipt, Restored
from patcher.plan.replay import Layer, Replay, differences, replayed
from patcher.plan.verification import expectation_checks, failures, syntax_checks
from patcher.trees import Overlay

_ALL = "`librechat-patcher rollback` rolls back everything, byte for byte"


def rollback_patch(root: Path | None, id: str, selection: Selection) -> RolledBack:
    """Roll back what the patch `id` did; the files are then what the others make of the originals.

    Raises `BadUsage` when the patch is not applied, `Drifted` when a file changed since, and
    `Blocked`, naming the place, when another patch cannot be without it. Nothing is written then.
    """
    workspace = open_workspace(root, selection)
    carried = workspace.in_effect
    if id not in workspace.digests:
        ids = ", ".join(workspace.digests) or "none"
        raise BadUsage(f"the patch {id} is not applied here", f"applied: {ids}")
    _require_undrifted(workspace)
    applied = patches_in_effect(workspace)
    rest = [a for a in applied if a.patch.id != id]
    if not rest:
        return roll_back_all(workspace)
    _require_not_needed(id, [a.patch for a in rest])
    originals = originals_of(workspace)
    tree = Overlay(workspace.tree, originals)
    now, then = replayed(applied, tree), replayed(rest, tree)
    _require_same(workspace, now, id)
    _require_possible(then, rest, id)
    plan = Plan(
        patches=tuple(c.ref for c in carried if c.ref.id != id),
        components=tuple(dict.fromkeys(c for one in carried for c in one.receipt.components)),
        changes=differences(now, then, originals),
        outcomes=(),
        removes=(id,),
    )
    if not plan.changes:
        raise BadUsage(f"the patch {id} has changed nothing that the others do not", _ALL)
    receipt = workspace.write(plan)
    return RolledBack(workspace.root, _restored(receipt), tuple(a.patch.id for a in rest))


def _restored(receipt: Receipt) -> Restored:
    gone = tuple(f.path for f in receipt.files if f.after == ABSENT)
    return Restored(
        receipt.run, tuple(f.path for f in receipt.files if f.path not in gone), gone, ()
    )


def _require_undrifted(workspace: Workspace) -> None:
    drifted = [path for path in workspace.states if not workspace.is_as_written(path)]
    if drifted:
        raise Drifted(
            "files changed since they were patched; nothing was rolled back:"
            + "".join(f"\n  {path}" for path in drifted),
            "take your changes out of them, or carry them: `librechat-patcher capture`",
        )


def _require_not_needed(id: str, rest: Sequence[Patch]) -> None:
    for patch in needing(id, rest):
        place = next(link.place for link in patch.needs if link.id == id)
        raise Blocked(
            f"{patch.id} needs {id} ({place}); nothing was rolled back",
            f"roll back {patch.id} first: librechat-patcher rollback --patch {patch.id}",
        )


def _require_same(workspace: Workspace, now: Replay, id: str) -> None:
    for path, change in now.changes.items():
        if workspace.tree.read(path) != change.after:
            raise Blocked(
                f"{path} is not what the applied patches make of its original, so {id} cannot be "
                "told apart from the others; nothing was rolled back",
                _ALL,
            )


def _require_possible(then: Replay, rest: Sequence[Layer], id: str) -> None:
    problems = [f"{o.patch}: {o.path}: {o.title}: {o.reason}" for o in then.blocked]
    if not problems:
        before = {p: c.before for p, c in then.changes.items()}
        after = {p: c.after for p, c in then.changes.items() if c.after is not None}
        edited = {p: c for p, c in after.items() if before[p] is not None}
        checks = list(syntax_checks(before, edited))
        for one in rest:
            checks += expectation_checks([one.patch], one.components, then.tree)
        problems = [f"{c.subject}: {c.detail}" for c in failures(checks)]
    if problems:
        raise Blocked(
            f"{id} cannot be rolled back alone: its edits touch those of other patches; "
            "nothing was rolled back:" + "".join(f"\n  {line}" for line in problems),
            _ALL,
        )
