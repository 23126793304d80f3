"""The program as a process: `python -m patcher`, and what the installed script runs."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress

from patcher import cli

_UNHEARD = 1
"""Who asked did not listen to the end: what click says, too, when it is the first to notice."""
_NOT_WRITTEN = 6
"""The exit code of an `InputOutput`, design §2."""


def run() -> None:
    """Run the command that the arguments name, and leave with its exit code."""
    # A command makes no cycles worth the name (a matrix over 172 commits is no larger without
    # the search for them) and is over soon: searching took a fifth of its time.
    gc.disable()
    _open_what_is_closed()
    try:
        cli.main()
    except SystemExit as done:
        _leave(done.code if isinstance(done.code, int) else int(done.code is not None))
    except OSError as error:
        os._exit(_not_written(error))


def _open_what_is_closed() -> None:
    """Let what is said to a stream that was closed (`>&-`, as some services do) go nowhere.

    Python has None there; and the next file that is opened would get the stream's number.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: PTH123, SIM115 - open to the end


def _leave(code: int) -> None:
    """Leave without freeing every object first: the system takes it all back at once.

    Nothing is lost by it: what a command writes is on the disk when it returns, and what it has
    said is brought out here.
    """
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = _UNHEARD
    except OSError as error:
        code = _not_written(error)
    with suppress(OSError):
        sys.stderr.flush()
    os._exit(code)


def _not_written(error: OSError) -> int:
    """Say that the answer has found no room, if that can be said; the exit code."""
    with suppress(OSError):
        sys.stderr.write(f"error: the answer cannot be written: {error.strerror}\n")
        sys.stderr.flush()
    return _NOT_WRITTEN


if __name__ == "__main__":
    run()
