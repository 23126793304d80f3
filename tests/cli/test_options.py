"""What every command takes, and what it takes for granted when it is not said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
import pytest
import typer

from patcher.cli.app import app
from tests.cli.running import Runner

OUTPUT: Mapping[str, Any] = {"--format": "text", "--quiet -q": False, "--no-color": False}
CHOICE: Mapping[str, Any] = {"--patch": None, "--patches": None, "--only": None, "--skip": None}
COMMANDS: Mapping[str, Mapping[str, Any]] = {
    "apply": {
        "--root": None, **CHOICE, "--allow-http": None, "--dry-run": False, "--yes -y": False,
        "--sample": False, **OUTPUT,
    },
    "rollback": {
        "--root": None, "--run": None, "--patch": None, "--patches": None, "--force": False,
        **OUTPUT,
    },
    "update": {
        "--root": None, "--to": None, "--patches": None, "--dry-run": False, "--yes -y": False,
        **OUTPUT,
    },
    "diff": {"--root": None, **CHOICE, **OUTPUT},
    "status": {"--root": None, "--patches": None, **OUTPUT},
    "verify": {"--root": None, **CHOICE, "--url": None, **OUTPUT},
    "list": {"--patch": None, "--patches": None, **OUTPUT},
    "doctor": {"--root": None, "--probe": False, **OUTPUT},
    "matrix": {
        "--repo": "needed", "--refs": None, **CHOICE, "--update-tested": False, **OUTPUT,
    },
    "capture": {
        "id": "needed", "--title": "needed", "--root": None, "--into": "patches", "--why": "",
        "--as-edits": False, "--path": None, "--repo": None, "--patches": None, **OUTPUT,
    },
    "explain": {"id": "needed", "--root": None, "--patches": None, **OUTPUT},
    "check": {"folder": "needed", "--repo": None, **OUTPUT},
}  # fmt: skip
REPEATABLE = {"--patches", "--only", "--skip", "--refs", "--allow-http", "--path"}


def command(name: str) -> click.Command:
    group = typer.main.get_command(app)
    assert isinstance(group, click.Group)
    found = group.get_command(click.Context(group), name)
    assert found is not None
    return found


def test_there_are_these_commands_in_this_order() -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, click.Group)
    assert group.list_commands(click.Context(group)) == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_what_a_command_takes(name: str) -> None:
    found = {}
    for parameter in command(name).params:
        assert parameter.opts
        default = None if parameter.default in (None, ()) else parameter.default
        default = default if isinstance(default, bool | None) else str(default)
        said = "needed" if parameter.required else default
        found[" ".join(parameter.opts)] = said
    assert found == COMMANDS[name]


@pytest.mark.parametrize("name", COMMANDS)
def test_what_may_be_said_more_than_once(name: str) -> None:
    several = {p.opts[0] for p in command(name).params if p.multiple}
    once = {"--patch"} if name == "rollback" else set()
    expected = (REPEATABLE | {"--patch"}) & set(COMMANDS[name]) - once
    assert several == expected


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_a_command_does_and_gives_an_example(run: Runner, name: str) -> None:
    done = run(name, "--help")
    assert done.code == 0
    assert "Example" in done.out and "librechat-patcher" in done.out
    parameters = command(name).params
    assert all(p.help for p in parameters if isinstance(p, click.Option))
    for argument in parameters:
        if isinstance(argument, click.Argument):
            assert f"  {argument.metavar}  [required]" not in done.out, "it is not explained"
    assert run(name, "-h").out == done.out


def test_no_summary_is_cut_off_on_80_columns(run: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert "..." not in run("-h").out.partition("Commands:")[2]


def test_without_arguments_and_with_help_all_commands_are_told(run: Runner) -> None:
    for arguments, code in (((), 2), (("--help",), 0)):
        done = run(*arguments)
        said = done.out + done.err
        assert done.code in (0, code)
        assert all(f"\n  {name}" in said for name in COMMANDS)
        assert "Give every LibreChat user the models of their own API key" in said


def test_the_version_is_told_in_both_ways(run: Runner) -> None:
    alone = run("--version")
    assert alone.code == 0 and alone.out == "librechat-patcher 0.1.0\n"
    assert run("-V").out == run("--version", "list").out == alone.out
    assert run("--version", "list").code == 0


@pytest.mark.parametrize(
    ("typed", "meant"), [("aply", "apply"), ("statsu", "status"), ("doctr", "doctor")]
)
def test_a_command_that_was_misspelt_is_guessed_once(run: Runner, typed: str, meant: str) -> None:
    done = run(typed)
    assert done.code == 2
    assert f"No such command '{typed}'" in done.err
    assert done.err.count(f"'{meant}'") + done.err.count(f" {meant}?") == 1


WORDS = {
    "--root": "DIR", "--to": "REF", "--run": "ID", "--patch": "ID", "--patches": "DIR",
    "--only": "COMPONENT", "--skip": "COMPONENT", "--allow-http": "HOST[:PORT]", "--url": "URL",
    "--into": "DIR", "--path": "PATH", "--refs": "GLOB|A..B", "--format": "text|json", "id": "ID",
    "folder": "DIR",
}  # fmt: skip
OTHER_WORDS = {
    ("matrix", "--repo"): "DIR",
    ("matrix", "--format"): "text|json|junit|markdown|github",
    ("capture", "--repo"): "CLONE",
    ("check", "--repo"): "CLONE",
}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_words_for_what_an_option_takes(name: str) -> None:
    for parameter in command(name).params:
        option = parameter.opts[0]
        assert parameter.metavar == OTHER_WORDS.get((name, option), WORDS.get(option)), option


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_written_in_sentences(name: str) -> None:
    options = [p for p in command(name).params if isinstance(p, click.Option)]
    assert all((p.help or "").endswith(".") for p in options)


def test_shells_can_be_taught_to_complete(run: Runner) -> None:
    said = run("--help").out
    assert "--install-completion" in said and "--show-completion" in said
