"""Edits of built output: they look at several of its files. Pure."""

from __future__ import annotations

import hashlib
import posixpath

from patcher.code.patterns import compile_pattern, matches, missing
from patcher.code.splice import Splice, splice
from patcher.code.syntax import parse
from patcher.edits.add_module import add_module, modules_of
from patcher.edits.operations import AddModule, Present, SetRevision
from patcher.errors import AnchorNotFound
from patcher.model import State, Tree
from patcher.trees import Overlay

COMPRESSED = (".gz", ".br")
"""Endings of the siblings that LibreChat's server sends instead of a file: from v0.7.7 on vite
writes them (`vite-plugin-compression2` in client/vite.config.ts)."""
_DIGITS = 32
"""As many as workbox writes, which takes the MD5."""


def edit_page(operation: AddModule | SetRevision, path: str, files: Overlay) -> tuple[State, int]:
    """Let `files` be as the operation says; APPLIES or ALREADY, and the line of the anchor.

    Compressed siblings of a changed file are taken away: they would be sent in its place. Raises
    `AnchorNotFound` when there is no one place, or when the page is not what the script needs.
    """
    source = files.read(path)
    if source is None:
        raise AnchorNotFound("the file is not there")
    if isinstance(operation, AddModule):
        require_words(operation, source, path, files)
        result = add_module(source, operation, path)
        if isinstance(result, Present):
            return State.ALREADY, result.line
        after, line = splice(source, result.splices), result.line
    else:
        after, line = _with_revision(source, operation, path, files)
        if after == source:
            return State.ALREADY, line
    files.write(path, after)
    for sibling in siblings(path):
        if files.read(sibling) is not None:
            files.write(sibling, None)
    return State.APPLIES, line


def siblings(path: str) -> tuple[str, ...]:
    """The compressed forms that a file of built output may have beside it."""
    return tuple(path + ending for ending in COMPRESSED)


def require_words(operation: AddModule, source: bytes, path: str, tree: Tree) -> None:
    """Raise `AnchorNotFound` when no module of the page holds a word that the script leans on."""
    loads = modules_of(source)
    folder = posixpath.dirname(path)
    left = {word.encode() for word in operation.leans_on}
    for url in loads.urls:
        if left and url.startswith(loads.prefix):
            content = tree.read(f"{folder}/{url.removeprefix(loads.prefix)}") or b""
            left = {word for word in left if word not in content}
    if left:
        word = min(left).decode()
        raise AnchorNotFound(f"no module that the page lists holds `{word}`, which is needed")


def _with_revision(
    source: bytes, operation: SetRevision, path: str, files: Overlay
) -> tuple[bytes, int]:
    page = files.read(operation.page)
    if page is None:
        raise AnchorNotFound(f"{operation.page} is not there")
    url = posixpath.relpath(operation.page, posixpath.dirname(path))
    module = parse(source)
    entry = compile_pattern(f"({{ url: '{url}', revision: $revision }})")
    found = matches(module, entry)
    if not found:
        raise missing(entry.text, "")
    revision = hashlib.sha256(page).hexdigest()[:_DIGITS]
    places = [match.captures["revision"][0] for match in found]
    quotes = [module.text(node)[:1] for node in places]
    edits = (
        Splice(node.start_byte, node.end_byte, f"{quote}{revision}{quote}".encode())
        for node, quote in zip(places, quotes, strict=True)
    )
    return splice(source, edits), module.line_at(found[0].start)
