"""What an edit writes is written the way the file is: the pairs once more, restyled."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

import pytest

from patcher.code.layout import Layout, in_layout, layout_of
from patcher.code.syntax import parse
from patcher.edits.operations import Diff
from patcher.model import State

from .pairs import PAIRS, POSITIVE, Pair
from .restyling import STYLES, with_mixed_line_ends
from .support import is_subsequence, run


def _styles(pair: Pair) -> Iterator[str]:
    # A diff compares text: quotes, tabs, semicolons, a byte order mark on its first line and a
    # last line without an end are differences. Only CR LF is none.
    text_only = {"tabs", "bom", "unended"} if isinstance(pair.operation, Diff) else set()
    return (s for s in STYLES if s not in {*pair.unstyled, *text_only})


@pytest.mark.parametrize("pair", POSITIVE, ids=str)
def test_result_has_the_style_of_the_file(pair: Pair) -> None:
    for style in _styles(pair):
        restyle = STYLES[style]
        outcome, change = run(pair.operation, pair.path, restyle(pair.source))
        assert (outcome.state, outcome.reason) == (State.APPLIES, ""), style
        assert change is not None
        assert change.after == restyle(pair.expected or b""), style


def test_a_style_that_a_pair_cannot_have_is_one_that_is_tried_and_has_a_reason() -> None:
    for pair in PAIRS:
        for style, reason in pair.unstyled.items():
            assert style in STYLES, f"{pair}: `restyle:` names {style}; there are {[*STYLES]}"
            assert reason, f"{pair}: `restyle:` does not say why it cannot be written with {style}"


@pytest.mark.parametrize("pair", POSITIVE, ids=str)
def test_mixed_line_ends_stay_where_they_are(pair: Pair) -> None:
    mixed = with_mixed_line_ends(pair.source)
    outcome, change = run(pair.operation, pair.path, mixed)
    assert (outcome.state, outcome.reason) == (State.APPLIES, "")
    after = (change.after if change else None) or b""
    assert after.replace(b"\r\n", b"\n") == pair.expected
    before = mixed.splitlines(keepends=True)
    blocks = SequenceMatcher(
        None, pair.source.splitlines(), (pair.expected or b"").splitlines(), autojunk=False
    ).get_matching_blocks()
    kept = [before[b.a + n].decode() for b in blocks for n in range(b.size)]
    assert is_subsequence(kept, after.decode().splitlines(keepends=True))


LAYOUTS = [
    ("nothing to go by", "", Layout("'", True, "  ", True)),
    (
        "quotes of modules count",
        "import a from \"a\";\nf('b', 'c', 'd');",
        Layout('"', True, "  ", True),
    ),
    ("quotes anywhere else", 'f("a", "b", \'c\');', Layout('"', True, "  ", True)),
    ("no semicolons", "import a from 'a'\nlet b = a\nf(b)\n", Layout("'", False, "  ", True)),
    (
        "semicolons inside functions only",
        "export function f() {\n  const a = 1\n  g(a)\n}\n",
        Layout("'", False, "  ", True),
    ),
    ("most statements have one", "f();\ng();\nh()\n", Layout("'", True, "  ", True)),
    ("tabs", "f(() => {\n\tg();\n});", Layout("'", True, "\t", True)),
    ("four blanks", "f({\n    a: 1,\n});", Layout("'", True, "    ", True)),
    ("no trailing commas", "f([\n  'a',\n  'b'\n]);", Layout("'", True, "  ", False)),
    ("line ends of Windows", "f([\r\n\t'a'\r\n])\r\n", Layout("'", False, "\t", False)),
]


@pytest.mark.parametrize(
    ("source", "expected"), [pytest.param(s, e, id=name) for name, s, e in LAYOUTS]
)
def test_habits_are_read_off_the_file(source: str, expected: Layout) -> None:
    assert layout_of(parse(source.encode())) == expected


OTHER = Layout('"', False, "\t", True)
SNIPPETS = [
    ("strings and semicolons", "f('a');\ng();", 'f("a")\ng()'),
    ("string that holds the quote", "f('say \"a\"');", "f('say \"a\"')"),
    ("attributes keep their quotes", "<a b='c' />;", "<a b='c' />"),
    ("semicolons of a for", "for (;;) {\n  f();\n}", "for (;;) {\n\tf()\n}"),
    ("semicolon before code", "f(); g();", "f(); g()"),
    ("text keeps its blanks", "f(`\n  a\n    b`);", "f(`\n  a\n    b`)"),
    ("odd blank", "f(\n   a,\n);", "f(\n\t a,\n)"),
]


@pytest.mark.parametrize(
    ("code", "expected"), [pytest.param(c, e, id=name) for name, c, e in SNIPPETS]
)
def test_snippet_is_rewritten(code: str, expected: str) -> None:
    assert in_layout(code, OTHER) == expected
