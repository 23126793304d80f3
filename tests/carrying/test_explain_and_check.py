"""`explain` and `check`: what a maintainer sees of a patch that holds, and of one that does not."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.carrying.conftest import Write
from tests.carrying.test_several_patches import COUNT
from tests.cli.running import Runner
from tests.conftest import PROJECT, contents

Copy = Callable[[str], Path]
ROUTES = "api/server/routes/models.js"
EXAMPLES = """\
examples:
  - title: below the router
    edit: 1
    before: |
      const router = express.Router();
    after: |
      const router = express.Router();
      router.use(count);
  - edit: 1
    before: |
      router.use(count);
"""
DIFF = """\
edits:
  - in: api/server/routes/models.js
    diff: |
      --- a/api/server/routes/models.js
      +++ b/api/server/routes/models.js
      @@ -1,3 +1,3 @@
       // one
      -module.exports = other;
      +module.exports = mine;
"""


@pytest.fixture(autouse=True)
def _no_clone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIBRECHAT_GIT", raising=False)


def test_an_edit_that_has_its_place_is_shown_with_its_anchor_and_the_lines_around(
    run: Runner, own: Write, copy_of: Copy
) -> None:
    folder, root = own("count", COUNT), copy_of("e6-v0.8.4")
    before = contents(root)
    lines = before[ROUTES][1].decode().splitlines()
    at = lines.index("const router = express.Router();")
    done = run("explain", "count", "--patches", folder, "--root", root)
    assert done.code == 0
    assert contents(root) == before
    around = [
        f"   {'>' if i == at else ' '} {i + 1:4} | {lines[i]}".rstrip()
        for i in range(at - 2, at + 3)
    ]
    assert done.out.splitlines() == [
        "count: Tests one thing",
        f"on LibreChat v0.8.4 in {root}",
        f"1. {ROUTES}: insert `router.use(count);` after `const router = express.Router();` "
        f"({folder}/count/patch.yaml:8)",
        "   looks for: const router = express.Router();",
        f"   applies on line {at + 1}",
        *around,
        "none of 1 edits blocked",
    ]


def test_a_blocked_edit_is_shown_with_the_nearest_code_and_what_it_stands_in(
    run: Runner, own: Write, copy_of: Copy
) -> None:
    text = COUNT.replace("const router = express.Router()", "res.send(models)").replace(
        ROUTES, "api/server/controllers/ModelController.js"
    )
    done = run("explain", "count", "--patches", own("count", text), "--root", copy_of("e6-v0.8.4"))
    assert done.code == 1
    assert "   blocked: the anchor `res.send(models);` matches nothing; nearest: line " in done.out
    assert ", inside modelController\n" in done.out
    assert done.out.endswith("1 of 1 edits blocked\n")


def test_a_hunk_that_fits_nowhere_is_shown_where_most_of_it_stands(
    run: Runner, own: Write, copy_of: Copy
) -> None:
    root = copy_of("e6-v0.8.4")
    lines = (root / ROUTES).read_text(encoding="utf-8").splitlines()
    last = lines.index("module.exports = router;")
    text = DIFF.replace(" // one", f" {lines[last - 2]}\n       {lines[last - 1]}")
    done = run("explain", "own", "--patches", own("own", text), "--root", root)
    assert done.code == 1
    assert (
        f"   near: line {last - 1}; line {last + 1} would have to be `module.exports = other;`\n"
    ) in done.out
    data = run("explain", "own", "--root", root, "--patches", own("own", text), "--format", "json")
    assert data.data["edits"][0]["nearest"][0]["line"] == last - 1


def test_an_edit_for_other_releases_says_so(run: Runner, copy_of: Copy) -> None:
    done = run("explain", "dynamic-models", "--root", copy_of("e6-v0.8.4"))
    assert done.code == 0
    assert "   not here: `native-user-fetch` does not hold here\n" in done.out
    assert re.search(r"\nnone of \d+ edits blocked\n$", done.out)


def test_an_unknown_patch_is_refused(run: Runner, copy_of: Copy) -> None:
    assert run("explain", "dynamic", "--root", copy_of("e6-v0.8.4")).err == (
        "error: there is no patch called dynamic; did you mean dynamic-models?\n"
        "next: see `librechat-patcher list`\n"
    )
    assert run("explain", "dynamic-models", "--root", "/nowhere").code == 5


def test_examples_that_hold_and_releases_that_nobody_asked(run: Runner, own: Write) -> None:
    done = run("check", own("count", COUNT + EXAMPLES) / "count")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        "count: Tests one thing\n"
        "  definition: 1 edit; examples: 2 of 2 hold\n"
        "  releases: not asked; name a clone of LibreChat: --repo CLONE\n"
        "good\n"
    )


def test_each_example_that_does_not_hold_is_named_with_what_came_instead(
    run: Runner, own: Write
) -> None:
    wrong = EXAMPLES.replace(
        "      router.use(count);\n  - edit", "      router.use(two);\n  - edit"
    )
    wrong = wrong.replace(
        "- edit: 1\n    before: |\n      router.use(count);", "- edit: 1\n    before: x()"
    )
    folder = own("count", COUNT + wrong)
    done = run("check", folder)
    assert done.code == 1
    assert done.out == (
        "count: Tests one thing\n"
        "  definition: 1 edit; examples: 0 of 2 hold\n"
        f"  failed {folder}/count/patch.yaml:12: edit 1: below the router: it gives "
        "`const router = express.Router();\\nrouter.use(count);`\n"
        f"  failed {folder}/count/patch.yaml:19: edit 1: the anchor "
        "`const router = express.Router();` matches nothing\n"
        "  releases: not asked; name a clone of LibreChat: --repo CLONE\n"
        "not good\n"
    )


def test_an_added_file_that_does_not_parse_is_named(run: Runner, own: Write) -> None:
    folder = own("count", COUNT + EXAMPLES) / "count"
    added = folder / "files/api/server/broken.js"
    added.parent.mkdir(parents=True)
    added.write_text("module.exports = {;\n", encoding="utf-8")
    done = run("check", folder)
    assert done.code == 1
    assert "failed api/server/broken.js: syntax error near line 1" in done.out


def test_the_built_in_patches_hold(run: Runner) -> None:
    done = run("check", PROJECT / "patches")
    assert done.code == 0, done.out
    assert "dynamic-models: " in done.out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["nowhere"], 2, "nowhere: there is no such folder"),
        (["."], 2, "there is no */patch.yaml in it"),
        ([], 2, "Missing argument"),
    ],
)
def test_wrong_use_of_check(run: Runner, arguments: list[str], code: int, message: str) -> None:
    done = run("check", *arguments)
    assert done.code == code
    assert message in done.err


def test_releases_are_asked_of_a_clone(run: Runner, own: Write, tmp_path: Path) -> None:
    folder = own("count", COUNT)
    done = run("check", folder, "--repo", tmp_path / "none")
    assert done.code == 2
    assert "--repo" in done.err
