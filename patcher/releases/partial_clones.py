"""Clones without blobs (`git clone --filter=blob:none`): what is missing, fetched in one go."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from patcher.errors import InputOutput
from patcher.releases import git


def fetch_missing(repository: Path, commits: Sequence[str], paths: Sequence[str]) -> None:
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
