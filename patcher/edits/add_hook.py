"""`add_hook`: call a React hook where the rules of hooks allow it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patcher.code.layout import below, in_layout, layout_of
from patcher.code.patterns import Pattern, compile_pattern, matches, missing, nearest, several
from patcher.code.scopes import body, declared_names, parameter_names
from patcher.code.syntax import FUNCTIONS, Module, Node, children, own_nodes
from patcher.edits.operations import AddHook, Applies, Present, Result
from patcher.errors import AnchorNotFound

_HOOK = re.compile(r"(\w+\.)*use[A-Z]\w*")
_EFFECT = re.compile(r"\w*Effect")
_STATEMENTS = frozenset({"expression_statement", "lexical_declaration", "variable_declaration"})
_EXITS = frozenset({"return_statement", "throw_statement"})
_CHOICES = {"binary_expression": "left", "ternary_expression": "condition"}
"""Of these, only one side is always evaluated."""


def add_hook(module: Module, edit: AddHook) -> Result:
    """Add the call to the top level of the component; raises `AnchorNotFound` without a place."""
    block = body(module, edit.function)
    call = compile_pattern(edit.statement)
    for statement in children(block):
        if _runs(module, call, statement):
            return Present(module.line(statement))
    _require_new(module, call, block)
    anchor = _anchor(module, block, edit)
    code = in_layout(edit.statement.strip().rstrip(";") + ";", layout_of(module))
    return Applies((below(module, anchor, code),), module.line(anchor))


def _require_new(module: Module, call: Pattern, block: Node) -> None:
    """Refuse to declare a name twice, or to call a hook a second time with other arguments."""
    known = {**dict(parameter_names(module, block)), **dict(declared_names(module, block))}
    for name, _ in declared_names(call.module, call.module.root):
        if name in known:
            raise AnchorNotFound(f"line {known[name]} declares `{name}` already, in another way")
    callee = _callee(call.module, call.nodes[0])
    # Effects are called any number of times, each for something else.
    if callee and not _EFFECT.fullmatch(callee):
        for statement in children(block):
            inner = children(statement)
            if statement.type == "expression_statement" and _callee(module, inner[0]) == callee:
                line = module.line(statement)
                raise AnchorNotFound(f"line {line} calls `{callee}` already, in another way")


def _callee(module: Module, call: Node) -> str:
    function = call.child_by_field_name("function") if call.type == "call_expression" else None
    return module.text(function) if function is not None else ""


def _anchor(module: Module, block: Node, edit: AddHook) -> Node:
    where = f" at the top level of `{edit.function}`"
    statements = children(block)
    exits = [s for s in statements if _may_leave(s)]
    if not edit.after:
        hooks = [s for s in _before(statements, exits[:1]) if _calls_a_hook(module, s)]
        if not hooks:
            raise missing("a hook call", where)
        return hooks[-1]
    pattern = compile_pattern(edit.after)
    found = [s for s in statements if _runs(module, pattern, s)]
    if not found:
        raise missing(edit.after, where, nearest(module, edit.after, block))
    if len(found) > 1:
        raise several(edit.after, where, [module.line(n) for n in found])
    if exits and exits[0].start_byte < found[0].start_byte:
        raise AnchorNotFound(
            f"`{edit.function}` may return on line {module.line(exits[0])}, before `{edit.after}` "
            f"on line {module.line(found[0])}: a hook must not stand there"
        )
    return found[0]


def _may_leave(statement: Node) -> bool:
    if statement.type in FUNCTIONS:
        return False
    return any(n.type in _EXITS for n in (statement, *own_nodes(statement)))


def _before(statements: list[Node], ends: list[Node]) -> Iterator[Node]:
    for statement in statements:
        if statement in ends:
            return
        yield statement


def _calls_a_hook(module: Module, statement: Node) -> bool:
    nodes = own_nodes(statement) if statement.type in _STATEMENTS else ()
    return any(_HOOK.fullmatch(_callee(module, n)) for n in nodes)


def _runs(module: Module, pattern: Pattern, statement: Node) -> bool:
    """Whether a statement always evaluates the code itself, in no function and no branch."""
    if statement.type not in _STATEMENTS:
        return False
    return any(_is_always_run(m.nodes[0], statement) for m in matches(module, pattern, statement))


def _is_always_run(node: Node, statement: Node) -> bool:
    while node != statement and node.parent is not None:
        parent = node.parent
        side = _CHOICES.get(parent.type)
        skipped = side is not None and parent.child_by_field_name(side) != node
        if skipped or parent.type in FUNCTIONS:
            return False
        node = parent
    return True
