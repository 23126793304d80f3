"""`list`: its options, and the patches as text."""

from __future__ import annotations

from patcher.cli.answer import Output, answer
from patcher.cli.options import Folders, Format, Ids, NoColor, Quiet
from patcher.cli.screen import Screen, escape, number_of
from patcher.commands.list import Listing, list_patches
from patcher.commands.selection import selection


def command(
    patch: Ids = None,
    patches: Folders = None,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """List patches, their components, files and tested releases.

    Example: librechat-patcher list
    """

    def run(output: Output) -> int:
        output.show(list_patches(selection(patch, patches)), text)
        return 0

    answer(format, quiet, no_color, run)


def text(screen: Screen, listing: Listing) -> None:
    """The patches, their components, files and tested releases."""
    for patch in listing.patches:
        default = "" if patch.id in listing.default else " (off unless named: --patch)"
        screen.line(f"[bold]{patch.id}[/]{default}: {escape(patch.title)}")
        for name, what in patch.components.items():
            screen.detail(f"  {name}: {escape(what)}")
        edited = len({e.path for e in patch.edits})
        screen.detail(f"  edits {number_of(edited, 'file')}, adds {len(patch.files)}")
        screen.detail(f"  LibreChat {patch.librechat}; tested on {_span(patch.tested)}")


def _span(releases: tuple[str, ...]) -> str:
    if not releases:
        return "no release yet"
    if len(releases) == 1:
        return releases[0]
    return f"{len(releases)} releases, {releases[0]} to {releases[-1]}"
