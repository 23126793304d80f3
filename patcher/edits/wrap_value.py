"""`wrap_value`: put a call around what a name is set to."""

from __future__ import annotations

from patcher.code.patterns import compile_pattern
from patcher.code.scopes import declaration
from patcher.code.syntax import Module
from patcher.edits.operations import Applies, Present, Result, WrapValue
from patcher.edits.wrapper import around, halves, is_wrapped, wrapped
from patcher.errors import AnchorNotFound


def wrap_value(module: Module, edit: WrapValue) -> Result:
    """Wrap what the one thing called `name` is set to; raises `AnchorNotFound` without one."""
    found = declaration(module, edit.name, edit.inside, members=bool(edit.inside))
    line = module.line(found.node)
    if found.value is None:
        if found.node.type != "shorthand_property_identifier":
            raise AnchorNotFound(f"`{edit.name}` on line {line} has no value to wrap")
        before, after = halves(module, edit.template, found.node)
        name = f"{edit.name}: ".encode()
        return Applies(around(found.node, name + before, after), line)
    if is_wrapped(module, compile_pattern(edit.template), found.value):
        return Present(line)
    return Applies(wrapped(module, found.value, edit.template), line)
