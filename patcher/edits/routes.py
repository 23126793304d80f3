"""`add_route`: one more Express route behind the same middleware as another one."""

from __future__ import annotations

from patcher.edits.result import Applies, Present, Result
from patcher.layout import below, in_layout, layout_of
from patcher.matching import compile_pattern, matches, missing, nearest, several
from patcher.operations import AddRoute
from patcher.splice import Splice, splice
from patcher.syntax import Module, Node, children


def add_route(module: Module, edit: AddRoute) -> Result:
    """Register below the route that it is like; raises `Unanchored` when that is not there once.

    The call is copied and its method, path and handler replaced, so everything between path and
    handler (guards, limiters), and how it is broken into lines, is as in the original.
    """
    existing = _calls(module, edit.route)
    if existing:
        return Present(module.line(existing[0]))
    method, _, path = edit.like.partition(" ")
    anchor = f"{method}('{path}', …)"
    found = _calls(module, edit.like)
    if len(found) > 1:
        raise several(anchor, "", [module.line(n) for n in found])
    if not found:
        raise missing(anchor, "", nearest(module, f"router.{method}('{path}', "))
    statement = found[0].parent
    if statement is None or statement.type != "expression_statement":
        raise missing(anchor, " as a statement of its own")
    code = _copied(module, statement, found[0], edit)
    return Applies((below(module, statement, code),), module.line(statement))


def _calls(module: Module, route: str) -> list[Node]:
    """Calls `router.METHOD('PATH', …)` on any router."""
    method, _, path = route.partition(" ")
    pattern = compile_pattern(f"$router.{method}('{path}', $...handlers)")
    return [m.nodes[0] for m in matches(module, pattern)]


def _copied(module: Module, statement: Node, call: Node, edit: AddRoute) -> str:
    method, _, path = edit.route.partition(" ")
    function = call.child_by_field_name("function")
    name = function.child_by_field_name("property") if function else None
    arguments = children(call.child_by_field_name("arguments") or call)
    if name is None or len(arguments) < 2:
        raise missing(f"{edit.like} with a handler", "")
    quoted = in_layout(f"'{path}'", layout_of(module))
    start = statement.start_byte
    parts = ((name, method), (arguments[0], quoted), (arguments[-1], edit.handler))
    text = splice(
        module.source[start : statement.end_byte],
        (Splice(n.start_byte - start, n.end_byte - start, t.encode()) for n, t in parts),
    )
    return text.decode().replace("\r\n", "\n")
