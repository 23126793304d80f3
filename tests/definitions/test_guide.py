"""`docs/writing-a-patch.md`, followed word by word on the bundled sample.

The words behind the language of a block say what it is: a path (the block is that file), `edits`
or `sections` (a piece of a definition, whose `diff` follows), `fails` (commands that are refused).
A `text` or `diff` block is what the block above it prints.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from patcher.definition.decode import VERBS
from patcher.definition.patch import load
from patcher.model import State
from patcher.plan.planner import plan
from tests.conftest import FIXTURES, PROJECT
from tests.engine.support import MemoryTree, patch_of

GUIDE = PROJECT / "docs" / "writing-a-patch.md"
_BLOCK = re.compile(r"^```(\w+) ?(.*)\n((?:.*\n)*?)```$|^<!-- test: (.*) -->$", re.MULTILINE)
_REPLACE = re.compile(r"in (\S+) replace (.+) by (.+)")
_FRAGMENT = """\
schema: 1
id: fragment
title: A piece of the guide
why: The guide shows it.
librechat: ">=0.7.0"
components: {backend: the server, client: the pages}
"""


@dataclass(frozen=True)
class Block:
    """A fenced block of the guide, or a line that changes the checkout for what follows."""

    line: int
    language: str
    words: str
    text: str


def blocks() -> Iterator[Block]:
    text = GUIDE.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        if found[4]:
            yield Block(line, "test", found[4], "")
        else:
            yield Block(line, found[1], found[2], found[3])


@dataclass
class Reader:
    """Somebody who does what the guide says, in an empty folder with a checkout."""

    folder: Path
    printed: str = ""

    def follow(self, block: Block) -> None:
        if block.language == "test":
            self.change(block.words)
        elif block.language == "sh":
            self.printed = self.run(block.text, fails=block.words == "fails")
        elif block.language in ("text", "diff"):
            assert block.text in self.printed, f"line {block.line}: {self.printed}"
        elif block.words in ("edits", "sections"):
            self.printed = self.diff_of(block)
        elif block.words:
            file = self.folder / block.words
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")

    def run(self, commands: str, fails: bool = False) -> str:
        done = subprocess.run(
            ["bash", "-e", "-c", commands],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            env=os.environ | {"PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"},
        )
        assert (done.returncode != 0) is fails, f"{commands}\n{done.stdout}"
        return done.stdout

    def diff_of(self, block: Block) -> str:
        """What a piece of a definition changes in the checkout."""
        text = block.text if block.words == "sections" else f"edits:\n{indented(block.text)}"
        file = self.folder / "pieces/fragment/patch.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_FRAGMENT + text, encoding="utf-8")
        printed = self.run(
            "librechat-patcher diff --patches pieces --patch fragment --root LibreChat"
        )
        assert "\n+" in printed.replace("\n+++", ""), f"line {block.line} changes nothing"
        return printed

    def change(self, words: str) -> None:
        found = _REPLACE.fullmatch(words)
        assert found
        file = self.folder / found[1]
        text = file.read_text(encoding="utf-8")
        assert found[2] in text
        file.write_text(text.replace(found[2], found[3]), encoding="utf-8")


def indented(text: str) -> str:
    return textwrap.indent(text, "  ")


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    if shutil.which("bash") is None:
        pytest.skip("the commands of the guide are run by bash, which is not here")
    folder = tmp_path / "reader"
    shutil.copytree(FIXTURES / "sample", folder / "LibreChat")
    command = folder / "bin" / "librechat-patcher"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m patcher "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    monkeypatch.setenv("PYTHONUTF8", "1")
    return Reader(folder)


def test_every_block_works_as_written(reader: Reader) -> None:
    before = {b.language for b in blocks()}
    assert {"sh", "yaml", "js", "diff", "text", "test"} <= before
    for block in blocks():
        reader.follow(block)


def test_the_examples_of_the_guide_hold(reader: Reader) -> None:
    for block in blocks():
        if block.language in ("yaml", "js") and "/" in block.words:
            reader.follow(block)
    found = load(reader.folder / "my-patches/count-models")
    assert len(found.examples) == 2
    for example in found.examples:
        edit = found.edits[example.edit - 1]
        tree = MemoryTree({edit.path: example.before.encode()})
        result = plan([patch_of(edit)], tree, list(found.components))
        assert result.outcomes[0].state is (State.APPLIES if example.after else State.ALREADY)
        after = [change.after for change in result.changes]
        assert after == ([example.after.encode()] if example.after else [])


def test_every_key_of_the_format_that_names_a_goal_is_in_the_guide() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    missing = [verb for verb in VERBS if f"`{verb}" not in text and f"{verb}:" not in text]
    assert not missing, f"the table of goals in {GUIDE.name} wants a row for each of these"


def test_the_editor_line_fits_the_place_where_the_guide_puts_the_schema() -> None:
    shipped = (PROJECT / "patches/dynamic-models/patch.yaml").read_text(encoding="utf-8")
    (line,) = (b.text for b in blocks() if "language-server" in b.text)
    assert shipped.startswith(line)
