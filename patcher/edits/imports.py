"""`add_import`: bind names from a module, in the file's own module system."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from patcher.edits.result import Applies, Present, Result
from patcher.errors import Unanchored
from patcher.layout import Layout, append_item, below, fits, insertion, layout_of
from patcher.operations import AddImport
from patcher.splice import Splice, line_start, newline_near
from patcher.syntax import Module, Node, children


@dataclass(frozen=True)
class Binding:
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


def add_import(module: Module, edit: AddImport) -> Result:
    """Bind the names that are not bound yet; raises `Unanchored` when a name is taken."""
    bound = list(bindings(module))
    wanted = [_specifier(s) for s in edit.names]
    same = [b for b in bound if _same_module(b.module, edit.module)]
    absent = [w for w in wanted if not _is_bound(w, same, module.is_commonjs)]
    if not absent:
        return Present(module.line(same[0].node))
    for imported, local in absent:
        _require_free(module, local, [b for b in bound if b.local == local], imported)
    holder = next((b for b in same if b.holder and b.is_type == edit.type), None)
    named = all(i not in ("default", "*") for i, _ in absent)
    if holder is not None and holder.holder is not None and named:
        return Applies(_extended(module, holder.holder, absent), module.line(holder.node))
    return _new_statement(module, edit, absent, bound)


def bindings(module: Module) -> Iterator[Binding]:
    """Every name that top-level imports and requires of a file bind."""
    for node in module.root.named_children:
        if node.type == "import_statement":
            yield from _imported(module, node)
        elif node.type in ("lexical_declaration", "variable_declaration"):
            for declarator in children(node):
                yield from _required(module, node, declarator)


def _imported(module: Module, node: Node) -> Iterator[Binding]:
    source = _string(module, node.child_by_field_name("source"))
    is_type = any(c.type == "type" for c in node.children)
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
                yield Binding(source, names[0], names[-1], node, part, is_type)


def _required(module: Module, node: Node, declarator: Node) -> Iterator[Binding]:
    name = declarator.child_by_field_name("name")
    source = _required_module(module, declarator.child_by_field_name("value"))
    if source is None or name is None:
        return
    if name.type == "identifier":
        yield Binding(source, "*", module.text(name), node, None)
    for part in children(name) if name.type == "object_pattern" else ():
        if part.type == "shorthand_property_identifier_pattern":
            yield Binding(source, module.text(part), module.text(part), node, name)
        elif part.type == "pair_pattern":
            names = [module.text(n) for n in children(part)]
            yield Binding(source, names[0], names[-1], node, name)


def _required_module(module: Module, value: Node | None) -> str | None:
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


def _same_module(one: str, other: str) -> bool:
    # LibreChat's routes require '~/server/middleware/' and '~/server/middleware' alike.
    return one.rstrip("/") == other.rstrip("/")


def _specifier(text: str) -> tuple[str, str]:
    imported, _, local = text.partition(" as ")
    return imported, local or imported


def _is_bound(wanted: tuple[str, str], bound: list[Binding], commonjs: bool) -> bool:
    imported = "*" if commonjs and wanted[0] == "default" else wanted[0]
    return any((b.imported, b.local) == (imported, wanted[1]) for b in bound)


def _require_free(module: Module, local: str, taken: list[Binding], imported: str) -> None:
    if taken:
        line = module.line(taken[0].node)
        raise Unanchored(
            f"cannot import `{imported}` as `{local}`: line {line} binds that name "
            f"to something of '{taken[0].module}'"
        )


def _extended(module: Module, holder: Node, absent: list[tuple[str, str]]) -> tuple[Splice, ...]:
    layout = layout_of(module)
    alias = ": " if holder.type == "object_pattern" else " as "
    item = ", ".join(_written(w, alias) for w in absent)
    return tuple(append_item(module, layout, holder, item))


def _written(wanted: tuple[str, str], alias: str) -> str:
    imported, local = wanted
    return local if imported == local else f"{imported}{alias}{local}"


def _new_statement(
    module: Module, edit: AddImport, absent: list[tuple[str, str]], bound: list[Binding]
) -> Result:
    layout = layout_of(module)
    code = "\n".join(_statements(module.is_commonjs, edit, absent, layout))
    last = _last_import(module, bound)
    if last is not None:
        return Applies((below(module, last, code),), module.line(last))
    start = _after_prologue(module)
    newline = newline_near(module.source, start).decode()
    added = insertion(module, start, code, b"").text + newline.encode()
    return Applies((Splice(start, start, added),), module.line_at(start))


def _statements(
    commonjs: bool, edit: AddImport, absent: list[tuple[str, str]], layout: Layout
) -> Iterator[str]:
    quoted = f"{layout.quote}{edit.module}{layout.quote}"
    end = ";" if layout.semicolons else ""
    named = [w for w in absent if w[0] not in ("default", "*")]
    for imported, local in (w for w in absent if w not in named):
        whole = local if imported == "default" else f"* as {local}"
        if commonjs:
            yield f"const {local} = require({quoted}){end}"
        else:
            yield f"import {'type ' if edit.type else ''}{whole} from {quoted}{end}"
    if named:
        names = [_written(w, ": " if commonjs else " as ") for w in named]
        head = "const" if commonjs else "import type" if edit.type else "import"
        tail = f"= require({quoted}){end}" if commonjs else f"from {quoted}{end}"
        yield _braced(head, names, tail, layout)


def _braced(head: str, names: list[str], tail: str, layout: Layout) -> str:
    line = f"{head} {{ {', '.join(names)} }} {tail}"
    if fits(line):
        return line
    comma = "," if layout.trailing_commas else ""
    return f"{head} {{\n{layout.indent}" + f",\n{layout.indent}".join(names) + f"{comma}\n}} {tail}"


def _last_import(module: Module, bound: list[Binding]) -> Node | None:
    """The last statement of the block of imports that begins the file."""
    nodes = [n for n in module.root.named_children if n.type == "import_statement"]
    if not nodes:
        nodes = [b.node for b in bound]
    return max(nodes, key=lambda n: n.start_byte, default=None)


def _after_prologue(module: Module) -> int:
    """Where a first import goes: below a `#!` line and directives such as 'use strict'."""
    position = 0
    for node in module.root.children:
        directive = node.type == "expression_statement" and children(node)[0].type == "string"
        if node.type != "hash_bang_line" and not directive:
            return line_start(module.source, node.start_byte)
        position = node.end_byte
    return position
