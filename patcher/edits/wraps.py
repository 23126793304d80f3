"""`wrap_value` and `wrap_return`: put a call around an expression, leaving its text alone."""

from __future__ import annotations

from collections.abc import Iterator

from patcher.edits.result import Applies, Present, Result
from patcher.errors import BadDefinition, Unanchored
from patcher.layout import PRINT_WIDTH as _WIDTH
from patcher.layout import Layout, broken_up, in_layout, layout_of
from patcher.matching import compile_pattern, matches
from patcher.operations import WrapReturn, WrapValue
from patcher.scopes import body, declaration
from patcher.splice import Splice, line_end, line_start
from patcher.syntax import Module, Node, children

_VALUE = "$value"
_FUNCTIONS = frozenset(
    {"function_declaration", "function_expression", "arrow_function", "method_definition"}
)


def wrap_value(module: Module, edit: WrapValue) -> Result:
    """Wrap what the one thing called `name` is set to; raises `Unanchored` when it is not there."""
    found = declaration(module, edit.name, edit.inside, members=bool(edit.inside))
    line = module.line(found.node)
    pattern = compile_pattern(edit.template)
    if found.value is None:
        if found.node.type != "shorthand_property_identifier":
            raise Unanchored(f"`{edit.name}` on line {line} has no value to wrap")
        before, after = _halves(module, edit.template)
        splices = [
            Splice(found.node.start_byte, found.node.start_byte, f"{edit.name}: {before}".encode()),
            Splice(found.node.end_byte, found.node.end_byte, after.encode()),
        ]
        return Applies(tuple(splices), line)
    if matches(module, pattern, found.value):
        return Present(line)
    return Applies(_wrapped(module, found.value, edit.template), line)


def wrap_return(module: Module, edit: WrapReturn) -> Result:
    """Wrap each value that a function itself returns; raises `Unanchored` for another number."""
    values = [c[0] for r in _returns(body(module, edit.function)) if (c := children(r))]
    lines = ", ".join(str(module.line(v)) for v in values) or "none"
    if len(values) != edit.returns:
        raise Unanchored(
            f"`{edit.function}` returns a value {len(values)} times (lines {lines}), "
            f"not {edit.returns}"
        )
    pattern = compile_pattern(edit.template)
    left = [v for v in values if not matches(module, pattern, v)]
    if not left:
        return Present(module.line(values[0]))
    splices = [s for v in left for s in _wrapped(module, v, edit.template)]
    return Applies(tuple(splices), module.line(left[0]))


def _returns(node: Node) -> Iterator[Node]:
    for child in node.named_children:
        if child.type == "return_statement":
            yield child
        elif child.type not in _FUNCTIONS:
            yield from _returns(child)


def _halves(module: Module, template: str) -> tuple[str, str]:
    before, hole, after = in_layout(template, layout_of(module)).partition(_VALUE)
    if not hole:
        raise BadDefinition(f"`with: {template}` does not say where `{_VALUE}` goes")
    return before, after.rstrip(";")


def _wrapped(module: Module, value: Node, template: str) -> tuple[Splice, ...]:
    before, after = _halves(module, template)
    edges = (
        Splice(value.start_byte, value.start_byte, before.encode()),
        Splice(value.end_byte, value.end_byte, after.encode()),
    )
    return (edges[0], *_breaks(module, layout_of(module), value, len(before + after)), edges[1])


def _breaks(module: Module, layout: Layout, value: Node, added: int) -> tuple[Splice, ...]:
    """An object literal on one line is broken up when the wrapped line gets too long."""
    start = line_start(module.source, value.start_byte)
    width = line_end(module.source, value.start_byte) - start + added
    one_line = value.start_point[0] == value.end_point[0]
    commented = any(c.type == "comment" for c in value.children)
    if value.type != "object" or not one_line or width <= _WIDTH or commented:
        return ()
    return (broken_up(module, layout, value, [module.text(c) for c in children(value)]),)
