"""What `capture` does not carry, and what it says then."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.cli.running import Ran, Runner
from tests.conftest import git

Copy = Callable[[str], Path]
ROUTES = "api/server/routes/models.js"
CONTROLLER = "api/server/controllers/ModelController.js"
ROOT = "client/src/routes/Root.tsx"


def test_what_no_patch_can_carry_is_named_and_nothing_is_written(
    checkout: Path, capture: Callable[..., Ran], tmp_path: Path
) -> None:
    (checkout / "api/server/icon.bin").write_bytes(b"\0one")
    git(checkout, "add", "-A")
    git(checkout, "commit", "-qm", "icon")
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
    text = (checkout / ROUTES).read_text(encoding="utf-8")
    (checkout / ROUTES).write_text(text.replace("'/fetch'", "'/refresh'"), encoding="utf-8")
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


def test_secrets_state_and_settings_are_never_captured(
    checkout: Path, capture: Callable[..., Ran]
) -> None:
    for name in (".env", ".env.local", ".librechat-patcher.yaml"):
        (checkout / name).write_text(
            "KEY=secret\n" if "env" in name else "patches: []\n", encoding="utf-8"
        )
    (checkout / ".librechat-patcher.yaml").write_text("apply: dynamic-models\n", encoding="utf-8")
    done = capture()
    assert done.err == (
        "error: nothing was changed by hand\nnext: edit the checkout first, then capture it\n"
    )
    assert done.code == 2


def test_paths_limit_what_is_carried(
    checkout: Path, capture: Callable[..., Ran], tmp_path: Path
) -> None:
    (checkout / "api/one.js").write_text("1;\n", encoding="utf-8")
    (checkout / "client/two.js").write_text("2;\n", encoding="utf-8")
    assert capture("--path", "docs").err == (
        "error: --path docs: nothing was changed there by hand\n"
    )
    assert capture("--path", "client/").code == 0
    definition = (tmp_path / "into/mine/patch.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(definition)["components"] == {"client": "changes 1 file"}


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no modes")
def test_a_binary_file_that_may_be_run_is_refused(
    checkout: Path, capture: Callable[..., Ran]
) -> None:
    (checkout / "api/tool").write_bytes(b"\0")
    (checkout / "api/tool").chmod(0o755)
    assert "api/tool: it is binary and may be run; `files/` keeps no modes" in capture().err


def test_code_that_apply_would_refuse_is_not_captured(
    checkout: Path, capture: Callable[..., Ran], tmp_path: Path
) -> None:
    (checkout / ROUTES).write_text("const a = ;\n", encoding="utf-8")
    done = capture()
    assert done.code == 1
    assert done.err == (
        f"error: {ROUTES}: syntax error near line 1; nothing was written\n"
        "next: fix it, or capture other files: --path PATH\n"
    )
    assert not (tmp_path / "into").exists()
