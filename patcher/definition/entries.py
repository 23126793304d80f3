"""What a definition file holds: one dataclass per kind of entry, read by `records`.

The JSON Schema for editors is made from these and from `operations`; the docstrings of classes
and fields are its descriptions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from patcher.definition.fields import Section
from patcher.keys import key
from patcher.operations import Operation
from patcher.values import dataclass


@dataclass(frozen=True)
class TraitEntry:
    """A fact of the syntax that tells variants of LibreChat apart, whatever their version says."""

    section: Section
    path: str = field(metadata=key("in", "path"))
    """The file to look into."""
    has: str = field(metadata=key(form="pattern"))
    """The trait holds when this code is in the file."""


@dataclass(frozen=True)
class EditEntry:
    """One change to one file, or the same change to several."""

    section: Section
    operation: Operation
    paths: tuple[str, ...] = field(metadata=key("in", "path"))
    """Path in the checkout, or a list of paths."""
    component: str = field(metadata=key(form="id"), default="")
    """The component that the edit belongs to; by default the one that holds the path."""
    when: str = field(metadata=key(form="when"), default="")
    """Only where this trait holds (`NAME`) or does not (`not NAME`)."""


@dataclass(frozen=True)
class DiffEntry:
    """A diff as git writes it, of any number of files: changed, new, deleted, renamed ones."""

    section: Section
    file: str = field(metadata=key(form="file"))
    """The file beside the definition that holds the diff."""
    component: str = field(metadata=key(form="id"), default="")
    """The component of those files that belong to none by their place."""
    when: str = field(metadata=key(form="when"), default="")
    """Only where this trait holds (`NAME`) or does not (`not NAME`)."""


@dataclass(frozen=True)
class ExpectEntry:
    """What must be true of a file once it is patched."""

    section: Section
    path: str = field(metadata=key("in", "path"))
    """Path in the checkout."""
    has: str = field(metadata=key(form="pattern"))
    """This code is in the file."""
    why: str = field(metadata=key(form="words"))
    """What would be broken without it; shown when the check fails."""
    component: str = field(metadata=key(form="id"), default="")
    """The component that this belongs to; by default the one that holds the path."""
    inside: str = field(metadata=key(form="scope"), default="")
    """The function or value that the code stands in."""
    before: str = field(metadata=key(form="pattern"), default="")
    """Code that comes later."""
    when: str = field(metadata=key(form="when"), default="")
    """Only where this trait holds (`NAME`) or does not (`not NAME`)."""


@dataclass(frozen=True)
class ExampleEntry:
    """One edit on a small piece of code: shown to readers, run as a test."""

    section: Section
    edit: int = field(metadata=key(form="count"))
    """Which edit, counted from 1 as they stand in `edits`."""
    before: str
    """Code before the edit."""
    after: str = ""
    """Code after it; leave it out where nothing may change."""
    title: str = ""
    """What the example shows."""


@dataclass(frozen=True)
class DefinitionEntry:
    """A patch for LibreChat: edits to its files, and files that it adds under `files/`."""

    section: Section
    schema: int = field(metadata=key(form="schema"))
    """Version of this format."""
    id: str = field(metadata=key(form="id"))
    """The name of the patch's folder."""
    title: str = field(metadata=key(form="line"))
    """What the patch does, in one line, third person."""
    why: str = field(metadata=key(form="words"))
    """Why somebody would want it."""
    librechat: str = field(metadata=key(form="range"))
    """Releases it is made for, in quotes: ">=0.7.0, <0.9"."""
    components: Mapping[str, str] = field(metadata=key(form="words"))
    """Components that can be left out, and what each brings: backend, data-provider, client."""
    traits: Mapping[str, TraitEntry] = field(default_factory=dict)
    """Facts that choose variants, by name."""
    needs: tuple[str, ...] = field(metadata=key(form="id"), default=())
    """Patches that must be applied with this one, and before it."""
    after: tuple[str, ...] = field(metadata=key(form="id"), default=())
    """Patches that must come before this one where they are applied too."""
    edits: tuple[EditEntry, ...] = ()
    """Changes, in order. All are made or none."""
    diffs: tuple[DiffEntry, ...] = ()
    """Whole diffs, made after the edits."""
    expect: tuple[ExpectEntry, ...] = ()
    """What must be true of the patched files."""
    examples: tuple[ExampleEntry, ...] = ()
    """Edits shown on small pieces of code."""
