"""The command line: parse, call one command, show its answer, choose the exit code."""

from __future__ import annotations

import signal
import sys
from types import FrameType

_BUG = 3


def main() -> None:
    """Run the command that the arguments name; leaves with an exit code of design §2.

    Raises `OSError` when the answer cannot be written.
    """
    _survive_narrow_encodings()
    if sys.argv[1:] == ["--version"]:
        # Asked by scripts, often; answered without loading a command line parser.
        from patcher import __version__

        sys.stdout.write(f"librechat-patcher {__version__}\n")
        sys.exit(0)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        from patcher.cli.app import app

        app()
    except Exception as error:
        if isinstance(error, OSError) and error.filename is None:
            raise  # the answer cannot be written: said by who runs the process
        sys.stderr.write("this is a bug in librechat-patcher; please report it with this text:\n")
        sys.excepthook(*sys.exc_info())
        sys.exit(_BUG)


def _survive_narrow_encodings() -> None:
    """A character that the console cannot show (cp1252, ASCII) becomes `?`, not an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Being told to stop is as good as ^C: what has begun is taken back first."""
    raise KeyboardInterrupt
