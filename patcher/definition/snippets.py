"""Code in definitions, checked before it meets a checkout: it parses, and comparing it is cheap."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patcher.code.patterns import Pattern, compile_pattern
from patcher.code.syntax import Node, significant
from patcher.errors import BadDefinition, shortened

_MAX_LENGTH = 8_000
_MAX_STEPS = 400
"""How deep a comparison may call itself; Python stops at 1,000."""
_MAX_GAPS = 2
"""`$...` in one list. Each tries every length: three in a list of 500 take a minute."""

_HOLE = re.compile(r"\$(?:\.\.\.)?(\w+)")
_GAP = "$$$"
_UNPARSED = "is not a statement, an expression or a piece of an object literal"
_VALUE = "$value"


def holes_in(text: str) -> set[str]:
    """Names of the holes that are written in a snippet."""
    return set(_HOLE.findall(text))


def pattern_problem(text: str) -> str:
    """What is wrong with code to look for; an empty text for nothing."""
    if len(text) > _MAX_LENGTH:
        return f"has {len(text):,} characters; {_MAX_LENGTH:,} can be compared"
    try:
        pattern = compile_pattern(text)
    except BadDefinition:
        return f"{_UNPARSED}: `{shortened(text)}`"
    if any(_hole(pattern, node) for node in pattern.nodes):
        return f"has nothing to look for: `{shortened(text)}` matches everything"
    return next(_costs(pattern), "")


def code_problem(text: str) -> str:
    """What is wrong with code to write; it is also compared, to see whether it is there."""
    problem = pattern_problem(text)
    if problem or "$" not in text:
        return problem
    pattern = compile_pattern(text)
    holes = [h for node, _ in _below(pattern) if (h := _hole(pattern, node))]
    written = holes[0].replace(_GAP, "$...") if holes else ""
    return f"has the hole `{written}`; only `find`, `has` and `replace` have holes" * bool(holes)


def expression_problem(text: str) -> str:
    """What is wrong with code that must be one expression."""
    call = f"f({text.strip()})"
    problem = code_problem(call)
    if problem.startswith(_UNPARSED) or not text.strip():
        return f"is no expression: `{shortened(text)}`"
    if not problem and len(compile_pattern(call).nodes) > 1:
        return f"is more than one expression: `{shortened(text)}`"
    return problem


def template_problem(text: str) -> str:
    """What is wrong with `f($value)`, code that goes around an expression."""
    if text.count(_VALUE) != 1 or holes_in(text) != {_VALUE[1:]}:
        return f"must say once where `{_VALUE}` goes, and have no other hole"
    return expression_problem(text.replace(_VALUE, "value"))


def property_problem(text: str) -> str:
    """What is wrong with `name` or `name: value` of an object literal."""
    name, colon, value = text.partition(":")
    if not re.fullmatch(r"[A-Za-z_$][\w$]*", name.strip(), re.ASCII):
        return f"is neither `name` nor `name: value`: `{shortened(text)}`"
    return expression_problem(value) if colon else ""


def _costs(pattern: Pattern) -> Iterator[str]:
    has_holes = "$" in pattern.text
    for node, steps in _below(pattern):
        if steps > _MAX_STEPS:
            yield "is too long or too deeply nested to be compared"
        if not has_holes:
            continue
        gaps = sum(_hole(pattern, child).startswith(_GAP) for child in significant(node))
        if gaps > _MAX_GAPS:
            yield f"has {gaps} `$...` in one list; {_MAX_GAPS} can be compared"


def _below(pattern: Pattern) -> Iterator[tuple[Node, int]]:
    """All nodes, each with how deep in calls a comparison is when it gets there."""
    stack = [(node, 0) for node in pattern.nodes]
    while stack:
        node, steps = stack.pop()
        yield node, steps
        stack += [(child, steps + 3 + i) for i, child in enumerate(significant(node))]


def _hole(pattern: Pattern, node: Node) -> str:
    while len(inner := significant(node)) == 1:
        node = inner[0]
    text = "" if inner else pattern.module.text(node)
    return text if text.startswith("$") and "identifier" in node.type and text != "$" else ""
