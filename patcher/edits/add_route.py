"""`add_route`: one more Express route behind the same middleware as another one."""

from __future__ import annotations

from patcher.code.layout import below, in_layout, layout_of
from patcher.code.patterns import compile_pattern, matches, missing, nearest, several
from patcher.code.splice import Splice, indent_of, splice
from patcher.code.syntax import BLOCKS, Module, Node, children
from patcher.edits.operations import AddRoute, Applies, Present, Result
from patcher.errors import AnchorNotFound


def add_route(module: Module, edit: AddRoute) -> Result:
    """Register below the route that it is like; raises `AnchorNotFound` unless there is one.

    The call is copied and its method, path and handler replaced, so everything between path and
    handler (guards, limiters), and how it is broken into lines, is as in the original.
    """
    existing = _calls(module, edit.route)
    if existing:
        line = module.line(existing[0])
        if _calls(module, edit.route, edit.handler):
            return Present(line)
        raise AnchorNotFound(
            f"line {line} registers `{edit.route}` already, with another handler "
            f"than `{edit.handler}`"
        )
    statement, call = _anchor(module, edit.like)
    code = _copied(module, statement, call, edit)
    return Applies((below(module, statement, code),), module.line(statement))


def _anchor(module: Module, like: str) -> tuple[Node, Node]:
    """The statement that registers the other route, and the call in it."""
    method, _, path = like.partition(" ")
    anchor = f"{method}('{path}', …)"
    found = _calls(module, like)
    if len(found) > 1:
        raise several(anchor, "", [module.line(n) for n in found])
    if not found:
        raise missing(anchor, "", nearest(module, f"router.{method}('{path}', handler);"))
    statement = found[0].parent
    if statement is None or statement.type != "expression_statement" or not _in_block(statement):
        raise missing(anchor, " as a statement of its own")
    return statement, found[0]


def _in_block(statement: Node) -> bool:
    return statement.parent is not None and statement.parent.type in BLOCKS


def _calls(module: Module, route: str, handler: str = "") -> list[Node]:
    """Calls `router.METHOD('PATH', …)` on any router, with at least a handler."""
    method, _, path = route.partition(" ")
    last = handler or "$handler"
    pattern = compile_pattern(f"$router.{method}('{path}', $...guards, {last})")
    return [m.nodes[0] for m in matches(module, pattern)]


def _copied(module: Module, statement: Node, call: Node, edit: AddRoute) -> str:
    method, _, path = edit.route.partition(" ")
    arguments = children(call.child_by_field_name("arguments") or call)
    name = (call.child_by_field_name("function") or call).child_by_field_name("property") or call
    quoted = in_layout(f"'{path}'", layout_of(module))
    start = statement.start_byte
    parts = ((name, method), (arguments[0], quoted), (arguments[-1], edit.handler))
    # Not up to the end of the statement: without a semicolon, a comment behind it is part of it.
    semicolon = b";" * any(c.type == ";" for c in statement.children)
    text = splice(
        module.source[start : call.end_byte] + semicolon,
        (Splice(n.start_byte - start, n.end_byte - start, t.encode()) for n, t in parts),
    )
    # The lines of the copy are indented again where they go.
    indent = indent_of(module.source, start).decode()
    return text.decode().replace("\r\n", "\n").replace(f"\n{indent}", "\n")
