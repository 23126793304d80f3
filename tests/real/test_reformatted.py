"""Real releases, reformatted four ways: each file keeps its line ends, quotes and semicolons.

Needs `LIBRECHAT_GIT`, and prettier (installed below tests/payload by npm).
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from patcher.code.layout import layout_of
from patcher.code.syntax import parse
from patcher.commands.apply import ApplyOptions, apply
from patcher.commands.listing import list_patches
from patcher.commands.rollback import rollback
from patcher.commands.selection import Selection
from patcher.commands.verify import verify
from patcher.edits.operations import Diff
from tests.conftest import PROJECT, contents

Export = Callable[[str], Path]
PRETTIER = PROJECT / "tests/payload/server/node_modules/.bin/prettier"
STYLES = {
    "no semicolons, double quotes, tabs": ["--no-semi", "--no-single-quote", "--use-tabs"],
    "width 60": ["--single-quote", "--print-width=60"],
    "width 160, no trailing commas": [
        "--single-quote",
        "--print-width=160",
        "--trailing-comma=none",
    ],
    "CRLF": ["--single-quote", "--print-width=100", "--end-of-line=crlf"],
}
IMPORTS = re.compile(rb"""(?:from |require\()(['"])""")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("release", ["v0.7.9", "v0.8.1", "v0.8.4", "v0.8.8-rc1"])
def test_a_reformatted_release_is_patched_in_its_own_style(
    checkout_of: Export, release: str, style: str
) -> None:
    if not PRETTIER.exists():
        pytest.skip("prettier is not installed: npm ci in tests/payload/server")
    root = checkout_of(release)
    targets = _targets(root)
    command = [str(PRETTIER), "--no-config", "--write", *STYLES[style], *targets]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    before = contents(root)

    assert apply(ApplyOptions(root), lambda _: True).ok
    for path in targets:
        _same_habits(before[path][1], (root / path).read_bytes(), path)
    assert verify(root, Selection()).ok
    assert apply(ApplyOptions(root), lambda _: True).receipt is None
    rollback(root)
    assert contents(root) == before


def _targets(root: Path) -> list[str]:
    patch = list_patches(Selection()).patches[0]
    edits = (e.path for e in patch.edits if not isinstance(e.operation, Diff))
    return [p for p in dict.fromkeys(edits) if (root / p).is_file()]


def _same_habits(before: bytes, after: bytes, path: str) -> None:
    old, new = layout_of(parse(before)), layout_of(parse(after))
    assert (old.quote, old.semicolons, old.indent) == (new.quote, new.semicolons, new.indent), path
    assert set(IMPORTS.findall(after)) <= set(IMPORTS.findall(before)) or not IMPORTS.search(before)
    crlf = before.count(b"\r\n")
    assert crlf in (0, before.count(b"\n"))
    assert after.count(b"\r\n") == (after.count(b"\n") if crlf else 0), path
    semicolons = [line for line in after.splitlines() if line.rstrip().endswith(b";")]
    originals = set(before.splitlines())
    if not old.semicolons:
        assert [line for line in semicolons if line not in originals] == [], path
