"""Patches and a tree to a plan. Pure: reads through a `Tree`, writes nothing, asks no clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from patcher import unified
from patcher.edits import SYNTAX_EDITS, Present
from patcher.errors import Unanchored
from patcher.matching import compile_pattern, matches
from patcher.model import Change, Outcome, PatchRef, Plan, State, Tree
from patcher.operations import Diff, Operation
from patcher.patches import AddedFile, Edit, Patch, Trait
from patcher.splice import splice
from patcher.syntax import Module, parse, problems

_OURS_DIFFERS = "the file is there already and is not the one that this patch adds"


def plan(
    patches: Sequence[Patch],
    tree: Tree,
    components: Collection[str],
    owned: Collection[str] = (),
) -> Plan:
    """What applying `patches` to `tree` would do, limited to `components`.

    `owned` names files that an earlier run added: those may be replaced by newer ones. Edits
    that cannot be placed are outcomes in state BLOCKED, never exceptions.
    """
    work = _Work(tree)
    outcomes: list[Outcome] = []
    for patch in patches:
        traits = {name: holds(tree, trait) for name, trait in patch.traits.items()}
        for edit in patch.edits:
            skip = _skipped(edit, components, traits)
            outcomes.append(
                _outcome(patch, edit, State.NOT_HERE, reason=skip)
                if skip
                else _edited(work, patch, edit)
            )
        for added in patch.files:
            if added.component in components:
                outcomes.append(_added(work, patch, added, owned))
    return Plan(
        patches=tuple(PatchRef(p.id, p.digest) for p in patches),
        components=tuple(c for p in patches for c in p.components if c in components),
        changes=tuple(work.changes()),
        outcomes=tuple(outcomes),
    )


@dataclass
class _Work:
    """The files of a plan in the making."""

    tree: Tree
    before: dict[str, bytes | None] = field(default_factory=dict)
    after: dict[str, bytes] = field(default_factory=dict)
    component: dict[str, str] = field(default_factory=dict)

    def source(self, path: str) -> bytes | None:
        """The file as the edits so far have left it; None when there is none."""
        if path in self.after:
            return self.after[path]
        if path not in self.before:
            self.before[path] = self.tree.read(path)
        return self.before[path]

    def write(self, path: str, component: str, content: bytes) -> None:
        """Let the file be `content` from here on."""
        self.after[path] = content
        self.component[path] = component

    def changes(self) -> Iterable[Change]:
        """What differs from the tree, in the order in which it came to."""
        for path, content in self.after.items():
            if content != self.before[path]:
                yield Change(path, self.component[path], self.before[path], content)


def _require_text(source: bytes) -> None:
    try:
        source.decode()
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise Unanchored(
            f"the file is not UTF-8 (byte 0x{source[error.start]:02x} on line {line})"
        ) from error
    if b"\0" in source:
        raise Unanchored("the file holds NUL bytes: it is not source code")


def holds(tree: Tree, trait: Trait) -> bool:
    """Whether a tree has a trait; one whose file cannot be read has it not."""
    try:
        source = tree.read(trait.path)
        return source is not None and _matches(source, trait.has)
    except Unanchored:
        return False


@lru_cache(maxsize=1024)
def _matches(source: bytes, pattern: str) -> bool:
    return bool(matches(readable(source), compile_pattern(pattern)))


def readable(source: bytes) -> Module:
    """A parsed file; raises `Unanchored` for bytes that are no text."""
    _require_text(source)
    return parse(source)


def _skipped(edit: Edit, components: Collection[str], traits: dict[str, bool]) -> str:
    """Why an edit is not for this tree, or an empty text."""
    if edit.component not in components:
        return f"component {edit.component} is left out"
    trait = edit.when.removeprefix("not ")
    if edit.when and traits[trait] is edit.when.startswith("not "):
        return f"`{trait}` {'holds' if traits[trait] else 'does not hold'} here"
    return ""


def _edited(work: _Work, patch: Patch, edit: Edit) -> Outcome:
    try:
        source = work.source(edit.path)
        if source is None:
            raise Unanchored("the file is not there")
        after, line = edited(source, edit.operation, edit.path)
    except Unanchored as error:
        return _outcome(patch, edit, State.BLOCKED, reason=str(error))
    if after is None:
        return _outcome(patch, edit, State.ALREADY, line)
    work.write(edit.path, edit.component, after)
    return _outcome(patch, edit, State.APPLIES, line)


# Remembered, because neighbouring releases share most files: a matrix over all of them asks the
# same question of the same bytes again and again.
@lru_cache(maxsize=4096)
def edited(source: bytes, operation: Operation, path: str) -> tuple[bytes | None, int]:
    """A file after one operation (None: it is there already), and the line of its anchor.

    Raises `Unanchored` when there is no one place for it, or when the result would have a syntax
    error that the file did not have.
    """
    if isinstance(operation, Diff):
        splices, line = unified.apply_diff(source, operation.text, path)
        return (splice(source, splices) if splices else None), line
    module = readable(source)
    result = SYNTAX_EDITS[type(operation)](module, operation)
    if isinstance(result, Present):
        return None, result.line
    after = splice(source, result.splices)
    new = problems(parse(after))
    if len(new) > len(problems(module)):
        lines = ", ".join(map(str, new[:3]))
        raise Unanchored(f"the result would have a syntax error near line {lines}")
    return after, result.line


def _added(work: _Work, patch: Patch, added: AddedFile, owned: Collection[str]) -> Outcome:
    def outcome(state: State, reason: str = "") -> Outcome:
        title = f"add the file ({len(added.content)} bytes)"
        return Outcome(patch.id, added.path, title, state, None, reason)

    try:
        present = work.source(added.path)
    except Unanchored as error:
        return outcome(State.BLOCKED, str(error))
    if present is not None and _same_text(present, added.content):
        return outcome(State.ALREADY)
    if present is not None and added.path not in owned:
        return outcome(State.BLOCKED, _OURS_DIFFERS)
    work.write(added.path, added.component, added.content)
    return outcome(State.APPLIES)


def _same_text(one: bytes, other: bytes) -> bool:
    # git may have checked a committed copy out with CRLF line ends.
    return one == other or one.replace(b"\r\n", b"\n") == other.replace(b"\r\n", b"\n")


def _outcome(
    patch: Patch, edit: Edit, state: State, line: int | None = None, reason: str = ""
) -> Outcome:
    return Outcome(patch.id, edit.path, str(edit.operation), state, line, reason)


@dataclass(frozen=True)
class PlannedTree:
    """A tree as it will be when a plan has been carried out."""

    tree: Tree
    result: Plan

    def read(self, path: str) -> bytes | None:
        """The planned bytes, else those of the tree."""
        for change in self.result.changes:
            if change.path == path:
                return change.after
        return self.tree.read(path)

    def has_folder(self, path: str) -> bool:
        """Whether the folder is in the tree."""
        return self.tree.has_folder(path)
