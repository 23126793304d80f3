"""Patch definitions: YAML text to frozen `Patch` objects, every complaint with file and line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from patcher.errors import BadDefinition
from patcher.fields import Section, components_of, operation_of, read_yaml
from patcher.patches import AddedFile, Edit, Example, Expectation, Patch, Place, Trait

DEFINITION = "patch.yaml"
_SCHEMA = 1
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DEFAULT_COMPONENTS = (
    ("api/", "backend"),
    ("packages/data-provider/", "data-provider"),
    ("packages/client/", "client"),
    ("client/", "client"),
)
_TOP_LEVEL = frozenset(
    {"schema", "id", "title", "why", "librechat", "components", "traits", "edits", "expect"}
    | {"examples"}
)


def load(folder: Path) -> Patch:
    """Read the patch in `folder` (its `patch.yaml` and `files/`).

    Raises `BadDefinition`, naming file and line, for anything that is not as it must be.
    """
    file = folder / DEFINITION
    try:
        text = file.read_bytes()
    except OSError as error:
        raise BadDefinition(f"{file}: cannot be read: {error.strerror}") from error
    top = read_yaml(text, str(file))
    schema = top.value("schema", int)
    if schema != _SCHEMA:
        raise top.error("schema", f"is {schema}; this version knows schema {_SCHEMA}")
    top.only(_TOP_LEVEL)
    components = components_of(top)
    traits = {t.name: t for t in _traits(top)}
    added = tuple(_added_files(folder / "files", components, top))
    patch = Patch(
        id=_id(top, folder),
        title=top.value("title", str),
        why=top.value("why", str),
        librechat=_range(top),
        components=components,
        traits=traits,
        edits=tuple(_edits(top, components, traits)),
        expectations=tuple(_expectations(top, components, traits)),
        examples=tuple(_examples(top)),
        files=added,
        tested=_tested(folder),
        digest=_digest(text, added),
        place=Place(str(file), 1),
    )
    if not patch.edits and not patch.files:
        raise BadDefinition(f"{patch.place}: the patch has neither edits nor files")
    return patch


def load_all(folder: Path) -> dict[str, Patch]:
    """All patches below `folder`, by id; raises `BadDefinition` as `load`."""
    found = (p.parent for p in sorted(folder.glob(f"*/{DEFINITION}")))
    return {patch.id: patch for patch in map(load, found)}


def _id(top: Section, folder: Path) -> str:
    name = top.value("id", str)
    if not _ID.fullmatch(name):
        raise top.error("id", f"`{name}` is not lower-case words with hyphens")
    if name != folder.name:
        raise top.error("id", f"`{name}` differs from its folder, `{folder.name}`")
    return name


def _range(top: Section) -> str:
    text = top.value("librechat", str)
    try:
        SpecifierSet(text)
    except InvalidSpecifier as error:
        raise top.error("librechat", f"`{text}` is no range such as '>=0.7.0, <0.9'") from error
    return text


def _traits(top: Section) -> Iterator[Trait]:
    for name, section in top.sections_by_name("traits"):
        section.only({"in", "has"})
        yield Trait(name, section.path("in"), section.pattern("has"))


def _component(section: Section, path: str, components: Mapping[str, str]) -> str:
    """The component that is named, or the one that a path belongs to."""
    named = section.value("component", str, "")
    found = named or component_of(path)
    if found not in components:
        what = f"`{found}` is not among the patch's components" if found else f"none for {path}"
        raise section.error("component", f"{what}: {', '.join(components)}")
    return found


def component_of(path: str) -> str:
    """The component that a path in a checkout belongs to by its place; empty for no known one."""
    return next((c for prefix, c in _DEFAULT_COMPONENTS if path.startswith(prefix)), "")


def _when(section: Section, traits: Mapping[str, Trait]) -> str:
    when = section.value("when", str, "")
    if when and when.removeprefix("not ") not in traits:
        raise section.error("when", f"there is no trait `{when}`: {', '.join(traits)}")
    return when


def _edits(
    top: Section, components: Mapping[str, str], traits: Mapping[str, Trait]
) -> Iterator[Edit]:
    for section in top.sections("edits"):
        operation = operation_of(section, {"in", "component", "when"})
        for path in section.paths("in"):
            yield Edit(
                place=section.place,
                path=path,
                component=_component(section, path, components),
                operation=operation,
                when=_when(section, traits),
            )


def _expectations(
    top: Section, components: Mapping[str, str], traits: Mapping[str, Trait]
) -> Iterator[Expectation]:
    for section in top.sections("expect"):
        section.only({"in", "component", "when", "has", "why", "inside", "before"})
        path = section.path("in")
        yield Expectation(
            place=section.place,
            path=path,
            component=_component(section, path, components),
            has=section.pattern("has"),
            why=section.value("why", str),
            inside=section.value("inside", str, ""),
            before=section.pattern("before", ""),
            when=_when(section, traits),
        )


def _examples(top: Section) -> Iterator[Example]:
    for section in top.sections("examples"):
        section.only({"title", "edit", "before", "after"})
        number = section.value("edit", int)
        if not 1 <= number <= len(top.sections("edits")):
            raise section.error("edit", f"there is no edit {number}")
        after = section.value("after", str, "")
        yield Example(
            place=section.place,
            edit=number,
            before=section.value("before", str),
            after=after or None,
            title=section.value("title", str, ""),
        )


def _added_files(folder: Path, components: Mapping[str, str], top: Section) -> Iterator[AddedFile]:
    for file in sorted(p for p in folder.rglob("*") if not p.is_dir()):
        path = file.relative_to(folder).as_posix()
        if file.is_symlink():
            raise BadDefinition(f"{file}: an added file must not be a symbolic link")
        component = component_of(path)
        if component not in components:
            raise top.error("components", f"none of them holds the added file {path}")
        yield AddedFile(path, component, file.read_bytes())


def _tested(folder: Path) -> tuple[str, ...]:
    """Releases listed in `tested.txt`, which a measured run writes."""
    file = folder / "tested.txt"
    return tuple(file.read_text().split()) if file.is_file() else ()


def _digest(text: bytes, added: tuple[AddedFile, ...]) -> str:
    whole = hashlib.sha256(text)
    for file in added:
        whole.update(f"\0{file.path}\0{len(file.content)}\0".encode() + file.content)
    return whole.hexdigest()
