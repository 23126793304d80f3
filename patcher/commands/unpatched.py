"""What git will find when the patches have been taken out of a checkout, and what of it git would
lose or refuse to move."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from patcher.commands.in_effect import originals_of, without_patches, written
from patcher.commands.workspace import Workspace
from patcher.errors import AnchorNotFound
from patcher.librechat import ENV_FILE
from patcher.model import Change
from patcher.paths import folders_above
from patcher.releases.worktree import NOTHING, Changed, Moved, content_id
from patcher.trees import File, Overlay, Revision

COMMITTED = "is committed with the patch in it"
"""What was done to a file that HEAD has as a run has left it."""


class Local(Struct, frozen=True):
    """A file that is not as the commit of the checkout has it, because somebody changed it."""

    path: str
    what: str
    """What was done to it, as the end of a sentence."""
    is_in_the_way: bool = False
    """Whether the other commit has another file there, so that git does not move the checkout."""


class Unpatched:
    """A checkout without its patches, and with all that somebody changed in it."""

    def __init__(self, workspace: Workspace, head: Revision) -> None:
        self._workspace = workspace
        self._head = head
        self.unclear: dict[str, str] = {}
        """Files where the two cannot be told apart, each with why."""
        self.changes = tuple(self._changes())
        """What leads there from the files as they are."""
        self._after = {c.path: c.after for c in self.changes}

    @property
    def tree(self) -> Overlay:
        """The checkout as it is then."""
        return Overlay(self._workspace.tree, {c.path: File(c.after, c.mode) for c in self.changes})

    def local(self, changed: Sequence[Changed], moved: Mapping[str, Moved]) -> Iterator[Local]:
        """The files that somebody changed, by what git says of the patched checkout (`changed`),
        and which of them are in the way of the files that another commit has otherwise."""
        for path, why in self.unclear.items():
            yield Local(path, why, is_in_the_way=True)
        said = {one.path: one for one in changed}
        for path in sorted({*said, *self._workspace.states} - self.unclear.keys()):
            what = self._what(path, said.get(path))
            if what:
                yield Local(path, what, path in moved)
        yield from self._untracked(moved)

    def _what(self, path: str, said: Changed | None) -> str:
        is_staged = said is not None and said.is_staged
        if path in self._workspace.states:
            is_edited = self._is_edited(path)
            if is_edited and said is None:
                return COMMITTED
        else:
            is_edited = said is not None and said.is_edited
        if is_staged and is_edited:
            return "has changes of yours, some of them staged"
        if is_edited:
            return "has changes of yours"
        return "has staged changes" if is_staged else ""

    def _is_edited(self, path: str) -> bool:
        """Whether a file that runs touched differs from HEAD without the patches."""
        try:
            clean = self._head.read(path)
        except AnchorNotFound:
            return True
        content = self._after[path] if path in self._after else self._workspace.tree.read(path)
        if clean is None or content is None or clean == content:
            return clean is not None and clean != content
        entry = self._head.entry(path)
        return entry is None or content_id(self._workspace.root, path, content) != entry.id

    def _changes(self) -> Iterator[Change]:
        component = {f.path: f.component for r in self._workspace.receipts for f in r.files}
        for path in self._workspace.states:
            try:
                now = self._workspace.tree.read(path)
                after = self._without(path, now)
            except AnchorNotFound as error:
                self.unclear[path] = str(error)
                continue
            if now != after:
                yield Change(path, component[path], now, after, self._mode(path, now))

    def _without(self, path: str, now: bytes | None) -> bytes | None:
        workspace = self._workspace
        if workspace.is_as_written(path):
            return workspace.original(path)
        # An .env that was edited since keeps what is in it; git's own files are clean already.
        if path == ENV_FILE or now in (workspace.original(path), self._head.read(path)):
            return now
        if now is not None and self._is_git_s(path, now):
            return now
        return without_patches(workspace, path, workspace.original(path), self._written)

    def _is_git_s(self, path: str, now: bytes) -> bool:
        entry = self._head.entry(path)
        return entry is not None and content_id(self._workspace.root, path, now) == entry.id

    @cached_property
    def _written(self) -> Mapping[str, bytes | None]:
        return written(self._workspace, originals_of(self._workspace))

    def _mode(self, path: str, now: bytes | None) -> int | None:
        """The mode to give back; None for the one that the file has."""
        before, after = self._workspace.before(path).mode, self._workspace.states[path].mode
        return before if now is None or before != after else None

    def _untracked(self, moved: Mapping[str, Moved]) -> Iterator[Local]:
        """What lies where the other commit has a file that this one has not: git would overwrite
        it where .gitignore names it, and stop at it otherwise."""
        seen: set[str] = set()
        for path in (m.path for m in moved.values() if m.old_mode == NOTHING):
            for place in (*folders_above(path), path):
                if place in seen:
                    continue
                seen.add(place)
                if self._is_foreign(place, moved, is_folder=place != path):
                    yield Local(place, "is not in git", is_in_the_way=True)

    def _is_foreign(self, path: str, moved: Mapping[str, Moved], is_folder: bool) -> bool:
        place = self._workspace.root / path
        if path in self._after and self._after[path] is None:
            return False
        if path in moved and moved[path].old_mode != NOTHING:
            return False
        if not place.is_symlink() and place.is_dir():
            return not is_folder and any(self._others_in(place, moved))
        return os.path.lexists(place)

    def _others_in(self, folder: Path, moved: Mapping[str, Moved]) -> Iterator[str]:
        """Files below a folder that the other commit makes a file of, and that are not git's."""
        for at, _, names in os.walk(folder):
            for name in names:
                path = (Path(at) / name).relative_to(self._workspace.root).as_posix()
                if path not in moved and self._after.get(path, b"") is not None:
                    yield path
