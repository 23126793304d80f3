"""One command at a time in one checkout."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timezone

from patcher.errors import Busy, InputOutput
from patcher.paths import STATE_FOLDER
from patcher.transaction.files import Files
from patcher.transaction.problems import explained

LOCK = f"{STATE_FOLDER}/lock"
HOLDER = f"{STATE_FOLDER}/lock.json"
IGNORE = f"{STATE_FOLDER}/.gitignore"
_POLL = 0.05


@contextmanager
def locked(files: Files, wait: float) -> Iterator[int]:
    """Hold the checkout's lock; raises `Busy` when another process keeps it for `wait` seconds.

    Gives the open file that it is held with. The system drops the lock of a process that dies,
    once no program that inherited the file runs any more, so nobody has to clean up. A state
    folder that has no run in it is removed again at the end.
    """
    try:
        descriptor = _acquire(files, wait)
    except BaseException:
        with suppress(InputOutput):
            files.remove_folder_if_empty(STATE_FOLDER)
        raise
    try:
        _introduce(files)
        yield descriptor
    finally:
        try:
            _tidy(files)
        finally:
            os.close(descriptor)


def _acquire(files: Files, wait: float) -> int:
    deadline = time.monotonic() + wait
    while True:
        _make_folder(files)
        descriptor = _open(files)
        if descriptor is not None:
            try:
                with explained(LOCK, "locked"):
                    if _try(descriptor) and _is_current(files, descriptor):
                        return descriptor
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)
        if time.monotonic() >= deadline:
            raise Busy(
                f"another command works on this checkout: {_holder(files)}; waited {wait:g} s",
                "wait until it is done, then run the same command again",
            )
        time.sleep(_POLL)


def _make_folder(files: Files) -> None:
    if problem := files.obstacle(LOCK):
        raise InputOutput(
            f"{LOCK} {problem}; nothing was changed",
            f"move {STATE_FOLDER} away, then run the same command again",
        )
    for folder in files.missing_folders([LOCK]):
        with suppress(FileExistsError):
            files.make_folder(folder)


def _open(files: Files) -> int | None:
    path, owner = files.root / LOCK, files.owner_above(LOCK)
    with explained(LOCK, "opened"):
        try:
            with suppress(FileExistsError):
                files.disk.write(path, b"", 0o644, owner)
            return os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
        except FileNotFoundError:
            return None  # its last holder removed it a moment ago


def _try(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt  # there is none elsewhere, nor a fcntl here

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _is_current(files: Files, descriptor: int) -> bool:
    """Whether the lock is still the one that others will open (not one removed meanwhile)."""
    try:
        return os.path.samestat(os.fstat(descriptor), (files.root / LOCK).lstat())
    except FileNotFoundError:
        return False


def _introduce(files: Files) -> None:
    owner = files.owner_above(LOCK)
    if files.see(IGNORE).data != b"*\n":
        files.remove_if_there(IGNORE)
        files.write(IGNORE, b"*\n", 0o644, owner)
    now = datetime.now(timezone.utc)
    me = {"pid": os.getpid(), "host": _host(), "since": f"{now:%Y-%m-%dT%H:%M:%SZ}"}
    files.remove_if_there(HOLDER)
    files.write(HOLDER, json.dumps(me).encode() + b"\n", 0o644, owner)


def _host() -> str:
    return os.environ.get("COMPUTERNAME", "") if sys.platform == "win32" else os.uname().nodename


def _holder(files: Files) -> str:
    try:
        content = json.loads(files.see(HOLDER).data)
        return f"process {content['pid']} on {content['host']}, since {content['since']}"
    except (ValueError, TypeError, LookupError):
        return "it does not say which process"


def _tidy(files: Files) -> None:
    """Withdraw the holder's note, and the state folder when nothing is remembered in it.

    What cannot be removed stays: it is in nobody's way.
    """
    with suppress(InputOutput):
        files.remove_if_there(HOLDER)
        if sys.platform == "win32" or files.names(f"{STATE_FOLDER}/runs"):
            return  # Windows does not remove a file that is open
        files.remove_folder_if_empty(f"{STATE_FOLDER}/runs")
        files.remove_if_there(IGNORE)
        files.remove_if_there(LOCK)
        files.remove_folder_if_empty(STATE_FOLDER)
