"""`await` in a function that is not async: an error of the language that tree-sitter lets pass."""

from __future__ import annotations

from patcher.code.syntax import FUNCTIONS, Module, Node
from patcher.code.words import occurrences

_AWAIT = b"await"
_OPAQUE = FUNCTIONS | {"class_static_block", "class_body"}
"""What an `await` does not see through: only a function right around it can be async for it."""


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
