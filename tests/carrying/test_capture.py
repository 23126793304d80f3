"""`capture` as a person uses it: edit a checkout, capture, apply elsewhere."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from patcher.capture.hunk_fits import HunkFit
from patcher.cli.capture import text
from patcher.cli.screen import Screen
from patcher.commands.capture import Captured
from patcher.model import Change
from tests.carrying.conftest import Write
from tests.carrying.test_several_patches import COUNT
from tests.cli.running import Ran, Runner
from tests.conftest import contents, git

Copy = Callable[[str], Path]
ROUTES = "api/server/routes/models.js"
CONTROLLER = "api/server/controllers/ModelController.js"
ROOT = "client/src/routes/Root.tsx"


def _insert(root: Path, path: str, anchor: str, text: str) -> None:
    file = root / path
    content = file.read_bytes().decode()
    assert content.count(anchor) == 1
    file.write_bytes(content.replace(anchor, anchor + text).encode())


def _files(root: Path) -> dict[str, bytes]:
    return {p: c for p, (_, c) in contents(root).items() if not p.startswith(".git/")}


def _definition(tmp_path: Path) -> dict[str, object]:
    found = yaml.safe_load((tmp_path / "into/mine/patch.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def _require_carries(run: Runner, root: Path, tmp_path: Path) -> None:
    """Back to the state in git; the captured patch brings the edited one."""
    edited = _files(root)
    git(root, "stash", "--include-untracked")
    assert _files(root) != edited
    git(root, "apply", "--check", *map(str, (tmp_path / "into/mine").glob("*.diff")))
    chosen = ("--patches", tmp_path / "into", "--patch", "mine")
    assert run("apply", "--root", root, *chosen).code == 0
    assert _files(root) == edited


def test_edited_new_deleted_and_moved_files_are_carried(
    run: Runner, checkout: Path, capture: Callable[..., Ran], tmp_path: Path
) -> None:
    _insert(checkout, ROUTES, "const router = express.Router();\n", "router.use(count);\n")
    (checkout / "api/server/count.js").write_text("module.exports = {};\n", encoding="utf-8")
    (checkout / "client/logo.png").write_bytes(b"\x89PNG\0")
    (checkout / "README.md").write_text("# Mine\n", encoding="utf-8")
    (checkout / "librechat.example.yaml").unlink()
    (checkout / ROOT).rename(checkout / "client/src/routes/Base.tsx")
    done = capture()
    assert done.code == 0, done.err
    counts, _, rest = done.out.partition(", in ")
    assert re.fullmatch(r"captured 7 files, \+\d+ -\d+", counts)
    assert rest == (
        f"{tmp_path}/into/mine\n"
        "proven: applied to the original, it gives the checkout as it is\n"
        "on how many of the last 10 releases each hunk fits is told with --repo CLONE\n"
        f"next: librechat-patcher check {tmp_path}/into/mine\n"
        f"use:  librechat-patcher apply --patches {tmp_path}/into --patch mine\n"
    )
    assert _definition(tmp_path)["components"] == {
        "backend": "changes 4 files",
        "client": "changes 3 files",
    }
    _require_carries(run, checkout, tmp_path)


def test_what_this_tool_changed_is_left_out(
    run: Runner, checkout: Path, capture: Callable[..., Ran], tmp_path: Path
) -> None:
    assert run("apply", "--root", checkout).code == 0
    _insert(checkout, ROOT, "export default function Root() {\n", "  // mine\n")
    (checkout / "api/server/mine.js").write_text("module.exports = {};\n", encoding="utf-8")
    done = capture()
    assert done.code == 0, done.err
    assert "captured 2 files, +2 -0, " in done.out
    assert "left out: what librechat-patcher did in " in done.out
    edited = _files(checkout)
    assert run("rollback", "--root", checkout, "--force").code == 0
    git(checkout, "clean", "-fdq")
    chosen = ("--patches", tmp_path / "into", "--patch", "mine", "--patch", "dynamic-models")
    assert run("apply", "--root", checkout, *chosen).code == 0
    assert _files(checkout) == edited


def test_without_git_the_originals_of_the_runs_are_the_base(
    run: Runner, copy_of: Copy, tmp_path: Path
) -> None:
    root = copy_of("crlf")
    assert run("apply", "--root", root).code == 0
    _insert(root, ROOT, "export default function Root() {\r\n", "  // mine\r\n")
    done = run("capture", "mine", "--title", "T", "--into", tmp_path / "into", "--root", root)
    assert done.code == 0, done.err
    assert "captured 1 file, +1 -0, " in done.out
    edited = _files(root)
    assert run("rollback", "--root", root, "--force").code == 0
    for kept in root.rglob("*.drifted-*"):
        kept.unlink()
    chosen = ("--patches", tmp_path / "into", "--patch", "dynamic-models", "--patch", "mine")
    assert run("apply", "--root", root, *chosen).code == 0
    assert _files(root) == edited


NAMED = {
    "import": (
        ROUTES,
        "const { requireJwtAuth } = require('~/server/middleware/');\n",
        "const { count } = require('~/count');\n",
        {"add_import": "count", "from": "~/count"},
    ),
    "route": (
        ROUTES,
        "router.get('/', requireJwtAuth, modelController);\n",
        "router.get('/count', requireJwtAuth, count);\n",
        {"add_route": "get /count", "like": "get /", "handler": "count"},
    ),
    "property": (
        CONTROLLER,
        "module.exports = { modelController, loadModels, getModelsConfig",
        ", count",
        {"add_property": "count", "to": "module.exports"},
    ),
    "export": (
        "packages/data-provider/src/react-query/index.ts",
        "export * from './react-query-service';\n",
        "export * from './count';\n",
        {"add_export": "*", "from": "./count"},
    ),
}


@pytest.mark.parametrize("goal", NAMED)
def test_a_change_that_has_a_name_becomes_that_edit(
    checkout: Path, capture: Callable[..., Ran], tmp_path: Path, goal: str
) -> None:
    path, anchor, text, wanted = NAMED[goal]
    _insert(checkout, path, anchor, text)
    done = capture("--as-edits")
    assert done.code == 0, done.err
    assert _definition(tmp_path)["edits"] == [{"in": path, **wanted}]
    assert "diffs" not in _definition(tmp_path)
    assert f"edit: {path}: " in done.out


def test_a_hook_call_becomes_an_edit_and_the_rest_stays_a_diff(
    run: Runner, checkout: Path, capture: Callable[..., Ran], tmp_path: Path
) -> None:
    source = (checkout / ROOT).read_text(encoding="utf-8")
    line = next(x for x in source.splitlines(keepends=True) if "= useAuthContext();" in x)
    _insert(checkout, ROOT, line, "  useCount();\n")
    (checkout / ROOT).write_text(
        "// Mine\n" + (checkout / ROOT).read_text(encoding="utf-8"), encoding="utf-8"
    )
    assert capture("--as-edits").code == 0
    definition = _definition(tmp_path)
    assert definition["edits"] == [
        {"in": ROOT, "add_hook": "useCount();", "function": "Root", "after": "useAuthContext()"}
    ]
    diff = (tmp_path / "into/mine/mine.diff").read_text(encoding="utf-8")
    assert "+// Mine\n" in diff and "+  useCount" not in diff
    _require_carries(run, checkout, tmp_path)


def test_each_hunk_is_tried_on_the_releases_of_a_repository(
    checkout: Path, capture: Callable[..., Ran], copy_of: Copy
) -> None:
    git(checkout, "tag", "v0.8.4")
    _insert(checkout, ROUTES, "const router = express.Router();\n", "// other\n")
    git(checkout, "commit", "-qam", "next")
    git(checkout, "tag", "v0.8.5")
    _insert(checkout, ROUTES, "// other\n", "router.use(count);\n")
    done = capture("--repo", checkout)
    assert done.code == 0, done.err
    assert "+router.use(count);: fits 1 of the last 2 releases; not v0.8.4\n" in done.out
    data = capture("--repo", checkout, "--format", "json", id="again").data
    assert [(h["fits"], h["of"]) for h in data["hunks"]] == [(1, 2)]


def test_an_own_patch_on_top_of_another_is_captured_too(
    run: Runner, own: Write, checkout: Path, capture: Callable[..., Ran]
) -> None:
    folder = own("count", COUNT)
    assert run("apply", "--root", checkout, "--patches", folder, "--patch", "count").code == 0
    _insert(checkout, ROUTES, "module.exports = router;", " // mine")
    refused = capture()
    assert refused.code == 2
    assert "the patch count is applied here, but its definition was not found" in refused.err
    done = capture("--patches", folder)
    assert done.code == 0, done.err
    assert "captured 1 file, +1 -1, " in done.out


@pytest.mark.parametrize("color", [True, False])
def test_how_each_hunk_fits_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, color: bool
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: color)
    changes = (
        Change("a.js", "backend", b"a\n", b"b\nc\n"),
        Change("b.js", "backend", None, b"d\n"),
    )
    hunks = (
        HunkFit("a.js", 7, "mine[0]();", 10, 10, ()),
        HunkFit("b.js", 0, "a new file", 8, 10, ("v0.8.1", "v0.8.2")),
    )
    done = Captured(Path("into/mine"), changes, ("a.js: import x",), hunks, ("c.js", "d.js"))
    text(Screen(False, True), done)
    told = capsys.readouterr().out.replace("\x1b[32m", "[green]").replace("\x1b[33m", "[yellow]")
    marked = told.replace("\x1b[0m", "[/]")
    lines = [
        "[green]captured[/] 2 files, +3 -1, in into/mine",
        "proven: applied to the original, it gives the checkout as it is",
        "left out: what librechat-patcher did in 2 files",
        "edit: a.js: import x",
        "diff: a.js:7 mine[0]();: [green]fits 10 of the last 10 releases[/]",
        "diff: b.js a new file: [yellow]fits 8 of the last 10 releases[/]; not v0.8.1, v0.8.2",
        "next: librechat-patcher check into/mine",
        "use:  librechat-patcher apply --patches into --patch mine",
    ]
    plain = [re.sub(r"\[(green|yellow|/)\]", "", line) for line in lines]
    assert marked.splitlines() == (lines if color else plain)


def test_a_capture_without_a_diff_has_no_hunks_to_ask_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    changes = (Change("a.js", "backend", b"a\n", b"b\n"),)
    for has_diff in (True, False):
        text(Screen(False, False), Captured(Path("x/y"), changes, (), (), (), has_diff=has_diff))
        told = "on how many of the last 10 releases each hunk fits is told with --repo CLONE"
        assert (told in capsys.readouterr().out) is has_diff
