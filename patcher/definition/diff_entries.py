"""The diffs of a definition: `diff:` changes one file, `diffs:` whatever git can write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from patcher.definition.entries import DiffEntry
from patcher.definition.folder import read_beside
from patcher.definition.sections import Section
from patcher.diffs.git_format import read_diff
from patcher.diffs.parts import FileDiff
from patcher.errors import BadDefinition, shortened
from patcher.librechat import component_of
from patcher.model import Condition, Edit
from patcher.paths import path_problem

_MAX_LINES, _MAX_LINES_OF_ONE_FILE = 200_000, 20_000


def diff_problem(text: str, paths: Sequence[str]) -> str:
    """What is wrong with a diff for each of `paths`; an empty text for nothing."""
    if text.count("\n") > _MAX_LINES_OF_ONE_FILE:
        return f"has more than {_MAX_LINES_OF_ONE_FILE:,} lines"
    try:
        files = read_diff(text.encode())
    except BadDefinition as error:
        return f"cannot be read: {error}"
    if len(files) != 1:
        return f"must change one file; it changes {len(files) or 'none'}"
    return _problem_of(files[0], paths)


def _problem_of(file: FileDiff, paths: Sequence[str]) -> str:
    for name in (file.old, file.new):
        if name is None:
            return "adds or deletes a file; put a new file into `files/` instead"
        if name not in paths:
            return f"changes `{shortened(name)}`, while `in` names {', '.join(paths)}"
    if not file.is_plain:
        return "does more than change lines: it sets the mode of the file"
    return "" if any(hunk.changes for hunk in file.hunks) else "changes nothing"


def diff_edits(
    entries: Sequence[DiffEntry],
    conditions: Sequence[Condition | None],
    components: Collection[str],
) -> Iterator[Edit]:
    """The edits of all diffs; raises `BadDefinition`, naming diff and line, for a wrong one."""
    seen: Counter[str] = Counter()
    for entry, when in zip(entries, conditions, strict=True):
        for file in copies_first(_files(entry)):
            seen.update(p for p in (None if file.is_copy else file.old, file.new) if p)
            if file.old == file.new:
                seen[file.path] -= 1
            twice = next((path for path, times in seen.items() if times > 1), "")
            if twice:
                raise entry.section.error("file", f"changes {shortened(twice)} a second time")
            component = _component(entry, file.path, components)
            yield Edit(entry.section.place, file.path, component, file, when)


def copies_first(files: Sequence[FileDiff]) -> list[FileDiff]:
    """Copies first: they are made of files as they were before the diff."""
    return sorted(files, key=lambda file: not file.is_copy)


def _files(entry: DiffEntry) -> Sequence[FileDiff]:
    section = entry.section
    content = read_beside(Path(section.place.file), entry.file)
    if content.count(b"\n") > _MAX_LINES:
        raise section.error("file", f"names {entry.file}: more than {_MAX_LINES:,} lines")
    try:
        files = read_diff(content)
    except BadDefinition as error:
        raise section.error("file", f"names {entry.file}: {error}") from error
    if not files:
        raise section.error("file", f"names {entry.file}, which changes no file")
    for file in files:
        _require_sound(section, entry.file, file)
    return files


def _require_sound(section: Section, name: str, file: FileDiff) -> None:
    for path in (file.old, file.new):
        problem = path_problem(path) if path is not None else ""
        if problem:
            raise section.error("file", f"names {name}: its path {problem}")
    if file.is_plain and not any(hunk.changes for hunk in file.hunks):
        raise section.error("file", f"names {name}, which does not change {shortened(file.path)}")


def _component(entry: DiffEntry, path: str, known: Collection[str]) -> str:
    by_place = component_of(path)
    if by_place in known:
        return by_place
    if entry.component:
        return entry.component
    shown = shortened(path)
    if by_place:
        raise entry.section.error(
            "file", f"changes {shown} of `{by_place}`, which `components` lacks"
        )
    raise entry.section.error(
        "file", f"changes {shown}, which is in no known component; say which: `component: …`"
    )
