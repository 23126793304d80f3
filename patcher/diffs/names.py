"""How git writes file names in a diff: with a prefix, and quoted where they are unusual."""

from __future__ import annotations

import re

NOTHING = "/dev/null"

_PREFIXES = frozenset({"a/", "b/", "c/", "i/", "o/", "w/"})
"""Git swaps `a/` and `b/` with `-R`; with diff.mnemonicPrefix it names commit, index, object and
work tree."""

_ESCAPE = re.compile(rb'\\([abtnvfr"\\]|[0-7]{3})')
_ESCAPES = dict(zip(b'abtnvfr"\\', b'\a\b\t\n\v\f\r"\\', strict=True))
_PLAIN = re.compile(rb"[ !#-\[\]-~]*")


def unquoted(name: bytes) -> str:
    """A name as git writes it, without quotes; raises `UnicodeDecodeError` for no UTF-8."""
    if len(name) > 1 and name.startswith(b'"') and name.endswith(b'"'):
        name = _ESCAPE.sub(_unescaped, name[1:-1])
    return name.decode()


def quoted(name: str) -> bytes:
    """A name as git writes it."""
    plain = name.encode()
    if _PLAIN.fullmatch(plain):
        return plain
    letters = {code: letter for letter, code in _ESCAPES.items()}
    return b'"' + b"".join(_escaped(byte, letters) for byte in plain) + b'"'


def without_prefixes(old: str, new: str) -> tuple[str, str]:
    """Both names without `a/` and `b/`, or git's other prefixes, when the diff uses them."""
    told = [name[:2] for name in (old, new) if name != NOTHING]
    if len(set(told)) == len(told) and _PREFIXES.issuperset(told):
        return _cut(old), _cut(new)
    return old, new


def _cut(name: str) -> str:
    return name if name == NOTHING else name[2:]


def of_header(rest: bytes) -> tuple[str, str]:
    """Both names behind `diff --git`; they are the same, or told again further down.

    Raises as `unquoted`.
    """
    if rest.startswith(b'"') or rest.endswith(b'"'):
        found = re.fullmatch(rb'("(?:[^"\\]|\\.)*"|\S+) ("(?:[^"\\]|\\.)*"|.+)', rest)
        return (unquoted(found[1]), unquoted(found[2])) if found else ("", "")
    middle = len(rest) // 2
    if rest[middle : middle + 1] == b" " and rest[2:middle] == rest[middle + 3 :]:
        return unquoted(rest[:middle]), unquoted(rest[middle + 1 :])
    return "", ""


def _unescaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8) & 255 if len(code) == 3 else _ESCAPES[code[0]]])


def _escaped(byte: int, letters: dict[int, int]) -> bytes:
    if byte in letters:
        return b"\\" + bytes([letters[byte]])
    return bytes([byte]) if _PLAIN.fullmatch(bytes([byte])) else b"\\%03o" % byte
