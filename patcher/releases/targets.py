"""Which commit an update leads to: what the user names, else what is newest where they get theirs
from. What is not here yet is fetched."""

from __future__ import annotations

import os
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from msgspec import Struct
from packaging.version import Version

from patcher.errors import BadUsage, Blocked, InputOutput
from patcher.model import Head
from patcher.releases import git
from patcher.releases.revisions import RELEASES, commit_of, version_key, version_of
from patcher.releases.worktree import HEADS

_TAGS = "refs/tags/"
_QUIETLY = (
    *("-c", f"core.hooksPath={os.devnull}", "-c", "gc.auto=0", "-c", "maintenance.auto=false"),
    *("fetch", "--quiet", "--no-recurse-submodules"),
)
"""No hook may look at a checkout that is about to be moved, and no housekeeping may outlive us."""


class Target(Struct, frozen=True):
    """Where an update leads to."""

    name: str
    """What the user calls it: `v0.8.4`, `main`."""
    head: Head
    left: str = ""
    """A branch that the checkout is on now, and not afterwards."""


def name_of(root: Path, head: Head) -> str:
    """What a user calls where a checkout stands: its branch, its release or its commit."""
    tags = _release_tags(_tags_at(root, head.commit))
    return head.branch.removeprefix(HEADS) or (tags[-1] if tags else head.commit[:10])


def find_target(root: Path, head: Head, asked: str | None) -> Target | None:
    """The commit to move to; None when the checkout has what is newest.

    Without `asked`: on a branch its upstream, at a release tag the newest release; both are asked
    of the remote. With it: that name, and the remote is asked only for one that is not known here.
    Raises `BadUsage` for a name that nobody knows, `Blocked` where only a merge would lead there,
    `InputOutput` when the remote cannot be reached. Changes nothing but what git has fetched.
    """
    if asked is not None:
        return _named(root, head, asked)
    if head.branch:
        return _upstream(root, head)
    return _newest_release(root, head)


def _named(root: Path, head: Head, asked: str) -> Target | None:
    commit = commit_of(root, asked) or _fetched(root, asked)
    _, full, _ = git.attempt(root, "rev-parse", "--symbolic-full-name", asked)
    full = full.strip()
    if head.branch and full == _configured(root, head.branch)[1]:
        return _forward(root, head, commit, asked)
    branch = full if full.startswith(HEADS) else ""
    wanted = Head(commit, branch)
    if wanted == head:
        return None
    if branch and branch != head.branch:
        _require_free(root, branch)
    left = head.branch.removeprefix(HEADS) if head.branch != branch else ""
    return Target(asked, wanted, left)


def _require_free(root: Path, branch: str) -> None:
    if f"\nbranch {branch}\n" in git.output(root, "worktree", "list", "--porcelain"):
        name = branch.removeprefix(HEADS)
        raise BadUsage(
            f"the branch {name} is checked out in another worktree",
            f"name its commit instead: --to {name}~0",
        )


def _upstream(root: Path, head: Head) -> Target | None:
    name = head.branch.removeprefix(HEADS)
    remote, upstream = _configured(root, head.branch)
    if not upstream:
        raise BadUsage(
            f"the branch {name} has no upstream to be updated from",
            f"name where to go: --to v0.8.4, or give it one: git -C {root} branch "
            f"--set-upstream-to=origin/{name}",
        )
    if remote != ".":
        _fetch(root, remote)
    commit = commit_of(root, upstream)
    if not commit:
        raise BadUsage(
            f"{remote} has no branch any more that {name} could be updated from",
            f"name where to go: --to v0.8.4, or look at: git -C {root} branch -vv",
        )
    return _forward(root, head, commit, upstream.split("/", 2)[2])


def _forward(root: Path, head: Head, commit: str, upstream: str) -> Target | None:
    """The branch of `head` at `commit`, which must be ahead of it."""
    name = head.branch.removeprefix(HEADS)
    if _is_ancestor(root, commit, head.commit):
        return None
    if not _is_ancestor(root, head.commit, commit):
        raise Blocked(
            f"{name} has commits that {upstream} lacks, so only a merge or a rebase would lead "
            "there; nothing was changed",
            "roll back, merge or rebase by hand, then: librechat-patcher apply; or leave the "
            "branch where it is and go to a release: --to v0.8.4",
        )
    return Target(name, Head(commit, head.branch))


