"""A script beside a client that is built already: every form of the page, and what is refused."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from patcher.definition.patch import load
from patcher.edits.add_module import is_last_module
from patcher.edits.operations import AddModule, SetRevision
from patcher.errors import AnchorNotFound
from patcher.model import State
from patcher.plan.built_page import edit_page
from patcher.plan.planner import plan
from patcher.trees import Overlay
from tests.conftest import PROJECT

from .support import MemoryTree

PAGE, WORKER = "client/dist/index.html", "client/dist/sw.js"
SCRIPT = "client/dist/assets/dynamic-models.0123abcd.js"
WORDS = ("isAxiosError", "getQueryCache")
OURS = AddModule(SCRIPT, WORDS)
CHUNKS = {
    "client/dist/assets/index-a1.js": b"import './vendor-b2.js';",
    "client/dist/assets/vendor-b2.js": b"x.isAxiosError=1;y.getQueryCache=2;",
}
TESTED = load(PROJECT / "patches" / "dynamic-models").tested


def line(prefix: str, digits: str = "0123abcd") -> str:
    url = f"{prefix}assets/dynamic-models.{digits}.js"
    return f'<script type="module">import("{url}").catch(() => {{}});</script>'


def page(prefix: str = "/", preloads: bool = True, base: str = "") -> str:
    """The page as vite writes it for LibreChat: an entry, and what it is going to need."""
    other = f"{prefix}assets/vendor-b2.js"
    listed = (
        f'<link rel="modulepreload" crossorigin href="{other}">'
        if preloads
        else f'<script type="module" crossorigin src="{other}"></script>'
    )
    return f"""<!doctype html>
<html lang="en-US">
  <head>
    {base}<meta charset="utf-8" />
    <!-- here was once </body> -->
    <script>
      const text = '</' + 'body>', never = '<div id="root">';
    </script>
    <script type="module" crossorigin src="{prefix}assets/index-a1.js"></script>
    {listed}
  </head>
  <body>
    <div id="root">
      <div id="loading-container"></div>
    </div>
  </body>
