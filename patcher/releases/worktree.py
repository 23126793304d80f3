"""What git says of a checkout: where it stands, what was changed in it, and what another commit has
otherwise. Reads only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from patcher.access import is_there
from patcher.errors import Blocked, InputOutput, NoCheckout
from patcher.model import Head
from patcher.releases import git

QUIET = "--no-optional-locks"
HEADS = "refs/heads/"
NOTHING = "000000"
"""The mode that git writes where there is no file."""

_SUBMODULE = "160000"
_UNDER_WAY: Mapping[str, str] = {
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
    "BISECT_LOG": "a bisection",
}
_STATUS = re.compile(r"1 (.)(.) \S+ \S+ (\S+) (\S+) (\S+) (\S+) (.+)", re.DOTALL)


class Moved(Struct, frozen=True):
    """A file that is not the same in two commits; a mode is `NOTHING` where it is not there."""

    path: str
    old_mode: str
    new_mode: str
    old: str
    new: str
    """Ids of the two blobs."""

    @property
    def is_submodule(self) -> bool:
        """Whether it is none of git's files: `git submodule` moves those."""
        return _SUBMODULE in (self.old_mode, self.new_mode)


class Changed(Struct, frozen=True):
    """What git says of a file that is not as HEAD has it."""

    path: str
    is_staged: bool
    """Whether the index differs from HEAD."""
    is_edited: bool
    """Whether the file differs from the index."""


def require_checkout(root: Path) -> None:
    """Raise `NoCheckout` unless `root` is the top folder of a git checkout with a commit, and
    `Blocked` when something is under way there that git must be let to finish."""
    code, out, said = git.attempt(root, "rev-parse", "--show-prefix", "--verify", "HEAD^{commit}")
    if code != 0 and is_there(root / ".git"):
        raise git.failure(root, "rev-parse", said)
    if code != 0:
        raise NoCheckout(
            f"{root} is no git checkout: there is nothing that could be moved to another release",
            "unpack the new release over it, then: librechat-patcher apply; or clone LibreChat "
            "with git, and take .env, librechat.yaml and the data along",
        )
    if out.startswith("\n"):
        _require_quiet(root)
        return
    raise NoCheckout(
        f"{root} is a folder in another git repository, which has LibreChat's files in its commits",
        "roll back, update LibreChat there in your usual way, then: librechat-patcher apply",
    )


def _require_quiet(root: Path) -> None:
    for name, place in zip(_UNDER_WAY, git_paths(root, _UNDER_WAY), strict=True):
        if is_there(place):
            raise Blocked(
                f"{_UNDER_WAY[name]} is under way in {root}; nothing was changed",
                f"finish it or give it up first: git -C {root} status",
            )
    (lock,) = git_paths(root, ["index.lock"])
    if is_there(lock):
        raise InputOutput(
            f"another git works in {root}, or one was killed there: {lock} is there",
            "wait until it is done; if no git runs any more, delete that file",
        )


def git_paths(root: Path, names: Iterable[str]) -> list[Path]:
    """Where this checkout's git keeps what has these names; a worktree has some of its own."""
    asked = [word for name in names for word in ("--git-path", name)]
    return [root / line for line in git.output(root, "rev-parse", *asked).splitlines()]


def head(root: Path) -> Head:
    """Where the checkout stands."""
    commit = git.output(root, "rev-parse", "--verify", "HEAD^{commit}").strip()
    _, branch, _ = git.attempt(root, "symbolic-ref", "--quiet", "HEAD")
    return Head(commit, branch.strip())


def moved(root: Path, old: str, new: str) -> tuple[Moved, ...]:
    """The files that are not the same in two commits."""
    listed = git.output(root, "diff-tree", "-r", "-z", "--raw", "--no-renames", old, new)
    fields = listed.split("\0")[:-1]
    return tuple(
        Moved(path, *words.removeprefix(":").split()[:4])
        for words, path in zip(fields[::2], fields[1::2], strict=True)
    )


def changed(root: Path) -> tuple[Changed, ...]:
    """The files git knows that are not as HEAD has them, also those it was told to overlook.

    Raises `Blocked` for files with conflicts.
    """
    listed = git.output(
        root,
        *(QUIET, "-c", "core.fsmonitor=false", "status", "--porcelain=v2", "-z", "--no-renames"),
        *("--untracked-files=no", "--ignore-submodules=all"),
    )
    found = []
    for entry in listed.split("\0")[:-1]:
        match = _STATUS.fullmatch(entry)
        if match is None:
            path = entry.split(" ", 10)[-1]
            raise Blocked(
                f"{path} has conflicts; nothing was changed",
                f"resolve them first: git -C {root} status",
            )
        found.append(Changed(match[7], match[1] != ".", match[2] != "."))
    return (*found, *_overlooked(root))


def _overlooked(root: Path) -> Iterator[Changed]:
    """Files of which git was told to assume that they do not change, and that do."""
    listed = git.output(root, QUIET, "ls-files", "-v", "-s", "-z").split("\0")[:-1]
    marked = [line for line in listed if line[0].islower() or line[0] == "S"]
    for line in marked:
        words, _, path = line.partition("\t")
        place = root / path
        if place.is_file() and not place.is_symlink():
            id = git.output(root, "hash-object", "--", path).strip()
            if id != words.split()[2]:
                yield Changed(path, is_staged=False, is_edited=True)


def content_id(root: Path, path: str, content: bytes) -> str:
    """The id of the blob that git would make of a file: line ends and filters as it is told."""
    return git.output(root, "hash-object", f"--path={path}", "--stdin", given=content).strip()
