"""The disk says no: the whole text of what a person then reads, and that nothing is lost."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from patcher.errors import InputOutput
from patcher.model import Phase
from patcher.transaction import Store, open_store

from .refusals import PLAN, RUN, fail, numbers, said
from .support import WRITING, WatchedDisk, roll_back, snapshot

pytestmark = pytest.mark.usefixtures("no_fsync")


@pytest.mark.parametrize(
    ("number", "at", "message", "hint"),
    [
        (
            errno.ENOSPC,
            "original",
            ".librechat-patcher/runs/RUN.preparing/originals/api/a.js cannot be written: the disk "
            "is full; nothing was changed",
            "free some space, then run the same command again",
        ),
        (
            errno.ENOSPC,
            "staged",
            "api/a.js cannot be written: the disk is full; everything was rolled back",
            "free some space, then run the same command again",
        ),
        (
            errno.EDQUOT,
            "staged",
            "api/a.js cannot be written: the disk quota is used up; everything was rolled back",
            "free some space, then run the same command again",
        ),
        (
            errno.EACCES,
            "staged",
            "api/a.js cannot be written: permission denied; everything was rolled back",
            "run the command as the user that owns the checkout (on Windows: close the programs "
            "that have the file open), then run the same command again",
        ),
        (
            errno.EPERM,
            "replaced",
            "api/a.js cannot be replaced: the system does not permit it; "
            "everything was rolled back",
            "run the command as the user that owns the checkout and look for an immutable "
            "attribute (`lsattr`), then run the same command again",
        ),
        (
            errno.EIO,
            "replaced",
            "api/a.js cannot be replaced: the disk reports an input/output error; "
            "everything was rolled back",
            "check the disk (`dmesg` names it), then run the same command again",
        ),
        (
            errno.EROFS,
            "folder",
            ".librechat-patcher cannot be made: the file system is mounted read-only",
            "mount it writable, then run the same command again",
        ),
        (
            errno.ENAMETOOLONG,
            "staged",
            "api/a.js cannot be written: file name too long; everything was rolled back",
            "fix that, then run the same command again",
        ),
    ],
)
def test_what_is_said_when_the_disk_says_no(
    root: Path, number: int, at: str, message: str, hint: str
) -> None:
    before = snapshot(root)
    where = {
        "folder": numbers(PLAN, "make_folder")[0],
        "original": numbers(PLAN, "write")[3],  # after lock, .gitignore and lock.json
        "staged": numbers(PLAN, "write")[5],
        "replaced": numbers(PLAN, "replace")[1],  # after the run's folder
    }
    store = open_store(root, WatchedDisk(where[at], fail(number)))
    run: list[str] = []
    with pytest.raises(InputOutput) as caught:
        store.commit(PLAN, "")
    text = str(caught.value)
    if ".preparing" in text:
        run.append(text.split("/runs/")[1].split(".preparing")[0])
        text = text.replace(run[0], RUN)
    assert (text, caught.value.hint) == (message, hint)
    assert snapshot(root) == before
    if at in ("folder", "original"):
        assert not store.folder.exists()


def test_what_is_said_when_putting_back_fails_too(root: Path) -> None:
    before = snapshot(root)
    second = numbers(PLAN, "replace")[2]
    store = open_store(root, WatchedDisk(second, fail(errno.EROFS), always=WRITING))
    with pytest.raises(InputOutput) as caught:
        store.commit(PLAN, "")
    assert said(caught, store) == (
        "api/x/b.js cannot be replaced: the file system is mounted read-only\n"
        "rolling back stopped too: "
        "api/x/.librechat-patcher-RUN-1 cannot be removed: the file system is mounted read-only\n"
        "nothing is lost: the originals are in .librechat-patcher/runs/RUN/originals",
        "fix the cause, then run `librechat-patcher status`: it rolls back the rest",
    )
    restored = open_store(root).recover()
    assert restored is not None
    assert (restored.restored, restored.found) == (("api/a.js",), Phase.APPLYING)
    assert snapshot(root) == before


def test_what_is_said_when_a_rollback_stops(root: Path, store: Store) -> None:
    store.commit(PLAN, "")
    first = numbers(PLAN, "replace", roll_back)[1]  # after the receipt
    stuck = open_store(root, WatchedDisk(first, fail(errno.EROFS), always=WRITING))
    with pytest.raises(InputOutput) as caught:
        stuck.rollback()
    assert said(caught, store) == (
        "api/a.js cannot be replaced: the file system is mounted read-only\n"
        "api/.librechat-patcher-RUN-0 cannot be removed: the file system is mounted read-only\n"
        "rolling back the run RUN stopped halfway; "
        "nothing is lost: the originals are in .librechat-patcher/runs/RUN/originals",
        "fix the cause, then run `librechat-patcher status`: it finishes rolling back",
    )
