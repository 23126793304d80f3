"""Trees and blobs of a git repository, each read once through one `git cat-file --batch`.

In a partial clone what is missing is fetched first, in one go.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from patcher.errors import InputOutput
from patcher.releases import git
from patcher.trees import GitEntry

_AT_ONCE = 64
"""Requests that are written before answers are read. They take 4 KiB at most, which any pipe
holds, so git never waits for us to read while we wait for it to read."""

_PIECE = 1 << 20
_ENTRY = {n: re.compile(rb"(\d+) ([^\0]+)\0(.{%d})" % n, re.DOTALL) for n in (20, 32)}
"""An entry of a tree object, for SHA-1 and SHA-256 repositories."""


class Objects:
    """Reads objects, and remembers them. Use as a context manager: it holds one git process."""

    def __init__(self, repository: Path, limit: int) -> None:
        self._repository = repository
        self._limit = limit
        self._roots: dict[str, str] = {}
        self._trees: dict[str, dict[str, GitEntry]] = {}
        self._blobs: dict[str, bytes | int] = {}
        try:
            self._git = subprocess.Popen(
                git.command(repository, "cat-file", "--batch"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=git.environment(),
            )
        except OSError as error:
            raise InputOutput(
                f"git cannot be started: {error.strerror}", git.NOT_INSTALLED
            ) from error

    def __enter__(self) -> Objects:
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in self._pipes():
            # What git did not take before it died cannot be flushed to it either.
            with contextlib.suppress(OSError):
                pipe.close()
        self._git.wait()

    def root(self, commit: str) -> GitEntry:
        """The folder that holds everything of a commit."""
        if commit not in self._roots:
            self._read_roots([commit])
        return GitEntry.folder(self._roots[commit])

    def inside(self, folder: GitEntry, name: str) -> GitEntry | None:
        """What a folder has by this name; None when there is nothing, or no folder."""
        if not folder.is_folder:
            return None
        if folder.id not in self._trees:
            self._read_trees([folder.id])
        return self._trees[folder.id].get(name)

    def blob(self, id: str) -> bytes | int:
        """The bytes of a blob, or only their number when there are more than the limit."""
        if id not in self._blobs:
            self._read_blobs([id])
        return self._blobs[id]

    def warm(self, commits: Sequence[str], paths: Iterable[str]) -> None:
        """Read all that `paths` have in `commits`, with few waits and each object once.

        In a partial clone, blobs that are missing are fetched first, all in one go.
        """
        folders = _folders(paths)
        self._read_roots(c for c in commits if c not in self._roots)
        level = {(self._roots[c], ""): folders for c in commits}
        blobs: dict[str, None] = {}
        while level:
            self._read_trees(id for id, _ in level if id not in self._trees)
            level = dict(self._below(level, blobs))
        absent = [id for id in blobs if id not in self._blobs]
        if absent:
            _fetch_missing(self._repository, commits, sorted(paths))
            self._read_blobs(absent)

    def _below(
        self, level: dict[tuple[str, str], _Folder], blobs: dict[str, None]
    ) -> Iterator[tuple[tuple[str, str], _Folder]]:
        for (id, at), folder in level.items():
            for name, inner in folder.items():
                entry = self._trees[id].get(name)
                if entry is None:
                    continue
                if entry.is_folder and inner:
                    yield (entry.id, f"{at}/{name}"), inner
                elif entry.is_file:
                    blobs[entry.id] = None

    def _read_roots(self, commits: Iterable[str]) -> None:
        asked = list(dict.fromkeys(commits))
        for commit, (id, content) in zip(
            asked, self._ask([f"{c}^{{tree}}" for c in asked]), strict=True
        ):
            self._roots[commit] = id
            self._trees[id] = _entries(id, content)

    def _read_trees(self, ids: Iterable[str]) -> None:
        for id, content in self._ask(list(dict.fromkeys(ids))):
            self._trees[id] = _entries(id, content)

    def _read_blobs(self, ids: Iterable[str]) -> None:
        self._blobs.update(self._ask(list(ids)))

    def _ask(self, names: Sequence[str]) -> Iterator[tuple[str, bytes | int]]:
        """Id and content of each object, in the order of `names`."""
        send, receive = self._pipes()
        for start in range(0, len(names), _AT_ONCE):
            chunk = names[start : start + _AT_ONCE]
            try:
                send.write("".join(f"{name}\n" for name in chunk).encode())
                send.flush()
            except OSError as error:
                raise self._lost(chunk[0]) from error
            for name in chunk:
                yield self._answer(receive, name)

    def _answer(self, receive: IO[bytes], name: str) -> tuple[str, bytes | int]:
        head = receive.readline().split()
        if len(head) != 3 or not head[2].isdigit():
            raise self._lost(name)
        size = int(head[2])
        if size > self._limit:
            left = size + 1
            while left > 0 and (piece := receive.read(min(left, _PIECE))):
                left -= len(piece)
            return head[0].decode(), size
        content = receive.read(size + 1)
        if len(content) != size + 1:
            raise self._lost(name)
        return head[0].decode(), content[:-1]

    def _lost(self, name: str) -> InputOutput:
        return InputOutput(
            f"git cannot read the object {name} of {self._repository}",
            f"run `git -C {self._repository} fsck`; a shallow or partial clone may need a fetch",
        )

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        send, receive = self._git.stdin, self._git.stdout
        if send is None or receive is None:
            raise InputOutput("git was started without pipes")
        return send, receive


_Folder = dict[str, "_Folder"]
"""Names to look for, and below each the names to look for there."""


def _folders(paths: Iterable[str]) -> _Folder:
    root: _Folder = {}
    for path in paths:
        folder = root
        for part in path.split("/"):
            folder = folder.setdefault(part, {})
    return root


def _entries(id: str, content: bytes | int) -> dict[str, GitEntry]:
    if isinstance(content, int):
        raise InputOutput(f"the folder {id} has a list of {content:,} bytes", "is it LibreChat?")
    found = _ENTRY[len(id) // 2].findall(content)
    return {name.decode(errors="replace"): GitEntry(mode, raw.hex()) for mode, name, raw in found}


def _fetch_missing(repository: Path, commits: Sequence[str], paths: Sequence[str]) -> None:
    """Fetch the blobs at `paths` in `commits` that a partial clone has left out.

    Without this, git would fetch each of them alone when it is read: a second a file instead of
    a second for all. Does nothing in a whole clone. Raises `InputOutput` when the fetch fails.
    """
    remote = _promisor(repository)
    missing = _missing(repository, commits, paths) if remote else []
    if missing:
        # What git itself runs to fetch a missing object, with all of them on its input.
        code, _, said = git.attempt(
            repository,
            *("-c", "fetch.negotiationAlgorithm=noop"),
            *("fetch", remote, "--no-tags", "--no-write-fetch-head"),
            *("--recurse-submodules=no", "--filter=blob:none", "--stdin"),
            given=missing,
        )
        if code != 0:
            raise InputOutput(
                f"{repository} is a partial clone; its {len(missing)} missing files cannot be "
                f"fetched: {git.first_line(said)}",
                f"try `git -C {repository} fetch {remote}`, or make a whole clone",
            )


def _promisor(repository: Path) -> str:
    """The remote that has what this clone left out; empty for a whole clone."""
    _, found, _ = git.attempt(repository, "config", "--get-regexp", r"^remote\..*\.promisor$")
    name, _, value = found.partition("\n")[0].rpartition(" ")
    return name.removeprefix("remote.").removesuffix(".promisor") if value == "true" else ""


def _missing(repository: Path, commits: Sequence[str], paths: Sequence[str]) -> list[str]:
    listed = git.output(
        repository,
        *("rev-list", "--objects", "--no-object-names", "--missing=print", "--no-walk", "--stdin"),
        given=[*commits, "--", *paths],
    )
    return [line[1:] for line in listed.splitlines() if line.startswith("?")]
