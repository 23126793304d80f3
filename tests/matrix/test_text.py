"""The matrix for people and for Markdown, from values: widths, groups, turns, reasons."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace

from patcher.cli.matrix import text
from patcher.cli.screen import Screen
from patcher.releases import matrix_formats
from patcher.releases.compatibility import Fit, Judgement, Matrix, Row, Trouble, counted, groups

GOOD = Judgement((("backend", Fit.APPLIES), ("client", Fit.ALREADY)), ("native",))
OTHER = Judgement((("backend", Fit.NOT_APPLICABLE), ("client", Fit.APPLIES)), ())
REASON = "the anchor matches nothing; " + "and there is more to say about it than a line holds " * 2
BAD = Judgement(
    (("backend", Fit.APPLIES), ("client", Fit.BLOCKED)),
    (),
    (Trouble("client", "client/a.tsx", "call [it]", REASON),),
)
ABSENT = replace(BAD, fits=(("backend", Fit.FAILS), ("client", Fit.ABSENT)))


def row(name: str, verdict: Judgement = GOOD, tested: bool = True, **more: object) -> Row:
    plain = Row(name, f"c-{name}", "2026-01-02", f"On {name}", name, True, tested, verdict)
    return replace(plain, **more)


def releases(*rows: Row) -> Matrix:
    return Matrix("/repo", ("count", "log"), ("backend", "client"), rows)


RELEASES = releases(row("v1"), row("v2"), row("v3", OTHER, tested=False), row("v4", BAD))
COMMITS = replace(
    releases(
        *(row(n, v, is_tag=False) for n, v in (("a", GOOD), ("b", GOOD), ("c", BAD), ("d", GOOD)))
    ),
    range="a..d",
    breaks=("c-c",),
    repairs=("c-d",),
)


def shown(capsys: pytest.CaptureFixture[str], matrix: Matrix, quiet: bool = False) -> list[str]:
    text(Screen(quiet, False), matrix)
    return capsys.readouterr().out.splitlines()


def test_releases_are_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, replace(RELEASES, left_out=("v0",))) == [
        "count, log on 4 releases of /repo",
        "release  backend   client   variant  tested",
        "v1       applies   already  1        yes",
        "v2       applies   already  1        yes",
        "v3       not here  applies  -        no",
        "v4       applies   blocked  -        yes",
        "  client/a.tsx: call [it]",
        "    the anchor matches nothing; and there is more to say about it than a line",
        "      holds and there is more to say about it than a line holds",
        "variant 1: native",
        "3 of 4 releases can be patched",
        "left out, the patch is not made for them: v0",
    ]  # fmt: skip
    lines = shown(capsys, replace(RELEASES, left_out=("v0", "v0.1", "v0.2")))
    assert lines[-1].endswith("3 tags, v0 to v0.2")


def test_commits_are_a_line_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, COMMITS) == [
        "count, log on the commits of a..d that touch its files",
        "commit    backend  client   variant  subject",
        "a..b (2)  applies  already  1",
        "c         applies  blocked  -        On c",
        *shown(capsys, RELEASES)[6:9],
        "d         applies  already  1        On d",
        "variant 1: native",
        "breaks at c of 2026-01-02: On c",
        "works again at d of 2026-01-02: On d",
        "3 of 4 commits can be patched",
    ]


def test_quiet_is_what_is_wrong_and_the_count(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, COMMITS)
    assert shown(capsys, COMMITS, quiet=True) == [*lines[3:7], *lines[9:]]
    assert shown(capsys, releases(row("v1")), quiet=True) == ["1 of 1 release can be patched"]


@pytest.mark.parametrize(
    ("subject", "cell"),
    [
        ("x" * 31, "x" * 31),
        ("x" * 32, "x" * 32),
        ("x" * 200, None),
        ("日" * 100, None),
        ("a\tb\x1b[2Jc\u202e", "a b [2Jc"),
        ("", ""),
    ],
)
def test_a_subject_takes_what_is_left_of_eighty_columns(
    capsys: pytest.CaptureFixture[str], subject: str, cell: str | None
) -> None:
    one = replace(COMMITS, rows=(row("a" * 10, subject=subject),), breaks=(), repairs=())
    line = shown(capsys, one)[2]
    width = len(line) + sum(c == "日" for c in line)
    assert width <= 80
    if cell is None:
        assert line.endswith(subject[0] + "...")
        assert width in (79, 80)
    else:
        assert line == f"{'a' * 10}  applies  already  1        {cell}".rstrip()


def test_the_first_column_gives_way_to_the_last(capsys: pytest.CaptureFixture[str]) -> None:
    one = replace(COMMITS, rows=(row("n" * 90, subject="S" * 50),), breaks=(), repairs=())
    line = shown(capsys, one)[2]
    assert len(line) == 80
    assert line.startswith("nnn") and "n...  applies" in line
    assert line.endswith("  " + "S" * 9 + "...")


def test_a_long_turn_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    rows = (row("a"), row("b", BAD, subject="S" * 200))
    lines = shown(capsys, replace(COMMITS, rows=rows, breaks=("c-b",), repairs=()))
    (turn,) = (line for line in lines if line.startswith("breaks at"))
    assert len(turn) == 80 and turn.endswith("S...")


def test_what_a_row_is_called() -> None:
    assert (RELEASES.noun, COMMITS.noun) == ("release", "commit")
    assert releases(row("v1"), row("x", is_tag=False)).noun == "revision"
    assert counted(releases(row("v1", BAD))) == "0 of 1 release can be patched"
    assert not RELEASES.ok and releases(row("v1")).ok
    assert not replace(GOOD, troubles=BAD.troubles).ok
    assert [fit for fit in Fit if fit.is_good] == [
        Fit.APPLIES,
        Fit.ALREADY,
        Fit.NOT_APPLICABLE,
        Fit.NOT_BUILT,
    ]


def test_neighbours_with_one_outcome_are_a_group() -> None:
    rows = [row("a"), row("b"), row("c", tested=False), row("d", OTHER), row("e")]
    assert [len(group.rows) for group in groups(rows)] == [2, 1, 1, 1]
    assert [group.tested for group in groups(rows)] == [True, False, True, True]


def test_markdown_of_releases() -> None:
    matrix = replace(RELEASES, rows=(*RELEASES.rows, row("v5", ABSENT)))
    assert matrix_formats.markdown(matrix).splitlines() == [
        "| LibreChat | variant | backend | client | tested |",
        "| --- | --- | --- | --- | --- |",
        "| v1 to v2 (2 releases) | `native` | yes | already there | yes |",
        "| v3 `On v3` | - | not needed | yes | no |",
        "| v4 `On v4` | - | yes | **blocked** | yes |",
        "| v5 `On v5` | - | **fails** | **absent** | yes |",
        "",
        "Measured on 5 releases, v1 to v5: 3 of 5 releases can be patched.",
        f"- v4 `On v4`: `client/a.tsx`, `call [it]`: `{REASON.strip()}`",
        f"- v5 `On v5`: `client/a.tsx`, `call [it]`: `{REASON.strip()}`",
    ]
    turns = matrix_formats.markdown(COMMITS).splitlines()[-2:]
    assert turns == [
        "- Breaks at c-c of 2026-01-02: `On c`",
        "- Works again at c-d of 2026-01-02: `On d`",
    ]


FOREIGN = st.text(alphabet="`|\\<>[]()*_~#@&!ab \n\t", min_size=1, max_size=12)


def cells(text: str) -> list[list[str]]:
    html = MarkdownIt("commonmark").enable("table").render(text)
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", r, re.DOTALL) for r in rows]


@given(subject=FOREIGN, name=FOREIGN)
def test_markdown_shows_names_and_subjects_as_code_and_nothing_else(
    subject: str, name: str
) -> None:
    text = matrix_formats.markdown(releases(row(name, subject=subject)))
    first, *others = cells(text)[1]
    assert others == ["<code>native</code>", "yes", "already there", "yes"]
    outside = re.sub(r"<code>.*?</code>", "", first, flags=re.DOTALL)
    assert re.fullmatch(r"[ab]*\s*", outside), text
    said = re.sub(r"\s", "", "".join(re.findall(r"<code>(.*?)</code>", first, re.DOTALL)))
    plain = re.sub(r"\s", "", subject)
    assert said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").endswith(plain)


@given(subject=FOREIGN)
def test_a_bar_is_never_behind_an_even_number_of_backslashes(subject: str) -> None:
    """GitHub takes two backslashes for one of the text, and a bar behind them ends the cell."""
    text = matrix_formats.markdown(releases(row("v1", subject=f"x\\{subject}")))
    line = text.splitlines()[2]
    for bar in re.finditer(r"(\\+)\|", line):
        assert len(bar[1]) % 2 == 1, line
    assert len(re.findall(r"(?<!\\)\|", line)) == 6


def test_annotations_name_the_commit_that_breaks() -> None:
    lines = matrix_formats.github(COMMITS).splitlines()
    sentence = f"client/a.tsx: call [it]: {REASON}"
    assert lines == [
        f"::error title=breaks at c of 2026-01-02%3A On c::{sentence}",
        "::notice title=librechat-patcher matrix::3 of 4 commits can be patched",
    ]
    lines = matrix_formats.github(RELEASES).splitlines()
    assert lines[0].startswith("::error title=v4::")
    assert lines[1:] == [
        "::notice title=librechat-patcher matrix::can be patched and not yet listed as tested: v3",
        "::notice title=librechat-patcher matrix::3 of 4 releases can be patched",
    ]


@pytest.mark.parametrize(("bad", "shown"), [(9, 9), (10, 10), (11, 10), (12, 10)])
def test_annotations_are_ten_at_most(bad: int, shown: int) -> None:
    rows = (row(f"v{n}", replace(BAD, variant=(str(n),))) for n in range(bad))
    lines = matrix_formats.github(releases(*rows)).splitlines()
    errors = [line for line in lines if line.startswith("::error")]
    assert len(errors) == shown
    more = "more: see the summary"
    assert (more in errors[-1]) is (bad >= 10)
    if bad >= 10:
        assert errors[-1].endswith(f"::{bad - 9} {more}")


def test_junit_counts_and_names() -> None:
    text = matrix_formats.junit(RELEASES)
    assert text.startswith('<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="librechat-')
    assert 'patcher matrix" tests="8" failures="1">' in text
    assert (
        '  <testsuite name="v1" tests="2" failures="0" errors="0" skipped="0">\n'
        '    <testcase classname="count+log.v1" name="backend" time="0" />\n'
        '    <testcase classname="count+log.v1" name="client" time="0" />\n'
        "  </testsuite>\n"
    ) in text
    sentence = f"client/a.tsx: call [it]: {REASON}"
    assert f'<failure type="blocked" message="{sentence}">{sentence}</failure>' in text
    silent = replace(BAD, troubles=())
    assert '<failure type="blocked" message="blocked" />' in matrix_formats.junit(
        releases(row("v1", silent))
    )


def test_json_has_everything() -> None:
    data = matrix_formats.for_json(replace(COMMITS, left_out=("v0",)))
    rows = data.pop("rows")
    assert data == {
        "ok": False, "repository": "/repo", "patches": ["count", "log"], "range": "a..d",
        "breaks": ["c-c"], "repairs": ["c-d"], "left_out": ["v0"],
    }  # fmt: skip
    assert rows[2] == {
        "ref": "c", "commit": "c-c", "date": "2026-01-02", "subject": "On c", "version": "c",
        "tested": True, "ok": False, "components": {"backend": "applies", "client": "blocked"},
        "variant": [],
        "troubles": [
            {
                "component": "client", "path": "client/a.tsx", "title": "call [it]",
                "reason": REASON,
            }
        ],
    }  # fmt: skip
    assert matrix_formats.for_json(RELEASES)["range"] is None


def test_what_is_wrong_is_red_and_the_head_is_bold(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    for matrix, color in ((RELEASES, 31), (releases(row("v1")), 32)):
        text(Screen(False, True), matrix)
        lines = capsys.readouterr().out.splitlines()
        assert lines[1].startswith("\x1b[1mrelease  ") and lines[1].endswith("\x1b[0m")
        red = [line for line in lines if line.startswith("\x1b[31m") and "patched" not in line]
        assert [line[5:7] for line in red] == ["v4"] * (color == 31)
        assert lines[-1].startswith(f"\x1b[{color}m{sum(r.ok for r in matrix.rows)} of ")
