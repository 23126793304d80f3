"""The text of a definition to a `Patch` without its files; every complaint with file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from patcher.definition.decode import decode, decode_part
from patcher.definition.diff_entries import diff_edits, diff_problem
from patcher.definition.entries import SCHEMA, DefinitionEntry, EditEntry, VersionEntry
from patcher.definition.sections import Section, read_section
from patcher.definition.words import did_you_mean
from patcher.edits.operations import Diff
from patcher.librechat import component_of
from patcher.model import Condition, Edit, Example, Expectation, Link, Patch, Place, Trait

_NOT = "not "


def read_patch(text: bytes, file: Path) -> Patch:
    """What `text`, the content of `file`, says, without what lies below `files/`.

    Raises `BadDefinition`, naming file and line, for anything that is not as it must be.
    """
    top = read_section(text, str(file))
    schema = decode_part(top, VersionEntry).schema
    if schema != SCHEMA:
        raise top.error("schema", f"is {schema}; this version knows schema {SCHEMA}")
    entry = decode(top, DefinitionEntry)
    folder = file.absolute().parent.name
    if entry.id != folder:
        raise top.error("id", f"is `{entry.id}`, but the folder is called `{folder}`")
    return Patch(
        id=entry.id,
        title=entry.title,
        why=entry.why,
        librechat=entry.librechat,
        components=entry.components,
        traits={name: Trait(name, t.path, t.has) for name, t in entry.traits.items()},
        edits=(*_edits(entry), *_diff_edits(entry)),
        expectations=tuple(_expectations(entry)),
        examples=tuple(_examples(entry)),
        place=Place(str(file), 1),
        needs=_links(entry, "needs"),
        after=_links(entry, "after"),
    )


def _edits(entry: DefinitionEntry) -> Iterator[Edit]:
    for edit in entry.edits:
        _require_diff(edit)
        for path in edit.paths:
            yield Edit(
                place=edit.section.place,
                path=path,
                component=_component(edit.section, edit.component, path, entry.components),
                operation=edit.operation,
                when=_when(edit.section, edit.when, entry),
            )


def _diff_edits(entry: DefinitionEntry) -> Iterator[Edit]:
    for diff in entry.diffs:
        if diff.component:
            _component(diff.section, diff.component, "", entry.components)
    conditions = [_when(diff.section, diff.when, entry) for diff in entry.diffs]
    yield from diff_edits(entry.diffs, conditions, entry.components)


def _links(entry: DefinitionEntry, key: str) -> tuple[Link, ...]:
    place = Place(entry.section.place.file, entry.section.lines.get(key, 1))
    if entry.id in getattr(entry, key):
        raise entry.section.error(key, f"names `{entry.id}`, which is this patch")
    return tuple(Link(name, place) for name in getattr(entry, key))


def _require_diff(edit: EditEntry) -> None:
    if isinstance(edit.operation, Diff):
        problem = diff_problem(edit.operation.text, edit.paths)
        if problem:
            key = "diff" if "diff" in edit.section.values else "diff_file"
            raise edit.section.error(key, problem)


def _expectations(entry: DefinitionEntry) -> Iterator[Expectation]:
    for expect in entry.expect:
        yield Expectation(
            place=expect.section.place,
            path=expect.path,
            component=_component(expect.section, expect.component, expect.path, entry.components),
            has=expect.has,
            why=expect.why,
            inside=expect.inside,
            before=expect.before,
            when=_when(expect.section, expect.when, entry),
        )


def _examples(entry: DefinitionEntry) -> Iterator[Example]:
    for example in entry.examples:
        if example.edit > len(entry.edits):
            count = len(entry.edits)
            raise example.section.error("edit", f"is {example.edit}, but there are {count} edits")
        yield Example(
            place=example.section.place,
            edit=example.edit,
            before=example.before,
            after=example.after or None,
            title=example.title,
        )


def _component(section: Section, named: str, path: str, known: Mapping[str, str]) -> str:
    """The component that is named, or the one that a path belongs to."""
    found = named or component_of(path)
    if found in known:
        return found
    if named:
        raise section.error(
            "component", f"names `{named}`, which `components` lacks{did_you_mean(named, known)}"
        )
    if found:
        near = did_you_mean(found, known)
        raise section.error("in", f"names {path} of `{found}`, which `components` lacks{near}")
    raise section.error(
        "in", f"names {path}, which is in no known component; say which: `component: …`"
    )


def _when(section: Section, when: str, entry: DefinitionEntry) -> Condition | None:
    trait = when.removeprefix(_NOT)
    if when and trait not in entry.traits:
        known = did_you_mean(trait, entry.traits) if entry.traits else "; `traits` has none"
        raise section.error("when", f"names no trait: `{trait}`{known}")
    return Condition(trait, wants=not when.startswith(_NOT)) if when else None
