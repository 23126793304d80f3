"""The command that gives advice: `doctor`."""

from __future__ import annotations

from typing import Annotated

import typer

from patcher.cli.answer import Output, answer
from patcher.cli.options import Format, NoColor, Quiet, Root


def doctor(
    root: Root = None,
    probe: Annotated[
        bool,
        typer.Option(
            "--probe",
            help="Also ask each provider for its models, with the key in LIBRECHAT_PATCHER_KEY_NAME"
            " (NAME: the endpoint in capitals) or LIBRECHAT_PATCHER_KEY.",
        ),
    ] = False,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Say what keeps users from their models, and the line or command that mends it.

    Reads librechat.yaml, .env, compose files, built output and versions; shows no key or password
    and writes nothing. Leaves with 1 when something must be mended.
    Example: librechat-patcher doctor --root /opt/LibreChat
    """
    from patcher.commands.doctor import doctor as look
    from patcher.render import diagnoses

    def run(output: Output) -> int:
        found = look(root, probe)
        output.show(found, diagnoses.doctored)
        return 0 if found.ok else 1

    answer(format, quiet, no_color, run)
