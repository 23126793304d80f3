"""The files of a patch folder, read with suspicion: plain files only, of bounded size."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from patcher.errors import BadDefinition
from patcher.paths import path_problem

DEFINITION = "patch.yaml"
MAX_DEFINITION = 1 << 20
MAX_FILE = 4 << 20
_MAX_FILES = 2_000
ADDED = "files"
"""The folder of the files that a patch adds."""
TESTED = "tested.txt"


def folders_in(folder: Path) -> dict[str, Path]:
    """The folder of each patch below `folder`, by the patch's id: a patch is called so, too.

    Raises `BadDefinition` for what this user may not look into: a patch may be there.
    """
    places = [folder / entry.name for entry in _entries(folder)]
    return {place.name: place for place in places if _status(place / DEFINITION) is not None}


def read_definition(folder: Path) -> bytes:
    """The text of a patch's definition."""
    return read_plain(folder / DEFINITION, MAX_DEFINITION)


def digest_of(folder: Path) -> str:
    """The patch's digest, without making sense of it."""
    text = read_definition(folder)
    return digest(folder, text, added_files(folder))


def digest(folder: Path, definition: bytes, added: Iterable[tuple[str, bytes]]) -> str:
    """A hash of all that decides what a patch does: the definition, diffs beside it, added files.

    A file beside the definition counts when the definition says its name anywhere.
    """
    whole = hashlib.sha256(definition)
    for name, content in (*_beside(folder, definition), *added):
        whole.update(f"\0{name}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()


def _beside(folder: Path, definition: bytes) -> Iterator[tuple[str, bytes]]:
    for entry in _entries(folder):
        is_named = os.fsencode(entry.name) in definition and entry.name != TESTED
        if is_named and entry.is_file(follow_symlinks=False):
            yield entry.name, read_plain(folder / entry.name, MAX_FILE)


def read_plain(file: Path, limit: int) -> bytes:
    """The bytes of a plain file; raises `BadDefinition` for a device, a pipe, or too many."""
    try:
        mode = file.stat().st_mode
        # Asked before opening: opening a pipe would wait for somebody to write to it.
        if not stat.S_ISREG(mode):
            raise BadDefinition(f"{file}: is not a plain file")
        with file.open("rb") as stream:
            content = stream.read(limit + 1)
    except (OSError, ValueError) as error:
        raise _unreadable(file, error) from error
    if len(content) > limit:
        raise BadDefinition(f"{file}: larger than {limit >> 20} MiB")
    return content


def read_beside(definition: Path, name: str) -> bytes:
    """A file of the patch folder that the definition names; links are not followed."""
    file = definition.parent
    for part in name.split("/"):
        file = file / part
        _require_no_link(file)
    return read_plain(file, MAX_FILE)


def added_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Path in the checkout and bytes of everything below `files/`, in a fixed order."""
    root = folder / ADDED
    _require_no_link(root)
    found = _status(root)
    if found is None:
        return
    if not stat.S_ISDIR(found.st_mode):
        raise BadDefinition(f"{root}: must be a folder: it holds the files that the patch adds")
    for count, path in enumerate(_walked(root, "")):
        if count == _MAX_FILES:
            raise BadDefinition(f"{root}: more than {_MAX_FILES:,} files")
        yield path, read_plain(root / path, MAX_FILE)


def tested_releases(folder: Path) -> tuple[tuple[str, str], ...]:
    """Tag and version of each release listed in `tested.txt`, which a measured run writes.

    The version is what the release's package.json says: v0.7.3-rc calls itself 0.7.2.
    """
    file = folder / TESTED
    if _status(file) is None:
        return ()
    lines = read_plain(file, MAX_FILE).decode(errors="replace").splitlines()
    words = (line.split() for line in lines if not line.startswith("#"))
    return tuple((found[0], found[-1]) for found in words if found)


def _walked(root: Path, folder: str) -> Iterator[str]:
    for entry in _entries(root / folder):
        path = folder + entry.name
        problem = path_problem(path)
        if problem:
            raise BadDefinition(f"{root}: {problem}")
        if entry.is_symlink():
            raise _holds_link(root / path)
        if entry.is_dir(follow_symlinks=False):
            yield from _walked(root, path + "/")
        else:
            yield path


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        return sorted(os.scandir(folder), key=lambda e: e.name)
    except OSError as error:
        raise _unreadable(folder, error) from error


def _status(file: Path) -> os.stat_result | None:
    """What lies there, a link as such; None for nothing."""
    try:
        return file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise _unreadable(file, error) from error


def _unreadable(file: Path, error: OSError | ValueError) -> BadDefinition:
    reason = getattr(error, "strerror", None) or error
    return BadDefinition(f"{file}: cannot be read: {reason}")


def _require_no_link(file: Path) -> None:
    found = _status(file)
    if found is not None and stat.S_ISLNK(found.st_mode):
        raise _holds_link(file)


def _holds_link(file: Path) -> BadDefinition:
    return BadDefinition(f"{file}: a patch must not hold symbolic links")
