"""Commands that only read a checkout: `diff`, `status`, `verify`, `list`."""

from __future__ import annotations

from typing import Annotated

import typer

from patcher.cli.answer import DRIFTED, Output, answer
from patcher.cli.options import Folders, Format, Ids, NoColor, Only, Quiet, Root, Skip


def diff(
    root: Root = None,
    patch: Ids = None,
    patches: Folders = None,
    only: Only = None,
    skip: Skip = None,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Show what `apply` would change as one diff that `git apply` accepts.

    Example: librechat-patcher diff --root /opt/LibreChat > dynamic-models.diff
    """
    from patcher.commands.apply import ApplyOptions, plan_for
    from patcher.commands.selection import selection
    from patcher.render import plans

    def run(output: Output) -> int:
        planned = plan_for(ApplyOptions(root, selection(patch, patches, only, skip)))
        if planned.stands and not output.is_json:
            plans.diff(planned.plan.changes)
            if not planned.plan.changes:
                output.screen.problem(f"nothing to change: {plans.why_nothing(planned)}")
        else:
            output.show(planned, plans.planned)
        return 0 if planned.stands else 1

    answer(format, quiet, no_color, run)


def status(
    root: Root = None,
    patches: Folders = None,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Show which patches are applied, by which run, what drifted, what needs a build.

    Leaves with 4 when a patched file drifted. Example: librechat-patcher status --format json
    """
    from patcher.commands.selection import selection
    from patcher.commands.status import status as look
    from patcher.render import history

    def run(output: Output) -> int:
        found = look(root, selection(None, patches))
        output.show(found, history.status)
        return DRIFTED if found.drift else 0

    answer(format, quiet, no_color, run)


def verify(
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
            help="Also ask the server that runs there; with LIBRECHAT_EMAIL and LIBRECHAT_PASSWORD,"
            " or LIBRECHAT_TOKEN, a whole round trip. Needs no checkout.",
        ),
    ] = None,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Check a patched checkout: receipts, syntax, what the patch promises, its own tools.

    Examples: librechat-patcher verify --root /opt/LibreChat;
    librechat-patcher verify --url http://localhost:3080
    """
    from patcher.commands.selection import selection
    from patcher.commands.verify import verify as check
    from patcher.render import checks

    def run(output: Output) -> int:
        verified = check(root, selection(patch, patches, only, skip), url)
        output.show(verified, checks.verified)
        return 0 if verified.ok else 1

    answer(format, quiet, no_color, run)


def list_(
    patch: Ids = None,
    patches: Folders = None,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """List patches, their components, files and tested releases.

    Example: librechat-patcher list
    """
    from patcher.commands.listing import list_patches
    from patcher.commands.selection import selection
    from patcher.render import checks

    def run(output: Output) -> int:
        listing = list_patches(selection(patch, patches))
        output.show(listing, checks.listing)
        return 0

    answer(format, quiet, no_color, run)
