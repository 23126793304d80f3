"""Hostile and careless YAML: each text, and the whole message."""

# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Iterator

from patcher.definition.decode import known_keys
from patcher.definition.entries import DefinitionEntry

from .support import EDIT, HEAD, MINIMAL, Wrong, folder_of

_TOP = ", ".join(sorted(known_keys(DefinitionEntry)))
_BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


def _replaced(old: str, new: str) -> str:
    assert MINIMAL.count(old) == 1, old
    return MINIMAL.replace(old, new)


_TEXTS: dict[str, tuple[str | bytes, str]] = {
    "empty file": ("", "patch.yaml:1: a definition begins with keys such as `schema: 1`"),
    "only comments": (
        "# nothing\n# here\n",
        "patch.yaml:1: a definition begins with keys such as `schema: 1`",
    ),
    "only blank lines, a million": (
        "\n" * 1_000_000,
        "patch.yaml:1: a definition begins with keys such as `schema: 1`",
    ),
    "a list": ("- schema: 1\n", "patch.yaml:1: a definition begins with keys such as `schema: 1`"),
    "a word": ("schema\n", "patch.yaml:1: a definition begins with keys such as `schema: 1`"),
    "alias bomb": (MINIMAL + _BOMB, "patch.yaml:12: anchors and aliases are not allowed"),
    "anchor without alias": (
        _replaced("title: L", "title: &t L"),
        "patch.yaml:3: anchors and aliases are not allowed",
    ),
    "alias of nothing": (
        _replaced("title: L", "title: *t # L"),
        "patch.yaml:3: anchors and aliases are not allowed",
    ),
    "anchor on a key": (
        _replaced("title: L", "&t title: L"),
        "patch.yaml:3: anchors and aliases are not allowed",
    ),
    "merge key": (
        _replaced("    from:", "    <<: {x: 1}\n    from:"),
        "patch.yaml:11: `<<` is not a key that belongs here: add_import, component, from, in, type, when",
    ),
    "python tag": (
        _replaced("Limit how", "!!python/object/apply:os.system [id] # "),
        "patch.yaml:3: the tag `!!python/object/apply:os.system` is not allowed",
    ),
    "own tag": (
        _replaced("title: L", "title: !cool L"),
        "patch.yaml:3: the tag `!cool` is not allowed",
    ),
    "harmless tag": (
        _replaced("title: L", "title: !!str L"),
        "patch.yaml:3: the tag `!!str` is not allowed",
    ),
    "tag on a key": (
        _replaced("title: L", "!!str title: L"),
        "patch.yaml:3: the tag `!!str` is not allowed",
    ),
    "binary": (
        _replaced("Limit how often models are listed", "!!binary aGVsbG8="),
        "patch.yaml:3: the tag `!!binary` is not allowed",
    ),
    "set": (MINIMAL + "traits: !!set {a, b}\n", "patch.yaml:12: the tag `!!set` is not allowed"),
    "two documents": (
        MINIMAL + "---\n" + MINIMAL,
        "patch.yaml:12: a definition is one YAML document; this is another",
    ),
    "document behind the end": (
        MINIMAL + "...\n---\na: 1\n",
        "patch.yaml:13: a definition is one YAML document; this is another",
    ),
    "key twice": (MINIMAL + "id: other\n", "patch.yaml:12: `id` is given twice, first on line 2"),
    "nested key twice": (
        _replaced("    from:", "    from: ./other\n    from:"),
        "patch.yaml:12: `from` is given twice, first on line 11",
    ),
    "component twice": (
        _replaced("\nedits", "\n  backend: again\nedits"),
        "patch.yaml:8: `backend` is given twice, first on line 7",
    ),
    "key twice in flow style": (
        _replaced("\nedits", "\ntraits: {a: {in: x, in: y}}\nedits"),
        "patch.yaml:8: `in` is given twice, first on line 8",
    ),
    "key once quoted, once not": (
        MINIMAL + '"id": other\n',
        "patch.yaml:12: `id` is given twice, first on line 2",
    ),
    "list as key": (MINIMAL + "? [a, b]\n: c\n", "patch.yaml:12: a key must be a word"),
    "mapping as key": (MINIMAL + "{a: b}: c\n", "patch.yaml:12: a key must be a word"),
    "empty key": (
        MINIMAL + "'': x\n",
        f"patch.yaml:12: `` is not a key that belongs here: {_TOP}",
    ),
    "on as key": (
        MINIMAL + "on: push\n",
        f"patch.yaml:12: `on` is not a key that belongs here: {_TOP}",
    ),
    "no as key": (
        MINIMAL + "no: push\n",
        f"patch.yaml:12: `no` is not a key that belongs here: {_TOP}",
    ),
    "no as title": (
        _replaced("Limit how often models are listed", "no"),
        "patch.yaml:3: `title` must be a text, not `no`, which is read as true or false; put it in quotes",
    ),
    "version as a number": (
        _replaced('">=0.7.0"', "0.10"),
        "patch.yaml:5: `librechat` must be a text, not `0.10`, which is read as a number; put it in quotes",
    ),
    "date as title": (
        _replaced("Limit how often models are listed", "2024-01-31"),
        "patch.yaml:3: `title` must be a text, not `2024-01-31`, which is read as a date; put it in quotes",
    ),
    "octal as title": (
        _replaced("Limit how often models are listed", "0123"),
        "patch.yaml:3: `title` must be a text, not `0123`, which is read as a number; put it in quotes",
    ),
    "time as title": (
        _replaced("Limit how often models are listed", "12:30:45"),
        "patch.yaml:3: `title` must be a text, not `12:30:45`, which is read as a number; put it in quotes",
    ),
    "number as title": (
        _replaced("Limit how often models are listed", "42"),
        "patch.yaml:3: `title` must be a text, not a number; put it in quotes",
    ),
    "endless number as title": (
        _replaced("Limit how often models are listed", "9" * 5000),
        "patch.yaml:3: `title` must be a text, not `999999999999999999999999999999999999999999999999999999999999…`, which is read as a number; put it in quotes",
    ),
    "infinity as title": (
        _replaced("Limit how often models are listed", ".inf"),
        "patch.yaml:3: `title` must be a text, not `.inf`, which is read as a number; put it in quotes",
    ),
    "null as title": (
        _replaced("Limit how often models are listed", "~"),
        "patch.yaml:3: `title` must be a text, not nothing",
    ),
    "nothing as title": (
        _replaced("Limit how often models are listed", ""),
        "patch.yaml:3: `title` must be a text, not nothing",
    ),
    "schema as text": (
        _replaced("schema: 1", "schema: '1'"),
        "patch.yaml:1: `schema` must be a number, not a text",
    ),
    "schema of the future": (
        _replaced("schema: 1", "schema: 2"),
        "patch.yaml:1: `schema` is 2; this version knows schema 1",
    ),
    "schema is true": (
        _replaced("schema: 1", "schema: true"),
        "patch.yaml:1: `schema` must be a number, not true or false",
    ),
    "schema with a fraction": (
        _replaced("schema: 1", "schema: 1.0"),
        "patch.yaml:1: `schema` must be a number, not `1.0`",
    ),
    "1,000 levels in brackets": (
        MINIMAL + "traits: " + "[" * 1000 + "]" * 1000 + "\n",
        "patch.yaml:12: nested deeper than 8 levels",
    ),
    "250,000 brackets left open": ("[" * 250_000, "patch.yaml:1: nested deeper than 8 levels"),
    "1,000 levels in braces": (
        MINIMAL + "traits: " + "{a: " * 1000 + "}" * 1000 + "\n",
        "patch.yaml:12: nested deeper than 8 levels",
    ),
    "1,000 levels in lines": (
        MINIMAL + "traits:\n" + "".join(" " * n + "a:\n" for n in range(1, 1001)),
        "patch.yaml:21: nested deeper than 8 levels",
    ),
    "100,000 dashes on a line": ("- " * 100_000, "patch.yaml:1: nested deeper than 8 levels"),
    "200,000 values": ("a: [" + "x, " * 200_000 + "]\n", "patch.yaml:1: more than 10,000 values"),
    "100,000 keys": (
        "".join(f"k{n}: x\n" for n in range(100_000)),
        "patch.yaml:5000: more than 10,000 values",
    ),
    "5,000 unknown keys": (
        MINIMAL + "".join(f"k{n}: x\n" for n in range(4_900)),
        f"patch.yaml:12: `k0` is not a key that belongs here: {_TOP}",
    ),
    "larger than 1 MiB": (MINIMAL + "#" * (1 << 20), "patch.yaml: larger than 1 MiB"),
    "340,000 lines of text": (
        _replaced("title: L", "title: |\n" + " x\n" * 340_000 + "x: L"),
        f"patch.yaml:340004: `x` is not a key that belongs here: {_TOP}",
    ),
    "a title of 500,000 blanks": (
        _replaced("title: L", 'title: "' + " " * 500_000 + '\\nx"\nx: L'),
        f"patch.yaml:4: `x` is not a key that belongs here: {_TOP}",
    ),
    "a key of 500,000 characters": (
        MINIMAL + '? "' + "k" * 500_000 + '"\n: x\n',
        f"patch.yaml:12: `kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk…` is not a key that belongs here: {_TOP}",
    ),
    "Latin-1": (
        _replaced("need a patch", "need a caf\N{LATIN SMALL LETTER E WITH ACUTE}").encode(
            "latin-1"
        ),
        "patch.yaml:4: not UTF-8 text; save the file as UTF-8",
    ),
    "UTF-16": (MINIMAL.encode("utf-16"), "patch.yaml:1: not UTF-8 text; save the file as UTF-8"),
    "UTF-16 without a mark": (
        MINIMAL.encode("utf-16-be"),
        "patch.yaml:1: holds the control character U+0000",
    ),
    "UTF-32": (MINIMAL.encode("utf-32"), "patch.yaml:1: not UTF-8 text; save the file as UTF-8"),
    "half a surrogate pair": (
        MINIMAL.encode() + b"# \xed\xa0\x80\n",
        "patch.yaml:12: not UTF-8 text; save the file as UTF-8",
    ),
    "NUL in the file": (MINIMAL + "x: a\0b\n", "patch.yaml:12: holds the control character U+0000"),
    "NUL written as an escape": (
        _replaced("title: L", 'title: "a\\0b"\nx: L'),
        "patch.yaml:3: holds the control character U+0000",
    ),
    "escape sequence of a terminal": (
        _replaced("title: L", 'title: "\\e[31m"\nx: L'),
        "patch.yaml:3: holds the control character U+001B",
    ),
    "NUL in a key": (MINIMAL + '"a\\0b": x\n', "patch.yaml:12: holds the control character U+0000"),
    "text not closed": (_replaced("title: L", "title: 'L"), "patch.yaml:3: not valid YAML: …"),
    "list not closed": (_replaced("title: L", "title: [L"), "patch.yaml:3: not valid YAML: …"),
    "tab as indent": (_replaced("    from:", "\tfrom:"), "patch.yaml:11: not valid YAML: …"),
    "colon in a plain text": (
        _replaced("Tests need", "Tests: need"),
        "patch.yaml:4: not valid YAML: …",
    ),
    "unknown directive": ("%YAML 9.9\n---\n" + MINIMAL, "patch.yaml:1: not valid YAML: …"),
    "a zip file": (
        b"PK\x03\x04\x14\x00\x00\x00\x08\x00",
        "patch.yaml:1: holds the control character U+0003",
    ),
    "HTML": (
        "<!DOCTYPE html>\n<html><body>404: Not Found</body></html>\n",
        "patch.yaml:2: not valid YAML: …",
    ),
    "JSON with a key twice": (
        '{"schema": 1, "schema": 1}',
        "patch.yaml:1: `schema` is given twice, first on line 1",
    ),
    "neither edits nor files": (HEAD, "patch.yaml:1: the patch has neither edits nor files"),
    "edits are a mapping": (
        HEAD + "edits:\n  in: a\n",
        "patch.yaml:8: `edits` must be a list of entries with keys, not a section with keys",
    ),
    "edits are words": (
        HEAD + "edits: [a, b]\n",
        "patch.yaml:8: `edits` must be a list of entries with keys; it has a text",
    ),
    "an edit is nothing": (
        EDIT.join([HEAD, "  -\n"]),
        "patch.yaml:8: `edits` must be a list of entries with keys; it has nothing",
    ),
}


def cases() -> Iterator[Wrong]:
    """Every text of the table as a patch folder."""
    for name, (text, message) in _TEXTS.items():
        yield Wrong(name, folder_of(text), message)
