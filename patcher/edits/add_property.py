"""`add_property`: put a name into an object literal."""

from __future__ import annotations

from patcher.code.layout import append_items, in_layout, layout_of
from patcher.code.patterns import compile_pattern, matches, missing
from patcher.code.scopes import declaration
from patcher.code.syntax import Module, Node, children, unwrapped
from patcher.edits.operations import AddProperty, Applies, Present, Result
from patcher.errors import AnchorNotFound


def add_property(module: Module, edit: AddProperty) -> Result:
    """Add at the end of the literal; raises `AnchorNotFound` when `to` is not set to one."""
    holder = _object(module, edit.to)
    name, _, value = (part.strip() for part in edit.property.partition(":"))
    for member in children(holder):
        if _name(module, member) == name:
            line = module.line(member)
            if _is_set_to(module, member, name, value or name):
                return Present(line)
            raise AnchorNotFound(f"line {line} sets `{name}` already, to something else")
    layout = layout_of(module)
    item = in_layout(f"({{{edit.property}}})", layout)[2:].rstrip(";").removesuffix("})")
    return Applies(tuple(append_items(module, layout, holder, [item])), module.line(holder))


def _object(module: Module, owner: str) -> Node:
    """The literal that `owner` is set to, or that is passed to the call it is set to."""
    found = declaration(module, owner)
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


def _is_set_to(module: Module, member: Node, name: str, value: str) -> bool:
    if member.type == "shorthand_property_identifier":
        return value == name
    set_to = member.child_by_field_name("value")
    found = matches(module, compile_pattern(f"({value})"), set_to) if set_to is not None else []
    return any(m.nodes[0] == unwrapped(set_to) for m in found if set_to is not None)
