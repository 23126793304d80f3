"""What the texts of a definition must look like: one form per kind of text.

A form is a function from a text to what is wrong with it (an empty text for nothing).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from patcher.definition.snippets import (
    code_problem,
    expression_problem,
    holes_in,
    pattern_problem,
    property_problem,
    template_problem,
)
from patcher.errors import shortened
from patcher.operations import AddExport, Operation, Replace
from patcher.paths import FORM, PATTERN, path_problem

_WORD = r"[A-Za-z_$][A-Za-z0-9_$]*"
_ID = r"(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*"
_QUOTABLE = r"[^\s'\"`\\$]"

PATTERNS: Mapping[str, tuple[str, str]] = {
    "line": (r"[ \t]*\S[^\n]*\n?", "one line of text"),
    "words": (r"\s*\S[\s\S]*", "a text with words in it"),
    "id": (_ID, "lower-case words with hyphens, at most 60 characters"),
    "when": (rf"(not )?({_ID})", "a trait's name, or `not NAME`"),
    "scope": (rf"{_WORD}(\.{_WORD})*", "a name such as `Root` or `module.exports`"),
    "module": (rf"{_QUOTABLE}+", "a module such as `~/hooks`"),
    "binding": (
        rf"(?!default$){_WORD}( as {_WORD})?|default as {_WORD}|\* as {_WORD}",
        "`name`, `name as other`, `default as name` or `* as name`",
    ),
    "export": (rf"{_WORD}( as {_WORD})?|\*", "`name`, `name as other` or `*`"),
    "route": (
        rf"(all|delete|get|patch|post|put|use) /{_QUOTABLE}*",
        "a method and a path such as `post /fetch`",
    ),
    "file": (r"[A-Za-z0-9_-][A-Za-z0-9._-]*", "the name of a file beside the definition"),
    "path": (PATTERN, FORM),
}
"""Forms as regular expressions, with words for what they allow; `schema` publishes them."""

_PLAIN_RANGE = re.compile(r"(?:[<>]=?|==|!=) ?\d+(?:\.\d+)*(?:, ?(?:[<>]=?|==|!=) ?\d+(?:\.\d+)*)*")


def problem_of(form: str, text: str) -> str:
    """What is wrong with a text that should have a form; an empty text for nothing."""
    return _CHECKS[form](text)


def operation_problem(operation: Operation) -> tuple[str, str] | None:
    """The key, and what is wrong with it beside the other keys of an operation."""
    if isinstance(operation, Replace):
        unknown = sorted(holes_in(operation.code) - holes_in(operation.find))
        if unknown:
            return "replace", f"has the hole `${unknown[0]}`, which is not in `find`"
    if isinstance(operation, AddExport) and "*" in operation.names:
        if len(operation.names) > 1:
            return "add_export", "names `*` and more; `*` is all"
        if not operation.module:
            return "add_export", "names `*`, so `from` is needed"
    return None


def _described(form: str, text: str) -> str:
    pattern, words = PATTERNS[form]
    return "" if re.fullmatch(pattern, text) else f"must be {words}, not `{shortened(text)}`"


def _range_problem(text: str) -> str:
    if _PLAIN_RANGE.fullmatch(text):
        return ""
    # Imported for the odd ones only: it costs a fifth of what `apply` costs in all.
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return f"must be a range such as '>=0.7.0, <0.9', not `{shortened(text)}`"
    return ""


def _by_pattern(form: str) -> Callable[[str], str]:
    return lambda text: _described(form, text)


_CHECKS: Mapping[str, Callable[[str], str]] = {
    **{form: _by_pattern(form) for form in PATTERNS},
    "text": lambda _: "",
    "path": path_problem,
    "range": _range_problem,
    "pattern": pattern_problem,
    "replacement": pattern_problem,
    "code": code_problem,
    "expression": expression_problem,
    "template": template_problem,
    "property": property_problem,
    "diff": lambda _: "",
}
