"""On a terminal: colours, questions, and text of others that is only text."""

from __future__ import annotations

import io
from pathlib import Path

import click
import pytest

from patcher.cli.screen import Screen, escape
from patcher.errors import BadUsage
from tests.cli.running import Runner
from tests.cli.test_transcripts import place as place

RED, GREEN, BOLD, OFF = "\x1b[31m", "\x1b[32m", "\x1b[1m", "\x1b[0m"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    return Terminal()


@pytest.mark.parametrize(
    ("marked", "colored", "plain"),
    [
        ("nothing", "nothing", "nothing"),
        ("[red]bad[/] it is", f"{RED}bad{OFF} it is", "bad it is"),
        ("a [green]b[/] [bold]c[/]", f"a {GREEN}b{OFF} {BOLD}c{OFF}", "a b c"),
        ("[yellow]a[/]", "\x1b[33ma\x1b[0m", "a"),
        ("[blue]a[/blue]", "[blue]a[/blue]", "[blue]a[/blue]"),
        (":smile: 1.5 'x' http://a", ":smile: 1.5 'x' http://a", ":smile: 1.5 'x' http://a"),
        ("C:\\Users", "C:\\Users", "C:\\Users"),
    ],
)
def test_marks_are_colours_on_a_terminal_and_nothing_elsewhere(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, marked: str, colored: str, plain: str
) -> None:
    monkeypatch.setattr("sys.stdout", terminal)
    Screen(quiet=False, color=True).line(marked)
    assert terminal.getvalue() == colored + "\n"
    for color, stream in ((False, Terminal()), (True, io.StringIO())):
        monkeypatch.setattr("sys.stdout", stream)
        Screen(quiet=False, color=color).line(marked)
        assert stream.getvalue() == plain + "\n"


FOREIGN = [
    "[red]", "[/]", "[/red]", "\\", "\\\\", "\\[/red]", "\\\\[/red]", "a[0]", "[1]", ":smile:",
    "x.replace(/\\[/g, '').split(']')", "[link=http://a]b[/link]", "C:\\[bold]\\", "[[bold]]",
]  # fmt: skip


@pytest.mark.parametrize("text", FOREIGN)
def test_what_others_wrote_is_shown_as_it_is(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    marked = f"[red]{escape(text)}[/]{escape(text)}"
    monkeypatch.setattr("sys.stdout", terminal)
    Screen(quiet=False, color=True).line(marked)
    assert terminal.getvalue() == f"{RED}{text}{OFF}{text}\n"
    stream = io.StringIO()
    monkeypatch.setattr("sys.stdout", stream)
    Screen(quiet=False, color=True).line(marked)
    assert stream.getvalue() == f"{text}{text}\n"


def test_quiet_keeps_lines_and_leaves_details_out(capsys: pytest.CaptureFixture[str]) -> None:
    for quiet in (True, False):
        screen = Screen(quiet=quiet, color=False)
        screen.line("line")
        screen.detail("detail")
        screen.problem("problem")
        expected = "line\n" if quiet else "line\ndetail\n"
        assert capsys.readouterr() == (expected, "problem\n")


def test_a_failure_is_told_with_its_next_step_if_there_is_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    screen = Screen(quiet=True, color=False)
    screen.error(BadUsage("no [x]", "try [y]"))
    screen.error(BadUsage("no"))
    assert capsys.readouterr() == ("", "error: no [x]\nnext: try [y]\nerror: no\n")


def test_commands_use_colours_unless_told_not_to(
    run: Runner, place: Path, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout", terminal)
    for extra, colored in (((), True), (("--no-color",), False)):
        run("list", "--patches", "own", "--patch", "log", *extra)
        said = terminal.getvalue()
        assert (f"{BOLD}log{OFF}: Logs requests\n" in said) is colored
        assert "log: Logs requests" in said.replace(BOLD, "").replace(OFF, "")
        terminal.seek(0)
        terminal.truncate()


@pytest.fixture
def asked(run: Runner, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A terminal to be asked on; what was asked. Answers yes unless a test says otherwise."""
    questions: list[str] = []

    class Keyboard(Terminal):
        pass

    def confirm(question: str, default: bool = False) -> bool:
        assert default is True
        questions.append(question)
        return True

    monkeypatch.setattr("sys.stdin", Keyboard())
    monkeypatch.setattr("typer.confirm", confirm)
    return questions


APPLY = ("apply", "--root", "LibreChat", "--patches", "own", "--patch", "log")


def test_a_person_is_shown_the_plan_once_and_asked(
    run: Runner, place: Path, asked: list[str]
) -> None:
    done = run(*APPLY)
    assert asked == ["Apply these changes?"]
    assert done.code == 0
    assert done.out.count("  edit api/server/routes/models.js") == 1
    assert "applied log to 1 file," in done.out
    again = run(*APPLY)
    assert len(asked) == 1
    assert again.out.count("nothing to do: every edit is there already") == 1


@pytest.mark.parametrize("extra", ["--yes", "-y", "--format=json", "--dry-run"])
def test_nobody_is_asked_who_has_said_enough(
    run: Runner, place: Path, asked: list[str], extra: str
) -> None:
    assert run(*APPLY, extra).code == 0
    assert asked == []


def test_nobody_is_asked_about_a_sample(
    run: Runner, asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    done = run("apply", "--sample", "--quiet")
    assert (done.code, asked) == (0, [])
    assert done.out.startswith("applied dynamic-models to ") and done.out.count("\n") == 1


def test_who_declines_has_everything_as_it_was(
    run: Runner, place: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("typer.confirm", lambda *_, **__: False)
    file = place / "LibreChat/api/server/routes/models.js"
    before = file.read_bytes()
    done = run(*APPLY)
    assert done.code == 0 and "applied" not in done.out
    assert file.read_bytes() == before


def test_who_is_asked_and_goes_away_has_everything_as_it_was(
    run: Runner, place: Path, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> bool:
        raise click.Abort

    monkeypatch.setattr("typer.confirm", gone)
    done = run(*APPLY)
    assert done.code == 1 and "applied" not in done.out
    assert "Aborted" in done.err


def test_a_blocked_plan_is_shown_and_nobody_is_asked(
    run: Runner, place: Path, asked: list[str]
) -> None:
    (place / "LibreChat/api/server/routes/models.js").write_text("other();\n", encoding="utf-8")
    done = run(*APPLY)
    assert (done.code, asked) == (1, [])
    assert done.err.count("log cannot be applied; nothing was written") == 1
