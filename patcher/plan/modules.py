"""Modules that a patch names by path: each must be there once the patch is. Pure.

LibreChat does not start with a `require` that leads nowhere, and no parser sees it. Asked only of
folders that the patch itself adds files to: what else a checkout holds is not the patch's to say.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from patcher.code.syntax import CODE_FILES
from patcher.edits.operations import AddImport
from patcher.errors import AnchorNotFound
from patcher.librechat import COMPONENTS
from patcher.model import Check, Patch, Tree, Verdict

_PATH = rb"""\s*['"]((?:\.{1,2}|~)/[^'"\s]+)['"]"""
_IMPORTS = tuple(re.compile(word + _PATH) for word in (rb"from", rb"import", rb"require\("))
_ENDINGS = ("", ".json", *CODE_FILES, *(f"/index{end}" for end in CODE_FILES))


def module_checks(patches: Sequence[Patch], wanted: Collection[str], tree: Tree) -> Iterator[Check]:
    """A failed check for each module that `tree`, which carries the patches, does not have."""
    added = {f.path for p in patches for f in p.files if f.component in wanted}
    folders = {posixpath.dirname(path) for path in added}
    for path, module in _imports(patches, wanted, tree):
        place = _place(path, module)
        if not place or not {place, posixpath.dirname(place)} & folders:
            continue
        names = [place + end for end in _ENDINGS]
        # Most are files of the patch: the disk is asked only for the others.
        if added.isdisjoint(names) and all(_content(tree, name) is None for name in names):
            detail = f"imports `{module}`, which is not there: neither here nor in the patch"
            yield Check("expectation", path, Verdict.FAILED, detail)


def _imports(
    patches: Sequence[Patch], wanted: Collection[str], tree: Tree
) -> Iterator[tuple[str, str]]:
    """Path of a file, and a module that the patch has it import."""
    for patch in patches:
        for edit in patch.edits:
            if isinstance(edit.operation, AddImport) and edit.component in wanted:
                module, content = edit.operation.module, _content(tree, edit.path) or b""
                if module.encode() in content:  # an edit for other releases has left nothing here
                    yield edit.path, module
        for file in patch.files:
            if file.component in wanted and file.path.endswith(CODE_FILES):
                for module in _imported(_content(tree, file.path) or b""):
                    yield file.path, module


@lru_cache(maxsize=256)
def _imported(source: bytes) -> tuple[str, ...]:
    found = (hit[1] for pattern in _IMPORTS for hit in pattern.finditer(source))
    return tuple(module.decode(errors="replace") for module in found)


def _place(path: str, module: str) -> str:
    """Where a module lies, without its ending; empty for one of a package."""
    if module.startswith("."):
        return posixpath.normpath(posixpath.join(posixpath.dirname(path), module))
    aliases = (c.alias for c in COMPONENTS.values() if c.alias)
    root = next((alias for alias in aliases if path.startswith(f"{alias}/")), "")
    return posixpath.normpath(f"{root}/{module[2:]}") if root and module[:2] == "~/" else ""


def _content(tree: Tree, path: str) -> bytes | None:
    try:
        return tree.read(path)
    except AnchorNotFound:
        return None
