"""The formats, each read back by something that did not write it."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace

from patcher.commands.matrix import MatrixOptions, matrix
from patcher.releases import matrix_formats
from patcher.releases.compatibility import Fit, Judgement, Matrix, Trouble
from tests.cli.running import Runner
from tests.matrix.story import ROOT, Story

COMPONENTS = ["backend", "data-provider", "client"]
HOSTILE = 'a|b `c` ``d`` <b>&"e" %0A ::error::x\nnext\r\u0001\ud83d @all #1 [f](g)\u2028'


@pytest.fixture(scope="module")
def walked(broken: Story) -> Matrix:
    return matrix(MatrixOptions(broken.folder, ("v0.8.4..main",)))


@pytest.fixture(scope="module")
def hostile(walked: Matrix) -> Matrix:
    """Upstream chooses subjects and code; none of it may be more than text."""
    trouble = Trouble("client", HOSTILE, HOSTILE, HOSTILE)
    verdict = Judgement((("backend", Fit.APPLIES), ("client", Fit.BLOCKED)), (HOSTILE,), (trouble,))
    rows = tuple(replace(row, subject=HOSTILE, judgement=verdict) for row in walked.rows)
    return replace(walked, rows=rows, components=("backend", "client"))


def test_json_has_every_row(run: Runner, broken: Story) -> None:
    done = run("matrix", "--repo", broken.folder, "--refs", "v0.8.4..main", "--format", "json")
    assert (done.code, done.data["ok"]) == (1, False)
    assert done.data["breaks"] == [broken.git("rev-parse", "breaks")]
    bad = done.data["rows"][2]
    assert bad["components"] == {
        "backend": "applies",
        "data-provider": "applies",
        "client": "blocked",
    }
    assert bad["troubles"][0]["path"] == ROOT
    assert bad["commit"] == done.data["breaks"][0]


def test_junit_is_read_by_a_junit_parser(run: Runner, broken: Story, tmp_path: Path) -> None:
    junitparser = pytest.importorskip("junitparser")
    done = run("matrix", "--repo", broken.folder, "--refs", "v0.8.4..main", "--format", "junit")
    file = tmp_path / "junit.xml"
    file.write_text(done.out, encoding="utf-8")
    read = junitparser.JUnitXml.fromfile(str(file))
    assert (read.tests, read.failures) == (18, 2)
    suites = list(read)
    assert [suite.tests for suite in suites] == [3] * 6
    assert [case.name for case in suites[2]] == COMPONENTS
    failure = list(suites[2])[2].result[0]
    assert failure.type == "blocked"
    assert "useAuthContext()" in failure.text


def test_junit_survives_what_xml_cannot_hold(hostile: Matrix) -> None:
    root = ET.fromstring(matrix_formats.junit(hostile))
    assert {suite.tag for suite in root} == {"testsuite"}
    assert len(root.findall("testsuite/testcase/failure")) == len(hostile.rows)
    numbers = [root.get(name) for name in ("tests", "failures")]
    assert numbers == [str(2 * len(hostile.rows)), str(len(hostile.rows))]


def test_markdown_groups_neighbours_and_says_what_was_measured(
    run: Runner, releases: Story
) -> None:
    done = run("matrix", "--repo", releases.folder, "--format", "markdown")
    rows = table(done.out)
    assert rows[0] == ["LibreChat", "variant", *COMPONENTS, "tested"]
    first = ["v0.7.0 to v0.8.1 (5 releases)", "keys-in-service", "yes", "yes", "yes", "yes"]
    assert rows[1] == first
    assert [row[0] for row in rows[2:]] == ["v0.8.4", "v0.8.8-rc1", "v0.8.8"]
    assert rows[3][1] == "native-user-fetch, keys-in-models"
    assert "Measured on 8 releases, v0.7.0 to v0.8.8: 8 of 8 releases can be patched." in done.out


def test_markdown_lists_the_reasons_and_the_commits(run: Runner, broken: Story) -> None:
    done = run("matrix", "--repo", broken.folder, "--refs", "v0.8.4..main", "--format", "markdown")
    assert [row[4] for row in table(done.out)[1:]] == ["yes", "blocked", "yes"]
    html = MarkdownIt("commonmark").enable("table").render(done.out)
    assert f"Breaks at {broken.git('rev-parse', 'breaks')}" in html
    assert "<b>" not in html and "&lt;b&gt;" in html


def test_markdown_keeps_foreign_text_in_code_spans(hostile: Matrix) -> None:
    text = matrix_formats.markdown(hostile)
    html = MarkdownIt("commonmark").enable("table").render(text)
    assert "<b>" not in html and "<a " not in html
    assert "@all" not in re.sub(r"<code>.*?</code>", "", html)
    assert {len(row) for row in table(text)} == {5}


def test_github_annotations(run: Runner, broken: Story) -> None:
    done = run("matrix", "--repo", broken.folder, "--refs", "v0.8.4..main", "--format", "github")
    found = read_annotations(done.out)
    assert [level for level, _, _ in found] == ["error", "notice"]
    assert ROOT in found[0][2]
    assert found[1][2] == "4 of 6 commits can be patched"


def test_github_escapes_what_upstream_has_written(hostile: Matrix) -> None:
    text = matrix_formats.github(hostile)
    found = read_annotations(text)
    assert [level for level, _, _ in found] == ["error", "notice"]
    assert found[0][2] == ": ".join([HOSTILE] * 3)


def test_github_shows_ten_errors_at_most(hostile: Matrix) -> None:
    def row(number: int) -> Judgement:
        trouble = Trouble("client", ROOT, "edit", f"reason {number}")
        return Judgement((("client", Fit.BLOCKED),), (), (trouble,))

    rows = tuple(replace(hostile.rows[0], judgement=row(n)) for n in range(14))
    found = read_annotations(matrix_formats.github(replace(hostile, rows=rows)))
    errors = [message for level, _, message in found if level == "error"]
    assert len(errors) == 10
    assert errors[-1] == "5 more: see the summary"


def test_github_says_which_good_releases_are_not_listed(run: Runner, releases: Story) -> None:
    done = run("matrix", "--repo", releases.folder, "--format", "github")
    assert "can be patched and not yet listed as tested: v0.8.8\n" in done.out


def test_the_step_summary_is_appended_to(
    run: Runner, broken: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("## Before\n\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    run("matrix", "--repo", broken.folder, "--refs", "breaks", "--format", "github")
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("## Before\n")
    assert [row[4] for row in table(text)[1:]] == ["blocked"]

    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "no" / "folder"))
    done = run("matrix", "--repo", broken.folder, "--refs", "repairs", "--format", "github")
    assert done.code == 6 and "cannot be written" in done.err


def test_the_text_is_a_table_of_eighty_columns(run: Runner, releases: Story) -> None:
    done = run("matrix", "--repo", releases.folder)
    lines = done.out.splitlines()
    assert lines[1].split() == ["release", *COMPONENTS, "variant", "tested"]
    assert lines[8].split() == [
        "v0.8.8-rc1",
        *["applies"] * 3,
        "3",
        "yes",
    ]
    assert lines[-3:] == [
        "variant 3: native-user-fetch, keys-in-models",
        "8 of 8 releases can be patched",
        "left out, the patch is not made for them: v0.6.0",
    ]
    assert max(map(len, lines)) <= 80


def test_quiet_text_is_the_count_and_what_is_wrong(run: Runner, broken: Story) -> None:
    done = run("matrix", "--repo", broken.folder, "--refs", "repairs", "--quiet")
    assert done.out == "1 of 1 release can be patched\n"
    done = run("matrix", "--repo", broken.folder, "--refs", "breaks", "--quiet")
    lines = done.out.splitlines()
    assert lines[0].startswith("breaks") and f"  {ROOT}: call useAutoModelRefresh" in lines[1]
    assert lines[-1] == "0 of 1 release can be patched"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_one_line_on_a_terminal_after_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    from patcher.cli.screen import Progress

    clock = iter([0.0, 0.5, 1.1, 1.15, 1.3])
    monkeypatch.setattr("patcher.cli.screen.time.monotonic", lambda: next(clock))
    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    progress = Progress("revisions", quiet=False)
    for done in (1, 100, 101, 3):
        progress(done, 200)
    progress.clear()
    shown = stream.getvalue().split("\r")
    assert shown[1:] == ["100 of 200 revisions", "3 of 200 revisions  ", " " * 18, ""]


def test_no_progress_without_a_terminal_or_when_quiet(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from patcher.cli.screen import Progress

    monkeypatch.setattr("patcher.cli.screen._PATIENCE", -1.0)
    Progress("revisions", quiet=False)(1, 2)
    assert capsys.readouterr().err == ""
    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    Progress("revisions", quiet=True)(1, 2)
    assert stream.getvalue() == ""


def table(text: str) -> list[list[str]]:
    """The cells of the first table, as a Markdown renderer sees them."""
    html = MarkdownIt("commonmark").enable("table").render(text)
    rows = re.findall(r"<tr>(.*?)</tr>", html, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[re.sub(r"<[^>]+>", "", cell) for cell in row] for row in cells]


def read_annotations(text: str) -> list[tuple[str, str, str]]:
    """Level, title and message, read as GitHub's runner does; every line must be one."""
    assert text.endswith("\n")
    found = []
    for line in text[:-1].split("\n"):
        match = re.fullmatch(r"::(error|notice) title=([^:,\r]*)::([^\r]*)", line)
        assert match, line
        level, *texts = match.groups()
        title, message = map(unquote, texts)
        found.append((level, title, message))
    return found


def test_json_of_a_failure(run: Runner, tmp_path: Path) -> None:
    done = run("matrix", "--repo", tmp_path / "nowhere", "--format", "json")
    assert done.code == 2
    assert json.loads(done.out)["error"]["kind"] == "BadUsage"
