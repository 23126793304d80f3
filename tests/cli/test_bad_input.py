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

    monkeypatch.setattr("patcher.commands.status.build_states", interrupt)
    assert run("status", "--root", copy_of("e6-v0.8.4")).code == 130


def test_a_bug_leaves_with_3_and_asks_for_a_report(
    run: Runner, copy_of: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("patcher.commands.status.build_states", lambda *_: 1 / 0)
    done = run("status", "--root", copy_of("e6-v0.8.4"))
    assert done.code == 3
    assert "this is a bug in librechat-patcher" in done.err


def test_a_command_that_is_told_to_stop_counts_as_interrupted(
    run: Runner, copy_of: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("patcher.commands.status.build_states", stop)
    done = run("status", "--root", copy_of("e6-v0.8.4"))
    assert (done.code, done.err) == (130, "interrupted; nothing is half done\n")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (PermissionError(13, "Permission denied", "/srv/x"), "/srv/x: Permission denied"),
        (OSError(36, "File name too long", b"/srv/y"), "/srv/y: File name too long"),
    ],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_what_the_disk_refuses_is_told_and_is_no_bug(
    run: Runner,
    copy_of: Copy,
    monkeypatch: pytest.MonkeyPatch,
    error: OSError,
    told: str,
    form: str,
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr("patcher.commands.status.build_states", refuse)
    done = run("status", "--root", copy_of("e6-v0.8.4"), "--format", form)
    assert done.code == 6
    hint = "run as a user who may go there" if isinstance(error, PermissionError) else ""
    if form == "json":
        assert done.data["error"] == {"kind": "InputOutput", "message": told, "hint": hint}
    else:
        assert done.err == f"error: {told}\n" + (f"next: {hint}\n" if hint else "")


def test_nobodys_home_is_a_folder_that_is_not_there(run: Runner, copy_of: Copy) -> None:
    done = run("status", "--root", "~nobody-of-this-name/LibreChat")
    assert done.code == 5
    assert "--root names ~nobody-of-this-name/LibreChat, which is not a folder" in done.err
    root = copy_of("e6-v0.8.4")
    (root / ".librechat-patcher.yaml").write_text(
        "patches: [~nobody-of-this-name/own]\n", encoding="utf-8"
    )
    done = run("status", "--root", root)
    assert done.code == 2
    assert "`patches` names ~nobody-of-this-name/own: there is no such folder" in done.err


@pytest.mark.parametrize(
    ("package", "title"),
    [
        ("[" * 100_000, "LibreChat (no version)"),
        ('{"version": null, "name": null}', "LibreChat (no version)"),
        ('{"version": "' + "9" * 5000 + '"}', "LibreChat 9999999999"),
        ("null", "LibreChat (no version)"),
        ("{", "LibreChat (no version)"),
    ],
    ids=["nested", "null", "digits", "nothing", "broken"],
)
def test_a_package_json_that_says_nothing(
    run: Runner, copy_of: Copy, package: str, title: str
) -> None:
    root = copy_of("e6-v0.8.4")
    (root / "package.json").write_text(package, encoding="utf-8")
    (root / "api/package.json").unlink(missing_ok=True)
    done = run("apply", "--root", root, "--dry-run")
    assert done.code == 0
    assert done.out.startswith(title)


@pytest.mark.parametrize(
    "value", ["http://[x", "https://[x]y/", "a\0b", "/app/a\0b", "/app/" + "a" * 300]
)
def test_an_odd_config_path_does_not_end_an_apply_or_a_doctor(
    run: Runner, copy_of: Copy, value: str
) -> None:
    root = copy_of("e6-v0.8.4")
    (root / ".env").write_text(f"CONFIG_PATH={value}\n", encoding="utf-8")
    done = run("apply", "--root", root)
    assert done.code == 0
    assert "\nroll back: " in done.out
    assert run("doctor", "--root", root).code in (0, 1, 6)


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_linked_folder_is_one_message(run: Runner, copy_of: Copy, tmp_path: Path) -> None:
    root = copy_of("e6-v0.8.4")
    (root / "api").rename(tmp_path / "elsewhere")
    (root / "api").symlink_to(tmp_path / "elsewhere")
    done = run("apply", "--root", root)
    assert done.code == 1
    assert done.err.count("api is a symbolic link") == 1
    assert len(done.err.splitlines()) < 10
    assert " more edits" in done.err


def test_verify_says_in_one_line_that_nothing_is_applied(run: Runner, copy_of: Copy) -> None:
    root = copy_of("e6-v0.8.4")
    done = run("verify", "--root", root)
    assert done.code == 1
    (_, line, end) = done.out.splitlines()
    assert line.endswith("dynamic-models is not applied here; next: librechat-patcher apply")
    assert end == "verification failed"
