"""The kinds of text that definitions hold: what each looks like, and what it means.

A kind is a type, `Annotated[str, …]`: the fields of `operations` and of the entries of a
definition are declared with it, the JSON Schema says its words, and reading checks its form.
Kinds whose form is code are checked by parsing it, in `definition`.
"""

from __future__ import annotations

from typing import Annotated, Any, get_args

from msgspec import Meta, Struct

from patcher.paths import FORM, PATTERN

_WORD = r"[A-Za-z_$][A-Za-z0-9_$]*"
_ID = r"(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*"
_QUOTABLE = r"[^\s'\"`\\$]"
_FORM = "form"


class Form(Struct, frozen=True):
    """What the texts of a kind look like."""

    name: str
    pattern: str = ""
    """A regular expression for the whole text, read alike by Python and by editors."""
    words: str = ""
    """What the expression allows, behind `must be`."""


def _kind(name: str, meaning: str, pattern: str = "", words: str = "") -> Meta:
    published = {"pattern": f"^({pattern})$"} if pattern else None
    form = Form(name, pattern, words)
    return Meta(description=meaning, extra={_FORM: form}, extra_json_schema=published)


def says(words: str) -> Meta:
    """What a field means, where that is more than its kind says."""
    return Meta(description=words)


def form_of(kind: Any) -> Form:
    """The form of a type; of the texts in it, where it is a collection."""
    for part in get_args(kind):
        if isinstance(part, Meta) and part.extra and _FORM in part.extra:
            form: Form = part.extra[_FORM]
            return form
    inner = [form_of(part) for part in get_args(kind) if get_args(part)]
    return inner[-1] if inner else Form("text")


LineText = Annotated[str, _kind("line", "One line.", r"[ \t]*\S[^\n]*\n?", "one line of text")]
Words = Annotated[str, _kind("words", "Words.", r"\s*\S[\s\S]*", "a text with words in it")]
Id = Annotated[
    str, _kind("id", "A name.", _ID, "lower-case words with hyphens, at most 60 characters")
]
When = Annotated[
    str,
    _kind(
        "when",
        "Only where this trait holds (`NAME`) or does not (`not NAME`).",
        rf"(not )?({_ID})",
        "a trait's name, or `not NAME`",
    ),
]
Scope = Annotated[
    str,
    _kind(
        "scope",
        "The name of a function, a variable or a property, or `module.exports`.",
        rf"{_WORD}(\.{_WORD})*",
        "a name such as `Root` or `module.exports`",
    ),
]
ModuleName = Annotated[
    str,
    _kind(
        "module",
        "The module that the names come from.",
        rf"{_QUOTABLE}+",
        "a module such as `~/hooks`",
    ),
]
BindingText = Annotated[
    str,
    _kind(
        "binding",
        "What to import: `name`, `name as other`, `default as name`, `* as name`.",
        rf"(?!default$){_WORD}( as {_WORD})?|default as {_WORD}|\* as {_WORD}",
        "`name`, `name as other`, `default as name` or `* as name`",
    ),
]
Export = Annotated[
    str,
    _kind(
        "export",
        "What to export: `name`, `name as other`, or `*` for everything.",
        rf"{_WORD}( as {_WORD})?|\*",
        "`name`, `name as other` or `*`",
    ),
]
Route = Annotated[
    str,
    _kind(
        "route",
        "A method and a path: `get /`.",
        rf"(all|delete|get|patch|post|put|use) /{_QUOTABLE}*",
        "a method and a path such as `post /fetch`",
    ),
]
FileName = Annotated[
    str,
    _kind(
        "file",
        "A file beside the definition that holds the text.",
        r"[A-Za-z0-9_-][A-Za-z0-9._-]*",
        "the name of a file beside the definition",
    ),
]
FilePath = Annotated[
    str,
    _kind(
        "path",
        "Path in the checkout.",
        PATTERN,
        FORM,
    ),
]
PatternText = Annotated[
    str,
    _kind(
        "pattern",
        "Code to look for, compared by syntax: quotes, spacing and comments do not matter. "
        "`$name` stands for one thing, `$...name` for any number of them.",
    ),
]
Replacement = Annotated[
    str,
    _kind("replacement", "Code to write instead; `$name` stands for what it matched in `find`."),
]
Code = Annotated[str, _kind("code", "Code to write, as it stands.")]
Expression = Annotated[str, _kind("expression", "One expression.")]
Template = Annotated[str, _kind("template", "One expression around `$value`: `f($value)`.")]
PropertyText = Annotated[str, _kind("property", "`name`, or `name: value`.")]
DiffText = Annotated[str, _kind("diff", "A unified diff of the file that `in` names.")]
Range = Annotated[str, _kind("range", "A range of releases.")]
Count = Annotated[int, Meta(ge=1, description="A whole number, 1 or more.")]
