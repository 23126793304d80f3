"""`wrap_value` and `wrap_return`: put a call around an expression, leaving its text alone."""

from __future__ import annotations

from collections.abc import Iterator

from patcher.code.insertion import broken_up
from patcher.code.layout import fits, in_layout, layout_of
from patcher.code.patterns import Pattern, compile_pattern, matches
from patcher.code.scopes import body, declaration
from patcher.code.splice import Splice, line_end, line_start
from patcher.code.syntax import Module, Node, children, own_nodes, parse, unwrapped
from patcher.edits.holes import is_at_risk
from patcher.edits.operations import WrapReturn, WrapValue
from patcher.edits.result import Applies, Present, Result
from patcher.errors import AnchorNotFound, BadDefinition

_VALUE = "$value"


def wrap_value(module: Module, edit: WrapValue) -> Result:
    """Wrap what the one thing called `name` is set to; raises `AnchorNotFound` without one."""
    found = declaration(module, edit.name, edit.inside, members=bool(edit.inside))
    line = module.line(found.node)
    if found.value is None:
        if found.node.type != "shorthand_property_identifier":
            raise AnchorNotFound(f"`{edit.name}` on line {line} has no value to wrap")
        before, after = _halves(module, edit.template, found.node)
        name = f"{edit.name}: ".encode()
        return Applies(_around(found.node, name + before, after), line)
    if _is_wrapped(module, compile_pattern(edit.template), found.value):
        return Present(line)
    return Applies(_wrapped(module, found.value, edit.template), line)


def wrap_return(module: Module, edit: WrapReturn) -> Result:
    """Wrap each value that a function returns; raises `AnchorNotFound` for another number."""
    returns = (n for n in own_nodes(body(module, edit.function)) if n.type == "return_statement")
    values = [c[0] for r in returns if (c := children(r))]
    if len(values) != edit.returns:
        where = ", ".join(str(module.line(v)) for v in values)
        raise AnchorNotFound(
            f"`{edit.function}` returns a value in {len(values)} places"
            + (where and f" (lines {where})")
            + f", not {edit.returns}"
        )
    pattern = compile_pattern(edit.template)
    left = [v for v in values if not _is_wrapped(module, pattern, v)]
    if not left:
        return Present(module.line(values[0]))
    splices = [s for v in left for s in _wrapped(module, v, edit.template)]
    return Applies(tuple(splices), module.line(left[0]))


def _is_wrapped(module: Module, pattern: Pattern, value: Node) -> bool:
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


def _halves(module: Module, template: str, value: Node) -> tuple[bytes, bytes]:
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


def _wrapped(module: Module, value: Node, template: str) -> tuple[Splice, ...]:
    before, after = _halves(module, template, value)
    start, end = _around(value, before, after)
    return (start, *_breaks(module, value, len(before + after)), end)


def _around(node: Node, before: bytes, after: bytes) -> tuple[Splice, Splice]:
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
