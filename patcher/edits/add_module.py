"""`add_module`: let a page load a script, as the last of its modules."""

from __future__ import annotations

import posixpath
import re

from msgspec import Struct

from patcher.code.splice import Splice, indent_of, line_start, newline_near
from patcher.edits.operations import AddModule, Applies, Present, Result
from patcher.errors import AnchorNotFound

_ENTRY = re.compile(r"(.*?)assets/[^/?#]+\.js")
_HASH = r"\.[0-9a-f]{8}\.js"


class Loads(Struct, frozen=True):
    """What a page says of its modules."""

    urls: tuple[str, ...]
    """Of the modules that it loads or preloads, in its order."""
    prefix: str
    """What stands before `assets/` in all of them: `/`, `./`, or the path of a proxy."""


def add_module(source: bytes, edit: AddModule, path: str) -> Result:
    """Add the line in front of `</body>`, or put it in the place of an older one of ours.

    `path` is that of the page. Raises `AnchorNotFound` when the page is not one that LibreChat's
    client lives in: one body, one `id="root"`, and modules that all lie below one address.
    """
    page = _read(source)
    line = _line(edit, path, page.loads().prefix)
    ours = page.inline(_ours(edit, path))
    if len(ours) > 1:
        raise AnchorNotFound(f"the page loads {_stem(edit, path)}.js {len(ours)} times")
    if ours:
        start, end = ours[0]
        at = source.count(b"\n", 0, start) + 1
        if source[start:end] == line:
            return Present(at)
        return Applies((Splice(start, end, line),), at)
    body = page.body()
    at = source.count(b"\n", 0, body) + 1
    begin = line_start(source, body)
    if source[begin:body].strip():
        return Applies((Splice(body, body, line),), at)
    indent = indent_of(source, body) + b"  "
    return Applies((Splice(begin, begin, indent + line + newline_near(source, body)),), at)


def modules_of(source: bytes) -> Loads:
    """The modules that a page lists; raises `AnchorNotFound` as `add_module`."""
    return _read(source).loads()


def is_last_module(source: bytes, edit: AddModule, path: str) -> bool:
    """Whether no other module of the page comes behind ours."""
    page = _read(source)
    ours = page.inline(_ours(edit, path))
    return bool(ours) and all(start <= ours[-1][0] for start, _, _ in page.scripts)


def _relative(edit: AddModule, path: str) -> str:
    return posixpath.relpath(edit.module, posixpath.dirname(path))


def _stem(edit: AddModule, path: str) -> str:
    return re.sub(rf"({_HASH}|\.js)$", "", _relative(edit, path))


def _line(edit: AddModule, path: str, prefix: str) -> bytes:
    # An import that may fail, not `src`: from v0.8.7-rc1 on LibreChat loads the page anew when a
    # script that is named so does not come.
    url = f"{prefix}{_relative(edit, path)}"
    return f'<script type="module">import("{url}").catch(() => {{}});</script>'.encode()


def _ours(edit: AddModule, path: str) -> re.Pattern[str]:
    url = rf"[^\"]*{re.escape(_stem(edit, path))}({_HASH}|\.js)"
    return re.compile(rf'import\("{url}"\)\.catch\(\(\) => \{{\}}\);')


def _read(source: bytes) -> _Page:
    try:
        text = source.decode()
    except UnicodeDecodeError as error:
        raise AnchorNotFound("the page is not UTF-8") from error
    return _Page(text)


class _Page:
    """A page as a browser's parser sees it: nothing in comments, scripts and texts is a tag."""

    def __init__(self, text: str) -> None:
        # 4 ms, and only a page is read with it.
        from patcher.edits.page_tags import Tags

        self._text = text
        found = Tags(text)
        self._bodies = found.bodies
        self._roots = found.roots
        self._urls = found.urls
        self.scripts = found.scripts

    def loads(self) -> Loads:
        prefixes = {m[1] for url in self._urls if (m := _ENTRY.fullmatch(url))}
        if self._roots != 1:
            raise AnchorNotFound(f'the page has {self._roots} elements with id="root", not one')
        if len(prefixes) != 1:
            named = ", ".join(f"`{p}`" for p in sorted(prefixes)) or "none"
            raise AnchorNotFound(f"the page's modules lie below one address: found {named}")
        return Loads(tuple(self._urls), prefixes.pop())

    def body(self) -> int:
        if len(self._bodies) != 1:
            raise AnchorNotFound(f"the page has {len(self._bodies)} `</body>`, not one")
        return self._offset(self._bodies[0])

    def inline(self, code: re.Pattern[str]) -> list[tuple[int, int]]:
        """Where scripts stand whose text is `code`, from tag to tag, in bytes."""
        return [
            (self._offset(start), self._offset(end))
            for start, end, text in self.scripts
            if code.fullmatch(text.strip())
        ]

    def _offset(self, character: int) -> int:
        return len(self._text[:character].encode())
