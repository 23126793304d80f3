"""A text to the nodes that PyYAML makes of it, where js-yaml would read it, too. Pure."""

from __future__ import annotations

import re

import yaml

_TAB_REPAIRS = 200
_MAX_DEPTH = 100
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


class Unreadable(Exception):
    """The text is no YAML that LibreChat would read; the message quotes nothing of the text."""

    def __init__(self, what: str, line: int, has_tab: bool = False) -> None:
        super().__init__(what)
        self.line = line
        self.has_tab = has_tab


class _Loader(yaml.SafeLoader):
    """Stops at a depth of ours: the parser's own would be that of the interpreter's stack."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise Unreadable(f"it is nested deeper than {_MAX_DEPTH} levels", self.line + 1)
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


def nodes_of(text: str) -> yaml.Node | None:
    """The root node, None for an empty text; raises `Unreadable`."""
    for _ in range(_TAB_REPAIRS):
        try:
            loader = _Loader(text)
            try:
                node: yaml.Node | None = loader.get_single_node()
                return node
            except (ValueError, OverflowError):
                # The parser lets Python say that there is no such character, or no such version.
                raise Unreadable("a number is out of range", loader.line + 1) from None
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            raise Unreadable("it holds a control character", line) from None
        except yaml.MarkedYAMLError as error:
            text = _without_tab(text, error)
    raise Unreadable("it is full of tabs", 1, has_tab=True)


def _without_tab(text: str, error: yaml.MarkedYAMLError) -> str:
    """`text` with one tab replaced that only PyYAML minds; else raises `Unreadable`.

    js-yaml takes a tab between a colon and a value; neither takes one in the indentation.
    """
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    # Not by lines: PyYAML also ends one at a lone CR, U+0085, U+2028 and U+2029.
    start = text[mark.index - mark.column : mark.index + 1] if mark else ""
    indented = start.strip() == "" and "\t" in start
    if mark and text[mark.index : mark.index + 1] == "\t" and not indented:
        return text[: mark.index] + " " + text[mark.index + 1 :]
    if indented:
        raise Unreadable("a tab stands in the indentation", line, has_tab=True) from None
    what = _QUOTED.sub("…", str(error.problem or error.context or "it cannot be read"))
    raise Unreadable(what, line) from None
