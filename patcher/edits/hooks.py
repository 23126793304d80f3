"""`add_hook`: call a React hook where the rules of hooks allow it."""

from __future__ import annotations

import re

from patcher.edits.result import Applies, Present, Result
from patcher.layout import below, in_layout, layout_of
from patcher.matching import compile_pattern, matches, missing, nearest, several
from patcher.operations import AddHook
from patcher.scopes import body
from patcher.syntax import Module, Node, children

_HOOK = re.compile(r"\buse[A-Z]\w*\s*[(<]")
_EARLY_EXIT = frozenset({"if_statement", "return_statement", "switch_statement", "for_statement"})


def add_hook(module: Module, edit: AddHook) -> Result:
    """Add the call to the top level of the component; raises `Unanchored` without a place."""
    block = body(module, edit.function)
    call = compile_pattern(edit.statement)
    present = matches(module, call, block)
    if present:
        return Present(module.line(present[0].nodes[0]))
    anchor = _anchor(module, block, edit)
    code = in_layout(edit.statement.strip().rstrip(";") + ";", layout_of(module))
    return Applies((below(module, anchor, code),), module.line(anchor))


def _anchor(module: Module, block: Node, edit: AddHook) -> Node:
    where = f" at the top level of `{edit.function}`"
    if edit.after:
        pattern = compile_pattern(edit.after)
        found = [s for s in children(block) if _calls_itself(module, pattern.text, s)]
        if len(found) == 1:
            return found[0]
        if found:
            raise several(edit.after, where, [module.line(n) for n in found])
        raise missing(edit.after, where, nearest(module, edit.after, block))
    last = None
    for statement in children(block):
        if statement.type in _EARLY_EXIT:
            break
        if _HOOK.search(module.first_line(statement)):
            last = statement
    if last is None:
        raise missing("a hook call", where)
    return last


def _calls_itself(module: Module, call: str, statement: Node) -> bool:
    """Whether a statement makes the call itself, not in a function that it defines."""
    for match in matches(module, compile_pattern(call), statement):
        node = match.nodes[0].parent
        while node is not None and node != statement:
            if node.type in ("arrow_function", "function_expression", "statement_block"):
                break
            node = node.parent
        if node == statement:
            return True
    return False
