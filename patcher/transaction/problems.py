"""What the disk said, in words that say what to do next."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from patcher.errors import InputOutput

_AGAIN = "then run the same command again"
_CAUSES = {
    errno.ENOSPC: ("the disk is full", f"free some space, {_AGAIN}"),
    errno.EDQUOT: ("the disk quota is used up", f"free some space, {_AGAIN}"),
    errno.EROFS: ("the file system is mounted read-only", f"mount it writable, {_AGAIN}"),
    errno.EACCES: (
        "permission denied",
        f"run the command as the user that owns the checkout (on Windows: close the programs "
        f"that have the file open), {_AGAIN}",
    ),
    errno.EPERM: (
        "the system does not permit it",
        f"run the command as the user that owns the checkout and look for an immutable "
        f"attribute (`lsattr`), {_AGAIN}",
    ),
    errno.EIO: (
        "the disk reports an input/output error",
        f"check the disk (`dmesg` names it), {_AGAIN}",
    ),
}


class explained:  # noqa: N801 - used as `with explained(path, "read"):`
    """Makes an `OSError` an `InputOutput` that names `path`, the likely cause and the next step.

    A class, because it stands around each single call and a generator costs three times as much.
    """

    def __init__(self, path: str, doing: str) -> None:
        self._path = path
        self._doing = doing

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: object, _trace: object) -> None:
        if isinstance(error, OSError):
            reason = (error.strerror or str(error)).lower()
            cause, hint = _CAUSES.get(error.errno or 0, (reason, f"fix that, {_AGAIN}"))
            raise InputOutput(f"{self._path} cannot be {self._doing}: {cause}", hint) from error


@contextmanager
def adding(clause: str) -> Iterator[None]:
    """Let every `InputOutput` end with what it means for the checkout."""
    try:
        yield
    except InputOutput as error:
        raise InputOutput(f"{error}; {clause}", error.hint) from error


def named(error: BaseException) -> str:
    """What `error` says, or its name when it says nothing (`KeyboardInterrupt`)."""
    return str(error) or type(error).__name__
