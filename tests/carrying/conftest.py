from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import run

__all__ = ["run"]

HEAD = """\
schema: 1
id: {id}
title: Tests one thing
why: Tests need one.
librechat: ">=0.7.0"
components: {{backend: the server, client: the browser}}
"""
Write = Callable[..., Path]


@pytest.fixture
def own(tmp_path: Path) -> Write:
    """A function that writes a patch of one's own below `own/`; gives the folder of all."""

    def write(id: str, text: str, **beside: str) -> Path:
        folder = tmp_path / "own" / id
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "patch.yaml").write_text(HEAD.format(id=id) + text)
        for name, content in beside.items():
            (folder / name.replace("_", ".")).write_text(content)
        return folder.parent

    return write
