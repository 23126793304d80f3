"""What must hold: rungs 2 and 3 of the verification ladder, and a definition's examples. Pure.

Of a result: that it parses as well as the original did, what the definition promises, and that
the modules it names are there. Of a definition: that each example comes out as it says.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from patcher.code.patterns import compile_pattern, matches
from patcher.code.scopes import declaration
from patcher.code.syntax import CODE_FILES, parse, problems
from patcher.diffs.parts import FileDiff
from patcher.edits.add_module import is_last_module
from patcher.edits.operations import AddImport, AddModule, SetRevision
from patcher.errors import AnchorNotFound
from patcher.librechat import COMPONENTS
from patcher.model import Check, Edit, Example, Expectation, Patch, Plan, State, Tree, Verdict
from patcher.plan.built_page import edit_page
from patcher.plan.edit import edited, readable
from patcher.plan.planner import brings_files, is_met
from patcher.trees import Overlay, with_changes

_JAVASCRIPT = (".js", ".cjs")

_PATH = rb"""\s*['"]((?:\.{1,2}|~)/[^'"\s]+)['"]"""
_IMPORTS = tuple(re.compile(word + _PATH) for word in (rb"from", rb"import", rb"require\("))
_ENDINGS = ("", ".json", *CODE_FILES, *(f"/index{end}" for end in CODE_FILES))


def result_checks(
    patches: Sequence[Patch], wanted: Collection[str], tree: Tree, result: Plan
) -> Iterator[Check]:
    """Rungs 2 and 3 on what a plan makes of `tree`; none for a plan that is blocked.

    Files that a patch adds are tested with the patch.
    """
    if result.blocked:
        return
    yield from syntax_checks(*_edited(result))
    yield from expectation_checks(patches, wanted, with_changes(tree, result.changes))


def strict_result_checks(result: Plan) -> Iterator[Check]:
    """`strict_checks` on what a plan makes of files; none for a plan that is blocked."""
    return iter(()) if result.blocked else strict_checks(*_edited(result))


def _edited(result: Plan) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files that a plan edits, before and after."""
    before = {c.path: c.before for c in result.changes if c.before is not None}
    after = {c.path: c.after for c in result.changes if c.path in before and c.after is not None}
    return before, after


def syntax_checks(
    before: Mapping[str, bytes | None], after: Mapping[str, bytes]
) -> Iterator[Check]:
    """Every file of `after` parses with tree-sitter, at least as well as its original did."""
    for path, content in after.items():
        if path.endswith(CODE_FILES):
            yield _tree_sitter(path, before.get(path), content)


def strict_checks(
    before: Mapping[str, bytes | None], after: Mapping[str, bytes]
) -> Iterator[Check]:
    """The same with esprima2, for JavaScript: it is strict where tree-sitter recovers.

    Not asked by `apply`, which would wait for it a third of its time: what an edit can break
    there, planning looks for itself (`stray_awaits`).
    """
    for path, content in after.items():
        if path.endswith(_JAVASCRIPT):
            yield _esprima(path, before.get(path), content)


# Remembered for the same reason as in `edit`: most releases have the same bytes.
@lru_cache(maxsize=1024)
def _tree_sitter(path: str, before: bytes | None, after: bytes) -> Check:
    new = problems(parse(after))
    old = problems(parse(before)) if new and before is not None else []
    if len(new) <= len(old):
        return Check("syntax", path, Verdict.PASSED)
    lines = ", ".join(map(str, new[:3]))
    return Check("syntax", path, Verdict.FAILED, f"syntax error near line {lines}")


@lru_cache(maxsize=256)
def _esprima(path: str, before: bytes | None, after: bytes) -> Check:
    error = _esprima_error(after)
    if not error or (before is not None and _esprima_error(before)):
        return Check("syntax", path, Verdict.PASSED)
    return Check("syntax", path, Verdict.FAILED, f"esprima: {error}")


def _esprima_error(source: bytes) -> str:
    import esprima  # here: 40 ms, and of the commands only verify, check and matrix are so strict

    said = ""
    for parse_as in (esprima.parseScript, esprima.parseModule):
        try:
            parse_as(source.decode())
        except (esprima.Error, UnicodeDecodeError, RecursionError) as error:
            said = said or str(error) or type(error).__name__
        else:
            return ""
    return said


