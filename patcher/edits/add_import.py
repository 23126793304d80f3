"""`add_import`: bind names from a module, in the file's own module system."""

from __future__ import annotations

from collections.abc import Iterator

from patcher.code.layout import Layout, above, append_items, below, fits, layout_of
from patcher.code.scopes import declared_names
from patcher.code.splice import Splice
from patcher.code.syntax import Module, Node, children
from patcher.edits.bindings import DECLARATIONS, Binding, bindings, is_all_types
from patcher.edits.operations import AddImport, Applies, Present, Result
from patcher.errors import AnchorNotFound


def add_import(module: Module, edit: AddImport) -> Result:
    """Bind the names that are not bound yet; raises `AnchorNotFound` when a name is taken."""
    if edit.type and module.is_commonjs:
        raise AnchorNotFound("a CommonJS file has no type imports")
    bound = list(bindings(module))
    wanted = [_specifier(s) for s in edit.names]
    same = [b for b in bound if _same_module(b.module, edit.module)]
    usable = [b for b in same if edit.type or not b.is_type]
    absent = [w for w in wanted if not _is_bound(w, usable, module.is_commonjs)]
    if not absent:
        return Present(module.line(same[0].node))
    for imported, local in absent:
        _require_free(module, imported, local, bound)
    holder = next((b for b in same if b.holder and is_all_types(b.node) == edit.type), None)
    named = all(i not in ("default", "*") for i, _ in absent)
    if holder is not None and holder.holder is not None and named:
        return Applies(_extended(module, holder.holder, absent), module.line(holder.node))
    return _new_statement(module, edit, absent, bound)


def _same_module(one: str, other: str) -> bool:
    # LibreChat's routes require '~/server/middleware/' and '~/server/middleware' alike.
    return one.rstrip("/") == other.rstrip("/")


def _specifier(text: str) -> tuple[str, str]:
    imported, _, local = text.partition(" as ")
    return imported, local or imported


def _is_bound(wanted: tuple[str, str], bound: list[Binding], commonjs: bool) -> bool:
    imported = "*" if commonjs and wanted[0] == "default" else wanted[0]
    return any((b.imported, b.local) == (imported, wanted[1]) for b in bound)


def _require_free(module: Module, imported: str, local: str, bound: list[Binding]) -> None:
    refused = f"cannot import `{imported}` as `{local}`: line"
    for taken in bound:
        if taken.local == local:
            what = "a type" if taken.is_type else "something"
            line = module.line(taken.node)
            raise AnchorNotFound(f"{refused} {line} binds that name to {what} of '{taken.module}'")
    if local.encode() not in module.source:
        return
    for name, line in declared_names(module, module.root):
        if name == local:
            raise AnchorNotFound(f"{refused} {line} declares that name")


def _extended(module: Module, holder: Node, absent: list[tuple[str, str]]) -> tuple[Splice, ...]:
    alias = ": " if holder.type == "object_pattern" else " as "
    items = [_written(w, alias) for w in absent]
    return tuple(append_items(module, layout_of(module), holder, items))


def _written(wanted: tuple[str, str], alias: str) -> str:
    imported, local = wanted
    return local if imported == local else f"{imported}{alias}{local}"


def _new_statement(
    module: Module, edit: AddImport, absent: list[tuple[str, str]], bound: list[Binding]
) -> Result:
    layout = layout_of(module)
    code = "\n".join(_statements(module.is_commonjs, edit, absent, layout))
    anchor = _last_import(module, bound) or _prologue(module)
    if anchor is not None:
        return Applies((below(module, anchor, code, _gap(anchor)),), module.line(anchor))
    first = next(iter(children(module.root)), None)
    if first is None:
        raise AnchorNotFound("the file holds no code")
    return Applies((above(module, first, code),), module.line(first))


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


def _prologue(module: Module) -> Node | None:
    """The last of the `#!` line and the directives such as 'use strict' that begin a file."""
    last = None
    for node in children(module.root):
        directive = node.type == "expression_statement" and children(node)[0].type == "string"
        if node.type != "hash_bang_line" and not directive:
            break
        last = node
    return last


def _gap(anchor: Node) -> int:
    """Blank lines between an anchor and a new import below it."""
    return 0 if anchor.type in {"import_statement", *DECLARATIONS} else 1
