"""A git repository that is made commit by commit out of fixture trees."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.conftest import fixture_folder

ROOT = "client/src/routes/Root.tsx"
ROUTES = "api/server/routes/models.js"
CONTROLLER = "api/server/controllers/ModelController.js"
ANCHOR = "useAuthContext()"
_IDENTITY = {
    "GIT_AUTHOR_NAME": "Somebody",
    "GIT_AUTHOR_EMAIL": "somebody@example.org",
    "GIT_COMMITTER_NAME": "Somebody",
    "GIT_COMMITTER_EMAIL": "somebody@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


class Story:
    """A repository and its work tree; every step is one call."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self._seconds = 1_700_000_000
        folder.mkdir(parents=True)
        self.git("init", "-q", "-b", "main", *options)
        self.git("config", "core.autocrlf", "false")

    def git(self, *arguments: str) -> str:
        """What git prints; the dates of commits are a day apart."""
        date = f"{self._seconds} +0000"
        dates = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        environment: Mapping[str, str] = {**os.environ, **_IDENTITY, **dates}
        done = subprocess.run(
            ["git", "-C", self.folder, *arguments],
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=environment,
        )
        return done.stdout.strip()

    def commit(self, subject: str, tag: str = "") -> str:
        """Commit all that is in the work tree; the commit's id."""
        self._seconds += 86_400
        self.git("add", "--all", "--force")
        self.git("commit", "-q", "--allow-empty", "-m", subject)
        if tag:
            self.git("tag", tag)
        return self.git("rev-parse", "HEAD")

    def become(self, fixture: str) -> None:
        """Let the work tree be that of a fixture."""
        for entry in self.folder.iterdir():
            if entry.name != ".git":
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        shutil.copytree(fixture_folder(fixture), self.folder, dirs_exist_ok=True)

    def replace(self, path: str, old: str, new: str) -> None:
        """Change a file of the work tree; `old` must be in it."""
        file = self.folder / path
        text = file.read_bytes().decode()
        assert old in text, f"{path} has no {old}"
        file.write_bytes(text.replace(old, new).encode())

    def write(self, path: str, text: str) -> None:
        """Write a file of the work tree."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
