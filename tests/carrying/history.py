"""Diffs of LibreChat's own history: between neighbouring releases, and of single commits."""

from __future__ import annotations

import itertools
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tests.real.conftest import releases

MOST_FILES = 20
COMMITS_A_STEP = 3
"""Commits taken between two neighbouring releases, spread evenly."""

_NOT_TEXT = re.compile(rb"^(Binary files|GIT binary patch|(?:new|old|deleted).* mode 1[26])", re.M)


@dataclass(frozen=True)
class Step:
    """Two states of LibreChat, and what git says lies between them."""

    before: str
    after: str
    forward: bytes
    backward: bytes

    def __str__(self) -> str:
        return f"{self.before[:10]}..{self.after[:10]}"


def git(repository: Path, *arguments: str) -> bytes:
    """What git prints."""
    return subprocess.run(
        ["git", "-C", repository, *arguments], check=True, capture_output=True
    ).stdout


@lru_cache(maxsize=1)
def steps(repository: Path) -> tuple[Step, ...]:
    """Every text diff of at most `MOST_FILES` files between neighbours, and of some commits."""
    return tuple(step for a, b in _pairs(repository) if (step := _step(repository, a, b)))


def _pairs(repository: Path) -> Iterator[tuple[str, str]]:
    tags = releases()
    for one, other in itertools.pairwise(tags):
        yield one, other
        listed = git(repository, "rev-list", "--no-merges", "--parents", f"{one}..{other}")
        commits = [line.split() for line in listed.decode().splitlines()]
        distance = max(len(commits) // COMMITS_A_STEP, 1)
        yield from ((c[1], c[0]) for c in commits[::distance][:COMMITS_A_STEP] if len(c) == 2)


def _step(repository: Path, before: str, after: str) -> Step | None:
    listed = git(repository, "diff", "--name-only", "--no-renames", before, after).splitlines()
    if not 0 < len(listed) <= MOST_FILES:
        return None
    forward = git(repository, "diff", before, after)
    if _NOT_TEXT.search(forward):
        return None
    return Step(before, after, forward, git(repository, "diff", "-R", before, after))
