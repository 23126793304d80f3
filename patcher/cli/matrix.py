"""`matrix`: its options, and its table; for those who watch LibreChat, not for those who run it.

One line a release, or one line a run of alike commits; 80 columns.
"""

from __future__ import annotations

import os
import sys
import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from patcher.cli.answer import Output, answer
from patcher.cli.options import Folders, Ids, NoColor, Only, Quiet, Skip
from patcher.cli.screen import Progress, Screen, escape
from patcher.commands.matrix import MatrixOptions, append, matrix, update_tested_releases
from patcher.commands.selection import selection
from patcher.releases import matrix_formats
from patcher.releases.compatibility import Group, Matrix, Row, counted, groups

WIDTH = 80
_MIN_SUBJECT = 12
FORMATS = ("text", "json", "junit", "markdown", "github")
_SUMMARY = "GITHUB_STEP_SUMMARY"

Repository = Annotated[
    Path,
    typer.Option("--repo", metavar="DIR", help="A clone of LibreChat; a bare one will do."),
]
Refs = Annotated[
    list[str] | None,
    typer.Option(
        "--refs",
        metavar="GLOB|A..B",
        help="Tags, a branch or a commit; repeatable. A..B: every commit that touches the files. "
        "Default: the release tags (v[0-9]*) that the patch is made for.",
    ),
]
MatrixFormat = Annotated[
    str, typer.Option("--format", metavar="|".join(FORMATS), help="How to answer.")
]
UpdateTested = Annotated[
    bool,
    typer.Option("--update-tested", help="Write the outcome into the patch's tested.txt."),
]


def command(
    repo: Repository,
    refs: Refs = None,
    patch: Ids = None,
    patches: Folders = None,
    only: Only = None,
    skip: Skip = None,
    update_tested: UpdateTested = False,
    format: MatrixFormat = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Tell which LibreChat releases can be patched.

    No release is checked out: each is planned, and the result verified as `apply` does before it
    writes. Exits with 1 when one of them cannot be patched. A..B names the commit that breaks the
    patch.

    Example: librechat-patcher matrix --repo ~/LibreChat --refs v0.8.4..main
    """

    def run(output: Output) -> int:
        chosen = selection(patch, patches, only, skip)
        progress = Progress("revisions", quiet)
        try:
            found = matrix(MatrixOptions(repo, tuple(refs or ()), chosen), progress)
        finally:
            progress.clear()
        written = update_tested_releases(found, chosen) if update_tested else None
        _show(output, found)
        if written is not None and format == "text":
            output.screen.line(f"written: {escape(str(written))}")
        return 0 if found.ok else 1

    answer(format, quiet, no_color, run, FORMATS)


def _show(output: Output, found: Matrix) -> None:
    if output.format == "text":
        text(output.screen, found)
    elif output.format == "json":
        output.show(matrix_formats.for_json(found), lambda *_: None)
    elif output.format == "github":
        sys.stdout.write(matrix_formats.github(found))
        if os.environ.get(_SUMMARY):
            append(Path(os.environ[_SUMMARY]), matrix_formats.markdown(found))
    else:
        convert = matrix_formats.junit if output.format == "junit" else matrix_formats.markdown
        sys.stdout.write(convert(found))


def text(screen: Screen, matrix: Matrix) -> None:
    """The table, what stands in the way, and the count; the latter two also with `--quiet`."""
    screen.detail(f"{', '.join(matrix.patches)} on {escape(_what(matrix))}")
    found = list(groups(matrix.rows)) if matrix.range else [Group((r,)) for r in matrix.rows]
    variants = list(dict.fromkeys(g.judgement.variant for g in found if g.judgement.variant))
    lines = [_cells(matrix, group, variants) for group in found]
    head = (matrix.noun, *matrix.components, "variant", "subject" if matrix.range else "tested")
    widths = _widths([head, *lines])
    screen.detail(f"[bold]{_line(head, widths)}[/]")
    for group, line in zip(found, lines, strict=True):
        row = escape(_line(line, widths))
        if group.judgement.ok:
            screen.detail(row)
        else:
            screen.line(f"[red]{row}[/]")
            _troubles(screen, group)
    for number, variant in enumerate(variants, 1):
        screen.detail(f"variant {number}: {', '.join(variant)}")
    for turn in _turns(matrix):
        screen.line(turn)
    color = "green" if matrix.ok else "red"
    screen.line(f"[{color}]{counted(matrix)}[/]")
    if matrix.left_out:
        screen.detail(f"left out, the patch is not made for them: {_span(matrix.left_out)}")


def _what(matrix: Matrix) -> str:
    if matrix.range:
        return f"the commits of {matrix.range} that touch its files"
    return f"{len(matrix.rows)} {matrix.noun}s of {matrix.repository}"


def _span(tags: Sequence[str]) -> str:
    return tags[0] if len(tags) == 1 else f"{len(tags)} tags, {tags[0]} to {tags[-1]}"


def _cells(matrix: Matrix, group: Group, variants: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    first, last = group.rows[0], group.rows[-1]
    name = first.name if first is last else f"{first.name}..{last.name} ({len(group.rows)})"
    tail = _subject(group) if matrix.range else "yes" if group.tested else "no"
    fits = (fit.value for _, fit in group.judgement.fits)
    variant = group.judgement.variant
    number = str(variants.index(variant) + 1) if variant else "-"
    return (name, *fits, number, tail)


def _subject(group: Group) -> str:
    return group.rows[0].subject if len(group.rows) == 1 else ""


def _widths(lines: Sequence[tuple[str, ...]]) -> list[int]:
    """Widths of the columns; the last one takes what is left, and the first gives way to it."""
    widths = [max(_columns(line[i]) for line in lines) for i in range(len(lines[0]))]
    room = WIDTH - sum(widths[:-1]) - 2 * (len(widths) - 1)
    widths[-1] = min(widths[-1], max(room, _MIN_SUBJECT))
    widths[0] -= max(0, sum(widths) + 2 * (len(widths) - 1) - WIDTH)
    return widths


def _line(cells: tuple[str, ...], widths: Sequence[int]) -> str:
    shown = (_shortened(c, w) for c, w in zip(cells, widths, strict=True))
    padded = (c + " " * (w - _columns(c)) for c, w in zip(shown, widths, strict=True))
    return "  ".join(padded).rstrip()


def _shortened(text: str, width: int) -> str:
    """The text in at most `width` columns, without anything that would move the cursor."""
    found = "".join(c if c.isprintable() else " " for c in text)
    if _columns(found) <= width:
        return found
    while _columns(found) > width - 3:
        found = found[:-1]
    return found + "..."


def _columns(text: str) -> int:
    return len(text) + sum(map(text.count, set(filter(_is_wide, text))))


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _troubles(screen: Screen, group: Group) -> None:
    for trouble in group.judgement.troubles:
        for text in (f"  {trouble.path}: {trouble.title}", f"    {trouble.reason}"):
            indent = " " * (len(text) - len(text.lstrip()) + 2)
            for line in textwrap.wrap(text, WIDTH, subsequent_indent=indent):
                screen.line(escape(line))


def _turns(matrix: Matrix) -> Iterator[str]:
    rows = {row.commit: row for row in matrix.rows}
    for verb, commits in (("breaks at", matrix.breaks), ("works again at", matrix.repairs)):
        for commit in commits:
            yield escape(_shortened(f"{verb} {_commit(rows[commit])}", WIDTH))


def _commit(row: Row) -> str:
    return f"{row.name} of {row.date}: {row.subject}"
