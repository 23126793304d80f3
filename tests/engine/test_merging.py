"""Taking our edits out of a file that somebody edited on top: line by line, never by guessing."""

from __future__ import annotations

import pytest

from patcher.errors import AnchorNotFound
from patcher.plan.merge import without_ours


def text(lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


@pytest.mark.parametrize(
    ("original", "ours", "both", "result"),
    [
        ("abcd", "abXcd", "abXcd", "abcd"),
        ("abcd", "abXcd", "abXc1d", "abc1d"),
        ("abcd", "abXcd", "1abXcd", "1abcd"),
        ("abcd", "abXcd", "abXcd1", "abcd1"),
        ("abcd", "abXcd", "abX1cd", "ab1cd"),
        ("abcd", "abXcd", "ab1Xcd", "ab1cd"),
        ("abcd", "abXcd", "abXd", "abd"),
        ("abcd", "abXcd", "1bXc2", "1bc2"),
        ("abcd", "Xabcd", "1Xabcd", "1abcd"),
        ("abcd", "Xabcd", "X1abcd", "1abcd"),
        ("abcd", "abcdX", "abcdX1", "abcd1"),
        ("abcd", "acd", "ac1d", "abc1d"),
        ("abcd", "acd", "1acd", "1abcd"),
        ("abcd", "abXYcd", "1abXYcd", "1abcd"),
        ("", "X", "X1", "1"),
        ("", "X", "1X", "1"),
    ],
)
def test_what_somebody_did_is_kept_without_ours(
    original: str, ours: str, both: str, result: str
) -> None:
    assert without_ours(text(original), text(ours), text(both)) == text(result)


@pytest.mark.parametrize(
    ("original", "ours", "both", "line"),
    [
        ("abcd", "abXcd", "ab1cd", 3),
        ("abcd", "abXcd", "abcd", 3),
        ("abcd", "aXcd", "a1cd", 2),
        ("abcd", "abXYcd", "abX1Ycd", 4),
        ("abcd", "abXcd", "a1d", 2),
        ("abcd", "acd", "1d", 1),
    ],
)
def test_what_both_changed_is_refused_with_the_line(
    original: str, ours: str, both: str, line: int
) -> None:
    with pytest.raises(AnchorNotFound) as refused:
        without_ours(text(original), text(ours), text(both))
    told = f"line {line} was changed by hand, and by librechat-patcher before"
    assert str(refused.value) == told
