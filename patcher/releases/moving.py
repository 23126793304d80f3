"""Moving a checkout to another commit, and back from wherever a killed move has left it.

git is called for one small thing at a time, and its hooks are not run: between two of them the
checkout is neither the old release nor the new one.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

from patcher.access import is_folder
from patcher.errors import Blocked
from patcher.model import Head
from patcher.releases import git
from patcher.releases.worktree import NOTHING, QUIET, Moved, git_paths, head, moved

PATIENCE = 1.0
"""Seconds after which a lock of git is one that a killed git has left: the others last less."""

_POLL = 0.05
_AT_ONCE = 200
"""File names on one command line."""
_ALONE = (
    *("-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false"),
    *("-c", "submodule.recurse=false", "-c", "checkout.workers=1"),
)
_LINK, _RUNS = "120000", "100755"
"""Modes of git: a symbolic link, and a file that may be run."""
_REFUSED = ("would be overwritten", "not uptodate", "would lose untracked")
"""What git says when a change of somebody is in the way."""


class Mover:
    """Moves the checkout at `root`; git inherits `lock`, so that the checkout stays locked while a
    git runs whose parent was killed."""

    def __init__(self, root: Path, lock: Sequence[int]) -> None:
        self._root = root
        self._lock = lock

    def forward(self, old: Head, new: Head, message: str) -> None:
        """Move files, index and HEAD from `old` to `new`. Raises `Blocked` in the words of git
        when that would cost a change of somebody; files that are the same in both keep theirs."""
        if head(self._root) != old:
            raise Blocked("another git has moved the checkout meanwhile", "run the command again")
        self._refresh()
        code, _, said = self._attempt("read-tree", "-m", "-u", old.commit, new.commit)
        if code != 0 and not any(words in said for words in _REFUSED):
            raise git.failure(self._root, "read-tree", said)
        if code != 0:
            raise Blocked(
                f"git does not move the checkout: {git.first_line(said)}",
                f"see: git -C {self._root} status",
            )
        self._set_head(old, new, message)

    def back(self, old: Head, new: Head, message: str) -> tuple[str, ...]:
        """Bring files, index and HEAD back to `old`, however far a move to `new` has come.

        Returns the files that are left as they are, since somebody has changed them meanwhile.
        """
        self._clear_locks(old, new)
        differing = [m for m in moved(self._root, old.commit, new.commit) if not m.is_submodule]
        self._reset_index(old, differing)
        left = self._restore(differing)
        now = head(self._root)
        if now != old:
            self._set_head(now, old, message)
        self._refresh()
        return left

    def _set_head(self, now: Head, then: Head, message: str) -> None:
        logged = ("-m", message)
        if then.branch and then.branch == now.branch:
            self._do("update-ref", *logged, then.branch, then.commit, now.commit)
        elif then.branch:
            self._do("symbolic-ref", *logged, "HEAD", then.branch)
        else:
            self._do("update-ref", *logged, "--no-deref", "HEAD", then.commit, now.commit)

    def _reset_index(self, old: Head, differing: Sequence[Moved]) -> None:
        """Let the index have of `old` what differs; all other entries stay as they are."""
        listed = git.output(
            self._root,
            *(QUIET, "diff-index", "--cached", "--raw", "-z", "--no-renames", old.commit, "--"),
        )
        not_old = set(listed.split("\0")[1::2])
        entries = [f"{m.old_mode} {m.old} 0\t{m.path}\0" for m in differing if m.path in not_old]
        if entries:
            self._do("update-index", "-z", "--index-info", given="".join(entries).encode())

    def _restore(self, differing: Sequence[Moved]) -> tuple[str, ...]:
        """Bring back the files of the old commit. First go those that it does not have."""
        found = _Found(self._root, differing)
        left = [m.path for m in differing if not found.is_ours(m)]
        ours = [m for m in differing if m.path not in left]
        for file in ours:
            if file.old_mode == NOTHING:
                self._remove(file.path)
        kept = [m for m in ours if m.old_mode != NOTHING]
        folders = [m.path for m in kept if is_folder(self._root / m.path) and m.path not in found]
        back = [m.path for m in kept if m.path not in folders and not found.is_old(m)]
        if back:
            paths = "".join(f"{path}\0" for path in back).encode()
            self._do("checkout-index", "-f", "-u", "-q", "-z", "--stdin", given=paths)
        _, sparse, _ = git.attempt(self._root, "config", "--bool", "core.sparseCheckout")
        if sparse.strip() == "true":
            self._do("sparse-checkout", "reapply")
        return (*left, *folders)

    def _remove(self, path: str) -> None:
        """Remove a file, and the folders that are empty without it."""
        place = self._root / path
        with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError):
            place.unlink()
        with suppress(OSError):  # until one has other files
            for folder in PurePosixPath(path).parents[:-1]:
                (self._root / folder).rmdir()

    def _clear_locks(self, old: Head, new: Head) -> None:
        """Remove the locks of git that a killed one has left. No git of ours runs any more: it
        would hold our own lock. Somebody else's is done after a moment."""
        names = ["index.lock", "HEAD.lock", *(f"{h.branch}.lock" for h in (old, new) if h.branch)]
        for lock in git_paths(self._root, names):
            deadline = time.monotonic() + PATIENCE
            while lock.exists() and time.monotonic() < deadline:
                time.sleep(_POLL)
            lock.unlink(missing_ok=True)

    def _refresh(self) -> None:
        """Let git look at files whose times have changed; it does not compare them later."""
        self._attempt("update-index", "-q", "--refresh")

    def _do(self, *arguments: str, given: bytes = b"") -> None:
        code, _, said = self._attempt(*arguments, given=given)
        if code != 0:
            raise git.failure(self._root, arguments[0], said)

    def _attempt(self, *arguments: str, given: bytes = b"") -> tuple[int, str, str]:
        return git.attempt(self._root, *_ALONE, *arguments, given=given, keep=self._lock)


