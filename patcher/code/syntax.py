"""Parsing, and ways through a syntax tree; the only module that imports tree-sitter.

The tsx grammar reads the JavaScript files too: all 127 distinct versions of the eight target
files of LibreChat v0.7.0 to v0.8.8-rc1 parse with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache

import tree_sitter_typescript
from tree_sitter import Language, Node, Parser, Tree

from patcher.code import splice
from patcher.code.splice import occurrences
from patcher.errors import AnchorNotFound

__all__ = [
    "BLOCKS",
    "CODE_FILES",
    "FUNCTIONS",
    "Module",
    "Node",
    "children",
    "parse",
    "parse_edited",
    "problems",
    "significant",
    "unwrapped",
]

CODE_FILES = (".js", ".cjs", ".mjs", ".jsx", ".ts", ".tsx")
"""Endings of the files that are parsed."""

BLOCKS = frozenset({"program", "statement_block", "switch_case", "switch_default", "class_body"})
"""Nodes whose children are statements or members."""

FUNCTIONS = frozenset(
    {
        "function_declaration",
        "generator_function_declaration",
        "function_expression",
        "generator_function",
        "arrow_function",
        "method_definition",
    }
)

_COMMENTS = frozenset({"comment", "html_comment"})
_SEPARATORS = frozenset({";", ","})
_SHOWN = 80

_KEPT = 48
"""What the files of one patch need with all their steps between. Trees take 30 bytes a byte."""
_MAX_DEPTH = 1000
"""Levels. The deepest target file of any LibreChat release has some 40."""
_AWAIT = b"await"
_OPAQUE = FUNCTIONS | {"class_static_block", "class_body"}
"""What an `await` does not see through: only a function right around it can be async for it."""


class Module:
    """A parsed source file."""

    def __init__(self, source: bytes, tree: Tree) -> None:
        self.source = source
        self.tree = tree

    @cached_property
    def root(self) -> Node:
        """The whole program."""
        return self.tree.root_node

    def text(self, node: Node) -> str:
        """The source text of a node; what is no UTF-8 there (edits refuse it) is replaced."""
        return self.source[node.start_byte : node.end_byte].decode(errors="replace")

    def line(self, node: Node) -> int:
        """1-based line on which a node begins."""
        return node.start_point[0] + 1

    @cached_property
    def is_commonjs(self) -> bool:
        """Whether the file uses `require`: it has no `import` or `export` statement."""
        return not any(
            n.type in ("import_statement", "export_statement") for n in self.root.children
        )

    def first_line(self, node: Node) -> str:
        """The first line of a node, for messages, shortened."""
        # A line of megabytes is cut before it is decoded: only its beginning is shown.
        start = self.source[node.start_byte : min(node.end_byte, node.start_byte + 8 * _SHOWN)]
        line = start.split(b"\n", 1)[0].decode(errors="ignore").strip()
        return line if len(line) <= _SHOWN else line[: _SHOWN - 3] + "..."

    def line_at(self, offset: int) -> int:
        """1-based line of a byte offset."""
        return splice.line_number(self.source, offset)


@lru_cache(maxsize=1)
def _parser() -> Parser:
    return Parser(Language(tree_sitter_typescript.language_tsx()))


_recent: dict[bytes, Module] = {}
"""The files that were parsed last, the newest at the end."""


def parse(source: bytes) -> Module:
    """Parse TypeScript, TSX or JavaScript. Never fails: see `problems` for syntax errors."""
    known = _recent.pop(source, None)
    return _kept(known or Module(source, _parser().parse(source)))


def parse_edited(before: Module, edits: Iterable[splice.Splice], after: bytes) -> Module:
    """Parse what `edits` have made of a file, at a third of the price.

    The same tree as `parse` gives, but the parser takes over what the edits have not touched.
    (tree-sitter 0.23 cannot copy a tree; there it is `parse`.)
    """
    known = _recent.pop(after, None)
    if known is None and hasattr(before.tree, "copy"):
        known = Module(after, _parser().parse(after, _moved(before, edits)))
        # Where code does not parse, how the parser goes on depends on what it has taken over.
        known = None if known.root.has_error else known
    return _kept(known) if known else parse(after)


def _kept(module: Module) -> Module:
    _recent[module.source] = module
    if len(_recent) > _KEPT:
        del _recent[next(iter(_recent))]
    return module


def _moved(before: Module, edits: Iterable[splice.Splice]) -> Tree:
    """A tree of the old code that knows where edits have moved it, for the parser."""
    tree = before.tree.copy()
    for edit in sorted(edits, key=lambda e: (e.start, e.end), reverse=True):
        tree.edit(*splice.extent(before.source, edit))
    return tree


def problems(module: Module) -> list[int]:
    """1-based lines of all syntax errors; empty for a file that parses."""
    return sorted(_problem_lines(module.root)) if module.root.has_error else []


def _problem_lines(node: Node) -> Iterator[int]:
    stack = [node]
    while stack:
        current = stack.pop()
        if not (current.has_error or current.is_missing):
            continue
        if (current.is_error and not _is_valid(current)) or current.is_missing:
            yield current.start_point[0] + 1
        stack.extend(current.children)


def _is_valid(error: Node) -> bool:
    """Whether this is `export type * from`, which the grammar knows nothing of."""
    parent = error.parent
    return error.text == b"type" and parent is not None and parent.type == "export_statement"


def children(node: Node) -> list[Node]:
    """Named children that are not comments."""
    return [n for n in node.named_children if n.type not in _COMMENTS]


def unwrapped(node: Node) -> Node:
    """The node without parentheses around it: they carry no meaning in a tree."""
    while node.type == "parenthesized_expression" and (inner := children(node)):
        node = inner[0]
    return node


def significant(node: Node) -> list[Node]:
    """The children that make a difference in meaning.

    Left out: comments, semicolons, commas (the tree has the structure), parentheses, the quotes
    of a string, and white space between tags.
    """
    if node.type == "string":
        return node.named_children
    kept: list[Node] = []
    previous = ""
    for child in node.children:
        # `[, b]` is not `[b]`: a comma without an item in front of it stands for one.
        skipped = node.type.startswith("array") and child.type == "," and previous in ("[", ",")
        if skipped or not (child.type in _COMMENTS or child.type in _SEPARATORS or _blank(child)):
            kept.append(unwrapped(child))
        previous = previous if child.type in _COMMENTS else child.type
    return kept


def _blank(node: Node) -> bool:
    return (
        node.type == "jsx_text" and not (node.text or b"").strip() and b"\n" in (node.text or b"")
    )


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


def stray_awaits(module: Module) -> list[int]:
    """1-based lines of each `await` whose function is not async.

    At the top of a file it may stand: a module allows it, and nothing tells modules for sure.
    """
    offsets = occurrences(module.source, _AWAIT)
    words = (module.root.descendant_for_byte_range(at, at + len(_AWAIT)) for at in offsets)
    # The same letters in a comment, a string or a property's name are no keyword.
    return [module.line(word) for word in words if word and word.type == "await" and _strays(word)]


def _strays(word: Node) -> bool:
    node = word.parent
    while node is not None and node.type not in _OPAQUE:
        node = node.parent
    return node is not None and all(child.type != "async" for child in node.children)
