"""Random edits of a checkout, captured and applied to the original: the edited tree, always."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

from patcher.capture.captured import (
    About,
    Capture,
    edits_of,
    folder_of,
    lack_of_proof,
    require_possible,
)
from patcher.capture.patch_writer import write_folder
from patcher.capture.proposals import proposed
from patcher.definition.patch import load
from patcher.edits.operations import AddExport, AddHook, AddImport, AddProperty
from patcher.errors import PatcherError
from patcher.librechat import component_of
from patcher.model import Change, Operation
from patcher.plan.edit import edited
from patcher.plan.planner import plan
from patcher.trees import with_changes
from tests.conftest import DEVIATIONS, ERAS, contents, fixture_folder
from tests.engine.support import MemoryTree

EDITS = 500
Tree = Mapping[str, bytes]
_NAMED: tuple[tuple[str, Operation], ...] = (
    ("api/server/routes/models.js", AddImport(("one", "two as three"), "~/extra")),
    ("api/server/controllers/ModelController.js", AddProperty("extra", "module.exports")),
    ("packages/data-provider/src/react-query/index.ts", AddExport(("*",), "./extra")),
    ("client/src/routes/Root.tsx", AddHook("useExtra();", "Root")),
)


def _trees() -> list[Tree]:
    names = (*ERAS, *DEVIATIONS)
    return [{p: c for p, (_, c) in contents(fixture_folder(n)).items()} for n in names]


def _edited_lines(chance: random.Random, text: bytes) -> bytes:
    lines = text.splitlines(keepends=True)
    end = b"\r\n" if b"\r\n" in text else b"\n"
    for _ in range(chance.randrange(1, 4)):
        place = chance.randrange(len(lines) + 1)
        new = [b"const x%d = 1;" % chance.randrange(9) + end for _ in range(chance.randrange(3))]
        lines[place : place + chance.randrange(3)] = new
    result = b"".join(lines)
    return result.removesuffix(b"\n") if chance.random() < 0.1 else result


def _edit(chance: random.Random, tree: dict[str, bytes]) -> None:
    path = chance.choice(sorted(tree))
    kind = chance.randrange(10)
    if kind == 0:
        tree[f"client/src/new{chance.randrange(5)}.ts"] = _edited_lines(chance, b"one\ntwo\n")
    elif kind == 1:
        tree[f"api/logo{chance.randrange(3)}.png"] = b"\x89PNG\0" + chance.randbytes(20)
    elif kind == 2 and len(tree) > 3:
        del tree[path]
    elif kind < 6:
        where, operation = chance.choice(_NAMED)
        if where in tree:
            try:
                tree[where] = edited(tree[where], operation, where)[0] or tree[where]
            except PatcherError:
                tree[where] += b"// more\n"
    else:
        tree[path] = _edited_lines(chance, tree[path])


def _changes(before: Tree, after: Tree) -> list[Change]:
    paths = sorted(before.keys() | after.keys())
    pairs = ((p, before.get(p), after.get(p)) for p in paths)
    return [Change(p, component_of(p) or "backend", a, b) for p, a, b in pairs if a != b]


def test_a_capture_applied_to_the_original_gives_the_edited_tree(tmp_path: Path) -> None:
    trees, by_name, tried, seed = _trees(), 0, 0, 0
    while tried < EDITS:
        seed += 1
        chance = random.Random(seed)
        before = chance.choice(trees)
        after = dict(before)
        for _ in range(chance.randrange(1, 5)):
            _edit(chance, after)
        changes = [c for c in _changes(before, after) if c.before is None or b"\0" not in c.before]
        if not changes:
            continue
        tried += 1
        require_possible(changes)
        edits = edits_of(changes, {c.path: proposed(c) for c in changes}) if seed % 2 else {}
        by_name += sum(map(len, edits.values()))
        about = About("own", 'Says "one: two" #3', "Because.\nOf this.", "v0.8.4")
        folder = tmp_path / str(seed) / "own"
        write_folder(folder, folder_of(Capture(about, tuple(changes), edits)))
        patch, base = load(folder), MemoryTree(before)
        assert lack_of_proof(patch, changes, base) is None, seed
        made = with_changes(base, plan([patch], base, patch.components).changes)
        assert {p: c for p in before.keys() | after.keys() if (c := made.read(p)) is not None} == (
            after
        ), seed
        assert (patch.title, patch.why) == (about.title, "Because.\nOf this.\n"), seed
    print(f"\ncaptured: {tried} random edits of {len(trees)} trees, {by_name} edits said by name")
    assert by_name > EDITS // 20
