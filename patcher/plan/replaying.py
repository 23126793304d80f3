"""What a set of patches makes of the originals: to take one of several patches back. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from patcher.model import Change, ModedTree, Outcome, Patch, State, Tree
from patcher.plan.planning import PlannedTree, plan


class Original(Struct, frozen=True):
    """A file before the first run that touched it; no bytes for no file."""

    content: bytes | None
    mode: int | None


class OriginalTree(Struct, frozen=True):
    """A tree with some of its files as they once were."""

    tree: Tree
    originals: Mapping[str, Original]

    def read(self, path: str) -> bytes | None:
        """The original bytes, else those of the tree."""
        if path in self.originals:
            return self.originals[path].content
        return self.tree.read(path)

    def mode(self, path: str) -> int | None:
        """The original mode, else that of the tree."""
        if path in self.originals:
            return self.originals[path].mode
        return self.tree.mode(path) if isinstance(self.tree, ModedTree) else None

    def has_folder(self, path: str) -> bool:
        """Whether `path` is a folder of the tree."""
        return self.tree.has_folder(path)


class Applied(Struct, frozen=True):
    """A patch as it is in effect: with the components that were chosen."""

    patch: Patch
    components: frozenset[str]


class Replay(Struct, frozen=True):
    """What patches make of a tree."""

    changes: Mapping[str, Change]
    outcomes: tuple[Outcome, ...]
    tree: Tree
    """The tree as it is then."""

    @property
    def blocked(self) -> tuple[Outcome, ...]:
        """Edits that cannot be made."""
        return tuple(o for o in self.outcomes if o.state is State.BLOCKED)


def replayed(applied: Sequence[Applied], tree: Tree) -> Replay:
    """Plan one patch after the other, each on what the earlier ones have made."""
    changes: dict[str, Change] = {}
    outcomes: tuple[Outcome, ...] = ()
    current = tree
    for one in applied:
        result = plan([one.patch], current, one.components)
        outcomes += result.outcomes
        current = PlannedTree(current, result)
        for change in result.changes:
            first = changes.get(change.path, change)
            mode = change.mode if change.mode is not None else first.mode
            changes[change.path] = replace(change, before=first.before, mode=mode)
    return Replay(changes, outcomes, current)


def differences(now: Replay, then: Replay, originals: Mapping[str, Original]) -> tuple[Change, ...]:
    """What leads from the one to the other, in files that the one has touched."""
    return tuple(
        change
        for path in now.changes
        if (change := _difference(path, now, then, originals)) is not None
    )


def _difference(
    path: str, now: Replay, then: Replay, originals: Mapping[str, Original]
) -> Change | None:
    was, wanted = now.changes[path], then.changes.get(path)
    original = originals.get(path, Original(was.before, None))
    after = wanted.after if wanted is not None else original.content
    mode = wanted.mode if wanted is not None and wanted.mode is not None else original.mode
    has_mode = was.mode if was.mode is not None else original.mode
    if after == was.after and (mode == has_mode or after is None):
        return None
    new_mode = mode if after is not None and (mode != has_mode or was.after is None) else None
    return Change(path, was.component, was.after, after, new_mode)
