"""Commands for patches of one's own: `capture`, `explain`, `check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from patcher.cli.answer import Output, answer
from patcher.cli.options import Folders, Format, NoColor, Quiet, Root

Repository = Annotated[
    Path | None,
    typer.Option("--repo", metavar="CLONE", help="A clone of LibreChat with its tags."),
]


def capture(
    id: Annotated[str, typer.Argument(metavar="ID", help="Name of the new patch.")],
    title: Annotated[str, typer.Option("--title", help="What it does, in one line.")],
    root: Root = None,
    into: Annotated[
        Path, typer.Option("--into", metavar="DIR", help="Where the patch's folder goes.")
    ] = Path("patches"),
    why: Annotated[str, typer.Option("--why", help="Why somebody would want it.")] = "",
    as_edits: Annotated[
        bool, typer.Option("--as-edits", help="Say by name what can be: imports, routes, hooks.")
    ] = False,
    path: Annotated[
        list[str] | None,
        typer.Option("--path", metavar="PATH", help="Only this file or folder; repeatable."),
    ] = None,
    repo: Repository = None,
    patches: Folders = None,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Turn what you changed by hand in a checkout into a patch of your own.

    Example: librechat-patcher capture my-branding --title "Shows our logo" --root /opt/LibreChat
    """
    from patcher.commands.capture import CaptureOptions
    from patcher.commands.capture import capture as carry
    from patcher.commands.selection import selection
    from patcher.render import carrying

    def run(output: Output) -> int:
        chosen = selection(None, patches)
        only = tuple(path or ())
        options = CaptureOptions(id, title, root, into, why, as_edits, only, repo, chosen)
        output.show(carry(options), carrying.captured)
        return 0

    answer(format, quiet, no_color, run)
