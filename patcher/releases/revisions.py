"""Which commits of a repository are meant: tags by default, a glob, a name, or a range A..B."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from msgspec import Struct
from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from patcher.access import is_folder
from patcher.errors import BadUsage, InputOutput
from patcher.releases import git

RELEASES = "v[0-9]*"
"""The tags that are meant when nothing is named."""

_GLOB = re.compile(r"[*?\[]")
_TAGS = "refs/tags/"
_REF_FORMAT = "%(refname)%00%(objecttype) %(objectname)%00%(*objecttype) %(*objectname)%00" + (
    "%(creatordate:short)"
)
_COMMIT_FORMAT = "%H%x00%P%x00%cs%x00%s"


class NamedCommit(Struct, frozen=True):
    """One commit, and what it is called."""

    name: str
    """A tag or a branch; for a commit of a range its first ten digits."""
    commit: str
    date: str = ""
    """Year, month and day on which the tag or the commit was made."""
    subject: str = ""
    """The first line of the message, for a commit of a range."""
    parents: tuple[str, ...] = ()
    """For a commit of a range, the nearest ones before it that touched the same files."""
    is_tag: bool = False


class Chosen(Struct, frozen=True):
    """What is to be looked at."""

    revisions: tuple[NamedCommit, ...]
    left_out: tuple[str, ...] = ()
    """Release tags that no chosen patch is made for."""
    range: str = ""
    """`A..B` when that was asked for; then the first revision is A itself."""


def choose(repository: Path, patterns: Sequence[str], ranges: str, paths: Sequence[str]) -> Chosen:
    """The revisions that `patterns` name; without any, the release tags within `ranges`.

    `ranges` is a version range as packaging reads it. A pattern is a glob over tags (over
    branches, where no tag fits), the name of anything git knows, or a range `A..B`: then every
    commit that touched one of `paths`. Raises `BadUsage` for what does not exist, `InputOutput`
    when git fails.
    """
    _require_repository(repository)
    spans = [p for p in patterns if ".." in p]
    if spans and len(patterns) > 1:
        raise BadUsage(f"--refs {spans[0]} walks commits: it cannot be combined with other --refs")
    if spans:
        return _span(repository, spans[0], paths)
    refs = _refs(repository)
    if not patterns:
        return _releases(refs, ranges)
    found = (r for p in patterns for r in _named(repository, refs, p))
    return Chosen(tuple({r.commit + r.name: r for r in found}.values()))


def version_key(tag: str) -> tuple[int, Version, str]:
    """Sorts tags as versions, rc before final; what is no version comes first, by name."""
    version = version_of(tag)
    return (1, version, tag) if version else (0, Version("0"), tag)


def version_of(tag: str) -> Version | None:
    """The version that a tag names; None for other tags."""
    try:
        return Version(tag)
    except InvalidVersion:
        return None


def _require_repository(repository: Path) -> None:
    if not is_folder(repository):
        raise BadUsage(
            f"--repo {repository} is not a folder",
            "name a clone of LibreChat: git clone https://github.com/danny-avila/LibreChat",
        )
    code, _, said = git.attempt(repository, "rev-parse", "--git-dir")
    if code != 0 and "not a git repository" in said:
        raise BadUsage(
            f"--repo {repository} is not a git repository",
            "name a clone of LibreChat: git clone https://github.com/danny-avila/LibreChat",
        )
    if code != 0:
        raise git.failure(repository, "rev-parse", said)


def _refs(repository: Path) -> list[NamedCommit]:
    """Tags in the order of their versions, then branches; only those that lead to a commit."""
    listed = git.output(
        repository,
        *("for-each-ref", f"--format={_REF_FORMAT}", _TAGS, "refs/heads/", "refs/remotes/"),
    )
    found = []
    for line in listed.split("\n")[:-1]:
        name, direct, peeled, date = line.split("\0")
        kind, _, commit = (peeled if peeled.strip() else direct).partition(" ")
        if kind == "commit":
            short = name.split("/", 2)[2]
            found.append(NamedCommit(short, commit, date, is_tag=name.startswith(_TAGS)))
    return sorted(found, key=lambda r: (not r.is_tag, version_key(r.name)))


def _releases(refs: Sequence[NamedCommit], ranges: str) -> Chosen:
    tags = [r for r in refs if r.is_tag and fnmatchcase(r.name, RELEASES) and version_of(r.name)]
    made_for = SpecifierSet(ranges)
    inside = [t for t in tags if made_for.contains(Version(t.name), prereleases=True)]
    if not inside:
        raise BadUsage(
            f"no tag {RELEASES} of the repository is a release within {ranges}",
            "fetch the tags (git fetch --tags), or name what to look at: --refs main",
        )
    return Chosen(tuple(inside), tuple(t.name for t in tags if t not in inside))


def _named(repository: Path, refs: Sequence[NamedCommit], pattern: str) -> list[NamedCommit]:
    found = [r for r in refs if fnmatchcase(r.name, pattern) or r.name == pattern]
    tags = [r for r in found if r.is_tag]
    if tags or found:
        return tags or found
    commit = "" if _GLOB.search(pattern) else commit_of(repository, pattern)
    if commit:
        return [NamedCommit(pattern, commit)]
    newest = ", ".join(r.name for r in [r for r in refs if r.is_tag][-3:])
    raise BadUsage(
        f"--refs {pattern}: the repository has no tag, branch or commit of that name",
        f"its newest tags: {newest}" if newest else "it has no tags: git fetch --tags",
    )


def commit_of(repository: Path, name: str) -> str:
    """The id of the commit that git knows by this name; empty for none."""
    if not name or name.startswith("-"):
        return ""
    code, out, _ = git.attempt(repository, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    return out.strip() if code == 0 else ""


def _span(repository: Path, span: str, paths: Sequence[str]) -> Chosen:
    first, _, last = span.partition("..")
    last = last or "HEAD"
    if not first or last.startswith("."):
        raise BadUsage(f"--refs {span}: a range is written A..B", "such as v0.8.4..main")
    ends = []
    for end in (first, last):
        commit = commit_of(repository, end)
        if not commit:
            raise BadUsage(
                f"--refs {span}: the repository does not know {end}",
                "name a tag, a branch or a commit; `git fetch --tags` brings new ones",
            )
        ends.append(commit)
    listed = git.output(
        repository,
        *("rev-list", "--reverse", "--topo-order", "--parents", f"--format={_COMMIT_FORMAT}"),
        *(f"{ends[0]}..{ends[1]}", "--", *paths),
    )
    lines = [line for line in listed.split("\n") if "\0" in line]
    commits = [_of_span(line) for line in lines]
    return Chosen((NamedCommit(first, ends[0]), *commits), range=f"{first}..{last}")


def _of_span(line: str) -> NamedCommit:
    try:
        commit, parents, date, subject = line.split("\0", 3)
    except ValueError as error:
        raise InputOutput(f"git rev-list answered {line!r}", "is git very old?") from error
    return NamedCommit(commit[:10], commit, date, subject, tuple(parents.split()))
