"""A patch definition, checked: edits, traits, expectations, examples, added files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from patcher.values import dataclass

if TYPE_CHECKING:
    from patcher.diffs.parts import FileDiff
    from patcher.operations import Operation


@dataclass(frozen=True)
class Place:
    """Where something stands in a definition, for messages: `patches/x/patch.yaml:12`."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Edit:
    """One operation on one file of the checkout."""

    place: Place
    path: str
    component: str
    operation: Operation | FileDiff
    """What is done; a `FileDiff` comes from a diff of many files."""
    when: str = ""
    """A trait's name, `not NAME`, or empty for always."""


@dataclass(frozen=True)
class Trait:
    """A fact of the syntax that tells variants of LibreChat apart, whatever their version says."""

    name: str
    path: str
    has: str


@dataclass(frozen=True)
class Expectation:
    """What must hold of a patched file: `has` stands in `inside`, and before `before`."""

    place: Place
    path: str
    component: str
    has: str
    why: str
    inside: str = ""
    before: str = ""
    when: str = ""


@dataclass(frozen=True)
class Example:
    """One edit shown on a small piece of code; without `after` nothing may change."""

    place: Place
    edit: int
    """1-based number of the edit in the definition."""
    before: str
    after: str | None
    title: str = ""


@dataclass(frozen=True)
class AddedFile:
    """A file that the patch brings along, under `files/` beside its definition."""

    path: str
    component: str
    content: bytes


@dataclass(frozen=True)
class Link:
    """Another patch that a patch names in `needs` or `after`."""

    id: str
    place: Place


@dataclass(frozen=True)
class Patch:
    """A whole definition, checked."""

    id: str
    title: str
    why: str
    librechat: str
    """Range of releases it is made for, as `packaging` reads it: `>=0.7.0`."""
    components: Mapping[str, str]
    """Component name to what it brings, in the order of the definition."""
    traits: Mapping[str, Trait]
    edits: tuple[Edit, ...]
    expectations: tuple[Expectation, ...]
    examples: tuple[Example, ...]
    place: Place
    files: tuple[AddedFile, ...] = ()
    tested: tuple[str, ...] = ()
    """Tags of the releases that a measured run has passed on, oldest first."""
    digest: str = ""
    """SHA-256 over the definition and the added files."""
    versions: frozenset[str] = frozenset()
    """What the package.json of those releases says; not always the tag's version."""
    needs: tuple[Link, ...] = ()
    """Patches without which this one makes no sense; they come along, and first."""
    after: tuple[Link, ...] = ()
    """Patches that come first when they are chosen too."""
