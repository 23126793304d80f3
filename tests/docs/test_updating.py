"""`docs/updating.md`: followed by a person who has only that page, with what it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from tests.cli.running import Runner
from tests.conftest import PROJECT
from tests.updates.conftest import ROUTES, Clone, commit_of, git

PAGE = (PROJECT / "docs" / "updating.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.M | re.S)
ROOT = "/opt/LibreChat"


def shown(text: str, root: Path) -> str:
    text = re.sub(r"\d{8}T\d{6}Z-[0-9a-f]+", "RUN", text.replace(str(root), ROOT))
    return re.sub(
        r"since upstream's \S+ of \S+:", "since upstream's 1a2b3c4d5e of 2026-11-20:", text
    )


def test_every_command_does_what_the_page_shows(clone: Clone, run: Runner) -> None:
    root = clone("v0.8.1")
    run("apply", "--root", root, "--yes")
    commands = [text.strip() for language, text in BLOCKS if language == "sh"]
    answers = [text for language, text in BLOCKS if language == "text"]
    assert len(commands) == 2
    for command, ends_at in zip(commands, ("v0.8.4", "v0.8.1"), strict=True):
        words = shlex.split(command.replace(ROOT, str(root)))
        assert words.pop(0) == "librechat-patcher"
        done = run(*words)
        assert done.code == 0, done.err
        assert commit_of(root, "HEAD") == commit_of(root, ends_at)
        if command == commands[0]:
            assert shown(done.out, root) == answers[0]


def test_a_patch_that_does_not_fit_is_told_as_the_page_shows(clone: Clone, run: Runner) -> None:
    root = clone("v0.8.4")
    (root / ROUTES).write_text("module.exports = {};\n", encoding="utf-8")
    git(root, "commit", "-qam", "Rewrite the routes")
    git(root, "tag", "v9.0.0")
    git(root, "checkout", "-q", "v0.8.4")
    run("apply", "--root", root, "--yes")
    said = shown(run("update", "--root", root, "--to", "v9.0.0").err, root).splitlines()
    page = [text for language, text in BLOCKS if language == "text"][1].splitlines()
    where = [said.index(line) for line in page if line != "    ..."]
    assert where == sorted(where)
    assert len(where) == len(page) - 1
