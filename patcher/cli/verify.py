"""`verify`: its options, and the ladder as text."""

from __future__ import annotations

from itertools import zip_longest
from typing import Annotated

import typer

from patcher.cli.answer import Output, answer, recovered
from patcher.cli.options import Folders, Format, Ids, NoColor, Only, Quiet, Root, Skip
from patcher.cli.screen import VERDICTS, Screen, escape, plain
from patcher.commands.selection import selection
from patcher.commands.verify import Probed, Verified, verify
from patcher.model import Check, Verdict

_HEALTH = "health"
"""The rung that is shown as a table, unless it was skipped."""
_COUNTS = 4
"""How many parts of its details are counts: columns; the rest are moments, on a line below."""


def command(
    root: Root = None,
    patch: Ids = None,
    patches: Folders = None,
    only: Only = None,
    skip: Skip = None,
    url: Annotated[
        str | None,
        typer.Option(
            "--url",
            metavar="URL",
            help="Ask the server that runs there; with LIBRECHAT_EMAIL and LIBRECHAT_PASSWORD, or"
            " LIBRECHAT_TOKEN, a whole round trip. Without --root only the server.",
        ),
    ] = None,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Check a patched checkout, or a running server.

    Receipts, syntax, what the patch promises, and the checkout's own tools.

    Examples: librechat-patcher verify --root /opt/LibreChat;
    librechat-patcher verify --url http://localhost:3080
    """

    def run(output: Output) -> int:
        chosen = selection(patch, patches, only, skip)
        verified = verify(root, chosen, url, output.screen.announce)
        output.show(verified, text)
        return 0 if verified.ok else 1

    answer(format, quiet, no_color, run)


def text(screen: Screen, verified: Verified | Probed) -> None:
    """The ladder: one line a rung, more where something failed or was skipped."""
    if isinstance(verified, Verified):
        recovered(screen, verified.recovered)
        screen.detail(f"{escape(verified.checkout.title)} in {escape(str(verified.root))}")
    for rung in dict.fromkeys(c.rung for c in verified.checks):
        _rung(screen, rung, [c for c in verified.checks if c.rung == rung])
    screen.line("[green]verified[/]" if verified.ok else "[red]verification failed[/]")


def _rung(screen: Screen, rung: str, checks: list[Check]) -> None:
    if rung == _HEALTH and all(c.verdict is not Verdict.SKIPPED for c in checks):
        _table(screen, checks)
        return
    passed = sum(c.verdict is Verdict.PASSED for c in checks)
    if passed:
        screen.detail(f"{rung}: {passed} {VERDICTS[Verdict.PASSED]}")
    for check in checks:
        if check.verdict is not Verdict.PASSED:
            where = f"{escape(check.subject)}: {escape(check.detail)}"
            screen.line(f"{rung}: {VERDICTS[check.verdict]} {where}")


def _table(screen: Screen, checks: list[Check]) -> None:
    """The report of a server on its lists: counts in columns, and below each line the rest."""
    parts = [check.detail.split(", ") for check in checks]
    rows = [(c.subject, *p[:_COUNTS]) for c, p in zip(checks, parts, strict=True)]
    widths = [max(map(len, column)) for column in zip_longest(*rows, fillvalue="")]
    marks = [plain(VERDICTS[check.verdict]) for check in checks]
    for check, row, part in zip(checks, rows, parts, strict=True):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        gap = " " * (max(map(len, marks)) - len(plain(VERDICTS[check.verdict])))
        line = escape("  ".join(cells).rstrip())
        screen.line(f"{_HEALTH}: {VERDICTS[check.verdict]}{gap} {line}")
        for rest in (part[_COUNTS:-1], part[_COUNTS:][-1:]):
            if rest:
                screen.detail(f"  {escape(', '.join(rest))}")
