"""Real LibreChat: releases from a git repository that `LIBRECHAT_GIT` names.

The repository may be a mirror or a clone, with upstream's tags v0.7.0 and later. Without it these
tests are skipped, by name and with this reason.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

VARIABLE = "LIBRECHAT_GIT"
FIRST, LAST = "v0.7.0", "v0.8.8-rc1"


def releases() -> list[str]:
    """The release tags of the repository, oldest first; none without one."""
    repository = os.environ.get(VARIABLE)
    if not repository:
        return []
    command = ["git", "-C", repository, "tag", "--list", "v0.[78].*", "--sort=creatordate"]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout.split()


_NONE = pytest.param("every release", marks=pytest.mark.skip(f"{VARIABLE} names no repository"))
RELEASES = [pytest.param(tag, id=tag) for tag in releases()] or [_NONE]


@pytest.fixture(scope="session")
def repository() -> Path:
    """The repository with real releases."""
    found = os.environ.get(VARIABLE)
    if not found:
        pytest.skip(f"{VARIABLE} names no LibreChat repository")
    return Path(found)


@pytest.fixture
def checkout_of(repository: Path, tmp_path: Path) -> Callable[[str], Path]:
    """A function that gives a fresh tree of a release, exported whole."""

    def export(release: str) -> Path:
        root = tmp_path / release
        root.mkdir()
        archive = subprocess.Popen(
            ["git", "-C", repository, "archive", release], stdout=subprocess.PIPE
        )
        subprocess.run(["tar", "-x", "-C", root], stdin=archive.stdout, check=True)
        archive.communicate()
        return root

    return export
