"""Names to places: the function, variable, property or export that a definition speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from patcher.matching import missing, nearest, several
from patcher.syntax import Module, Node, children, unwrapped

_FUNCTIONS = frozenset(
    {
        "function_declaration",
        "generator_function_declaration",
        "function_expression",
        "arrow_function",
        "method_definition",
    }
)


@dataclass(frozen=True)
class Declaration:
    """Something that has a name: the whole of it, and what it is set to."""

    name: str
    node: Node
    """The declarator, function, property or assignment."""
    value: Node | None
    """The initialiser; None for a function declaration and for a shorthand property."""

    @property
    def scope(self) -> Node:
        """Where to look for code that stands inside."""
        return self.value or self.node


def declaration(module: Module, name: str, inside: str = "", members: bool = False) -> Declaration:
    """The one thing called `name` (`Root`, `module.exports`), at top level or in `inside`.

    Raises `Unanchored` when there is none, or more than one. With `members`, properties of
    object literals count too.
    """
    scope = declaration(module, inside).scope if inside else module.root
    where = f" in `{inside}`" if inside else ""
    found = list(_named(module, name, scope, members))
    if not inside:
        found = [d for d in found if _is_top_level(d.node)]
    if len(found) > 1:
        raise several(name, where, [module.line(d.node) for d in found])
    if not found:
        raise missing(name, where, nearest(module, name, scope))
    return found[0]


def body(module: Module, function: str) -> Node:
    """The block of the top-level function or component `function`; raises `Unanchored`."""
    found = declaration(module, function)
    node = unwrapped(found.scope)
    # A component may be wrapped: `const Root = memo(() => { … })`.
    while node.type == "call_expression":
        arguments = children(node.child_by_field_name("arguments") or node)
        inner = [n for n in arguments if n.type in _FUNCTIONS or n.type == "call_expression"]
        if len(inner) != 1:
            break
        node = inner[0]
    block = node.child_by_field_name("body") if node.type in _FUNCTIONS else None
    if block is None or block.type != "statement_block":
        raise missing(f"{function}() {{ … }}", f": `{function}` has no function body with braces")
    return block


def _named(module: Module, name: str, scope: Node, members: bool) -> Iterator[Declaration]:
    word = re.escape(name.encode())
    for hit in re.finditer(rb"(?<![\w$.])" + word + rb"(?![\w$])", module.source):
        if scope.start_byte <= hit.start() < scope.end_byte:
            node = scope.descendant_for_byte_range(hit.start(), hit.end())
            found = _declared_by(name, node, members) if node is not None else None
            if found is not None:
                yield found


def _declared_by(name: str, node: Node, members: bool) -> Declaration | None:
    """The declaration whose name `node` is, if it is the name of one."""
    parent = node.parent
    if members and node.type == "shorthand_property_identifier":
        return Declaration(name, node, None)
    if parent is None:
        return None
    if parent.type == "assignment_expression" and parent.child_by_field_name("left") == node:
        return Declaration(name, parent, parent.child_by_field_name("right"))
    if parent.type == "pair" and members and parent.child_by_field_name("key") == node:
        return Declaration(name, parent, parent.child_by_field_name("value"))
    if parent.child_by_field_name("name") != node:
        return None
    if parent.type == "variable_declarator":
        return Declaration(name, parent, parent.child_by_field_name("value"))
    if parent.type in _FUNCTIONS or parent.type == "class_declaration":
        return Declaration(name, parent, None)
    return None


def _is_top_level(node: Node) -> bool:
    parent = node.parent
    while parent is not None and parent.type in (
        "variable_declaration",
        "lexical_declaration",
        "expression_statement",
        "export_statement",
    ):
        parent = parent.parent
    return parent is None or parent.type == "program"


def top_level_names(module: Module) -> Iterator[tuple[str, int]]:
    """Names that a file's top-level statements declare, with their 1-based lines."""
    for statement in children(module.root):
        inner = statement.child_by_field_name("declaration") or statement
        for node in (inner, *children(inner)):
            name = node.child_by_field_name("name")
            if name is not None and name.type in ("identifier", "type_identifier"):
                yield module.text(name), module.line(node)
