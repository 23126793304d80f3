"""`check`: its options, and what held."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from patcher.cli.answer import Output, answer, json_data
from patcher.cli.options import Clone, Format, NoColor, Quiet
from patcher.cli.screen import Screen, escape, number_of
from patcher.commands.check import Checked, CheckedPatch, check
from patcher.model import Verdict
from patcher.releases.matrix_formats import for_json


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A patch, or a folder of them.")],
    repo: Clone = None,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Run a definition's examples, and try it on every release.

    The releases are those of a clone: --repo, or $LIBRECHAT_GIT. Exits with 1 when something does
    not hold.
    Example: librechat-patcher check patches/my-branding --repo ~/LibreChat
    """

    def run(output: Output) -> int:
        done = check(folder, repo)
        output.show(_with_matrix(done) if output.is_json else done, text)
        return 0 if done.ok else 1

    answer(format, quiet, no_color, run)


def _with_matrix(done: Checked) -> dict[str, Any]:
    """The answer with each matrix as `matrix --format json` has it."""
    patches = [
        {**json_data(patch), "matrix": patch.matrix and for_json(patch.matrix)}
        for patch in done.patches
    ]
    return {**json_data(done), "patches": patches}


def text(screen: Screen, done: Checked) -> None:
    """Examples and releases of each patch."""
    for patch in done.patches:
        _patch(screen, patch)
    color, word = ("green", "good") if done.ok else ("red", "not good")
    screen.line(f"[{color}]{word}[/]")


def _patch(screen: Screen, patch: CheckedPatch) -> None:
    screen.line(f"{patch.id}: {escape(patch.title)}")
    failed = [c for c in patch.examples if c.verdict is Verdict.FAILED]
    held = len(patch.examples) - len(failed)
    failed += patch.broken
    edits = number_of(patch.edits, "edit")
    screen.line(f"  definition: {edits}; examples: {held} of {len(patch.examples)} hold")
    for one in failed:
        screen.line(f"  [red]failed[/] {escape(one.subject)}: {escape(one.detail)}")
    if patch.matrix is None:
        screen.detail("  releases: not asked; name a clone of LibreChat: --repo CLONE")
        return
    good = sum(row.ok for row in patch.matrix.rows)
    screen.line(f"  releases: {good} of {len(patch.matrix.rows)} can be patched")
    for row in patch.matrix.rows:
        for trouble in row.judgement.troubles if not row.ok else ():
            where = f"{row.name}: {trouble.path}: {trouble.title}: {trouble.reason}"
            screen.line(f"  [red]blocked[/] {escape(where)}")
