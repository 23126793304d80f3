"""Names to places: the function, variable, property or export that a definition speaks of."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from msgspec import Struct

from patcher.code.patterns import found_near, missing, nearest, several
from patcher.code.splice import occurrences
from patcher.code.syntax import FUNCTIONS, Module, Node, children, statements_below, unwrapped


class Declaration(Struct, frozen=True):
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

    Raises `AnchorNotFound` when there is none, or more than one. With `members`, a property of an
    object literal counts where nothing else has the name: `{ key }` may be but a use of it.
    """
    scope = declaration(module, inside).scope if inside else module.root
    where = f" in `{inside}`" if inside else ""
    found = list(_named(module, name, scope, False))
    if members and not found:
        found = list(_named(module, name, scope, True))
    if not inside:
        found = [d for d in found if _is_top_level(d.node)]
    if len(found) > 1:
        raise several(name, where, [module.line(d.node) for d in found])
    if not found:
        raise missing(name, where, _nearest(module, name, scope))
    return found[0]


def _nearest(module: Module, name: str, scope: Node) -> str:
    """The declaration of the name that is most like `name`, else the nearest statement."""
    named: dict[str, Node] = {}
    for statement in statements_below(scope):
        for declared, _ in _declared_by_statement(module, statement):
            named.setdefault(declared, statement)
    close = difflib.get_close_matches(name, named, 1, 0.6)
    if not close:
        return nearest(module, name, scope)
    return found_near(module, named[close[0]])


def named_scope(module: Module, name: str) -> tuple[Node | None, str]:
    """What to search for `inside: name`, and how to say so; everything without a name."""
    return (declaration(module, name).scope, f" in `{name}`") if name else (None, "")


def body(module: Module, function: str) -> Node:
    """The block of the top-level function or component `function`; raises `AnchorNotFound`."""
    found = declaration(module, function)
    node = unwrapped(found.scope)
    # A component may be wrapped: `const Root = memo(() => { … })`.
    while node.type == "call_expression":
        arguments = children(node.child_by_field_name("arguments") or node)
        inner = [n for n in arguments if n.type in FUNCTIONS or n.type == "call_expression"]
        if len(inner) != 1:
            break
        node = inner[0]
    block = node.child_by_field_name("body") if node.type in FUNCTIONS else None
    if block is None or block.type != "statement_block":
        raise missing(f"{function}() {{ … }}", f": `{function}` has no function body with braces")
    return block


def _named(module: Module, name: str, scope: Node, members: bool) -> Iterator[Declaration]:
    word = name.encode()
    for at in occurrences(module.source, word, scope.start_byte, scope.end_byte):
        node = scope.descendant_for_byte_range(at, at + len(word))
        found = _declared_by(name, node, members) if node is not None else None
        if found is not None:
            yield found


def _declared_by(name: str, node: Node, members: bool) -> Declaration | None:
    """The declaration whose name `node` is, if it is the name of one."""
    parent = node.parent or node
    if members and node.type == "shorthand_property_identifier":
        return Declaration(name, node, None)
    if parent.type == "assignment_expression" and parent.child_by_field_name("left") == node:
        return Declaration(name, parent, parent.child_by_field_name("right"))
    if parent.type == "pair" and members and parent.child_by_field_name("key") == node:
        return Declaration(name, parent, parent.child_by_field_name("value"))
    if parent.child_by_field_name("name") != node:
        return None
    if parent.type == "variable_declarator":
        return Declaration(name, parent, parent.child_by_field_name("value"))
    if parent.type in FUNCTIONS or parent.type == "class_declaration":
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


def declared_names(module: Module, block: Node) -> Iterator[tuple[str, int]]:
    """Names that the statements of a block declare (imports too), with their 1-based lines."""
    for statement in children(block):
        yield from _declared_by_statement(module, statement)


def _declared_by_statement(module: Module, statement: Node) -> Iterator[tuple[str, int]]:
    inner = statement.child_by_field_name("declaration") or statement
    for node in (inner, *children(inner)):
        if node.type == "import_clause":
            yield from _bound_names(module, node)
        elif (name := node.child_by_field_name("name")) is not None:
            yield from _bound_names(module, name)


def parameter_names(module: Module, block: Node) -> Iterator[tuple[str, int]]:
    """Names that the parameters of the function with this body declare."""
    function = block.parent
    if function is None or function.type not in FUNCTIONS:
        return
    for field in ("parameters", "parameter"):
        node = function.child_by_field_name(field)
        if node is not None:
            yield from _bound_names(module, node)


_NAMES = frozenset({"identifier", "type_identifier", "shorthand_property_identifier_pattern"})
_PARTS = {
    "pair_pattern": "value",
    "assignment_pattern": "left",
    "object_assignment_pattern": "left",
    "required_parameter": "pattern",
    "optional_parameter": "pattern",
}
"""Of these, only one field binds names: keys, defaults and types do not."""


def _bound_names(module: Module, pattern: Node) -> Iterator[tuple[str, int]]:
    """The names that a pattern, a parameter list or an import clause binds."""
    stack = [pattern]
    while stack:
        node = stack.pop()
        if node.type in _NAMES:
            yield module.text(node), module.line(node)
        elif node.type == "import_specifier":
            stack.append(children(node)[-1])
        elif node.type in _PARTS:
            part = node.child_by_field_name(_PARTS[node.type])
            stack += [part] if part is not None else []
        else:
            stack.extend(reversed(children(node)))
