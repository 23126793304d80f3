"""`capture` as a person uses it: edit a checkout, capture, apply elsewhere."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.carrying.conftest import Write
from tests.carrying.test_several_patches import COUNT
from tests.cli.running import Ran, Runner
from tests.conftest import contents

Copy = Callable[[str], Path]
ROUTES = "api/server/routes/models.js"
CONTROLLER = "api/server/controllers/ModelController.js"
ROOT = "client/src/routes/Root.tsx"


def _git(root: Path, *arguments: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run(["git", "-C", root, *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def checkout(copy_of: Copy) -> Path:
    """A checkout in git, unpatched."""
    root = copy_of("e6-v0.8.4")
    _git(root, "init", "-q")
    _git(root, "add", "-A")
    _git(root, "commit", "-qm", "LibreChat")
    return root


@pytest.fixture
def capture(
    run: Runner, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Ran]:
    monkeypatch.delenv("LIBRECHAT_GIT", raising=False)

    def call(*arguments: object, id: str = "mine") -> Ran:
        into = ("--into", tmp_path / "into", "--root", checkout)
        return run("capture", id, "--title", "Does mine", *into, *arguments)

    return call


def _insert(root: Path, path: str, anchor: str, text: str) -> None:
    file = root / path
    content = file.read_bytes().decode()
    assert content.count(anchor) == 1
    file.write_bytes(content.replace(anchor, anchor + text).encode())


def _files(root: Path) -> dict[str, bytes]:
    return {p: c for p, (_, c) in contents(root).items() if not p.startswith(".git/")}


def _definition(tmp_path: Path) -> dict[str, object]:
    found = yaml.safe_load((tmp_path / "into/mine/patch.yaml").read_text())
    assert isinstance(found, dict)
    return found


def _require_carries(run: Runner, root: Path, tmp_path: Path) -> None:
    """Back to the state in git; the captured patch brings the edited one."""
    edited = _files(root)
    _git(root, "stash", "--include-untracked")
    assert _files(root) != edited
    _git(root, "apply", "--check", *map(str, (tmp_path / "into/mine").glob("*.diff")))
    chosen = ("--patches", tmp_path / "into", "--patch", "mine")
    assert run("apply", "--root", root, *chosen).code == 0
    assert _files(root) == edited


def test_edited_new_deleted_and_moved_files_are_carried(
    run: Runner, checkout: Path, capture: Callable[..., Ran], tmp_path: Path
) -> None:
    _insert(checkout, ROUTES, "const router = express.Router();\n", "router.use(count);\n")
    (checkout / "api/server/count.js").write_text("module.exports = {};\n")
    (checkout / "client/logo.png").write_bytes(b"\x89PNG\0")
    (checkout / "README.md").write_text("# Mine\n")
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
    (checkout / "api/server/mine.js").write_text("module.exports = {};\n")
    done = capture()
    assert done.code == 0, done.err
    assert "captured 2 files, +2 -0, " in done.out
    assert "left out: what librechat-patcher did in " in done.out
    edited = _files(checkout)
    assert run("rollback", "--root", checkout, "--force").code == 0
    _git(checkout, "clean", "-fdq")
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
    source = (checkout / ROOT).read_text()
    line = next(x for x in source.splitlines(keepends=True) if "= useAuthContext();" in x)
    _insert(checkout, ROOT, line, "  useCount();\n")
    (checkout / ROOT).write_text("// Mine\n" + (checkout / ROOT).read_text())
    assert capture("--as-edits").code == 0
    definition = _definition(tmp_path)
    assert definition["edits"] == [
        {"in": ROOT, "add_hook": "useCount();", "function": "Root", "after": "useAuthContext()"}
    ]
    diff = (tmp_path / "into/mine/mine.diff").read_text()
    assert "+// Mine\n" in diff and "+  useCount" not in diff
    _require_carries(run, checkout, tmp_path)


def test_each_hunk_is_tried_on_the_releases_of_a_repository(
    checkout: Path, capture: Callable[..., Ran], copy_of: Copy
) -> None:
    _git(checkout, "tag", "v0.8.4")
    _insert(checkout, ROUTES, "const router = express.Router();\n", "// other\n")
    _git(checkout, "commit", "-qam", "next")
    _git(checkout, "tag", "v0.8.5")
    _insert(checkout, ROUTES, "// other\n", "router.use(count);\n")
    done = capture("--repo", checkout)
    assert done.code == 0, done.err
    assert "+router.use(count);: fits 1 of the last 2 releases; not v0.8.4\n" in done.out
    data = capture("--repo", checkout, "--format", "json", id="again").data
    assert [(h["fits"], h["of"]) for h in data["hunks"]] == [(1, 2)]


def test_secrets_state_and_settings_are_never_captured(
    checkout: Path, capture: Callable[..., Ran]
) -> None:
    for name in (".env", ".env.local", ".librechat-patcher.yaml"):
        (checkout / name).write_text("KEY=secret\n" if "env" in name else "patches: []\n")
    (checkout / ".librechat-patcher.yaml").write_text("apply: dynamic-models\n")
    done = capture()
    assert done.err == (
        "error: nothing was changed by hand\nnext: edit the checkout first, then capture it\n"
    )
    assert done.code == 2


def test_paths_limit_what_is_carried(
    checkout: Path, capture: Callable[..., Ran], tmp_path: Path
) -> None:
    (checkout / "api/one.js").write_text("1;\n")
    (checkout / "client/two.js").write_text("2;\n")
    assert capture("--path", "docs").err == (
        "error: --path docs: nothing was changed there by hand\n"
    )
    assert capture("--path", "client/").code == 0
    assert _definition(tmp_path)["components"] == {"client": "changes 1 file"}


def test_what_no_patch_can_carry_is_named_and_nothing_is_written(
    checkout: Path, capture: Callable[..., Ran], tmp_path: Path
) -> None:
    (checkout / "api/server/icon.bin").write_bytes(b"\0one")
    _git(checkout, "add", "-A")
    _git(checkout, "commit", "-qm", "icon")
    (checkout / "api/server/icon.bin").write_bytes(b"\0two")
    (checkout / "icon.bin").write_bytes(b"\0")
    done = capture()
    assert done.code == 1
    assert done.err == (
        "error: these changes cannot be carried; nothing was written:\n"
        "  api/server/icon.bin: it is binary, and a patch only adds binary files\n"
        "  icon.bin: it is binary, and in no component's folder\n"
        "next: name the files to carry: librechat-patcher capture ID --path PATH\n"
    )
    assert not (tmp_path / "into").exists()


def test_a_hand_that_changed_what_was_patched_is_told_so(
    run: Runner, checkout: Path, capture: Callable[..., Ran], tmp_path: Path
) -> None:
    assert run("apply", "--root", checkout).code == 0
    text = (checkout / ROUTES).read_text()
    (checkout / ROUTES).write_text(text.replace("'/fetch'", "'/refresh'"))
    line = 1 + text.splitlines().index(next(x for x in text.splitlines() if "'/fetch'" in x))
    done = capture()
    assert done.code == 1
    assert done.err == (
        f"error: {ROUTES}: line {line} was changed by hand, and by librechat-patcher before; "
        "nothing was written\n"
    )


def test_wrong_use_is_refused(
    run: Runner, capture: Callable[..., Ran], copy_of: Copy, tmp_path: Path
) -> None:
    assert capture(id="../mine").err == (
        "error: ID must be lower-case words with hyphens, at most 60 characters, not `../mine`\n"
    )
    assert capture("--title", "").code == 2
    (tmp_path / "into/mine").mkdir(parents=True)
    assert capture().err == (
        f"error: {tmp_path}/into/mine is there already\n"
        "next: choose another id, another --into, or move it away\n"
    )
    root = copy_of("e5-v0.8.1")
    done = run("capture", "x", "--title", "X", "--root", root, "--into", tmp_path / "other")
    assert done.err.startswith(
        f"error: {root} is no git checkout, and no run is recorded: there is nothing to "
    )
    assert done.code == 2


def test_an_own_patch_on_top_of_another_is_captured_too(
    run: Runner, own: Write, checkout: Path, capture: Callable[..., Ran]
) -> None:
    folder = own("count", COUNT)
    assert run("apply", "--root", checkout, "--patches", folder, "--patch", "count").code == 0
    _insert(checkout, ROUTES, "module.exports = router;", " // mine")
    refused = capture()
    assert refused.code == 2
    assert "the patch count is applied here, but its definition is not at hand" in refused.err
    done = capture("--patches", folder)
    assert done.code == 0, done.err
    assert "captured 1 file, +1 -1, " in done.out
