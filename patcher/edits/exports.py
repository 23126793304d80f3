"""`add_export`: publish names of a module, or all of them."""

from __future__ import annotations

from patcher.edits.properties import add_property
from patcher.edits.result import Applies, Present, Result
from patcher.errors import Unanchored
from patcher.layout import below, in_layout, layout_of
from patcher.operations import AddExport, AddProperty
from patcher.syntax import Module, Node, children


def add_export(module: Module, edit: AddExport) -> Result:
    """Export below the last export of its kind; raises `Unanchored` in a file without a place."""
    if module.is_commonjs:
        return _to_module_exports(module, edit)
    wanted = "*" if "*" in edit.names else "{ " + ", ".join(edit.names) + " }"
    source = f" from '{edit.module}'" if edit.module else ""
    for node in _exports(module):
        if _exported(module, node, edit.module) >= set(edit.names):
            return Present(module.line(node))
    anchor = _anchor(module)
    code = in_layout(f"export {wanted}{source};", layout_of(module))
    return Applies((below(module, anchor, code),), module.line(anchor))


def _to_module_exports(module: Module, edit: AddExport) -> Result:
    if "*" in edit.names or edit.module or len(edit.names) != 1:
        raise Unanchored(
            "a CommonJS file takes one local name at a time: leave out `from`, or add an import too"
        )
    return add_property(module, AddProperty(edit.names[0], "module.exports"))


def _exports(module: Module) -> list[Node]:
    return [n for n in module.root.named_children if n.type == "export_statement"]


def _exported(module: Module, node: Node, source: str) -> set[str]:
    """The names that an export statement re-exports from `source`, or exports by name."""
    from_ = node.child_by_field_name("source")
    if (module.text(from_)[1:-1] if from_ else "") != source:
        return set()
    clause = next((c for c in node.children if c.type == "export_clause"), None)
    if clause is not None:
        return {module.text(c) for c in children(clause)}
    return {"*"} if any(c.type == "*" for c in node.children) else set()


def _anchor(module: Module) -> Node:
    """The last re-export that stands among the imports, else the last import, else the end."""
    kinds = ("import_statement", "export_statement")
    nodes = [
        n
        for n in module.root.named_children
        if n.type in kinds and n.child_by_field_name("source") is not None
    ]
    if nodes:
        return nodes[-1]
    rest = children(module.root)
    if not rest:
        raise Unanchored("the file is empty: there is no code to put an export below")
    return rest[-1]
