"""The tags of a page that decide where a module goes, as the standard library parses them."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_PRELOADS = {"modulepreload", "preload"}


class Tags(HTMLParser):
    """Reads a whole page; offsets are in characters."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.bodies: list[int] = []
        """Where each `</body>` begins."""
        self.roots = 0
        """How many elements have the id `root`."""
        self.urls: list[str] = []
        """Of modules that are loaded or preloaded."""
        self.scripts: list[tuple[int, int, str]] = []
        """Each module: where its tag begins, where its end tag ends, and its text."""
        self._text = text
        self._lines = [0, *(end.end() for end in re.finditer("\n", text))]
        self._open: tuple[int, str] | None = None
        self.feed(text)
        self.close()

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count roots, note modules."""
        given = {name: value or "" for name, value in attrs}
        self.roots += given.get("id") == "root"
        if tag == "script" and given.get("type") == "module":
            self._open = (self._at(), "")
            if given.get("src"):
                self.urls.append(given["src"])
        elif tag == "link" and given.get("rel") in _PRELOADS and given.get("href"):
            self.urls.append(given["href"])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that ends itself: as one that begins."""
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        """Keep the text of a module."""
        if self._open:
            self._open = (self._open[0], self._open[1] + data)

    def handle_endtag(self, tag: str) -> None:
        """Note where a body and a module end."""
        if tag == "body":
            self.bodies.append(self._at())
        elif tag == "script" and self._open:
            end = self._text.find(">", self._at()) + 1
            self.scripts.append((self._open[0], end, self._open[1]))
            self._open = None
