"""`matrix`: the command for those who watch LibreChat, not for those who run it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from patcher.cli.answer import Output, answer
from patcher.cli.options import Folders, Ids, NoColor, Only, Quiet, Skip

if TYPE_CHECKING:
    from patcher.releases.matrix import Matrix

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


def matrix(
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
    """Tell which LibreChat releases can be patched, without checking any of them out.

    Each is planned, and the result verified as `apply` does before it writes. Leaves with 1 when
    one of them cannot be patched. A..B names the commit that breaks the patch.

    Example: librechat-patcher matrix --repo ~/LibreChat --refs v0.8.4..main
    """
    from patcher.commands.matrix import MatrixOptions
    from patcher.commands.matrix import matrix as judge
    from patcher.commands.selection import selection
    from patcher.commands.tested import update
    from patcher.render.progress import Progress
    from patcher.render.screen import escape

    def run(output: Output) -> int:
        chosen = selection(patch, patches, only, skip)
        progress = Progress("revisions", quiet)
        try:
            found = judge(MatrixOptions(repo, tuple(refs or ()), chosen), progress)
        finally:
            progress.clear()
        written = update(found, chosen) if update_tested else None
        _show(output, found)
        if written is not None and format == "text":
            output.screen.line(f"written: {escape(str(written))}")
        return 0 if found.ok else 1

    answer(format, quiet, no_color, run, FORMATS)


def _show(output: Output, found: Matrix) -> None:
    from patcher.commands.tested import append
    from patcher.releases import matrix_formats
    from patcher.render import matrix as table

    if output.format == "text":
        table.matrix(output.screen, found)
    elif output.format == "json":
        output.show(matrix_formats.json_data(found), lambda *_: None)
    elif output.format == "github":
        sys.stdout.write(matrix_formats.github(found))
        if os.environ.get(_SUMMARY):
            append(Path(os.environ[_SUMMARY]), matrix_formats.markdown(found))
    else:
        convert = matrix_formats.junit if output.format == "junit" else matrix_formats.markdown
        sys.stdout.write(convert(found))