def _newest_release(root: Path, head: Head) -> Target | None:
    here = _release_tags(_tags_at(root, head.commit))
    if not here:
        raise BadUsage(
            f"{root} is at the commit {head.commit[:10]}, which is neither on a branch nor a "
            "release, so nothing says what is newer",
            "name where to go: --to v0.8.4, or --to main",
        )
    current = Version(here[-1])
    remote = _remote(root)
    listed = _asked(root, remote, f"{_TAGS}{RELEASES}")
    newer = [
        tag
        for tag in _release_tags([name.removeprefix(_TAGS) for name in listed])
        if Version(tag) > current and (current.is_prerelease or not Version(tag).is_prerelease)
    ]
    if not newer:
        return None
    if not commit_of(root, _TAGS + newer[-1]):
        _fetch(root, remote, f"{_TAGS}{newer[-1]}:{_TAGS}{newer[-1]}")
    return Target(newer[-1], Head(commit_of(root, _TAGS + newer[-1])))


def _fetched(root: Path, asked: str) -> str:
    """The commit that only the remote knows by this name, brought here."""
    remote = _remote(root)
    try:
        listed = _asked(root, remote, asked)
    except InputOutput as error:
        known = ", ".join(_release_tags(git.output(root, "tag", "--list", RELEASES).split())[-3:])
        raise InputOutput(
            f"{asked} is not known here, and {error}",
            f"the newest releases that are known here: {known}" if known else error.hint,
        ) from error
    for place, kept in ((_TAGS, _TAGS), (HEADS, f"refs/remotes/{remote}/")):
        if place + asked in listed:
            _fetch(root, remote, f"{place}{asked}:{kept}{asked}")
            return commit_of(root, kept + asked)
    raise BadUsage(
        f"--to {asked}: neither this repository nor {remote} knows a release, a branch or a "
        "commit of that name",
        f"see: git -C {root} ls-remote --tags {remote}",
    )


def _remote(root: Path) -> str:
    """The remote that releases come from."""
    names = git.output(root, "remote").split()
    if "origin" in names or len(names) == 1:
        return "origin" if "origin" in names else names[0]
    raise BadUsage(
        f"{root} has {'several remotes' if names else 'no remote'} and none called origin, so "
        "nothing says where releases come from",
        "fetch what you want with git, and name it: --to v0.8.4",
    )


def _configured(root: Path, branch: str) -> tuple[str, str]:
    """The remote and the full name of the upstream of a branch; both empty for none."""
    asked = "--format=%(upstream:remotename) %(upstream)"
    remote, _, upstream = git.output(root, "for-each-ref", asked, branch).strip().partition(" ")
    return remote or ("." if upstream else ""), upstream


def _asked(root: Path, remote: str, *patterns: str) -> list[str]:
    """The full names that a remote has, of those that end in one of `patterns`."""
    code, out, said = git.attempt(root, "ls-remote", "--refs", remote, *patterns)
    if code != 0:
        raise _unreachable(root, remote, said)
    return [line.partition("\t")[2] for line in out.splitlines()]


def _fetch(root: Path, remote: str, *refspecs: str) -> None:
    shallow = git.output(root, "rev-parse", "--is-shallow-repository").strip() == "true"
    depth = ("--depth=1",) if refspecs and shallow else ()
    tags = ("--no-tags",) if refspecs else ()
    code, _, said = git.attempt(root, *_QUIETLY, *tags, *depth, remote, *refspecs)
    if code != 0:
        raise _unreachable(root, remote, said)


def _unreachable(root: Path, remote: str, said: str) -> InputOutput:
    return InputOutput(
        f"{remote} cannot be asked: {git.first_line(said)}; nothing was changed",
        "check the network and try again, or go to a release that was fetched before: "
        f"--to v0.8.4 (git -C {root} tag lists them)",
    )


def _is_ancestor(root: Path, one: str, other: str) -> bool:
    return git.attempt(root, "merge-base", "--is-ancestor", one, other)[0] == 0


def _tags_at(root: Path, commit: str) -> list[str]:
    return git.output(root, "tag", "--points-at", commit).split()


def _release_tags(names: Sequence[str]) -> list[str]:
    """Those of the names that are releases, oldest first."""
    found = [name for name in names if fnmatchcase(name, RELEASES) and version_of(name)]
    return sorted(found, key=version_key)
