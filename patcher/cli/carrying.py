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


def explain(
    id: Annotated[str, typer.Argument(metavar="ID", help="The patch.")],
    root: Root = None,
    patches: Folders = None,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Show what each edit of a patch looks for, where that is, and what is nearest if it is not.

    Leaves with 1 when an edit is blocked. Example: librechat-patcher explain dynamic-models
    """
    from patcher.commands.explain import explain as look
    from patcher.commands.selection import selection
    from patcher.render import carrying

    def run(output: Output) -> int:
        found = look(root, id, selection(None, patches))
        output.show(found, carrying.explanation)
        return 0 if found.ok else 1

    answer(format, quiet, no_color, run)


def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A patch, or a folder of them.")],
    repo: Repository = None,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Run a definition's examples; with a clone of LibreChat, try it on every release, too.

    The clone is --repo, or $LIBRECHAT_GIT. Leaves with 1 when something does not hold.
    Example: librechat-patcher check patches/my-branding --repo ~/LibreChat
    """
    from patcher.commands.check import check as try_all
    from patcher.render import carrying

    def run(output: Output) -> int:
        done = try_all(folder, repo)
        output.show(done, carrying.checked)
        return 0 if done.ok else 1

    answer(format, quiet, no_color, run)
