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
from patcher.edits.operations import AddExport, Replace
from patcher.edits.texts import Form
from patcher.errors import shortened
from patcher.model import Operation
from patcher.paths import path_problem

_PLAIN_RANGE = re.compile(r"(?:[<>]=?|==|!=) ?\d+(?:\.\d+)*(?:, ?(?:[<>]=?|==|!=) ?\d+(?:\.\d+)*)*")


def problem_of(form: Form, text: str) -> str:
    """What is wrong with a text that should have a form; an empty text for nothing."""
    check = _CHECKS.get(form.name)
    if check:
        return check(text)
    if form.pattern and not re.fullmatch(form.pattern, text):
        return f"must be {form.words}, not `{shortened(text)}`"
    return ""


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


def _range_problem(text: str) -> str:
    if _PLAIN_RANGE.fullmatch(text):
        return ""
    # Imported late (12 ms), for the odd ones only.
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        SpecifierSet(text)
    except InvalidSpecifier:
        return f"must be a range such as '>=0.7.0, <0.9', not `{shortened(text)}`"
    return ""


_CHECKS: Mapping[str, Callable[[str], str]] = {
    "path": path_problem,
    "range": _range_problem,
    "pattern": pattern_problem,
    "replacement": pattern_problem,
    "code": code_problem,
    "expression": expression_problem,
    "template": template_problem,
    "property": property_problem,
}
