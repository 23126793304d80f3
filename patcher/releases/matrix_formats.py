"""The matrix for other programs: JSON, JUnit, Markdown, and GitHub's annotations. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree import ElementTree

from msgspec.structs import asdict

from patcher.releases.compatibility import Fit, Group, Matrix, Row, Trouble, counted, groups

_TOOL = "librechat-patcher matrix"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, however they are written."""
_PLAIN = re.compile("[A-Za-z0-9.+/-]+")
"""Names of tags and branches that mean nothing in Markdown; git allows most other characters."""
_MAX_ANNOTATIONS = 10
"""GitHub shows ten errors a step, and drops the others without a word."""
_MARKS = {
    Fit.APPLIES: "yes",
    Fit.ALREADY: "already there",
    Fit.NOT_APPLICABLE: "not needed",
    Fit.BLOCKED: "**blocked**",
    Fit.FAILS: "**fails**",
    Fit.ABSENT: "**absent**",
    Fit.NOT_BUILT: "not built here",
}


def for_json(matrix: Matrix) -> dict[str, Any]:
    """Everything, as dictionaries, lists and texts."""
    return {
        "ok": matrix.ok,
        "repository": matrix.repository,
        "patches": list(matrix.patches),
        "range": matrix.range or None,
        "rows": [_row_data(row) for row in matrix.rows],
        "breaks": list(matrix.breaks),
        "repairs": list(matrix.repairs),
        "left_out": list(matrix.left_out),
    }


def _row_data(row: Row) -> dict[str, Any]:
    return {
        "ref": row.name,
        "commit": row.commit,
        "date": row.date,
        "subject": row.subject,
        "version": row.version,
        "tested": row.tested,
        "ok": row.ok,
        "components": {component: fit.value for component, fit in row.judgement.fits},
        "variant": list(row.judgement.variant),
        "troubles": [asdict(trouble) for trouble in row.judgement.troubles],
    }


def junit(matrix: Matrix) -> str:
    """JUnit XML: one suite a release or commit, one case a component."""
    root = ElementTree.Element("testsuites", {"name": _TOOL})
    suites = [_suite(matrix, row) for row in matrix.rows]
    for count in ("tests", "failures"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))
    root.extend(suites)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def _suite(matrix: Matrix, row: Row) -> ElementTree.Element:
    bad = sum(not fit.is_good for _, fit in row.judgement.fits)
    counts = {"tests": len(row.judgement.fits), "failures": bad, "errors": 0, "skipped": 0}
    texts = {name: str(count) for name, count in counts.items()}
    suite = ElementTree.Element("testsuite", {"name": _xml(row.name), **texts})
    for component, fit in row.judgement.fits:
        place = f"{'+'.join(matrix.patches)}.{row.name}"
        case = ElementTree.SubElement(
            suite, "testcase", {"classname": _xml(place), "name": component, "time": "0"}
        )
        if not fit.is_good:
            found = [t for t in row.judgement.troubles if t.component == component]
            failure = ElementTree.SubElement(
                case, "failure", {"type": fit.value, "message": _xml(_short(found, fit))}
            )
            failure.text = _xml("\n".join(map(_sentence, found)))
    return suite


def markdown(matrix: Matrix) -> str:
    """A table, neighbours with the same outcome on one line, and the reasons below it.

    The table of `docs/releases.md` is this text.
    """
    found = list(groups(matrix.rows))
    head = ("LibreChat", "variant", *matrix.components, "tested")
    lines = [_table_line(head), _table_line(["---"] * len(head))]
    for group in found:
        fits = (_MARKS[fit] for _, fit in group.judgement.fits)
        variant = ", ".join(map(_code, group.judgement.variant)) or "-"
        tested = "yes" if group.tested else "no"
        lines.append(_table_line((_name(matrix, group), variant, *fits, tested)))
    lines += ["", _measured(matrix)]
    for group in found:
        for trouble in group.judgement.troubles:
            place = f"{_code(trouble.path)}, {_code(trouble.title)}"
            lines.append(f"- {_name(matrix, group)}: {place}: {_code(trouble.reason)}")
    return "\n".join([*lines, *_turns(matrix)]) + "\n"


