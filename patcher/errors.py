"""Everything that can go wrong and is somebody's to fix, as exceptions.

One base class, so that the command line needs one `except`; the exit code of each
class is decided there (`cli`), not here.
"""

_SHOWN = 60


class PatcherError(Exception):
    """Base of all expected failures. `str(error)` is the whole message for the user.

    `hint` is the next step: a command to run or a line to change. Both are in one voice: lower
    case but for names, no full stop, clauses joined by `; ` or `: `.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class BadUsage(PatcherError):
    """The command line asks for something that does not exist or contradicts itself."""


class BadDefinition(PatcherError):
    """A patch definition is wrong; the message names its file and line."""


class Blocked(PatcherError):
    """The plan cannot be carried out on this checkout. Nothing was written."""


class Drifted(PatcherError):
    """Files changed since they were patched; rolling back would lose somebody's work."""


class NoCheckout(PatcherError):
    """No LibreChat checkout was found, more than one was, or it is not one we know."""


class InputOutput(PatcherError):
    """The disk said no. What had been written was restored."""


class Busy(InputOutput):
    """Another run holds the checkout's lock."""


class AnchorNotFound(Blocked):
    """An anchor matches no place, or more than one; raised by edits, gathered by planning."""


def shortened(text: str) -> str:
    """The first line of a text, for a message."""
    first = next(iter(text.strip().splitlines()), "").encode(errors="backslashreplace").decode()
    return first if len(first) <= _SHOWN else f"{first[:_SHOWN]}…"
