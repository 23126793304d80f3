"""`.librechat-patcher.yaml`: own patches and ids that are meant when nothing is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.carrying.conftest import Write
from tests.carrying.test_several_patches import COUNT, LOG
from tests.cli.running import Runner

Copy = Callable[[str], Path]
NAME = ".librechat-patcher.yaml"


def _ids(run: Runner, *arguments: object) -> list[str]:
    planned = run("apply", "--dry-run", "--format", "json", *arguments)
    return [p["id"] for p in planned.data["planned"]["plan"]["patches"]]


def test_it_is_read_in_the_checkout_and_in_the_current_folder(
    run: Runner, own: Write, copy_of: Copy
) -> None:
    own("count", COUNT)
    folder, root = own("log", LOG), copy_of("e6-v0.8.4")
    (root / NAME).write_text(f"patches: [{folder}]\napply: [log, count]\n", encoding="utf-8")
    assert _ids(run, "--root", root) == ["log", "count"]
    Path(NAME).write_text(f"patches: {folder}\n", encoding="utf-8")
    assert _ids(run, "--root", root) == ["dynamic-models", "count", "log"]
    assert "count" in run("list").out


def test_folders_are_relative_to_the_file(run: Runner, own: Write, copy_of: Copy) -> None:
    folder, root = own("log", LOG), copy_of("e6-v0.8.4")
    folder.rename(root / "my-patches")
    (root / NAME).write_text("patches: my-patches\napply: log\n", encoding="utf-8")
    assert _ids(run, "--root", root) == ["log"]


def test_the_command_line_wins(run: Runner, own: Write, copy_of: Copy) -> None:
    own("count", COUNT)
    folder, root = own("log", LOG), copy_of("e6-v0.8.4")
    Path(NAME).write_text(f"patches: [{folder}]\napply: [log]\n", encoding="utf-8")
    assert _ids(run, "--root", root, "--patch", "count") == ["count"]
    assert _ids(run, "--root", root, "--patches", folder / "count") == ["dynamic-models", "count"]


def test_every_command_reads_it(run: Runner, own: Write, copy_of: Copy) -> None:
    folder, root = own("log", LOG), copy_of("e6-v0.8.4")
    Path(NAME).write_text(f"patches: [{folder}]\napply: [log]\n", encoding="utf-8")
    assert "require('~/config')" in run("diff", "--root", root).out
    assert run("apply", "--root", root).code == 0
    assert "log: run " in run("status", "--root", root).out
    assert "definition has changed" not in run("status", "--root", root).out
    assert run("verify", "--root", root).code == 0
    assert run("rollback", "--root", root, "--patch", "log").code == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("patch: [a]\n", ":1: `patch` is not a key that belongs here; did you mean `patches`?"),
        ("apply: [A b]\n", ":1: `apply` must be lower-case words with hyphens"),
        ("\npatches: nowhere\n", ":2: `patches` names nowhere: there is no such folder"),
        ("apply: [a, a]\n", ":1: `apply` names the same thing twice"),
        ("apply: {a: b}\n", ":1: `apply` must be a text"),
        ("- a\n", ":1: "),
    ],
)
def test_a_wrong_one_is_refused_with_its_line(
    run: Runner, copy_of: Copy, text: str, message: str
) -> None:
    Path(NAME).write_text(text, encoding="utf-8")
    done = run("apply", "--root", copy_of("e6-v0.8.4"), "--dry-run")
    assert done.code == 2
    assert f"{NAME}{message}" in done.err
