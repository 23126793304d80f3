"""Ways through a syntax tree: up, down, and around the functions inside."""

from __future__ import annotations

from collections.abc import Iterator

from patcher.code.syntax import BLOCKS, FUNCTIONS, Node
from patcher.errors import AnchorNotFound

_MAX_DEPTH = 1000
"""Levels. The deepest target file of any LibreChat release has some 40."""


def enclosing_statement(node: Node) -> Node:
    """The statement that a node is, or is a part of."""
    current = node
    while current.parent is not None and current.parent.type not in BLOCKS:
        current = current.parent
    return current


def statements_below(scope: Node, limit: int = 2000) -> Iterator[Node]:
    """Statements at any depth, outermost first, at most `limit`."""
    queue = [scope]
    for node in queue:
        for child in node.named_children:
            if len(queue) >= limit:
                return
            queue.append(child)
            if node.type in BLOCKS:
                yield child


def all_below(scope: Node) -> Iterator[Node]:
    """A node and everything below it."""
    stack = [scope]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(node.children)


def path_to(scope: Node, node: Node) -> list[Node]:
    """The nodes from `node` up to `scope`; raises `AnchorNotFound` when there are absurdly many.

    To find a parent, tree-sitter starts at the root every time: deep code costs its depth squared.
    """
    path = [node]
    while path[-1] != scope and path[-1].parent is not None:
        path.append(path[-1].parent)
        if len(path) > _MAX_DEPTH:
            raise AnchorNotFound(f"the code on line {node.start_point[0] + 1} is nested too deep")
    return path


def own_nodes(scope: Node) -> Iterator[Node]:
    """All nodes below `scope` but those in functions and methods inside it, in source order."""
    stack = list(reversed(scope.children))
    while stack:
        node = stack.pop()
        yield node
        if node.type not in FUNCTIONS:
            stack.extend(reversed(node.children))
