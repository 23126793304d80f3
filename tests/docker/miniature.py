"""A build without a container engine: stages are folders, RUN lines run in the shell.

Enough of a Dockerfile for those of this project: the order of steps, what COPY takes along, and
which exit code a RUN line ends with. Base images are empty folders; package managers are stand-ins.
"""

from __future__ import annotations

import fnmatch
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import PROJECT

LIBRECHAT_IGNORES = ("data-node", "meili_data*", "librechat*", "Dockerfile*", "docs", ".*")
"""Entries of the context's root that .dockerignore leaves out, in every release."""

_PLACES = ("/opt/librechat-patcher", "/checkout", "/app", "/changed")
_STANDINS = {
    "apk": "exit 0",
    "chown": "exit 0",
    "pip": "exit 0",
    "librechat-patcher": f'PYTHONPATH="{PROJECT}" exec "{sys.executable}" -m patcher "$@"',
    "npm": """echo "npm $*" >>"$NPM_LOG"
case "$1 $2" in
"run frontend")
  [ "$FRONTEND" = fails ] && exit 1
  [ "$FRONTEND" = hides ] && exit 0
  for part in client/dist/index.html packages/data-provider/dist/index.js; do
    mkdir -p "${part%/*}" && echo built >"$part"
  done ;;
esac""",
}


class BuildFailed(Exception):
    """A RUN line ended with an error; the text is what it printed."""


def instructions(dockerfile: str) -> list[tuple[str, str]]:
    """Name and text of each instruction, continued lines joined, comments left out."""
    lines = [line for line in dockerfile.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    split = (line.split(None, 1) for line in joined.splitlines() if line.strip())
    return [(name, text.strip()) for name, text in split]


@dataclass
class Build:
    """One build; `stages` has the resulting folders."""

    place: Path
    context: Path
    named_contexts: dict[str, Path] = field(default_factory=dict)
    images: dict[str, Path] = field(default_factory=dict)
    frontend: str = "works"
    stages: dict[str, Path] = field(default_factory=dict)
    user: str = "root"
    output: str = ""
    _root: Path = Path()
    _folder: str = "/"
    _values: dict[str, str] = field(default_factory=dict)

    def run(self, dockerfile: str) -> Path:
        """Carry out the file; the answer is the folder of the last stage."""
        self._make_standins()
        for name, text in instructions(dockerfile):
            getattr(self, f"_{name.lower()}")(text)
        return self._root

    @property
    def npm_calls(self) -> list[str]:
        log = self.place / "npm.log"
        return log.read_text(encoding="utf-8").splitlines() if log.exists() else []

    def _make_standins(self) -> None:
        (self.place / "bin").mkdir(parents=True)
        for name, script in _STANDINS.items():
            path = self.place / "bin" / name
            path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
            path.chmod(0o755)

    def _arg(self, text: str) -> None:
        name, _, value = text.partition("=")
        self._values.setdefault(name, value)

    def _env(self, text: str) -> None:
        pass

    _expose = _cmd = _env

    def _from(self, text: str) -> None:
        reference, _, name = self._filled(text).partition(" AS ")
        self._root = self.place / "stages" / (name or "last")
        self._folder, self.user = "/", "root"
        source = self.named_contexts.get(name) or self.images.get(reference)
        if source:
            shutil.copytree(source, self._root, symlinks=True)
        else:
            self._root.mkdir(parents=True)
        self.stages[name or "last"] = self._root

    def _filled(self, text: str) -> str:
        return re.sub(r"\$\{(\w+)\}", lambda m: self._values[m[1]], text)

    def _workdir(self, text: str) -> None:
        self._folder = text
        self._here.mkdir(parents=True, exist_ok=True)

    @property
    def _here(self) -> Path:
        return self._root / self._folder.lstrip("/")

    def _user(self, text: str) -> None:
        self.user = text

    def _copy(self, text: str) -> None:
        flags = dict(re.findall(r"--(\w+)=(\S+)", text))
        *sources, target = [w for w in text.split() if not w.startswith("--")]
        origin = self.stages[flags["from"]] if "from" in flags else self.context
        into = self._root / target.lstrip("/") if target[:1] == "/" else self._here / target
        for source in sources:
            found = origin / source.lstrip("/")
            if not found.exists():
                raise BuildFailed(f'COPY: "/{source}": not found')
            if found.is_dir():
                ignored = self._ignored if found == self.context else None
                shutil.copytree(found, into, symlinks=True, dirs_exist_ok=True, ignore=ignored)
            else:
                place = into / found.name if target.endswith("/") else into
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(found, place)

    def _ignored(self, folder: str, names: list[str]) -> set[str]:
        if Path(folder) != self.context:
            return {n for n in names if n == "node_modules"}
        return {n for n in names if any(fnmatch.fnmatch(n, p) for p in LIBRECHAT_IGNORES)}

    def _run(self, text: str) -> None:
        mounted = re.match(r"--mount=type=bind,from=(\w+),source=(\S+?),target=(\S+)", text)
        if mounted is None:
            self._run_line(text)
            return
        stage, source, target = mounted.groups()
        place = self._root / target.lstrip("/")
        shutil.copytree(self.stages[stage] / source.lstrip("/"), place)
        self._run_line(text[mounted.end() :])
        shutil.rmtree(place)

    def _run_line(self, text: str) -> None:
        for place in _PLACES:
            text = re.sub(rf"(?<![\w.]){place}\b", str(self._root / place.lstrip("/")), text)
        environment = {
            "PATH": f"{self.place / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.place),
            "NPM_LOG": str(self.place / "npm.log"),
            "FRONTEND": self.frontend,
            **self._values,
        }
        done = subprocess.run(
            ["/bin/sh", "-c", text],
            cwd=self._here,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        self.output += done.stdout.decode()
        if done.returncode:
            raise BuildFailed(done.stdout.decode())
