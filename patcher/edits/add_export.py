"""`add_export`: publish names of a module, or all of them."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from patcher.code.layout import below, in_layout, layout_of
from patcher.code.scopes import declared_names
from patcher.code.syntax import Module, Node, children
from patcher.edits.add_property import add_property
from patcher.edits.operations import AddExport, AddProperty, Applies, Present, Result
from patcher.errors import AnchorNotFound


class _Export(Struct, frozen=True):
    """One name that a file exports."""

    module: str
    """Where it comes from; empty for the file itself."""
    local: str
    """Its name there; `*` for all of them."""
    name: str
    node: Node
    is_type: bool


def add_export(module: Module, edit: AddExport) -> Result:
    """Export what is not exported yet; raises `AnchorNotFound` when a name is taken."""
    if module.is_commonjs:
        return _to_module_exports(module, edit)
    known = list(_exports(module))
    wanted = [_split(n) for n in edit.names]
    absent = []
    for local, name in wanted:
        if not any(_covers(e, edit.module, local, name) for e in known):
            _require_free(module, name, known)
            absent.append((local, name))
    if not absent:
        return Present(min(module.line(e.node) for e in known if e.module == edit.module))
    names = [local if local == name else f"{local} as {name}" for local, name in absent]
    what = "*" if names == ["*"] else "{ " + ", ".join(names) + " }"
    source = f" from '{edit.module}'" if edit.module else ""
    code = in_layout(f"export {what}{source};", layout_of(module))
    anchor = _anchor(module)
    return Applies((below(module, anchor, code),), module.line(anchor))


def _to_module_exports(module: Module, edit: AddExport) -> Result:
    if "*" in edit.names or edit.module or len(edit.names) != 1:
        raise AnchorNotFound(
            "a CommonJS file takes one local name at a time: leave out `from`, or add an import too"
        )
    local, name = _split(edit.names[0])
    item = local if local == name else f"{name}: {local}"
    return add_property(module, AddProperty(item, "module.exports"))


def _split(text: str) -> tuple[str, str]:
    local, _, name = text.partition(" as ")
    return local, name or local


def _covers(export: _Export, source: str, local: str, name: str) -> bool:
    if export.module != source or export.is_type:
        return False
    everything = export.name == "*" and "default" not in (local, name) and local == name
    return everything or (export.local, export.name) == (local, name)


def _require_free(module: Module, name: str, known: list[_Export]) -> None:
    taken = [module.line(e.node) for e in known if e.name == name != "*"]
    if taken:
        raise AnchorNotFound(
            f"cannot export `{name}`: line {taken[0]} exports something else by that name"
        )


def _exports(module: Module) -> Iterator[_Export]:
    for node in module.root.named_children:
        if node.type == "export_statement":
            yield from _exported(module, node)


def _exported(module: Module, node: Node) -> Iterator[_Export]:
    from_ = node.child_by_field_name("source")
    source = module.text(from_)[1:-1] if from_ is not None else ""
    is_type = any(module.text(c) == "type" for c in node.children)
    for part in node.children:
        if part.type == "*":
            yield _Export(source, "*", "*", node, is_type)
        elif part.type == "namespace_export":
            yield _Export(source, "*", module.text(children(part)[-1]), node, is_type)
        elif part.type == "default":
            yield _Export(source, "", "default", node, is_type)
        elif part.type == "export_clause":
            for item in children(part):
                names = [module.text(n) for n in children(item)]
                inline = is_type or any(c.type == "type" for c in item.children)
                yield _Export(source, names[0], names[-1], node, inline)
    if node.child_by_field_name("declaration") is not None:
        for name, _ in declared_names(module, node):
            yield _Export(source, name, name, node, is_type)


def _anchor(module: Module) -> Node:
    """The last re-export that stands among the imports, else the last import, else the end."""
    kinds = ("import_statement", "export_statement")
    nodes = [
        n
        for n in module.root.named_children
        if n.type in kinds and n.child_by_field_name("source") is not None
    ]
    return nodes[-1] if nodes else children(module.root)[-1]
