"""Every word of the formats, for a small matrix that has each kind of row."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from msgspec.structs import replace

from patcher.releases.compatibility import (
    Fit,
    Group,
    Judgement,
    Matrix,
    Row,
    Trouble,
    counted,
    groups,
)
from patcher.releases.matrix_formats import for_json, github, junit, markdown

GOOD = Judgement((("backend", Fit.APPLIES), ("client", Fit.ALREADY)), ("native",))
BAD = Judgement(
    (("backend", Fit.FAILS), ("client", Fit.BLOCKED)),
    (),
    (
        Trouble("backend", "a.js", "syntax", "line 1"),
        Trouble("client", "b.ts", "an edit", "two places"),
        Trouble("client", "c.ts", "an edit", "no place"),
    ),
)


def row(name: str, verdict: Judgement = GOOD, tested: bool = True, is_tag: bool = True) -> Row:
    return Row(name, f"{name}-id", "2024-05-06", f"Do {name}", "1.0", is_tag, tested, verdict)


ROWS = (row("v1"), row("v2"), row("v3", BAD, False), row("v4", tested=False))
MATRIX = Matrix("/repo", ("mine", "yours"), ("backend", "client"), ROWS, left_out=("v0",))
RANGE = replace(MATRIX, range="v1..v4", left_out=(), breaks=("v3-id",), repairs=("v4-id",))


def test_json() -> None:
    found = for_json(RANGE)
    assert {key: value for key, value in found.items() if key != "rows"} == {
        "ok": False,
        "repository": "/repo",
        "patches": ["mine", "yours"],
        "range": "v1..v4",
        "breaks": ["v3-id"],
        "repairs": ["v4-id"],
        "left_out": [],
    }
    assert for_json(MATRIX)["range"] is None
    assert for_json(MATRIX)["left_out"] == ["v0"]
    assert found["rows"][0] == {
        "ref": "v1",
        "commit": "v1-id",
        "date": "2024-05-06",
        "subject": "Do v1",
        "version": "1.0",
        "tested": True,
        "ok": True,
        "components": {"backend": "applies", "client": "already"},
        "variant": ["native"],
        "troubles": [],
    }
    assert found["rows"][2]["troubles"][1] == {
        "component": "client",
        "path": "b.ts",
        "title": "an edit",
        "reason": "two places",
    }


def test_junit() -> None:
    text = junit(MATRIX)
    assert text.startswith('<?xml version="1.0" encoding="utf-8"?>\n<testsuites ')
    assert text.endswith("</testsuites>\n")
    root = ET.fromstring(text.partition("\n")[2])
    assert root.attrib == {"name": "librechat-patcher matrix", "tests": "8", "failures": "2"}
    assert [suite.attrib for suite in root][2] == {
        "name": "v3",
        "tests": "2",
        "failures": "2",
        "errors": "0",
        "skipped": "0",
    }
    assert [suite.get("failures") for suite in root] == ["0", "0", "2", "0"]
    backend, client = root[2]
    assert client.attrib == {"classname": "mine+yours.v3", "name": "client", "time": "0"}
    assert [(f.attrib, f.text) for f in (backend[0], client[0])] == [
        ({"type": "fails", "message": "a.js: syntax: line 1"}, "a.js: syntax: line 1"),
        (
            {"type": "blocked", "message": "b.ts: an edit: two places"},
            "b.ts: an edit: two places\nc.ts: an edit: no place",
        ),
    ]
    assert not root.findall("testsuite[@name='v1']/testcase/failure")


def test_junit_of_a_component_that_has_no_sources() -> None:
    absent = row("v1", Judgement((("client", Fit.ABSENT),), ()))
    root = ET.fromstring(junit(replace(MATRIX, rows=(absent,))).partition("\n")[2])
    failure = root[0][0][0]
    assert (failure.attrib, failure.text) == ({"type": "absent", "message": "absent"}, None)


def test_markdown() -> None:
    assert markdown(MATRIX) == (
        "| LibreChat | variant | backend | client | tested |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| v1 to v2 (2 releases) | `native` | yes | already there | yes |\n"
        "| v3 `Do v3` | - | **fails** | **blocked** | no |\n"
        "| v4 `Do v4` | `native` | yes | already there | no |\n"
        "\n"
        "Measured on 4 releases, v1 to v4: 3 of 4 releases can be patched.\n"
        "- v3 `Do v3`: `a.js`, `syntax`: `line 1`\n"
        "- v3 `Do v3`: `b.ts`, `an edit`: `two places`\n"
        "- v3 `Do v3`: `c.ts`, `an edit`: `no place`\n"
    )


def test_markdown_of_a_range_tells_the_turns() -> None:
    assert markdown(RANGE).splitlines()[-2:] == [
        "- Breaks at v3-id of 2024-05-06: `Do v3`",
        "- Works again at v4-id of 2024-05-06: `Do v4`",
    ]
    assert "| v1 to v2 (2 commits) |" in markdown(RANGE)


@pytest.mark.parametrize(
    ("fit", "mark"),
    [
        (Fit.APPLIES, "yes"),
        (Fit.ALREADY, "already there"),
        (Fit.NOT_APPLICABLE, "not needed"),
        (Fit.BLOCKED, "**blocked**"),
        (Fit.FAILS, "**fails**"),
        (Fit.ABSENT, "**absent**"),
    ],
)
def test_markdown_has_a_mark_for_each_fit(fit: Fit, mark: str) -> None:
    one = replace(row("v1", Judgement((("backend", fit),), ())), subject="")
    text = markdown(replace(MATRIX, rows=(one,), components=("backend",)))
    assert text.splitlines()[2] == f"| v1 | - | {mark} | yes |"


@pytest.mark.parametrize(
    ("subject", "written"),
    [
        ("plain", "`plain`"),
        ("a `tick`", "`` a `tick` ``"),
        ("``two`` and `one`", "``` ``two`` and `one` ```"),
        ("a | b", "`a \\| b`"),
        ("a\n\tb ", "`a b`"),
    ],
)
def test_a_subject_cannot_leave_its_code_span(subject: str, written: str) -> None:
    one = replace(row("v1"), subject=subject)
    assert markdown(replace(MATRIX, rows=(one,))).splitlines()[2].startswith(f"| v1 {written} |")


def test_github() -> None:
    assert github(MATRIX) == (
        "::error title=v3::a.js: syntax: line 1%0Ab.ts: an edit: two places%0A"
        "c.ts: an edit: no place\n"
        "::notice title=librechat-patcher matrix::can be patched and not yet listed as tested: v4\n"
        "::notice title=librechat-patcher matrix::3 of 4 releases can be patched\n"
    )


def test_github_names_the_commit_that_breaks() -> None:
    first = github(RANGE).splitlines()[0]
    assert first.startswith("::error title=breaks at v3 of 2024-05-06%3A Do v3::a.js: ")


def test_github_takes_a_subject_for_text_in_titles_and_messages() -> None:
    odd = "50% a, b: c\r\nd"
    trouble = Trouble("client", odd, "an edit", "no place")
    rows = (replace(row("v3", replace(BAD, troubles=(trouble,))), subject=odd),)
    first = github(replace(RANGE, rows=rows)).splitlines()[0]
    assert first == (
        "::error title=breaks at v3 of 2024-05-06%3A 50%25 a%2C b%3A c%0D%0Ad"
        "::50%25 a, b: c%0D%0Ad: an edit: no place"
    )


def test_github_lists_only_good_tags_that_are_not_listed() -> None:
    rows = (row("v1"), row("v2", BAD, False), row("main", tested=False, is_tag=False))
    assert "not yet listed" not in github(replace(MATRIX, rows=rows))
    good = (row("v1", tested=False), row("v2", tested=False))
    assert "not yet listed as tested: v1, v2\n" in github(replace(MATRIX, rows=good))


@pytest.mark.parametrize(("count", "errors", "more"), [(9, 9, ""), (10, 10, "1"), (12, 10, "3")])
def test_github_says_how_many_errors_it_does_not_show(count: int, errors: int, more: str) -> None:
    rows = tuple(
        row(f"v{n}", replace(BAD, troubles=(Trouble("client", "b.ts", "an edit", f"{n}"),)))
        for n in range(count)
    )
    lines = github(replace(MATRIX, rows=rows)).splitlines()
    found = [line for line in lines if line.startswith("::error")]
    assert len(found) == errors
    last = f"::error title=librechat-patcher matrix::{more} more: see the summary"
    assert (found[-1] == last) is bool(more)
    assert found[0] == "::error title=v0::b.ts: an edit: 0"
    if more:
        assert found[-2] == "::error title=v8::b.ts: an edit: 8"


@pytest.mark.parametrize(
    ("rows", "range", "said"),
    [
        (ROWS, "", "3 of 4 releases can be patched"),
        (ROWS, "a..b", "3 of 4 commits can be patched"),
        (ROWS[:1], "", "1 of 1 release can be patched"),
        (ROWS[2:3], "", "0 of 1 release can be patched"),
        ((row("main", is_tag=False), row("v1")), "", "2 of 2 revisions can be patched"),
    ],
)
def test_what_is_counted(rows: tuple[Row, ...], range: str, said: str) -> None:
    matrix = replace(MATRIX, rows=rows, range=range)
    assert counted(matrix) == said
    assert matrix.ok is (said[0] == said[5])


def test_neighbours_are_alike_in_outcome_and_in_being_tested() -> None:
    names = [[r.name for r in g.rows] for g in groups((*ROWS, row("v5"), row("v6")))]
    assert names == [["v1", "v2"], ["v3"], ["v4"], ["v5", "v6"]]
    assert Group(ROWS[2:3]).judgement == BAD
    assert [g.tested for g in groups(ROWS)] == [True, False, False]


def test_a_verdict_is_good_without_troubles_and_bad_fits() -> None:
    assert GOOD.ok and row("v1").ok
    assert not replace(GOOD, troubles=BAD.troubles[:1]).ok
    assert not replace(BAD, troubles=()).ok
    good = [fit for fit in Fit if fit.is_good]
    assert good == [Fit.APPLIES, Fit.ALREADY, Fit.NOT_APPLICABLE, Fit.NOT_BUILT]
