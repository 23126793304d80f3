"""What is written is what was meant, on a terminal and elsewhere, whatever a path is called."""

from __future__ import annotations

import io

import pytest
from rich.style import Style
from rich.text import Text

from patcher.cli.screen import Screen, escape

NAMES = [
    "src/:bug:/x.js",
    "C:\\dir\\[red]x",
    "C:\\dir\\",
    "[bold]x[/]",
    "a[0]",
    "\\[red]",
    "api/[...all]/route.ts",
    "[/nowhere]",
]


class Stream(io.StringIO):
    def __init__(self, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


def written(text: str, monkeypatch: pytest.MonkeyPatch, is_terminal: bool) -> str:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = Stream(is_terminal)
    monkeypatch.setattr("sys.stdout", stream)
    Screen(quiet=False, color=True).line(text)
    return stream.getvalue()


@pytest.mark.parametrize("is_terminal", [True, False], ids=["terminal", "pipe"])
@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_shown_as_it_is(
    name: str, is_terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = written(f"[red]{escape(name)}[/] and {escape(name)}", monkeypatch, is_terminal)
    assert Text.from_ansi(found.rstrip("\n")).plain == f"{name} and {name}"


def test_a_terminal_is_shown_the_colors_of_the_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Text.from_ansi(written("[red]no[/] [bold]well[/] so", monkeypatch, True).rstrip("\n"))
    styles = [Style.parse(str(s.style)) for s in found.spans]
    assert [found.plain[s.start : s.end] for s in found.spans] == ["no", "well"]
    assert styles == [Style(color="color(1)"), Style(bold=True)]


def test_nothing_else_is_shown_colors(monkeypatch: pytest.MonkeyPatch) -> None:
    assert written("[red]no[/] [bold]well[/] so", monkeypatch, False) == "no well so\n"
