"""Modules that a patch names by path and that nobody has."""

from __future__ import annotations

import pytest

from patcher.edits.operations import AddImport
from patcher.errors import AnchorNotFound
from patcher.model import AddedFile, Patch, Verdict
from patcher.plan.planner import plan
from patcher.plan.verification import module_checks
from patcher.trees import with_changes

from .support import FailingTree, MemoryTree, edit_of, patch_of

FOLDER = "api/server/services/Own"
ROUTES = "api/server/routes/models.js"
TREE = MemoryTree(
    {
        ROUTES: b"const express = require('express');\nconst own = 1;\n",
        "client/src/hooks/index.ts": b"export const a = 1;\n",
        "client/src/hooks/Input/useKey.ts": b"export const b = 1;\n",
    }
)


def added(*files: tuple[str, str]) -> Patch:
    return patch_of(files=[AddedFile(path, "all", text.encode()) for path, text in files])


def lacks(patch: Patch) -> list[str]:
    tree = with_changes(TREE, plan([patch], TREE, ["all"]).changes)
    found = list(module_checks([patch], ["all"], tree))
    assert all((c.rung, c.verdict) == ("expectation", Verdict.FAILED) for c in found)
    return [f"{c.subject}: {c.detail}" for c in found]


LACKING = [
    ("beside", (f"{FOLDER}/index.js", "const a = require('./limitt');")),
    ("beside, as a module", ("client/src/hooks/Input/useOwn.ts", "import { a } from './other';")),
    ("for its effect", ("client/src/hooks/Input/useOwn.ts", "import './style';")),
    ("exported again", ("client/src/hooks/Input/useOwn.ts", "export * from './other';")),
    ("through the alias", (f"{FOLDER}/index.js", "const a = require('~/server/services/Own/b');")),
    ("alias of the client", ("client/src/own/a.ts", "import { b } from '~/own/b';")),
    ("up and down", (f"{FOLDER}/index.js", "const a = require('../Own/b');")),
]

THERE = [
    ("beside", [(f"{FOLDER}/index.js", "require('./a');"), (f"{FOLDER}/a.js", "f();")]),
    ("with its ending", [(f"{FOLDER}/index.js", "require('./a.js');"), (f"{FOLDER}/a.js", "f();")]),
    (
        "a folder",
        [("client/src/own/a.ts", "import x from '~/own';"), ("client/src/own/index.ts", "")],
    ),
    ("of the checkout", [("client/src/hooks/Input/useOwn.ts", "import { b } from './useKey';")]),
    ("of a folder the patch does not touch", [(f"{FOLDER}/index.js", "require('~/cache');")]),
    ("of a package", [(f"{FOLDER}/index.js", "require('express'); require('@librechat/api');")]),
    ("worked out", [(f"{FOLDER}/index.js", "require(name); require(`./${name}`);")]),
    ("alias elsewhere", [("packages/own/a.ts", "import { b } from '~/own/b';")]),
    ("no code", [(f"{FOLDER}/README.md", "`require('./a')`"), (f"{FOLDER}/b.js", "f();")]),
]


@pytest.mark.parametrize(("title", "file"), LACKING, ids=[name for name, _ in LACKING])
def test_a_module_that_nobody_has_is_named(title: str, file: tuple[str, str]) -> None:
    (lack,) = lacks(added(file))
    assert lack.startswith(f"{file[0]}: imports `")
    assert lack.endswith("`, which is not there: neither here nor in the patch")


@pytest.mark.parametrize(("title", "files"), THERE, ids=[name for name, _ in THERE])
def test_other_modules_are_let_be(title: str, files: list[tuple[str, str]]) -> None:
    assert lacks(added(*files)) == []


@pytest.mark.parametrize(("module", "count"), [("Own/limit", 0), ("Own/limitt", 1), ("Other", 0)])
def test_an_import_that_an_edit_adds_leads_somewhere(module: str, count: int) -> None:
    edit = edit_of(AddImport(("limit",), f"~/server/services/{module}"), ROUTES)
    patch = patch_of(edit, files=[AddedFile(f"{FOLDER}/limit.js", "all", b"f();\n")])
    assert len(lacks(patch)) == count


def test_what_is_left_out_is_not_asked() -> None:
    patch = added((f"{FOLDER}/index.js", "require('./limitt');"))
    tree = with_changes(TREE, plan([patch], TREE, ["all"]).changes)
    assert list(module_checks([patch], ["other"], tree)) == []


def test_what_cannot_be_read_is_not_there() -> None:
    patch = added((f"{FOLDER}/index.js", "require('./limit');"))
    refused = AnchorNotFound("it is a symbolic link")
    tree = FailingTree(TREE.files, {f"{FOLDER}/limit.js": refused})
    planned = with_changes(tree, plan([patch], tree, ["all"]).changes)
    assert len(list(module_checks([patch], ["all"], planned))) == 1