def github(matrix: Matrix) -> str:
    """Annotations as GitHub reads them off standard output; the last one has the count."""
    bad = [group for group in groups(matrix.rows) if not group.judgement.ok]
    lines = [_annotation("error", _title(matrix, g), _why(g)) for g in bad]
    if len(lines) >= _MAX_ANNOTATIONS:
        more = f"{len(lines) - _MAX_ANNOTATIONS + 1} more: see the summary"
        lines = [*lines[: _MAX_ANNOTATIONS - 1], _annotation("error", _TOOL, more)]
    fresh = [row.name for row in matrix.rows if row.ok and row.is_tag and not row.tested]
    if fresh:
        said = f"can be patched and not yet listed as tested: {', '.join(fresh)}"
        lines.append(_annotation("notice", _TOOL, said))
    lines.append(_annotation("notice", _TOOL, counted(matrix)))
    return "\n".join(lines) + "\n"


def _annotation(level: str, title: str, message: str) -> str:
    escaped = title.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    escaped = escaped.replace(":", "%3A").replace(",", "%2C")
    text = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::{level} title={escaped}::{text}"


def _why(group: Group) -> str:
    return "\n".join(map(_sentence, group.judgement.troubles))


def _short(troubles: list[Trouble], fit: Fit) -> str:
    return _sentence(troubles[0]) if troubles else fit.value


def _sentence(trouble: Trouble) -> str:
    return f"{trouble.path}: {trouble.title}: {trouble.reason}"


def _measured(matrix: Matrix) -> str:
    first, last = _ref(matrix.rows[0].name), _ref(matrix.rows[-1].name)
    count = f"{len(matrix.rows)} {matrix.noun}s, {first} to {last}"
    return f"Measured on {count}: {counted(matrix)}."


def _title(matrix: Matrix, group: Group) -> str:
    first = group.rows[0]
    if first.commit in matrix.breaks:
        return f"breaks at {first.name} of {first.date}: {first.subject}"
    return _span(matrix, group)


def _name(matrix: Matrix, group: Group) -> str:
    subject = group.rows[0].subject if len(group.rows) == 1 else ""
    return f"{_span(matrix, group, _ref)} {subject and _code(subject)}".rstrip()


def _span(matrix: Matrix, group: Group, written: Callable[[str], str] = str) -> str:
    first, last = written(group.rows[0].name), written(group.rows[-1].name)
    if len(group.rows) == 1:
        return first
    return f"{first} to {last} ({len(group.rows)} {matrix.noun}s)"


def _turns(matrix: Matrix) -> Iterator[str]:
    rows = {row.commit: row for row in matrix.rows}
    for verb, commits in (("Breaks at", matrix.breaks), ("Works again at", matrix.repairs)):
        for row in (rows[c] for c in commits):
            yield f"- {verb} {row.commit} of {row.date}: {_code(row.subject)}"


def _table_line(cells: tuple[str, ...] | list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _ref(name: str) -> str:
    """The name of a tag or a branch: as it is, where nothing in it can be read as Markdown."""
    return name if _PLAIN.fullmatch(name) else _code(name)


def _code(text: str) -> str:
    """Foreign text as a code span: nothing in it is read as Markdown, HTML, a mention or a link."""
    # A backslash of the text in front of a bar would take away the bar's own: GitHub pairs them.
    line = re.sub(r"\\(?=\|)", r"\\ ", " ".join(text.split())).replace("|", "\\|")
    if not line:
        return ""  # two ticks with nothing between them would begin a span
    ticks = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    return f"{ticks} {line} {ticks}" if len(ticks) > 1 else f"`{line}`"


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
