"""Patches and a tree to a plan. Pure: reads through a `Tree`, writes nothing, asks no clock."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache

from patcher.code.patterns import compile_pattern, matches
from patcher.diffs.lines import same_text
from patcher.diffs.parts import FileDiff
from patcher.edits.operations import AddModule, SetRevision
from patcher.errors import AnchorNotFound
from patcher.model import (
    AddedFile,
    Change,
    Condition,
    Edit,
    Outcome,
    Patch,
    PatchRef,
    Plan,
    State,
    Trait,
    Tree,
)
from patcher.plan.built_page import edit_page, siblings
from patcher.plan.conflicts import with_rivals
from patcher.plan.edit import edited, readable
from patcher.plan.file_diffs import apply_file_diff
from patcher.trees import Overlay

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
    return with_rivals(patches, found, lambda p: _plan(p, tree, components, owned))


def _plan(
    patches: Sequence[Patch], tree: Tree, components: Collection[str], owned: Collection[str]
) -> Plan:
    files = Overlay(tree)
    component: dict[str, str] = {}
    outcomes: list[Outcome] = []
    for patch in patches:
        asked = {e.when.trait for e in patch.edits if e.when and e.component in components}
        traits = {name: holds(tree, patch.traits[name]) for name in asked}
        for edit in patch.edits:
            skip = _skipped(edit, components, traits)
            outcomes.append(
                _outcome(patch, edit, State.NOT_APPLICABLE, reason=skip)
                if skip
                else _edited(files, patch, edit)
            )
            if outcomes[-1].state is State.APPLIES:
                component.update(dict.fromkeys(_paths(edit), edit.component))
        wanted = [f for f in patch.files if f.component in components]
        brings = {c: brings_files(patch, c, tree) for c in {f.component for f in wanted}}
        for added in wanted:
            outcomes.append(
                _added(files, patch, added, owned)
                if brings[added.component]
                else _unused(patch, added)
            )
            if outcomes[-1].state is State.APPLIES:
                component[added.path] = added.component
    return Plan(
        patches=tuple(PatchRef(p.id, p.digest) for p in patches),
        components=tuple(
            dict.fromkeys(c for p in patches for c in p.components if c in components)
        ),
        changes=tuple(_changes(files, component)),
        outcomes=tuple(outcomes),
    )


def _paths(edit: Edit) -> tuple[str, ...]:
    if isinstance(edit.operation, AddModule | SetRevision):
        return (edit.path, *siblings(edit.path))
    moved = edit.operation.new if isinstance(edit.operation, FileDiff) else None
    return (edit.path, moved) if moved else (edit.path,)


def _changes(files: Overlay, component: Mapping[str, str]) -> Iterator[Change]:
    """What differs from the tree, in the order in which it came to."""
    for path, file in files.files.items():
        before = files.before(path)
        if file.content != before or file.mode is not None:
            yield Change(path, component[path], before, file.content, file.mode)


def brings_files(patch: Patch, component: str, tree: Tree) -> bool:
    """Whether a patch adds its files of a component: not where none of its edits is for the tree.

    A component without edits has its files everywhere.
    """
    conditions = {e.when for e in patch.edits if e.component == component}
    return not conditions or any(is_met(when, patch, tree) for when in conditions)


def is_met(when: Condition | None, patch: Patch, tree: Tree) -> bool:
    """Whether a tree is one that a part of a patch is for."""
    return when is None or holds(tree, patch.traits[when.trait]) is when.wants


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


def _edited(files: Overlay, patch: Patch, edit: Edit) -> Outcome:
    try:
        if isinstance(edit.operation, FileDiff):
            state, at = apply_file_diff(edit.operation, files)
            return _outcome(patch, edit, state, at)
        if isinstance(edit.operation, AddModule | SetRevision):
            return _outcome(patch, edit, *edit_page(edit.operation, edit.path, files))
        source = files.read(edit.path)
        if source is None:
            raise AnchorNotFound("the file is not there")
        after, line = edited(source, edit.operation, edit.path)
    except AnchorNotFound as error:
        return _outcome(patch, edit, State.BLOCKED, reason=str(error))
    if after is None:
        return _outcome(patch, edit, State.ALREADY, line)
    files.write(edit.path, after)
    return _outcome(patch, edit, State.APPLIES, line)


def _unused(patch: Patch, added: AddedFile) -> Outcome:
    reason = f"no edit of `{added.component}` is for this release"
    return Outcome(patch.id, added.path, _title(added), State.NOT_APPLICABLE, None, reason)


def _title(added: AddedFile) -> str:
    return f"add the file ({len(added.content)} bytes)"


def _added(files: Overlay, patch: Patch, added: AddedFile, owned: Collection[str]) -> Outcome:
    def outcome(state: State, reason: str = "") -> Outcome:
        return Outcome(patch.id, added.path, _title(added), state, None, reason)

    try:
        present = files.read(added.path)
    except AnchorNotFound as error:
        return outcome(State.BLOCKED, str(error))
    if present is not None and same_text(present, added.content):
        return outcome(State.ALREADY)
    if present is not None and added.path not in owned:
        return outcome(State.BLOCKED, _OURS_DIFFERS)
    files.write(added.path, added.content)
    return outcome(State.APPLIES)


def _outcome(
    patch: Patch, edit: Edit, state: State, line: int | None = None, reason: str = ""
) -> Outcome:
    return Outcome(patch.id, edit.path, str(edit.operation), state, line, reason)
