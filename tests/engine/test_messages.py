"""What stands in the way is told whole: file, edit, reason with anchor and nearest code."""

from __future__ import annotations

import pytest

from patcher.edits.operations import (
    AddExport,
    AddHook,
    AddImport,
    AddProperty,
    AddRoute,
    Diff,
    InsertBefore,
    Replace,
    WrapReturn,
    WrapValue,
)
from patcher.errors import AnchorNotFound
from patcher.model import AddedFile, Operation, Outcome
from patcher.plan.planner import plan

from .pairs import NEGATIVE
from .support import DYNAMIC_MODELS, FIXTURES, FailingTree, MemoryTree, edit_of, fixture, patch_of

PATH = "api/server/routes/models.js"
HUNK = "--- a/x\n+++ b/x\n@@ -3,2 +3,3 @@\n one();\n+two();\n three();\n"


def told(outcome: Outcome) -> str:
    return f"{outcome.path}: {outcome.title}\n  {outcome.reason}"


MESSAGES: list[tuple[str, Operation, bytes | None, str]] = [
    (
        "no file",
        AddImport(("list",), "~/models"),
        None,
        "import list from '~/models'\n  the file is not there",
    ),
    (
        "not UTF-8",
        AddImport(("list", "fetch"), "~/models"),
        b"one();\n// caf\xe9\n",
        "import list, fetch from '~/models'\n  the file is not UTF-8 (byte 0xe9 on line 2)",
    ),
    (
        "UTF-16",
        WrapValue("module.exports", "wrap($value)"),
        "one();".encode("utf-16"),
        "wrap module.exports in wrap(…)\n  the file is not UTF-8 (byte 0xff on line 1)",
    ),
    (
        "NUL bytes",
        AddExport(("*",), "./usage"),
        b"one();\0",
        "export * from './usage'\n  the file holds NUL bytes: it is not source code",
    ),
    (
        "a merge that stopped",
        AddProperty("list", "module.exports"),
        b"module.exports = {\n<<<<<<< HEAD\n  one,\n=======\n  two,\n>>>>>>> theirs\n};\n",
        "add list to module.exports\n  the merge conflict on line 2 is not resolved",
    ),
    (
        "anchor is gone",
        AddRoute("post /fetch", "get /", "fetch"),
        b"router.get('/all', guard, list);\n",
        "route post /fetch, behind the guards of get /\n"
        "  the anchor `get('/', …)` matches nothing; "
        "nearest: line 1, `router.get('/all', guard, list);`",
    ),
    (
        "anchor is doubled",
        AddHook("useRefresh(token)", "Root", "useAuth()"),
        b"function Root() {\n  const { token } = useAuth();\n  const auth = useAuth();\n}\n",
        "call useRefresh(token) in Root\n"
        "  the anchor `useAuth()` matches 2 places at the top level of `Root`: lines 2, 3",
    ),
    (
        "function is gone",
        WrapReturn("load", "wrap($value)"),
        b"const loadAll = () => {\n  return 1;\n};\n",
        "wrap what load returns in wrap(…)\n"
        "  the anchor `load` matches nothing; nearest: line 1, `const loadAll = () => {`",
    ),
    (
        "long lines are cut",
        InsertBefore("start(1)", "stop();\ngo();"),
        b"start(2, '" + b"x" * 200 + b"');\nstart(3);\n",
        "insert `stop();` … before `start(1)`\n"
        "  the anchor `start(1)` matches nothing; nearest: line 2, `start(3);`",
    ),
    (
        "replacement that changes its meaning",
        Replace("size", "one || two"),
        b"const area = size * size2;\n",
        "replace `size` by `one || two`\n"
        "  the result would not be what the edit says: the code beside it changes the meaning, "
        "or a second run would apply the edit again",
    ),
    (
        "hunk without its context",
        Diff(HUNK),
        b"one();\nfour();\n",
        "apply a diff\n  the hunk `@@ -3,2 @@` fits nowhere: its context is not in the file",
    ),
    (
        "hunk with two places",
        Diff(HUNK),
        b"one();\nthree();\none();\nthree();\n",
        "apply a diff\n  the hunk `@@ -3,2 @@` fits 2 places: lines 1, 3",
    ),
]


@pytest.mark.parametrize(
    ("operation", "source", "message"), [pytest.param(*case, id=name) for name, *case in MESSAGES]
)
def test_blocked_edit_is_told_whole(
    operation: Operation, source: bytes | None, message: str
) -> None:
    tree = MemoryTree({} if source is None else {PATH: source})
    (outcome,) = plan([patch_of(edit_of(operation, PATH))], tree, ["all"]).blocked
    assert told(outcome) == f"{PATH}: {message}"


@pytest.mark.parametrize(
    "reason",
    [
        "api is a symbolic link",
        "models.js is a folder, not a plain file",
        "the file has 20,971,520 bytes: larger than source code is (limit 4,194,304)",
    ],
)
def test_what_cannot_be_read_is_told_in_the_words_of_the_tree(reason: str) -> None:
    added = AddedFile("new.js", "all", b"")
    tree = FailingTree({}, {PATH: AnchorNotFound(reason), "new.js": AnchorNotFound(reason)})
    patch = patch_of(edit_of(Replace("a()", "b()"), PATH), files=[added])
    assert [told(o) for o in plan([patch], tree, ["all"]).blocked] == [
        f"{PATH}: replace `a()` by `b()`\n  {reason}",
        f"new.js: add the file (0 bytes)\n  {reason}",
    ]


def test_file_that_is_not_ours_is_told() -> None:
    patch = patch_of(files=[AddedFile("new.js", "all", b"one();\n")])
    (outcome,) = plan([patch], MemoryTree({"new.js": b"two();\n"}), ["all"]).blocked
    assert told(outcome) == (
        "new.js: add the file (7 bytes)\n"
        "  the file is there already and is not the one that this patch adds"
    )


def test_tree_without_sources_names_every_file_that_lacks() -> None:
    tree = fixture(FIXTURES / "deviations" / "shipped-image")
    from_sources = [c for c in DYNAMIC_MODELS.components if c != "page"]
    blocked = plan([DYNAMIC_MODELS], tree, from_sources).blocked
    assert {o.reason for o in blocked} == {"the file is not there"}
    assert all(o.path.startswith(("client/", "packages/")) for o in blocked)


def test_every_refusal_of_the_pairs_gives_a_reason() -> None:
    """They are compared whole in `test_operations`; here only that none is empty or vague."""
    reasons = [p.reason for p in NEGATIVE if p.state.value == "blocked"]
    assert all(len(r) > 10 and not r.endswith(".") for r in reasons)
    print(f"\nreasons compared whole: {len(reasons) + len(MESSAGES)}")
