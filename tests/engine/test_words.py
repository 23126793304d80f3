"""Where a word stands, and where the same letters are part of another one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patcher.code.splice import occurrences


@pytest.mark.parametrize(
    ("source", "offsets"),
    [
        (b"get", [0]),
        (b"get get", [0, 4]),
        (b"(get)", [1]),
        (b"a.get.b", [2]),
        (b"get\xc3\xa4", [0]),
        (b"forget gets get2 $get get$ _get", []),
        (b"getget get", [7]),
        (b"", []),
    ],
)
def test_whole_words_are_found(source: bytes, offsets: list[int]) -> None:
    assert list(occurrences(source, b"get")) == offsets


def test_a_word_counts_when_it_begins_and_ends_in_the_part_searched() -> None:
    assert list(occurrences(b"get get get", b"get", 1, 8)) == [4]
    assert list(occurrences(b"get get", b"get", 0, 6)) == [0]


@given(st.text("ab$_ .é", max_size=30), st.text("ab$_", min_size=1, max_size=3))
def test_found_as_a_pattern_would_find_it(source: str, word: str) -> None:
    pattern = rb"(?=(?<![\w$])" + re.escape(word.encode()) + rb"(?![\w$]))"
    found = [hit.start() for hit in re.finditer(pattern, source.encode())]
    assert list(occurrences(source.encode(), word.encode())) == found
