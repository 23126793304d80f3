"""Calling git. What changes a repository is a fetch of `git_objects` or `targets`, and `moving`."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from patcher.errors import InputOutput

NOT_INSTALLED = "install git (https://git-scm.com) and run the command again"

_LOCAL = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR")
"""A git hook sets these; with them `git -C DIR` would look at another repository than DIR."""


def environment() -> Mapping[str, str]:
    """The environment for git: the user's, without a hook's repository, and with C messages."""
    kept = {name: value for name, value in os.environ.items() if name not in _LOCAL}
    return {**kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}


def command(repository: Path, *arguments: str) -> list[str]:
    """The argument list that runs git in `repository`."""
    return ["git", "-C", os.fspath(repository), *arguments]


def attempt(
    repository: Path,
    *arguments: str,
    given: Iterable[str] | bytes = (),
    keep: Sequence[int] = (),
) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of git.

    `given` are its input's lines, or all of it. The files `keep` stay open in git for as long as
    it runs, also when this process does not. Raises `InputOutput` when git cannot be started.
    """
    done = _run(repository, arguments, given, keep)
    return (
        done.returncode,
        done.stdout.decode(errors="replace"),
        done.stderr.decode(errors="replace"),
    )


def _run(
    repository: Path, arguments: Sequence[str], given: Iterable[str] | bytes, keep: Sequence[int]
) -> subprocess.CompletedProcess[bytes]:
    fed = given if isinstance(given, bytes) else "".join(f"{line}\n" for line in given).encode()
    try:
        return subprocess.run(
            command(repository, *arguments),
            input=fed,
            capture_output=True,
            env=environment(),
            check=False,
            pass_fds=() if os.name == "nt" else keep,
        )
    except OSError as error:
        raise InputOutput(f"git cannot be started: {error.strerror}", NOT_INSTALLED) from error


def content(repository: Path, *arguments: str) -> bytes:
    """The bytes that git prints. Raises `InputOutput` with git's own words when it fails."""
    done = _run(repository, arguments, (), ())
    if done.returncode != 0:
        raise failure(repository, arguments[0], done.stderr.decode(errors="replace"))
    return done.stdout


def output(repository: Path, *arguments: str, given: Iterable[str] | bytes = ()) -> str:
    """What git prints. Raises `InputOutput` with git's own words when it fails."""
    code, out, err = attempt(repository, *arguments, given=given)
    if code != 0:
        raise failure(repository, arguments[0], err)
    return out


def failure(repository: Path, verb: str, said: str) -> InputOutput:
    """The error for a git command that failed, in the words of git."""
    if "dubious ownership" in said:
        return InputOutput(
            f"git does not work in {repository}, which belongs to another user",
            "run as the user who owns the checkout, or let git trust it: "
            f"git config --global --add safe.directory {repository}",
        )
    return InputOutput(
        f"git {verb} failed in {repository}: {first_line(said)}",
        f"try `git -C {repository} log -1` and `git -C {repository} fsck`",
    )


def first_line(said: str) -> str:
    """The first thing that git said, without its `fatal:`."""
    lines = [line for line in said.splitlines() if line.strip()]
    return lines[0].removeprefix("fatal: ").removeprefix("error: ") if lines else "no message"
