"""The command line: parse, call one command, show its answer, choose the exit code."""

from __future__ import annotations

import signal
import sys
from types import FrameType

from patcher.cli.answer import BUG
from patcher.cli.app import app


def main() -> None:
    """Run the command that the arguments name; exits with a code of `answer`.

    Raises `OSError` when the answer cannot be written.
    """
    _survive_narrow_encodings()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        app()
    except Exception as error:
        if isinstance(error, OSError) and error.filename is None:
            raise  # the answer cannot be written: said by who runs the process
        sys.stderr.write("this is a bug in librechat-patcher; please report it with this text:\n")
        sys.excepthook(*sys.exc_info())
        sys.exit(BUG)


def _survive_narrow_encodings() -> None:
    """A character that the console cannot show (cp1252, ASCII) becomes `?`, not an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    """Being told to stop is as good as ^C: what has begun is rolled back first."""
    raise KeyboardInterrupt
