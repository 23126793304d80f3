"""`add_property`: put a name into an object literal."""

from __future__ import annotations

from patcher.edits.result import Applies, Present, Result
from patcher.layout import append_item, in_layout, layout_of
from patcher.matching import missing
from patcher.operations import AddProperty
from patcher.scopes import declaration
from patcher.syntax import Module, Node, children, unwrapped


def add_property(module: Module, edit: AddProperty) -> Result:
    """Add at the end of the literal; raises `Unanchored` when `to` is not set to one."""
    holder = _object(module, edit.to)
    name = edit.property.partition(":")[0].strip()
    for member in children(holder):
        if _name(module, member) == name:
            return Present(module.line(member))
    layout = layout_of(module)
    item = in_layout(f"({{{edit.property}}})", layout)[2:].rstrip(";").removesuffix("})")
    return Applies(tuple(append_item(module, layout, holder, item)), module.line(holder))


def _object(module: Module, owner: str) -> Node:
    """The literal that `owner` is set to, or that is passed to the call it is set to."""
    found = declaration(module, owner, members=False)
    value = unwrapped(found.scope)
    while value.type == "call_expression":
        arguments = children(value.child_by_field_name("arguments") or value)
        if len(arguments) != 1:
            break
        value = unwrapped(arguments[0])
    if value.type != "object":
        raise missing(f"{owner} = {{ … }}", f": line {module.line(found.node)} sets something else")
    return value


def _name(module: Module, member: Node) -> str:
    key = member.child_by_field_name("key") or member.child_by_field_name("name") or member
    return module.text(key).strip("'\"")
