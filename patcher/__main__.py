"""The program as a process: `python -m patcher`, and what the installed script runs."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress

from patcher import cli
from patcher.cli.answer import NOT_HEARD, NOT_WRITTEN


def run() -> None:
    """Run the command that the arguments name, and exit with its code."""
    # A command is over soon and makes few cycles: to look for them takes 5 of 125 ms (`apply` on
    # v0.8.4, CPython 3.11), and 18 more on the way out, where `freeze` spares what is there.
    gc.disable()
    _open_what_is_closed()
    try:
        cli.main()
    except SystemExit as done:
        code = done.code if isinstance(done.code, int) else int(done.code is not None)
        gc.freeze()
        sys.exit(_said(code))
    except OSError as error:
        code = _not_written(error)
        _let_the_rest_go()
        sys.exit(code)


def _open_what_is_closed() -> None:
    """Let what is said to a stream that was closed (`>&-`, as some services do) go nowhere.

    Python has None there; and the next file that is opened would get the stream's number.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: PTH123, SIM115 - open to the end


def _said(code: int) -> int:
    """The exit code, once all that was said is out: `code`, or that it cannot be written."""
    try:
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        code = NOT_HEARD
    except OSError as error:
        code = _not_written(error)
    _let_the_rest_go()
    return code


def _not_written(error: OSError) -> int:
    """Say that the answer has found no room, if that can be said; the exit code."""
    with suppress(OSError):
        sys.stderr.write(f"error: the answer cannot be written: {error.strerror}\n")
        sys.stderr.flush()
    return NOT_WRITTEN


def _let_the_rest_go() -> None:
    """Python tries once more on its way out, and would complain: what is left goes nowhere.

    The recipe of docs.python.org/3/library/signal.html, "Note on SIGPIPE".
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    run()