class _Found:
    """What lies in the place of files that a move was about to replace."""

    def __init__(self, root: Path, differing: Sequence[Moved]) -> None:
        self._root = root
        self._seen = dict(_seen(root, [m.path for m in differing]))
        """Id of the blob, and whether the file may be run; links have ids, too."""

    def __contains__(self, path: str) -> bool:
        return path in self._seen

    def is_old(self, file: Moved) -> bool:
        """Whether it is as the old commit has it."""
        return self._seen.get(file.path) == (file.old, file.old_mode == _RUNS)

    def is_ours(self, file: Moved) -> bool:
        """Whether it is no file, or one that git put there, be it only the beginning of it."""
        id, _ = self._seen.get(file.path, ("", False))
        return id in ("", file.old, file.new) or any(
            self._begins(file.path, whole)
            for mode, whole in ((file.new_mode, file.new), (file.old_mode, file.old))
            if mode not in (NOTHING, _LINK)
        )

    def _begins(self, path: str, id: str) -> bool:
        place = self._root / path
        if place.is_symlink():
            return False
        whole = git.content(self._root, "cat-file", "--filters", f"--path={path}", id)
        return whole.startswith(place.read_bytes())


def _seen(root: Path, paths: Sequence[str]) -> Iterator[tuple[str, tuple[str, bool]]]:
    files: list[tuple[str, bool]] = []
    for path in paths:
        try:
            mode = (root / path).lstat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            continue
        if stat.S_ISLNK(mode):
            target = os.fsencode((root / path).readlink())
            id = git.output(root, "hash-object", "--stdin", given=target).strip()
            yield path, (id, False)
        elif stat.S_ISREG(mode):
            files.append((path, bool(mode & stat.S_IXUSR)))
    for start in range(0, len(files), _AT_ONCE):
        part = files[start : start + _AT_ONCE]
        ids = git.output(root, "hash-object", "--", *(path for path, _ in part)).split()
        yield from ((path, (id, runs)) for (path, runs), id in zip(part, ids, strict=True))
