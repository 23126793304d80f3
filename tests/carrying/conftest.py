from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import run
from tests.cli.running import Ran, Runner
from tests.conftest import committed

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
Copy = Callable[[str], Path]


@pytest.fixture
def own(tmp_path: Path) -> Write:
    """A function that writes a patch of one's own below `own/`; gives the folder of all."""

    def write(id: str, text: str, **beside: str) -> Path:
        folder = tmp_path / "own" / id
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "patch.yaml").write_text(HEAD.format(id=id) + text, encoding="utf-8")
        for name, content in beside.items():
            (folder / name.replace("_", ".")).write_text(content, encoding="utf-8")
        return folder.parent

    return write


@pytest.fixture
def checkout(copy_of: Copy) -> Path:
    """A checkout in git, unpatched."""
    return committed(copy_of("e6-v0.8.4"))


@pytest.fixture
def capture(
    run: Runner, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Ran]:
    """A function that captures what was changed in `checkout` as a patch below `into/`."""
    monkeypatch.delenv("LIBRECHAT_GIT", raising=False)

    def call(*arguments: object, id: str = "mine") -> Ran:
        into = ("--into", tmp_path / "into", "--root", checkout)
        return run("capture", id, "--title", "Does mine", *into, *arguments)

    return call
