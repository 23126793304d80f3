"""Bad input: one clear message with the next step, its exit code, and no file touched."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import Runner
from tests.conftest import contents

Copy = Callable[[str], Path]
ROUTES = "api/server/routes/models.js"


def test_no_checkout(run: Runner) -> None:
    done = run("apply")
    assert done.code == 5
    assert "no LibreChat checkout was found" in done.err
    assert "next: name it: --root DIR, or try `apply --sample`" in done.err


def test_two_checkouts_at_one_step(
    run: Runner, copy_of: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = copy_of("e5-v0.8.1"), copy_of("e6-v0.8.4")
    monkeypatch.setattr("patcher.checkout._steps", lambda *_: iter([[one, two]]))
    done = run("apply")
    assert done.code == 5
    assert str(one) in done.err and str(two) in done.err
    assert f"choose one: --root {one}" in done.err


def test_a_folder_that_is_not_librechat(run: Runner, tmp_path: Path) -> None:
    done = run("apply", "--root", tmp_path)
    assert done.code == 5
    assert f"{tmp_path} is not a LibreChat checkout: it has no {ROUTES}" in done.err


def test_a_root_that_does_not_exist(run: Runner, tmp_path: Path) -> None:
    done = run("status", "--root", tmp_path / "nowhere")
    assert done.code == 5
    assert "which is not a folder" in done.err


def test_a_file_that_is_not_utf8(run: Runner, copy_of: Copy) -> None:
    root = copy_of("e6-v0.8.4")
    file = root / ROUTES
    file.write_bytes(b"// caf\xe9\n" + file.read_bytes())
    before = contents(root)
    done = run("apply", "--root", root)
    assert done.code == 1
    assert f"{ROUTES}: import fetchUserModelsController" in done.err
    assert "the file is not UTF-8 (byte 0xe9 on line 1)" in done.err
    assert contents(root) == before


@pytest.mark.parametrize("kind", ["link", "folder"])
def test_a_target_that_is_no_plain_file(run: Runner, copy_of: Copy, kind: str) -> None:
    root = copy_of("e6-v0.8.4")
    file = root / "client/src/routes/Root.tsx"
    moved = file.rename(file.with_name("Other.tsx"))
    if kind == "link":
        file.symlink_to(moved)
    else:
        file.mkdir()
    done = run("apply", "--root", root)
    assert done.code == 1
    assert "client/src/routes/Root.tsx is a" in done.err
    assert not (root / ".librechat-patcher").exists()


def test_an_enormous_target_is_refused_unread(run: Runner, copy_of: Copy) -> None:
    root = copy_of("e6-v0.8.4")
    (root / ROUTES).write_bytes(b"x" * (20 << 20))
    done = run("apply", "--root", root)
    assert done.code == 1
    assert "the file has 20,971,520 bytes: larger than source code is" in done.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["apply", "--patch", "dynamic-model"], "did you mean dynamic-models?"),
        (["apply", "--only", "frontend"], "there is no component frontend"),
        (["apply", "--only", "client", "--skip", "client"], "leave no component"),
        (["apply", "--allow-http", "http://x/"], "not HOST or HOST:PORT"),
        (["status", "--format", "xml"], "choose text or json"),
        (["diff", "--patches", "/dev"], "there is no */patch.yaml in it"),
        (["apply", "--bogus"], "No such option"),
        (["frobnicate"], "No such command"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_usage_that_makes_no_sense(
    run: Runner, copy_of: Copy, arguments: list[str], message: str
) -> None:
    root = copy_of("e6-v0.8.4")
    before = contents(root)
    if "--bogus" not in arguments and "frobnicate" not in arguments:
        arguments = [*arguments, "--root", str(root)]
    done = run(*arguments)
    assert done.code == 2
    assert message in done.err
    assert contents(root) == before


def test_a_component_that_this_tree_does_not_have(run: Runner, copy_of: Copy) -> None:
    done = run("apply", "--root", copy_of("shipped-image"), "--only", "client")
    assert done.code == 2
    assert "has no sources of client" in done.err
    assert "next: what is there: --only backend" in done.err


def test_a_definition_with_a_typo(run: Runner, copy_of: Copy, tmp_path: Path) -> None:
    own = tmp_path / "patches" / "mine"
    own.mkdir(parents=True)
    (own / "patch.yaml").write_text("schema: 1\nid: mine\ntitel: Mine\n", encoding="utf-8")
    done = run("apply", "--root", copy_of("e6-v0.8.4"), "--patches", own.parent)
    assert done.code == 2
    assert "patch.yaml:3" in done.err
    assert "did you mean `title`?" in done.err


def test_a_json_answer_to_a_failure(run: Runner, tmp_path: Path) -> None:
    done = run("apply", "--root", tmp_path, "--format", "json")
    assert done.code == 5
    assert done.data["error"]["kind"] == "NoCheckout"
    assert done.data["error"]["hint"]


def test_a_blocked_plan_as_json_has_every_outcome(run: Runner, copy_of: Copy) -> None:
    root = copy_of("e6-v0.8.4")
    (root / ROUTES).write_text("module.exports = 1;\n", encoding="utf-8")
    done = run("apply", "--root", root, "--format", "json")
    states = {o["state"] for o in done.data["planned"]["plan"]["outcomes"]}
    assert (done.code, done.data["ok"]) == (1, False)
    assert {"applies", "blocked", "not here"} <= states


def test_an_interrupted_command_says_so_and_leaves_with_130(
    run: Runner, copy_of: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("patcher.commands.status.final_states", interrupt)
    assert run("status", "--root", copy_of("e6-v0.8.4")).code == 130


def test_a_bug_leaves_with_3_and_asks_for_a_report(
    run: Runner, copy_of: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("patcher.commands.status.final_states", lambda *_: 1 / 0)
    done = run("status", "--root", copy_of("e6-v0.8.4"))
    assert done.code == 3
    assert "this is a bug in librechat-patcher" in done.err


def test_a_command_that_is_told_to_stop_counts_as_interrupted(
    run: Runner, copy_of: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("patcher.commands.status.final_states", stop)
    done = run("status", "--root", copy_of("e6-v0.8.4"))
    assert (done.code, done.err) == (130, "interrupted; nothing is half done\n")
