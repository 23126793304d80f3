"""Changes made by hand, as the files of a patch folder. Pure; the caller writes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace
from packaging.version import InvalidVersion, Version

from patcher.capture import yaml_text
from patcher.definition.entries import SCHEMA
from patcher.definition.folder import ADDED, DEFINITION
from patcher.diffs.git_format import git_diff
from patcher.errors import AnchorNotFound, Blocked
from patcher.librechat import component_of
from patcher.model import Change, Operation, Patch, Tree
from patcher.paths import path_problem
from patcher.plan.edit import edited
from patcher.plan.planner import plan
from patcher.trees import with_changes

MOST_CONTEXT = 3
_ELSEWHERE = "backend"
"""The component of files that belong to none by their place."""


class About(Struct, frozen=True):
    """What a definition says above its edits."""

    id: str
    title: str
    why: str
    version: str
    """What the checkout calls itself."""


class Capture(Struct, frozen=True):
    """What is to be carried: changes, and the edits that say part of them by name."""

    about: About
    changes: tuple[Change, ...]
    edits: Mapping[str, tuple[Operation, ...]] = field(default_factory=dict)
    context: Mapping[str, int] = field(default_factory=dict)
    """Lines around the hunks of a file, where that is not `MOST_CONTEXT`."""

    @property
    def diffed(self) -> tuple[Change, ...]:
        """What is left for the diff once the edits are made."""
        rest = (_after_edits(c, self.edits.get(c.path, ())) for c in self.changes)
        return tuple(c for c in rest if _is_change(c) and not _is_added_binary(c))

    @property
    def diff(self) -> bytes:
        """What is left, as git writes it."""
        return b"".join(
            git_diff([c], self.context.get(c.path, MOST_CONTEXT), with_ids=True)
            for c in self.diffed
        )

    @property
    def binaries(self) -> tuple[Change, ...]:
        """New files that a diff cannot hold: they lie in `files/`."""
        return tuple(c for c in self.changes if _is_added_binary(c))


def require_possible(changes: Sequence[Change]) -> None:
    """Raise `Blocked`, naming the files, for what no patch can carry."""
    bad = []
    for change in changes:
        if problem := path_problem(change.path):
            bad.append(f"{change.path}: its path {problem}")
        elif change.before is not None and _is_binary(change):
            bad.append(f"{change.path}: it is binary, and a patch only adds binary files")
        elif _is_added_binary(change) and not component_of(change.path):
            bad.append(f"{change.path}: it is binary, and in no component's folder")
        elif _is_added_binary(change) and change.mode is not None:
            bad.append(f"{change.path}: it is binary and may be run; `files/` keeps no modes")
    if bad:
        raise Blocked(
            "these changes cannot be carried; nothing was written:"
            + "".join(f"\n  {line}" for line in bad),
            "name the files to carry: librechat-patcher capture ID --path PATH",
        )


def folder_of(capture: Capture) -> dict[str, bytes]:
    """Name and bytes of every file of the patch folder."""
    files = {DEFINITION: _definition(capture).encode()}
    if capture.diffed:
        files[f"{capture.about.id}.diff"] = capture.diff
    for change in capture.binaries:
        files[f"{ADDED}/{change.path}"] = change.after or b""
    return files


def lack_of_proof(patch: Patch, changes: Sequence[Change], base: Tree) -> tuple[str, str] | None:
    """Which file, and why, applying `patch` to `base` does not make what `changes` end with."""
    result = plan([patch], base, patch.components)
    for outcome in result.blocked:
        return outcome.path, f"{outcome.title}: {outcome.reason}"
    made = with_changes(base, result.changes)
    for change in changes:
        if made.read(change.path) != change.after:
            return change.path, "the result is not what is there"
    paths = {c.path for c in changes}
    return next(((c.path, "is changed, too") for c in result.changes if c.path not in paths), None)


def _after_edits(change: Change, edits: Sequence[Operation]) -> Change:
    before = change.before
    for operation in edits:
        if before is not None:
            before = edited(before, operation, change.path)[0] or before
    return replace(change, before=before)


def _is_change(change: Change) -> bool:
    return change.before != change.after or change.mode is not None


def _is_binary(change: Change) -> bool:
    return b"\0" in (change.before or b"") or b"\0" in (change.after or b"")


def _is_added_binary(change: Change) -> bool:
    return change.before is None and _is_binary(change)


def _definition(capture: Capture) -> str:
    about = capture.about
    lines = [
        f"schema: {SCHEMA}",
        f"id: {about.id}",
        f"title: {yaml_text.scalar(about.title)}",
        f"why: {yaml_text.block(about.why, '')}",
        f'librechat: "{_range(about.version)}"',
        "",
        "components:",
        *_components(capture.changes),
        "",
    ]
    edits = [yaml_text.edit(path, o) for path, made in capture.edits.items() for o in made]
    if edits:
        lines += ["edits:", "".join(edits)]
    if capture.diffed:
        lines += ["diffs:", f"  - file: {about.id}.diff"]
        if any(not component_of(c.path) for c in capture.diffed):
            lines.append(f"    component: {_ELSEWHERE}")
    return "\n".join(lines).rstrip("\n") + "\n"


def _components(changes: Sequence[Change]) -> list[str]:
    counts = Counter(component_of(c.path) or _ELSEWHERE for c in changes)
    return [f"  {name}: changes {n} file{'s' * (n > 1)}" for name, n in counts.items()]


def _range(version: str) -> str:
    try:
        return f">={Version(version.removeprefix('v'))}"
    except InvalidVersion:
        return ">=0"


def edits_of(
    changes: Sequence[Change], propose: Mapping[str, tuple[Operation, ...]]
) -> dict[str, tuple[Operation, ...]]:
    """The proposals that hold when they are made one after the other."""
    found = {}
    for change in changes:
        try:
            _after_edits(change, propose.get(change.path, ()))
        except AnchorNotFound:
            continue
        if propose.get(change.path):
            found[change.path] = propose[change.path]
    return found
