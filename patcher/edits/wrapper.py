"""What `wrap_value` and `wrap_return` have in common: a call around an expression.

The text of the expression is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from patcher.code.layout import broken_up, fits, in_layout, layout_of
from patcher.code.patterns import Pattern, matches
from patcher.code.splice import Splice, line_end, line_start
from patcher.code.syntax import Module, Node, children, parse, unwrapped
from patcher.edits.holes import is_at_risk
from patcher.errors import BadDefinition

_VALUE = "$value"


def is_wrapped(module: Module, pattern: Pattern, value: Node) -> bool:
    """Whether a value is a wrapped one; other calls may have been put around it since."""
    wrapped = {m.nodes[0].id for m in matches(module, pattern, value)}
    return any(node.id in wrapped for node in _call_chain(value))


def _call_chain(value: Node) -> Iterator[Node]:
    """A value, and where it is a call, what is called and what is passed, at any depth."""
    stack = [value]
    while stack:
        node = unwrapped(stack.pop())
        yield node
        if node.type in ("call_expression", "await_expression", "arguments", "member_expression"):
            stack.extend(children(node))


def halves(module: Module, template: str, value: Node) -> tuple[bytes, bytes]:
    """What to write before and behind a value."""
    written = parse(in_layout(template, layout_of(module)).rstrip(";").encode())
    start = written.source.find(_VALUE.encode())
    if start < 0:
        raise BadDefinition(f"`with: {template}` does not say where `{_VALUE}` goes")
    end = start + len(_VALUE)
    hole = written.root.descendant_for_byte_range(start, end)
    before, after = written.source[:start], written.source[end:]
    if hole is not None and is_at_risk(hole, value):
        return before + b"(", b")" + after
    return before, after


def wrapped(module: Module, value: Node, template: str) -> tuple[Splice, ...]:
    """The edits that put a template around a value; one that gets too long is broken up."""
    before, after = halves(module, template, value)
    start, end = around(value, before, after)
    return (start, *_breaks(module, value, len(before + after)), end)


def around(node: Node, before: bytes, after: bytes) -> tuple[Splice, Splice]:
    """The edits that write `before` and `after` beside a node."""
    return (
        Splice(node.start_byte, node.start_byte, before),
        Splice(node.end_byte, node.end_byte, after),
    )


def _breaks(module: Module, value: Node, added: int) -> tuple[Splice, ...]:
    """An object literal on one line is broken up when the wrapped line gets too long."""
    start, end = (
        line_start(module.source, value.start_byte),
        line_end(module.source, value.end_byte),
    )
    line = module.source[start:end].decode(errors="replace") + " " * added
    one_line = value.start_point[0] == value.end_point[0]
    commented = any(c.type == "comment" for c in value.children)
    if value.type != "object" or not one_line or fits(line) or commented:
        return ()
    texts = [module.text(c) for c in children(value)]
    return (broken_up(module, layout_of(module), value, texts),)
