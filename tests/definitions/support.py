"""Patch folders for tests, and what is said about wrong ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from patcher.definition.patch import load
from patcher.errors import BadDefinition

COUNTS: Counter[str] = Counter()
"""Figures that are printed at the end of the test run."""

HEAD = """\
schema: 1
id: own
title: Limit how often models are listed
why: Tests need a patch.
librechat: ">=0.7.0"
components:
  backend: a limit for GET /api/models
"""
EDIT = """\
edits:
  - in: api/server/routes/models.js
    add_import: limit
    from: ./limit
"""
MINIMAL = HEAD + EDIT
ROUTES = "api/server/routes/models.js"

Builder = Callable[[Path], object]


@dataclass(frozen=True)
class Wrong:
    """A definition that must be refused, and the whole message."""

    name: str
    build: Builder
    message: str
    """Without the path of the patch folder: `patch.yaml:3: …`."""

    @property
    def is_parsers(self) -> bool:
        """Whether the reason is in the words of the YAML parser, which the message leaves out."""
        return self.message.endswith("not valid YAML: …")


def patch(
    parent: Path, text: str | bytes = MINIMAL, files: Mapping[str, str | bytes] | None = None
) -> Path:
    """A patch folder called `own`, with its definition and files beside it."""
    folder = parent / "own"
    return fill(folder, {"patch.yaml": text, **(files or {})})


def folder_of(text: str | bytes, files: Mapping[str, str | bytes] | None = None) -> Builder:
    """What makes a patch folder with this definition."""
    return lambda parent: patch(parent, text, files)


def fill(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder, which is made when it is not there."""
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def refusal(folder: Path) -> str:
    """What `load` says about a wrong patch, without the path of its folder."""
    with pytest.raises(BadDefinition) as caught:
        load(folder)
    return str(caught.value).replace(f"{folder}/", "")