def expectation_checks(
    patches: Sequence[Patch], components: Collection[str], tree: Tree
) -> Iterator[Check]:
    """What the patches promise of the files of `components`, asked of `tree`."""
    for patch in patches:
        for expectation in patch.expectations:
            if expectation.component in components and is_met(expectation.when, patch, tree):
                lack = _lack_in(tree, expectation)
                detail = f"{expectation.why}: {lack}" if lack else expectation.why
                verdict = Verdict.FAILED if lack else Verdict.PASSED
                yield Check("expectation", expectation.path, verdict, detail)
        for edit in patch.edits:
            operation = edit.operation
            is_wanted = edit.component in components and is_met(edit.when, patch, tree)
            if is_wanted and isinstance(operation, AddModule | SetRevision):
                yield _built_page(operation, edit.path, tree)
        for added in patch.files:
            if added.component in components and brings_files(patch, added.component, tree):
                yield _presence(added.path, tree)
    yield from module_checks(patches, components, tree)


def _built_page(operation: AddModule | SetRevision, path: str, tree: Tree) -> Check:
    """Whether an edit of built output is there: asked of all files that it looks at."""
    try:
        state, _ = edit_page(operation, path, Overlay(tree))
        lack = "" if state is State.ALREADY else f"it does not {operation}"
        if not lack and isinstance(operation, AddModule):
            page = tree.read(path) or b""
            lack = "" if is_last_module(page, operation, path) else "another module comes later"
    except AnchorNotFound as error:
        lack = str(error)
    return Check("page", path, Verdict.FAILED if lack else Verdict.PASSED, lack)


def _lack_in(tree: Tree, expectation: Expectation) -> str:
    try:
        source = tree.read(expectation.path)
        return "the file is not there" if source is None else _lack(source, expectation)
    except AnchorNotFound as error:
        return str(error)


@lru_cache(maxsize=4096)
def _lack(source: bytes, expectation: Expectation) -> str:
    """What is missing, or an empty text."""
    module = readable(source)
    scope = declaration(module, expectation.inside).scope if expectation.inside else None
    found = matches(module, compile_pattern(expectation.has), scope)
    if not found:
        return f"`{expectation.has}` is not there"
    if expectation.before:
        later = matches(module, compile_pattern(expectation.before), scope)
        if not later or later[0].start < found[0].start:
            return f"`{expectation.has}` does not stand before `{expectation.before}`"
    return ""


def _presence(path: str, tree: Tree) -> Check:
    if tree.read(path) is None:
        return Check("expectation", path, Verdict.FAILED, "the added file is not there")
    return Check("expectation", path, Verdict.PASSED, "the added file is there")


def failures(checks: Iterable[Check]) -> tuple[Check, ...]:
    """The checks that did not hold."""
    return tuple(c for c in checks if c.verdict is Verdict.FAILED)


def module_checks(patches: Sequence[Patch], wanted: Collection[str], tree: Tree) -> Iterator[Check]:
    """A failed check for each module that `tree`, which carries the patches, does not have.

    LibreChat does not start with a `require` that leads nowhere, and no parser sees it. Asked only
    of folders that the patch itself adds files to: what else there is, is not the patch's to say.
    """
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


def example_checks(patch: Patch) -> Iterator[Check]:
    """One check for each example: the edit makes `after` of `before`, or leaves it alone."""
    entries = list(dict.fromkeys(e.place for e in patch.edits))
    for example in patch.examples:
        edit = next(e for e in patch.edits if e.place == entries[example.edit - 1])
        problem = _problem(edit, example)
        title = f"edit {example.edit}: {example.title}".removesuffix(": ")
        verdict = Verdict.FAILED if problem else Verdict.PASSED
        yield Check(
            "example", str(example.place), verdict, f"{title}: {problem}" if problem else title
        )


def _problem(edit: Edit, example: Example) -> str:
    if isinstance(edit.operation, FileDiff):
        return "a whole diff shows itself: it takes no example"
    try:
        made = edited(example.before.encode(), edit.operation, edit.path)[0]
    except AnchorNotFound as error:
        return str(error)
    if made is None:
        return "it changes nothing" if example.after is not None else ""
    text = made.decode()
    if example.after is None:
        return f"it changes the code to {_shown(text)}"
    return "" if text == example.after else f"it gives {_shown(text)}"


def _shown(text: str) -> str:
    return "`" + text.rstrip("\n").replace("\n", "\\n") + "`"
