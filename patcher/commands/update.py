"""`update`: to another release with the same patches, in one transaction.

All of it is planned on git's objects before a file is touched. Then: patches out, a run of its own
whose originals are the patched files; git moves the checkout; patches in; the earlier runs retire.
A note in the state folder says how far that has come: see `interrupted_update`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from patcher.checkout import Checkout, describe
from patcher.commands.in_effect import current_patches
from patcher.commands.interrupted_update import finish
from patcher.commands.judge import Judge, rows, turns
from patcher.commands.next_steps import next_steps
from patcher.commands.selection import Selection
from patcher.commands.unpatched import Local, Unpatched
from patcher.commands.workspace import Workspace, open_workspace
from patcher.errors import Blocked, InputOutput, PatcherError
from patcher.librechat import COMPONENTS, ENV_FILE
from patcher.model import Change, Check, Head, PatchRef, Plan, Receipt, Restored, Tree, Update
from patcher.plan.replay import Layer, replayed
from patcher.plan.verification import expectation_checks, failures, syntax_checks
from patcher.releases import git, worktree
from patcher.releases.git_objects import Objects
from patcher.releases.moving import Mover
from patcher.releases.revisions import choose
from patcher.releases.targets import Target, find_target, name_of
from patcher.transaction import Store
from patcher.transaction.problems import named
from patcher.trees import MAX_SOURCE, Revision, Switched


class UpdateOptions(Struct, frozen=True):
    """What `update` was asked for."""

    root: Path | None = None
    to: str | None = None
    """A tag, a branch or a commit; None for what is newest."""
    selection: Selection = Selection()
    dry_run: bool = False


class Break(Struct, frozen=True):
    """The upstream commit from which on an edit does not fit."""

    path: str
    title: str
    commit: str
    date: str
    subject: str


class PlannedUpdate(Struct, frozen=True):
    """What an update would do to one checkout, and whether it can be done."""

    JSON_ALSO: ClassVar = ("stands",)

    root: Path
    checkout: Checkout
    """As it is."""
    name: str
    """What the user calls where it stands."""
    target: Target | None
    """None when there is nothing newer."""
    patches: tuple[str, ...] = ()
    plan: Plan | None = None
    """The patches in the other release."""
    checks: tuple[Check, ...] = ()
    local: tuple[Local, ...] = ()
    """What somebody changed in the checkout."""
    absent: tuple[str, ...] = ()
    """Components that are patched here, and that the other release does not have."""
    breaks: tuple[Break, ...] = ()
    recovered: Restored | None = None

    @property
    def failed(self) -> tuple[Check, ...]:
        """Checks of the planned result that do not hold."""
        return failures(self.checks)

    @property
    def in_the_way(self) -> tuple[Local, ...]:
        """Changes of somebody that git would not carry along."""
        return tuple(one for one in self.local if one.is_in_the_way)

    @property
    def stands(self) -> bool:
        """Whether the update may be carried out."""
        blocked = self.plan.blocked if self.plan is not None else ()
        return not (blocked or self.failed or self.in_the_way or self.absent)


class Updated(Struct, frozen=True):
    """What `update` did."""

    JSON_ALSO: ClassVar = ("ok",)

    planned: PlannedUpdate
    is_moved: bool = False
    """False for a dry run, when nothing is newer, and when it was declined."""
    receipt: Receipt | None = None
    """None when the other release needs no edit, or when no patch was applied."""
    next_steps: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether all that was asked for is there."""
        return self.planned.stands


class _Ready(Struct, frozen=True):
    """What is known before the first file is touched."""

    planned: PlannedUpdate
    head: Head
    target: Target
    layers: tuple[Layer, ...]
    unpatching: Plan


def update(
    options: UpdateOptions,
    confirm: Callable[[PlannedUpdate], bool],
    tell: Callable[[str], None] = lambda _: None,
) -> Updated:
    """Move the checkout, and apply there the patches that it has here.

    `confirm` is shown the plan and may decline it; `tell` hears what is begun. When the plan does
    not stand nothing is touched. Raises `PatcherError`: then, too, all is as it was.
    """
    workspace = open_workspace(options.root, options.selection)
    root = workspace.root
    worktree.require_checkout(root)
    head = worktree.head(root)
    tell("asking git what is newer" if options.to is None else f"looking for {options.to}")
    target = find_target(root, head, options.to)
    if target is None:
        return Updated(
            PlannedUpdate(
                root,
                workspace.checkout,
                name_of(root, head),
                None,
                recovered=workspace.recovered,
            )
        )
    ready = _planned(workspace, head, target)
    if options.dry_run or not ready.planned.stands or not confirm(ready.planned):
        return Updated(ready.planned)
    receipt = _carried_out(workspace, ready, tell)
    moved = workspace.reopened()
    ids = ready.planned.patches
    return Updated(
        ready.planned, True, receipt, next_steps(moved, COMPONENTS, ids, has_to_install=True)
    )


def _planned(workspace: Workspace, head: Head, target: Target) -> _Ready:
    root = workspace.root
    moved = {m.path: m for m in worktree.moved(root, head.commit, target.head.commit)}
    layers = current_patches(workspace)
    with Objects(root, MAX_SOURCE) as objects:
        there = Revision(objects, target.head.commit)
        judge = Judge([one.patch for one in layers], _components(layers))
        objects.warm([head.commit, target.head.commit], judge.targets)
        unpatched = Unpatched(workspace, Revision(objects, head.commit))
        local = tuple(unpatched.local(worktree.changed(root), moved))
        checkout = describe(there)
        tree = Switched(unpatched.tree, there, moved.keys())
        plan, checks = _plan_on(tree, _present(layers, checkout), unpatched.changes)
    planned = PlannedUpdate(
        root=root,
        checkout=workspace.checkout,
        name=name_of(root, head),
        target=target,
        patches=tuple(one.patch.id for one in layers),
        plan=plan,
        checks=checks,
        local=local,
        absent=tuple(c for c in _components(layers) if c not in checkout.components),
        breaks=_breaks(root, head, target, judge, plan, checks),
        recovered=workspace.recovered,
    )
    removes = tuple(workspace.digests)
    unpatching = Plan((), _components(layers), unpatched.changes, (), removes)
    return _Ready(planned, head, target, tuple(layers), unpatching)


