"""Which edits by name say what a change does: for each, the bytes are tried. Pure.

What is new in a file (imports, exports, routes, properties, hook calls) is told as edits that
might write it; an edit is taken when it writes nothing that the changed file lacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from msgspec.structs import fields

from patcher.code.scopes import body, declared_names
from patcher.code.syntax import CODE_FILES, Module, Node, children, parse, problems
from patcher.definition.forms import operation_problem, problem_of
from patcher.diffs.lines import split_lines
from patcher.edits.bindings import bindings
from patcher.edits.operations import AddExport, AddHook, AddImport, AddProperty, AddRoute
from patcher.edits.texts import form_of
from patcher.errors import AnchorNotFound, PatcherError
from patcher.model import Change, Operation
from patcher.plan.edit import edited

_METHODS = frozenset({"all", "delete", "get", "patch", "post", "put", "use"})
_HOOK = re.compile(r"\buse[A-Z]\w*\s*[(<]")
_CALL = re.compile(r"use[A-Z]\w*\([^()]*\)")
_MOST_ANCHORS = 5


def proposed(change: Change) -> tuple[Operation, ...]:
    """Edits that lead from `before` towards `after`, each writing nothing that `after` lacks.

    What they leave over is for a diff. None for a file that is no code, is new, or is gone.
    """
    if change.before is None or change.after is None or not change.path.endswith(CODE_FILES):
        return ()
    if problems(parse(change.before)) or problems(parse(change.after)):
        return ()
    return tuple(_accepted(change.path, change.before, change.after))


def _accepted(path: str, before: bytes, after: bytes) -> Iterator[Operation]:
    left = _distance(before, after)
    for alternatives in candidates(parse(before), parse(after)):
        for operation in alternatives:
            made = _made(before, operation, path)
            if made is None:
                continue
            rest = _distance(made, after)
            if rest == left - _distance(before, made):
                yield operation
                before, left = made, rest
                break


def _made(source: bytes, operation: Operation, path: str) -> bytes | None:
    if not _can_be_said(operation):
        return None
    try:
        return edited(source, operation, path)[0]
    except PatcherError:
        return None


def _can_be_said(operation: Operation) -> bool:
    """Whether a definition may hold it: code that is too deep to be compared is for the diff."""
    texts = (
        (form_of(field.type), text)
        for field in fields(operation)
        for text in _texts(getattr(operation, field.name))
    )
    # An empty text is a key that is left out.
    said = not any(text and problem_of(form, text) for form, text in texts)
    return said and operation_problem(operation) is None


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    return (value,) if isinstance(value, str) else ()


def _distance(one: bytes, other: bytes) -> int:
    """Lines that must be removed and added to come from the one to the other."""
    matcher = SequenceMatcher(None, split_lines(one), split_lines(other), autojunk=False)
    return sum(
        end - start + new_end - new_start
        for kind, start, end, new_start, new_end in matcher.get_opcodes()
        if kind != "equal"
    )


Alternatives = Sequence[Operation]


def candidates(before: Module, after: Module) -> Iterator[Alternatives]:
    """One list of alternatives for each thing that is new."""
    yield from _imports(before, after)
    yield from _exports(before, after)
    yield from _properties(before, after)
    yield from _routes(before, after)
    yield from _hooks(before, after)


def _imports(before: Module, after: Module) -> Iterator[Alternatives]:
    had = {(b.module, b.imported, b.local) for b in bindings(before)}
    new: dict[tuple[str, bool], list[str]] = {}
    for b in bindings(after):
        if b.local and (b.module, b.imported, b.local) not in had:
            imported = "default" if after.is_commonjs and b.imported == "*" else b.imported
            name = b.local if imported == b.local else f"{imported} as {b.local}"
            new.setdefault((b.module, b.is_type), []).append(name)
    for (module, is_type), names in new.items():
        yield [AddImport(tuple(names), module, is_type)]


def _exports(before: Module, after: Module) -> Iterator[Alternatives]:
    had = {before.text(n) for n in _export_statements(before)}
    for node in _export_statements(after):
        if after.text(node) in had:
            continue
        source = node.child_by_field_name("source")
        module = after.text(source)[1:-1] if source else ""
        clause = next((c for c in node.children if c.type == "export_clause"), None)
        names = [after.text(c) for c in children(clause)] if clause else ["*"]
        if module or clause:
            yield [AddExport(tuple(names), module)]


def _export_statements(module: Module) -> list[Node]:
    return [n for n in module.root.named_children if n.type == "export_statement"]


def _routes(before: Module, after: Module) -> Iterator[Alternatives]:
    had = dict(_route_calls(before))
    likes = list(had)[::-1][:_MOST_ANCHORS]
    for route, handler in _route_calls(after):
        if route not in had and route.count(" ") == 1:
            yield [AddRoute(route, like, handler) for like in likes if " /" in like]


def _route_calls(module: Module) -> Iterator[tuple[str, str]]:
    for statement in children(module.root):
        call = children(statement)[0] if statement.type == "expression_statement" else None
        function = call.child_by_field_name("function") if call else None
        if call is None or function is None or function.type != "member_expression":
            continue
        name = function.child_by_field_name("property")
        arguments = children(call.child_by_field_name("arguments") or call)
        if name is None or module.text(name) not in _METHODS or len(arguments) < 2:
            continue
        if arguments[0].type == "string":
            yield (
                f"{module.text(name)} {module.text(arguments[0])[1:-1]}",
                (module.text(arguments[-1])),
            )


def _properties(before: Module, after: Module) -> Iterator[Alternatives]:
    had = {owner: set(members) for owner, members in _objects(before)}
    for owner, members in _objects(after):
        for member in members:
            if owner in had and member not in had[owner]:
                yield [AddProperty(member, owner)]


def _objects(module: Module) -> Iterator[tuple[str, list[str]]]:
    """Owner and members of each object literal that a top-level name is set to."""
    for statement in children(module.root):
        inner = statement.child_by_field_name("declaration") or statement
        for node in children(inner):
            name = node.child_by_field_name("name") or node.child_by_field_name("left")
            value = node.child_by_field_name("value") or node.child_by_field_name("right")
            while value is not None and value.type == "call_expression":
                arguments = children(value.child_by_field_name("arguments") or value)
                value = arguments[0] if len(arguments) == 1 else None
            if name is not None and value is not None and value.type == "object":
                yield module.text(name), [module.text(m) for m in children(value)]


def _hooks(before: Module, after: Module) -> Iterator[Alternatives]:
    for name, _ in declared_names(after, after.root):
        try:
            old, new = body(before, name), body(after, name)
        except AnchorNotFound:
            continue
        had = {before.text(s) for s in children(old)}
        above = ""
        for statement in children(new):
            text = after.text(statement)
            if text not in had and _HOOK.search(text.splitlines()[0]):
                code = _outdented(text)
                anchor = _CALL.search(above)
                with_anchor = [AddHook(code, name, anchor[0])] if anchor else []
                yield [*with_anchor, AddHook(code, name)]
            above = text


def _outdented(text: str) -> str:
    lines = text.replace("\r\n", "\n").split("\n")
    depth = len(lines[-1]) - len(lines[-1].lstrip())
    return "\n".join([lines[0], *(line[depth:] for line in lines[1:])])
