"""The main job on every real release."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from patcher.code.syntax import Node, parse
from patcher.commands.apply import ApplyOptions, apply, plan_for
from patcher.commands.rollback import rollback
from patcher.commands.selection import Selection
from patcher.commands.verify import verify
from patcher.diffs.lines import line_counts
from tests.conftest import contents
from tests.real.conftest import RELEASES

Export = Callable[[str], Path]
MAX_LINES_IN_A_FILE = 12
MAX_LINES_IN_ALL = 45


@pytest.mark.parametrize("release", RELEASES)
def test_apply_verify_apply_again_rollback_is_an_identity(
    checkout_of: Export, release: str
) -> None:
    root = checkout_of(release)
    before = contents(root)
    options = ApplyOptions(root)

    applied = apply(options, lambda _: True)
    assert applied.ok and applied.receipt is not None
    patched = contents(root)
    assert verify(root, Selection()).ok

    again = apply(options, lambda _: True)
    assert again.ok and again.receipt is None
    assert contents(root) == patched

    rollback(root)
    assert contents(root) == before


@pytest.mark.parametrize("release", RELEASES)
def test_the_edits_are_thin_and_only_add_tokens(checkout_of: Export, release: str) -> None:
    changes = plan_for(ApplyOptions(checkout_of(release))).plan.changes
    edited = [c for c in changes if c.before is not None]
    added = {c.path: line_counts(c)[0] for c in edited}
    assert max(added.values()) <= MAX_LINES_IN_A_FILE, added
    assert sum(added.values()) <= MAX_LINES_IN_ALL, added
    for change in edited:
        assert change.before and change.after
        # Commas are left out: a list that is broken up gets a trailing one.
        assert is_subsequence(tokens(change.before), tokens(change.after)), change.path


def tokens(source: bytes) -> list[bytes]:
    """The leaves of the syntax tree without commas; a string is one token."""
    found: list[bytes] = []

    def walk(node: Node) -> None:
        if node.type in ("comment", ","):
            return
        if node.type == "string" or not node.children:
            found.append(source[node.start_byte : node.end_byte])
            return
        for child in node.children:
            walk(child)

    walk(parse(source).root)
    return found


def is_subsequence(few: list[bytes], many: list[bytes]) -> bool:
    """Whether `few` stand in `many` in their order."""
    rest = iter(many)
    return all(token in rest for token in few)
