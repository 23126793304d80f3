"""What a definition file holds: one class per kind of entry, read by `decode`.

The JSON Schema for editors is made from these and from `operations`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct, field

from patcher.definition.sections import Section
from patcher.edits.texts import (
    Count,
    FileName,
    FilePath,
    Id,
    LineText,
    PatternText,
    Range,
    Scope,
    When,
    Words,
    says,
)
from patcher.model import Operation

SCHEMA = 1
"""The version of the format that this one reads."""
SchemaNumber = Annotated[
    int, Meta(description="Version of this format.", extra_json_schema={"const": SCHEMA})
]


class TraitEntry(Struct, frozen=True):
    """A fact of the syntax that tells variants of LibreChat apart, whatever their version says."""

    section: Section
    path: Annotated[FilePath, says("The file to look into.")] = field(name="in")
    has: Annotated[PatternText, says("The trait holds when this code is in the file.")]


class EditEntry(Struct, frozen=True):
    """One change to one file, or the same change to several."""

    section: Section
    operation: Operation
    paths: Annotated[tuple[FilePath, ...], says("Path in the checkout, or a list of paths.")] = (
        field(name="in")
    )
    component: Annotated[
        Id, says("The component that the edit belongs to; by default the one that holds the path.")
    ] = ""
    when: When = ""


class DiffEntry(Struct, frozen=True):
    """A diff as git writes it, of any number of files: changed, new, deleted, renamed ones."""

    section: Section
    file: Annotated[FileName, says("The file beside the definition that holds the diff.")]
    component: Annotated[
        Id, says("The component of those files that belong to none by their place.")
    ] = ""
    when: When = ""


class ExpectEntry(Struct, frozen=True):
    """What must be true of a file once it is patched."""

    section: Section
    path: FilePath = field(name="in")
    has: Annotated[PatternText, says("This code is in the file.")]
    why: Annotated[Words, says("What would be broken without it; shown when the check fails.")]
    component: Annotated[
        Id, says("The component that this belongs to; by default the one that holds the path.")
    ] = ""
    inside: Annotated[Scope, says("The function or value that the code stands in.")] = ""
    before: Annotated[PatternText, says("Code that comes later.")] = ""
    when: When = ""


class ExampleEntry(Struct, frozen=True):
    """One edit on a small piece of code: shown to readers, run as a test."""

    section: Section
    edit: Annotated[Count, says("Which edit, counted from 1 as they stand in `edits`.")]
    before: Annotated[str, says("Code before the edit.")]
    after: Annotated[str, says("Code after it; leave it out where nothing may change.")] = ""
    title: Annotated[str, says("What the example shows.")] = ""


class VersionEntry(Struct, frozen=True):
    """What is read of a definition before the rest of it, which may be of another version."""

    schema: SchemaNumber


class DefinitionEntry(Struct, frozen=True):
    """A patch for LibreChat: edits to its files, and files that it adds under `files/`."""

    section: Section
    schema: SchemaNumber
    id: Annotated[Id, says("The name of the patch's folder.")]
    title: Annotated[LineText, says("What the patch does, in one line, third person.")]
    why: Annotated[Words, says("Why somebody would want it.")]
    librechat: Annotated[Range, says('Releases it is made for, in quotes: ">=0.7.0, <0.9".')]
    components: Annotated[
        Mapping[Id, Words],
        says(
            "Components that can be left out, and what each brings: backend, data-provider, client."
        ),
    ]
    traits: Annotated[Mapping[Id, TraitEntry], says("Facts that choose variants, by name.")] = {}
    needs: Annotated[
        tuple[Id, ...], says("Patches that must be applied with this one, and before it.")
    ] = ()
    after: Annotated[
        tuple[Id, ...],
        says("Patches that must come before this one where they are applied too."),
    ] = ()
    edits: Annotated[tuple[EditEntry, ...], says("Changes, in order. All are made or none.")] = ()
    diffs: Annotated[tuple[DiffEntry, ...], says("Whole diffs, made after the edits.")] = ()
    expect: Annotated[tuple[ExpectEntry, ...], says("What must be true of the patched files.")] = ()
    examples: Annotated[tuple[ExampleEntry, ...], says("Edits shown on small pieces of code.")] = ()
