"""`rollback --patch ID`: take one patch back while the others stay, as a run of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from patcher.commands.selection import Selection, available
from patcher.commands.settings import configured
from patcher.commands.target import Target, final_states, first_runs, in_effect, open_target
from patcher.definition.ordering import needing
from patcher.errors import BadUsage, Blocked, Drifted
from patcher.model import ABSENT, Patch, Plan, Receipt, Restored, Verdict
from patcher.plan.replay import Layer, Replay, differences, replayed
from patcher.plan.verification import expectation_checks, syntax_checks
from patcher.results import RolledBack
from patcher.transaction.files import sha256
from patcher.trees import File, Overlay

_ALL = "`librechat-patcher rollback` takes back everything, byte for byte"


def take_back(root: Path | None, id: str, selection: Selection) -> RolledBack:
    """Undo what the patch `id` did; the files are then what the others make of the originals.

    Raises `BadUsage` when the patch is not applied, `Drifted` when a file changed since, and
    `Blocked`, naming the place, when another patch cannot be without it. Nothing is written then.
    """
    target = open_target(root)
    receipts = target.live_receipts()
    carried = in_effect(receipts)
    if id not in {c.ref.id for c in carried}:
        ids = ", ".join(dict.fromkeys(c.ref.id for c in carried)) or "none"
        raise BadUsage(f"the patch {id} is not applied here", f"applied: {ids}")
    _require_undrifted(target, receipts)
    applied = applied_patches(receipts, available(configured(selection, target.root)))
    rest = [a for a in applied if a.patch.id != id]
    if not rest:
        return undo_all(target)
    _require_not_needed(id, [a.patch for a in rest])
    originals = originals_of(target, receipts)
    tree = Overlay(target.tree, originals)
    now, then = replayed(applied, tree), replayed(rest, tree)
    _require_same(target, now, id)
    _require_possible(then, rest, id)
    plan = Plan(
        patches=tuple(c.ref for c in carried if c.ref.id != id),
        components=tuple(dict.fromkeys(c for one in carried for c in one.components)),
        changes=differences(now, then, originals),
        outcomes=(),
        removes=(id,),
    )
    if not plan.changes:
        raise BadUsage(f"the patch {id} has changed nothing that the others do not", _ALL)
    with target.store.locked():
        receipt = target.store.commit(plan, target.checkout.version)
    return RolledBack(target.root, _restored(receipt), tuple(a.patch.id for a in rest))


def undo_all(target: Target) -> RolledBack:
    """Undo every run that is in effect, the newest first."""
    done: list[Restored] = []
    with target.store.locked():
        while target.live_receipts():
            done.append(target.store.rollback())
    restored = dict.fromkeys(p for d in done for p in d.restored)
    removed = dict.fromkeys(p for d in done for p in d.removed)
    return RolledBack(
        target.root,
        Restored(done[0].run, tuple(p for p in restored if p not in removed), tuple(removed), ()),
    )


def _restored(receipt: Receipt) -> Restored:
    gone = tuple(f.path for f in receipt.files if f.after == ABSENT)
    return Restored(
        receipt.run, tuple(f.path for f in receipt.files if f.path not in gone), gone, ()
    )


def _require_undrifted(target: Target, receipts: Sequence[Receipt]) -> None:
    drifted = []
    for path, state in final_states(receipts).items():
        content = target.tree.read(path)
        if (None if content is None else sha256(content)) != state.sha256:
            drifted.append(path)
    if drifted:
        raise Drifted(
            "Files changed since they were patched; nothing was rolled back:"
            + "".join(f"\n  {path}" for path in drifted),
            "take your changes out of them, or carry them: `librechat-patcher capture`",
        )


def applied_patches(receipts: Sequence[Receipt], known: Mapping[str, Patch]) -> list[Layer]:
    """The patches in effect, each with all components that it was applied with."""
    components: dict[str, set[str]] = {}
    digests: dict[str, str] = {}
    for one in in_effect(receipts):
        components.setdefault(one.ref.id, set()).update(one.components)
        digests[one.ref.id] = one.ref.digest
    for id, digest in digests.items():
        if id not in known:
            raise BadUsage(
                f"the patch {id} is applied here, but its definition is not at hand",
                "name the folder that holds it: --patches DIR",
            )
        if known[id].digest != digest:
            raise Blocked(
                f"the definition of {id} ({known[id].place}) has changed since it was applied, "
                "so what it did cannot be told apart; nothing was rolled back",
                f"apply it again first, or take everything back: {_ALL}",
            )
    return [Layer(known[id], frozenset(names)) for id, names in components.items()]


def originals_of(target: Target, receipts: Sequence[Receipt]) -> dict[str, File]:
    """Every patched file as it was before the first run that touched it."""
    found = {}
    for path, receipt in first_runs(receipts).items():
        before = next(f.before for f in receipt.files if f.path == path)
        content = None if before == ABSENT else target.store.original(receipt, path)
        found[path] = File(content, before.mode)
    return found


def _require_not_needed(id: str, rest: Sequence[Patch]) -> None:
    for patch in needing(id, rest):
        place = next(link.place for link in patch.needs if link.id == id)
        raise Blocked(
            f"{patch.id} needs {id} ({place}); nothing was rolled back",
            f"take {patch.id} back first: librechat-patcher rollback --patch {patch.id}",
        )


def _require_same(target: Target, now: Replay, id: str) -> None:
    for path, change in now.changes.items():
        if target.tree.read(path) != change.after:
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
        problems = [f"{c.subject}: {c.detail}" for c in checks if c.verdict is Verdict.FAILED]
    if problems:
        raise Blocked(
            f"{id} cannot be taken back alone: its edits touch those of other patches; "
            "nothing was rolled back:" + "".join(f"\n  {line}" for line in problems),
            _ALL,
        )
