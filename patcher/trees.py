"""Two sources of bytes for planning: a folder on disk, and one revision of a git repository."""

from __future__ import annotations

import os
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from patcher.errors import InputOutput, Unanchored

MAX_SOURCE = 4 << 20
"""Bytes. The largest target file of any LibreChat release has 38 KiB; a file of megabytes is
no source that was written by hand, and parsing it would take seconds and hundreds of MiB."""


def _require_size(size: int) -> None:
    if size > MAX_SOURCE:
        raise Unanchored(
            f"the file has {size:,} bytes: larger than source code is (limit {MAX_SOURCE:,})"
        )


@dataclass(frozen=True)
class FolderTree:
    """A checkout on disk. Nothing outside `root` is read: links are refused on the way."""

    root: Path

    def read(self, path: str) -> bytes | None:
        """The bytes of a plain file, None without one; raises `Unanchored` for anything else."""
        place = self._safe(path)
        try:
            found = place.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        if not stat.S_ISREG(found.st_mode):
            raise Unanchored(f"{path} is {_kind(found.st_mode)}, not a plain file")
        _require_size(found.st_size)
        try:
            return place.read_bytes()
        except OSError as error:
            raise InputOutput(
                f"{place}: cannot be read: {error.strerror}",
                "run as the user who owns the checkout",
            ) from error

    def has_folder(self, path: str) -> bool:
        """Whether there is a folder at `path`."""
        return (self.root / path).is_dir()

    def _safe(self, path: str) -> Path:
        folder = self.root
        for part in path.split("/")[:-1]:
            folder = folder / part
            if folder.is_symlink():
                raise Unanchored(f"{folder.relative_to(self.root).as_posix()} is a symbolic link")
        return self.root / path


def _kind(mode: int) -> str:
    kinds = {stat.S_IFLNK: "a symbolic link", stat.S_IFDIR: "a folder"}
    return kinds.get(stat.S_IFMT(mode), "a device, a pipe or a socket")


class RevisionTree:
    """One revision of a git repository, read through `git cat-file --batch`; no checkout made.

    Use as a context manager: it holds one git process.
    """

    def __init__(self, repository: Path, revision: str) -> None:
        self.revision = revision
        command = ["git", "-C", os.fspath(repository), "cat-file", "--batch"]
        try:
            self._git = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError as error:
            raise InputOutput(f"git cannot be started: {error.strerror}", "install git") from error

    def __enter__(self) -> RevisionTree:
        return self

    def __exit__(self, *_: object) -> None:
        self._git.communicate()

    def read(self, path: str) -> bytes | None:
        """The blob at `path` of the revision, None without one."""
        kind, content = self._object(path)
        if kind == "blob":
            _require_size(len(content))
            return content
        if kind == "":
            return None
        raise Unanchored(f"{path} is not a plain file in {self.revision}")

    def has_folder(self, path: str) -> bool:
        """Whether the revision has a folder at `path`."""
        return self._object(path)[0] == "tree"

    def _object(self, path: str) -> tuple[str, bytes]:
        send, receive = self._pipes()
        send.write(f"{self.revision}:{path}\n".encode())
        send.flush()
        head = receive.readline().split()
        if not head:
            raise InputOutput(f"git does not know the revision {self.revision}")
        if head[-1] == b"missing":
            return "", b""
        content = receive.read(int(head[2]) + 1)[:-1]
        return head[1].decode(), content

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        send, receive = self._git.stdin, self._git.stdout
        if send is None or receive is None:
            raise InputOutput("git was started without pipes")
        return send, receive
