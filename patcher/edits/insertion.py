"""What `insert_before` and `insert_after` have in common: statements beside others."""

from __future__ import annotations

from collections.abc import Callable

from patcher.code.layout import below, blank_lines_above, in_layout, layout_of
from patcher.code.patterns import Pattern, compile_pattern, matches, the_one
from patcher.code.scopes import declared_names, named_scope, parameter_names
from patcher.code.splice import Splice
from patcher.code.syntax import Module, Node, children, enclosing_statement, unwrapped
from patcher.edits.operations import Applies, InsertAfter, InsertBefore, Present, Result
from patcher.errors import AnchorNotFound

Put = Callable[[Module, Node, str, int], Splice]

_SET_OFF = frozenset({"export_statement", "function_declaration", "class_declaration"})
_LEAVES = frozenset(
    {"return_statement", "throw_statement", "break_statement", "continue_statement"}
)


def inserted(module: Module, edit: InsertBefore | InsertAfter, put: Put, end: int) -> Result:
    """Put code beside the statement that `find` matches or stands in.

    `end` is which of several statements that match: 0 for the first, -1 for the last.
    """
    scope, where = named_scope(module, edit.inside)
    code, find = compile_pattern(edit.code), compile_pattern(edit.find)
    present = [m for m in matches(module, code, scope) if _is_statement(m.nodes[0])]
    found = matches(module, find, scope)
    if present and len(found) != 1:
        return Present(module.line(present[0].nodes[0]))
    match = the_one(module, find, found, scope, where)
    anchor = enclosing_statement(match.nodes[end])
    beside = [m for m in present if enclosing_statement(m.nodes[0]).parent == anchor.parent]
    if beside:
        return Present(module.line(beside[0].nodes[0]))
    _require_undeclared(module, code, anchor)
    if put is below and anchor.type in _LEAVES:
        line = module.line(anchor)
        raise AnchorNotFound(f"nothing below line {line} is reached: it leaves the block")
    text = in_layout(edit.code, layout_of(module))
    splice = put(module, anchor, text, _blank_lines(module, anchor, code))
    return Applies((splice,), module.line(match.nodes[0]))


def _is_statement(node: Node) -> bool:
    """Whether a node is a whole statement, not a part of one."""
    statement = enclosing_statement(node)
    if statement.type == "expression_statement":
        return node == statement or node == unwrapped(children(statement)[0])
    return node == statement


def _require_undeclared(module: Module, code: Pattern, anchor: Node) -> None:
    """Refuse to declare a name a second time: somebody has one of their own."""
    block = anchor.parent or module.root
    declared = (name for name, _ in declared_names(code.module, code.module.root))
    suspects = [name for name in declared if name.encode() in module.source]
    if not suspects:
        return
    taken = {**dict(parameter_names(module, block)), **dict(declared_names(module, block))}
    for name in suspects:
        if name in taken:
            raise AnchorNotFound(f"line {taken[name]} declares `{name}` already, in another way")


def _blank_lines(module: Module, anchor: Node, code: Pattern) -> int:
    """Declarations are set off from each other as the neighbours are."""
    added = children(code.module.root)
    if anchor.type in _SET_OFF and added and added[0].type in _SET_OFF:
        return blank_lines_above(module, anchor)
    return 0
