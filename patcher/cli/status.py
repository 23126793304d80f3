"""`status`: its options, and what it says about a checkout."""

from __future__ import annotations

from patcher.cli.answer import DRIFTED, Output, answer, recovered
from patcher.cli.options import Folders, Format, NoColor, Quiet, Root
from patcher.cli.screen import Screen, escape
from patcher.commands.selection import selection
from patcher.commands.status import Status, status


def command(
    root: Root = None,
    patches: Folders = None,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Show what is applied, what drifted, and what must be built.

    Exits with 4 when a patched file drifted. Example: librechat-patcher status --format json
    """

    def run(output: Output) -> int:
        found = status(root, selection(None, patches))
        output.show(found, text)
        return DRIFTED if found.drift else 0

    answer(format, quiet, no_color, run)


def text(screen: Screen, found: Status) -> None:
    """Patches, drift and builds of a checkout."""
    recovered(screen, found.recovered)
    screen.line(f"{escape(found.checkout.title)} in {escape(str(found.root))}")
    if not found.patches:
        screen.line("no patch is applied here (by librechat-patcher)")
    for patch in found.patches:
        note = "" if patch.is_current else " (the definition has changed since: apply again)"
        parts = ", ".join(patch.components)
        screen.line(f"{patch.id}: run {patch.run}, {patch.since}, {parts}{note}")
    for drift in found.drift:
        screen.line(f"[yellow]{drift.kind}[/] {escape(drift.path)}")
    for build in found.builds:
        if build.state != "fresh":
            screen.line(f"[yellow]{build.state}[/] {build.output}: {found.build_command}")