def _components(layers: Sequence[Layer]) -> tuple[str, ...]:
    return tuple(c for c in COMPONENTS if any(c in one.components for one in layers))


def _present(layers: Sequence[Layer], checkout: Checkout) -> list[Layer]:
    """The patches without the components that a checkout does not have."""
    there = frozenset(checkout.components)
    return [Layer(one.patch, one.components & there) for one in layers]


def _plan_on(
    tree: Tree, layers: Sequence[Layer], unpatching: Sequence[Change]
) -> tuple[Plan, tuple[Check, ...]]:
    """The patches on an unpatched tree, and whether the result holds.

    What a run wrote into `.env` goes back into it.
    """
    replay = replayed(layers, tree)
    settings = (
        Change(c.path, c.component, c.after, c.before, 0o600 if c.after is None else None)
        for c in unpatching
        if c.path == ENV_FILE
    )
    changes = (*replay.changes.values(), *settings)
    plan = Plan(
        patches=tuple(PatchRef(one.patch.id, one.patch.digest) for one in layers),
        components=_components(layers),
        changes=changes,
        outcomes=replay.outcomes,
    )
    if plan.blocked:
        return plan, ()
    before = {c.path: c.before for c in changes if c.before is not None}
    after = {c.path: c.after for c in changes if c.path in before and c.after is not None}
    promises = (
        check
        for one in layers
        for check in expectation_checks([one.patch], one.components, replay.tree)
    )
    return plan, (*syntax_checks(before, after), *promises)


def _breaks(
    root: Path, head: Head, target: Target, judge: Judge, plan: Plan, checks: Sequence[Check]
) -> tuple[Break, ...]:
    """The commits on the way to the target at which its blocked edits have lost their place."""
    wrong = [(o.path, o.title) for o in plan.blocked]
    wrong += [(c.subject, c.rung) for c in failures(checks)]
    shallow = git.output(root, "rev-parse", "--is-shallow-repository").strip() == "true"
    if not wrong or shallow:
        return ()
    span = f"{head.commit}..{target.head.commit}"
    found = choose(root, [span], "", [path for path, _ in wrong])
    with Objects(root, MAX_SOURCE) as objects:
        judged = tuple(rows(judge, objects, found.revisions))
    broken = set(turns(found, judged)[0])
    newest = {
        (trouble.path, trouble.title): Break(
            trouble.path, trouble.title, row.commit, row.date, row.subject
        )
        for row in judged
        if row.commit in broken
        for trouble in row.judgement.troubles
    }
    return tuple(newest[one] for one in wrong if one in newest)


def _carried_out(
    workspace: Workspace, ready: _Ready, tell: Callable[[str], None]
) -> Receipt | None:
    """Do it. If this raises, the checkout is as it was; or the message says what to run."""
    store, target = workspace.store, ready.target
    with store.locked():
        receipts = store.receipts()
        under_way = Update(
            old=ready.head,
            new=target.head,
            old_name=ready.planned.name,
            new_name=target.name,
            last_run=receipts[-1].run if receipts else "",
        )
        store.note_update(under_way)
        try:
            receipt = _moved(workspace, ready, tell)
            done = replace(under_way, is_applied=True)
            store.note_update(done)
        except BaseException as error:
            _take_back(store, under_way, error)
            raise
        finish(store, done)
    return receipt


def _take_back(store: Store, under_way: Update, error: BaseException) -> None:
    """Bring everything back after `error`, which is raised again where it is for the user."""
    try:
        store.note_update(under_way)  # the last note may say more than is true any more
        finish(store, under_way)
    except BaseException as second:
        raise InputOutput(
            f"{named(error)}\ntaking the update back stopped too: {named(second)}\n"
            "nothing is lost: the old files are in .librechat-patcher/runs, and in git",
            "fix the cause, then run `librechat-patcher status`: it goes on",
        ) from second
    if isinstance(error, PatcherError):
        raise type(error)(f"{error}; the checkout is as it was", error.hint) from error


def _moved(workspace: Workspace, ready: _Ready, tell: Callable[[str], None]) -> Receipt | None:
    old, target, name = ready.head, ready.target, ready.planned.name
    if ready.unpatching.changes:
        tell(f"taking the patches out of {name}")
        workspace.write(ready.unpatching)
    tell(f"moving the checkout from {name} to {target.name}")
    message = f"checkout: moving from {name} to {target.name}"
    if target.head.branch == old.branch and old.branch:
        message = f"librechat-patcher update {name}: Fast-forward"
    Mover(workspace.root, workspace.store.lock).forward(old, target.head, message)
    there = workspace.reopened()
    layers = _present(ready.layers, there.checkout)
    plan, checks = _plan_on(there.tree, layers, ready.unpatching.changes)
    wrong = [f"{o.path}: {o.title}: {o.reason}" for o in plan.blocked]
    wrong += [f"{c.subject}: {c.detail}" for c in failures(checks)]
    if wrong:
        raise Blocked("the patches do not fit what git has checked out: " + "; ".join(wrong))
    if not plan.changes:
        return None
    tell(f"applying them to {target.name}")
    return there.write(plan)
