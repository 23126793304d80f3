"""Names that the imports and requires of a file bind."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from patcher.code.syntax import Module, Node, children

DECLARATIONS = frozenset({"lexical_declaration", "variable_declaration"})


class Binding(Struct, frozen=True):
    """One name that a file binds: `imported` of `module`, called `local`."""

    module: str
    imported: str
    """Name in the module, `default` or `*`; `*` also for a whole `require`."""
    local: str
    node: Node
    """The statement."""
    holder: Node | None
    """The braces that the name stands in, when it stands in some."""
    is_type: bool = False


def bindings(module: Module) -> Iterator[Binding]:
    """Every name that top-level imports and requires of a file bind."""
    for node in module.root.named_children:
        if node.type == "import_statement":
            yield from _imported(module, node)
        elif node.type in DECLARATIONS:
            for declarator in children(node):
                yield from _required(module, node, declarator)


def _imported(module: Module, node: Node) -> Iterator[Binding]:
    source = _string(module, node.child_by_field_name("source"))
    is_type = is_all_types(node)
    clause = next((c for c in node.children if c.type == "import_clause"), None)
    for part in children(clause) if clause else ():
        if part.type == "identifier":
            yield Binding(source, "default", module.text(part), node, None, is_type)
        elif part.type == "namespace_import":
            yield Binding(source, "*", module.text(children(part)[0]), node, None, is_type)
        elif part.type == "named_imports":
            if not children(part):
                yield Binding(source, "", "", node, part, is_type)
            for name in children(part):
                names = [module.text(n) for n in children(name)]
                inline = is_type or any(c.type == "type" for c in name.children)
                yield Binding(source, names[0], names[-1], node, part, inline)


def is_all_types(node: Node) -> bool:
    """Whether a statement is `import type`."""
    return any(c.type == "type" for c in node.children)


def _required(module: Module, node: Node, declarator: Node) -> Iterator[Binding]:
    name = declarator.child_by_field_name("name")
    value = declarator.child_by_field_name("value")
    member = value.child_by_field_name("property") if value is not None else None
    if member is not None and value is not None:
        value = value.child_by_field_name("object")
    source = _module_of(module, value)
    if source is None or name is None:
        return
    if name.type == "identifier":
        imported = "*" if member is None else module.text(member)
        yield Binding(source, imported, module.text(name), node, None)
    for part in children(name) if name.type == "object_pattern" else ():
        if part.type == "shorthand_property_identifier_pattern":
            yield Binding(source, module.text(part), module.text(part), node, name)
        elif part.type == "pair_pattern":
            names = [module.text(n) for n in children(part)]
            yield Binding(source, names[0], names[-1], node, name)


def _module_of(module: Module, value: Node | None) -> str | None:
    """The module of a `require('…')` call, or None for anything else."""
    if value is None or value.type != "call_expression":
        return None
    function = value.child_by_field_name("function")
    arguments = children(value.child_by_field_name("arguments") or value)
    if function is None or module.text(function) != "require" or len(arguments) != 1:
        return None
    return _string(module, arguments[0]) if arguments[0].type == "string" else None


def _string(module: Module, node: Node | None) -> str:
    return module.text(node)[1:-1] if node is not None else ""
