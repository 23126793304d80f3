"""`docs/carrying-your-own-changes.md`, followed word by word on the bundled sample in git."""

from __future__ import annotations

import re

import pytest

from tests.conftest import PROJECT
from tests.definitions.test_guide import _BLOCK, Block, Reader, reader

__all__ = ["reader"]

GUIDE = (PROJECT / "docs" / "carrying-your-own-changes.md").read_text(encoding="utf-8")
GIT = (
    "git init -q && git config user.name a && git config user.email a@example.com && "
    "git add -A && git commit -qm LibreChat"
)


def _blocks() -> list[Block]:
    found = []
    for match in _BLOCK.finditer(GUIDE):
        line = GUIDE.count("\n", 0, match.start()) + 1
        words = match[4] or match[2]
        found.append(Block(line, "test" if match[4] else match[1], words, match[3] or ""))
    return found


def test_every_block_works_as_written(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIBRECHAT_GIT", raising=False)
    reader.run(f"cd LibreChat && {GIT}")
    for block in _blocks():
        if block.language == "diff" and block.words:
            file = reader.folder / block.words
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
        else:
            reader.follow(block)


def test_every_command_for_own_changes_is_in_the_guide() -> None:
    commands = set(re.findall(r"librechat-patcher (\w+)", GUIDE))
    assert {"capture", "explain", "check", "apply", "rollback", "status", "verify"} <= commands