</html>
"""


def form_of(tag: str) -> str:
    """How a release writes its page: facts read in client/vite.config.ts and index.html at the tag.

    `./assets/` with a base from v0.8.0-rc4 on; from v0.7.7 to v0.8.6 chunks are scripts.
    """
    numbers = re.findall(r"\d+", tag)
    at = (*map(int, numbers[:3]), int((*numbers, "99")[3]))
    prefix, base = ("./", '<base href="/" />') if at >= (0, 8, 0, 4) else ("/", "")
    return page(prefix, not (0, 7, 7) <= at[:3] <= (0, 8, 6), base)


def edited(text: str | bytes, operation: AddModule = OURS, path: str = PAGE) -> bytes | None:
    """The page afterwards; None when nothing is to do."""
    source = text.encode() if isinstance(text, str) else text
    files = Overlay(MemoryTree({path: source, **CHUNKS}))
    state, _ = edit_page(operation, path, files)
    return files.read(path) if state is State.APPLIES else None


@pytest.mark.parametrize("tag", TESTED)
def test_every_release_gets_one_line_and_nothing_else(tag: str) -> None:
    before = form_of(tag)
    after = edited(before)
    assert after is not None
    prefix = "./" if "<base" in before else "/"
    added = f"    {line(prefix)}\n"
    assert after.decode() == before.replace("  </body>\n", f"{added}  </body>\n")
    assert edited(after) is None
    assert is_last_module(after, OURS, PAGE)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (page().replace("\n", "\r\n"), f"    {line('/')}\r\n  </body>\r\n"),
        ("\ufeff" + page(), f"    {line('/')}\n  </body>\n"),
        (page().rstrip("\n"), f"    {line('/')}\n  </body>\n"),
        (page("/chat/"), f"    {line('/chat/')}\n  </body>\n"),
        (page("https://cdn.example/x/"), f"    {line('https://cdn.example/x/')}\n  </body>\n"),
        (page().replace("\n", ""), f"</div>  {line('/')}</body>"),
        (page().replace("  </body>", "\t</body>"), f"\t  {line('/')}\n\t</body>\n"),
        (page().replace("</body>", "</BODY >"), f"    {line('/')}\n  </BODY >\n"),
    ],
    ids=["crlf", "bom", "no newline", "sub-path", "cdn", "one line", "tabs", "capitals"],
)
def test_every_other_byte_stays(before: str, after: str) -> None:
    found = edited(before)
    assert found is not None
    assert after.encode() in found
    without = found.decode().replace(line(_prefix(before)), "")
    assert without.split() == before.split()
    assert edited(found) is None


def _prefix(text: str) -> str:
    found = re.search(r'src="([^"]*)assets/', text)
    assert found
    return found[1]


def test_an_older_line_is_replaced_in_its_place() -> None:
    older = edited(page(), AddModule(SCRIPT.replace("0123abcd", "ffffffff"), WORDS))
    assert older is not None
    assert edited(older) == edited(page())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (page().replace("</body>", ""), "the page has 0 `</body>`, not one"),
        (page().replace("</body>", "</body></body>"), "the page has 2 `</body>`, not one"),
        (page().replace('<div id="root">', "<div>"), 'the page has 0 elements with id="root"'),
        (page().replace("<body>", '<body id="root">'), 'the page has 2 elements with id="root"'),
        (page().replace("/assets/", "/static/"), "lie below one address: found none"),
        (page().replace('"/assets/index', '"/chat/assets/index'), "found `/`, `/chat/`"),
        (page().replace("</body>", f"{line('/')}{line('/')}</body>"), "2 times"),
        (page().encode() + b"\xff", "the page is not UTF-8"),
        (b"", 'the page has 0 elements with id="root"'),
        (b"<!DOCTYPE html><title>404</title>", 'the page has 0 elements with id="root"'),
        (page().replace("vendor-b2", "gone"), "no module that the page lists holds `getQuery"),
        (page().replace("index-a1", "other").replace("vendor-b2", "gone"), "holds `getQueryCache`"),
    ],
    ids=lambda v: v[:40] if isinstance(v, str) and "<" not in v else "page",
)
def test_another_page_is_refused(text: str | bytes, reason: str) -> None:
    with pytest.raises(AnchorNotFound, match=re.escape(reason)):
        edited(text)


@pytest.mark.parametrize(
    "elsewhere",
    [
        f"<!-- {line('/')} -->",
        f"<template>{line('/').replace('module', 'text/plain')}</template>",
        line("/").replace("dynamic-models", "another"),
    ],
)
def test_what_only_looks_like_ours_is_left_alone(elsewhere: str) -> None:
    found = edited(page().replace("<body>", f"<body>{elsewhere}"))
    assert found is not None
    assert elsewhere.encode() in found and found.count(line("/").encode()) >= 1


def test_a_module_behind_ours_is_seen() -> None:
    found = edited(page())
    assert found is not None
    later = found.replace(b"</body>", b'<script type="module" src="/assets/x.js"></script></body>')
    assert not is_last_module(later, OURS, PAGE)


def test_compressed_siblings_go_with_the_page_that_they_were_made_of() -> None:
    tree = MemoryTree({PAGE: page().encode(), f"{PAGE}.gz": b"1", f"{PAGE}.br": b"2", **CHUNKS})
    files = Overlay(tree)
    assert edit_page(OURS, PAGE, files)[0] is State.APPLIES
    assert files.read(f"{PAGE}.gz") is None and files.read(f"{PAGE}.br") is None


def worker(*entries: str) -> bytes:
    kept = ",".join(f'{{url:"{entry}",revision:"0123456789abcdef"}}' for entry in entries)
    return f"self.skipWaiting(),e.precacheAndRoute([{kept}],{{}});".encode()


@pytest.mark.parametrize("twice", [False, True])
def test_a_service_worker_that_keeps_the_page_learns_of_it(twice: bool) -> None:
    entries = ("assets/a.js", "index.html", *["index.html"] * twice)
    files = Overlay(MemoryTree({PAGE: b"page", WORKER: worker(*entries)}))
    assert edit_page(SetRevision(PAGE), WORKER, files)[0] is State.APPLIES
    revision = hashlib.sha256(b"page").hexdigest()[:32]
    after = files.read(WORKER) or b""
    assert after.count(f'{{url:"index.html",revision:"{revision}"}}'.encode()) == 1 + twice
    assert b'{url:"assets/a.js",revision:"0123456789abcdef"}' in after
    assert edit_page(SetRevision(PAGE), WORKER, files)[0] is State.ALREADY


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({PAGE: b"page", WORKER: worker("assets/a.js")}, "matches nothing"),
        ({WORKER: worker("index.html")}, f"{PAGE} is not there"),
        ({PAGE: b"page"}, "the file is not there"),
    ],
)
def test_a_service_worker_without_the_page_is_refused(files: dict[str, bytes], reason: str) -> None:
    with pytest.raises(AnchorNotFound, match=re.escape(reason)):
        edit_page(SetRevision(PAGE), WORKER, Overlay(MemoryTree(files)))


def test_the_script_has_the_beginning_of_its_hash_in_its_name() -> None:
    patch = load(PROJECT / "patches" / "dynamic-models")
    (script,) = (f for f in patch.files if f.component == "page")
    digits = hashlib.sha256(script.content).hexdigest()[:8]
    assert script.path == f"client/dist/assets/dynamic-models.{digits}.js"
    (edit,) = (e for e in patch.edits if isinstance(e.operation, AddModule))
    assert str(edit.operation) == f"load {script.path}"


def test_a_page_that_lacks_what_the_script_needs_blocks_the_whole_patch() -> None:
    patch = load(PROJECT / "patches" / "dynamic-models")
    found = plan([patch], MemoryTree({PAGE: page().encode(), **CHUNKS}), ["page"])
    assert [o.path for o in found.blocked] == [PAGE]
    assert "`__reactContainer$`, which is needed" in found.blocked[0].reason


def test_the_script_says_where_its_sources_are_and_has_lines() -> None:
    folder = PROJECT / "patches/dynamic-models/files/client/dist/assets"
    (script,) = Path(folder).iterdir()
    text = script.read_text(encoding="utf-8")
    assert "page/src" in text.partition("*/")[0]
    assert max(map(len, text.splitlines())) < 250
