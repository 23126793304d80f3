"""Patches and a tree to a plan. Pure: reads through a `Tree`, writes nothing, asks no clock."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from msgspec import Struct

from patcher.code.matching import compile_pattern, matches
from patcher.diffs.lines import same_text
from patcher.diffs.parts import FileDiff
from patcher.errors import AnchorNotFound
from patcher.model import (
    AddedFile,
    Edit,
    ModedTree,
    Outcome,
    Patch,
    PatchRef,
    Plan,
    State,
    Trait,
    Tree,
)
from patcher.plan.draft import Draft
from patcher.plan.editing import edited, readable

_OURS_DIFFERS = "the file is there already and is not the one that this patch adds"


def plan(
    patches: Sequence[Patch],
    tree: Tree,
    components: Collection[str],
    owned: Collection[str] = (),
) -> Plan:
    """What applying `patches` to `tree` would do, limited to `components`.

    `owned` names files that an earlier run added: those may be replaced by newer ones. Edits
    that cannot be placed are outcomes in state BLOCKED, never exceptions; where one patch is in
    the way of another, the outcome names it.
    """
    found = _plan(patches, tree, components, owned)
    if not found.blocked or len(patches) < 2:
        return found
    # Imported late: most patches are not in each other's way.
    from patcher.plan.conflicts import explained

    return explained(patches, found, lambda p: _plan(p, tree, components, owned))


def _plan(
    patches: Sequence[Patch], tree: Tree, components: Collection[str], owned: Collection[str]
) -> Plan:
    draft = Draft(tree)
    outcomes: list[Outcome] = []
    for patch in patches:
        traits = {name: holds(tree, trait) for name, trait in patch.traits.items()}
        for edit in patch.edits:
            skip = _skipped(edit, components, traits)
            outcomes.append(
                _outcome(patch, edit, State.NOT_APPLICABLE, reason=skip)
                if skip
                else _edited(draft, patch, edit)
            )
        for added in patch.files:
            if added.component in components:
                outcomes.append(
                    _added(draft, patch, added, owned)
                    if brings_files(patch, added.component, tree)
                    else _unused(patch, added)
                )
    return Plan(
        patches=tuple(PatchRef(p.id, p.digest) for p in patches),
        components=tuple(
            dict.fromkeys(c for p in patches for c in p.components if c in components)
        ),
        changes=tuple(draft.changes()),
        outcomes=tuple(outcomes),
    )


def brings_files(patch: Patch, component: str, tree: Tree) -> bool:
    """Whether a patch adds its files of a component: not where none of its edits is for the tree.

    A component without edits has its files everywhere.
    """
    conditions = {e.when for e in patch.edits if e.component == component}
    return not conditions or any(
        when is None or holds(tree, patch.traits[when.trait]) is when.wants for when in conditions
    )


def holds(tree: Tree, trait: Trait) -> bool:
    """Whether a tree has a trait; one whose file cannot be read has it not."""
    try:
        source = tree.read(trait.path)
        return source is not None and _matches(source, trait.has)
    except AnchorNotFound:
        return False


@lru_cache(maxsize=1024)
def _matches(source: bytes, pattern: str) -> bool:
    return bool(matches(readable(source), compile_pattern(pattern)))


def _skipped(edit: Edit, components: Collection[str], traits: dict[str, bool]) -> str:
    """Why an edit is not for this tree, or an empty text."""
    if edit.component not in components:
        return f"component {edit.component} is left out"
    when = edit.when
    if when and traits[when.trait] is not when.wants:
        return f"`{when.trait}` {'does not hold' if when.wants else 'holds'} here"
    return ""


def _edited(draft: Draft, patch: Patch, edit: Edit) -> Outcome:
    try:
        if isinstance(edit.operation, FileDiff):
            # Imported late, as all that reads diffs: most patches have none.
            from patcher.plan.reshaping import reshaped

            state, at = reshaped(draft, edit.component, edit.operation)
            return _outcome(patch, edit, state, at)
        source = draft.source(edit.path)
        if source is None:
            raise AnchorNotFound("the file is not there")
        after, line = edited(source, edit.operation, edit.path)
    except AnchorNotFound as error:
        return _outcome(patch, edit, State.BLOCKED, reason=str(error))
    if after is None:
        return _outcome(patch, edit, State.ALREADY, line)
    draft.write(edit.path, edit.component, after)
    return _outcome(patch, edit, State.APPLIES, line)


def _unused(patch: Patch, added: AddedFile) -> Outcome:
    reason = f"no edit of `{added.component}` is for this release"
    return Outcome(patch.id, added.path, _title(added), State.NOT_APPLICABLE, None, reason)


def _title(added: AddedFile) -> str:
    return f"add the file ({len(added.content)} bytes)"


def _added(draft: Draft, patch: Patch, added: AddedFile, owned: Collection[str]) -> Outcome:
    def outcome(state: State, reason: str = "") -> Outcome:
        return Outcome(patch.id, added.path, _title(added), state, None, reason)

    try:
        present = draft.source(added.path)
    except AnchorNotFound as error:
        return outcome(State.BLOCKED, str(error))
    if present is not None and same_text(present, added.content):
        return outcome(State.ALREADY)
    if present is not None and added.path not in owned:
        return outcome(State.BLOCKED, _OURS_DIFFERS)
    draft.write(added.path, added.component, added.content)
    return outcome(State.APPLIES)


def _outcome(
    patch: Patch, edit: Edit, state: State, line: int | None = None, reason: str = ""
) -> Outcome:
    return Outcome(patch.id, edit.path, str(edit.operation), state, line, reason)


class PlannedTree(Struct, frozen=True):
    """A tree as it will be when a plan has been carried out."""

    tree: Tree
    result: Plan

    def read(self, path: str) -> bytes | None:
        """The planned bytes, else those of the tree."""
        for change in self.result.changes:
            if change.path == path:
                return change.after
        return self.tree.read(path)

    def mode(self, path: str) -> int | None:
        """The planned mode, else that of the tree; None when it is not known."""
        for change in self.result.changes:
            if change.path == path and (change.mode is not None or change.before is None):
                return change.mode
        return self.tree.mode(path) if isinstance(self.tree, ModedTree) else None

    def has_folder(self, path: str) -> bool:
        """Whether the folder is in the tree."""
        return self.tree.has_folder(path)
