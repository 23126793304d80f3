"""Where a word stands in a source, whatever it means there. Pure.

Searched as plain bytes: a pattern that begins with a look at the byte before makes the machine of
`re` start anew at each byte, thirty times slower.
"""

from __future__ import annotations

from collections.abc import Iterator

_LETTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$")


def occurrences(
    source: bytes, word: bytes, start: int = 0, end: int | None = None
) -> Iterator[int]:
    """Offsets at which `word` begins between `start` and `end` and is no part of a longer word."""
    stop = len(source) if end is None else end
    at = source.find(word, start, stop)
    while at >= 0:
        after = at + len(word)
        is_part = at > 0 and source[at - 1] in _LETTERS
        if not is_part and not (after < len(source) and source[after] in _LETTERS):
            yield at
        at = source.find(word, at + 1, stop)
