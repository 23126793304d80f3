"""What was probably meant by a word of a definition that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_SHOWN = 60
_MOST_NAMES = 40


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean …?` for the nearest of `known`, else all of them."""
    names = sorted(known)[:_MOST_NAMES]
    near = difflib.get_close_matches(word[:_SHOWN], names, 1)
    return f"; did you mean `{near[0]}`?" if near else f": {', '.join(names)}"
