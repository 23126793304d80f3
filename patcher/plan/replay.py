"""What a set of patches makes of the originals: to roll back one of several, to apply a newer
version of one, and to tell it from what was changed by hand. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from patcher.model import Change, Outcome, Patch, State, Tree
from patcher.plan.planner import plan
from patcher.trees import File, with_changes


class Layer(Struct, frozen=True):
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


def replayed(layers: Sequence[Layer], tree: Tree) -> Replay:
    """Plan one patch after the other, each on what the earlier ones have made."""
    changes: dict[str, Change] = {}
    outcomes: tuple[Outcome, ...] = ()
    current = tree
    for one in layers:
        result = plan([one.patch], current, one.components)
        outcomes += result.outcomes
        current = with_changes(current, result.changes)
        for change in result.changes:
            first = changes.get(change.path, change)
            mode = change.mode if change.mode is not None else first.mode
            changes[change.path] = replace(change, before=first.before, mode=mode)
    return Replay(changes, outcomes, current)


def differences(now: Replay, then: Replay, originals: Mapping[str, File]) -> tuple[Change, ...]:
    """What leads from the one to the other, in files that the one has touched."""
    return tuple(
        change
        for path in now.changes
        if (change := _difference(path, now, then, originals)) is not None
    )


def _difference(
    path: str, now: Replay, then: Replay, originals: Mapping[str, File]
) -> Change | None:
    was, wanted = now.changes[path], then.changes.get(path)
    original = originals.get(path, File(was.before))
    after = wanted.after if wanted is not None else original.content
    mode = wanted.mode if wanted is not None and wanted.mode is not None else original.mode
    has_mode = was.mode if was.mode is not None else original.mode
    if after == was.after and (mode == has_mode or after is None):
        return None
    new_mode = mode if after is not None and (mode != has_mode or was.after is None) else None
    return Change(path, was.component, was.after, after, new_mode)
