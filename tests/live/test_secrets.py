"""The last look: no key that the suites used may stand in an answer or in a log.

LIBRECHAT_LOG names files or folders, separated as in PATH, with everything that the server writes,
best at debug level (DEBUG_LOGGING=true): its standard output and its own log files.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from tests.live.conftest import Seen, named
from tests.live.report import row
from tests.live.web import leaks, used_keys


def _files(place: Path) -> list[Path]:
    found = [place] if place.is_file() else place.rglob("*")
    return sorted(path for path in found if path.is_file())


def _hits(path: Path) -> Iterator[str]:
    with path.open(errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            if any(key in line for key in used_keys):
                yield f"{path.name}:{number}"


@row("every key used here, searched in all answers of the server", must="0 hits")
def test_no_answer_carries_a_key(url: str, seen: Seen) -> None:
    seen(f"{len(leaks)} hits, {len(used_keys)} keys")
    assert leaks == []


@row("every key used here, searched in all logs at debug level", must="0 hits")
def test_no_log_carries_a_key(url: str, seen: Seen) -> None:
    places = named("LIBRECHAT_LOG", "log file or folder").split(os.pathsep)
    files = [path for place in places for path in _files(Path(place))]
    hits = [hit for path in files for hit in _hits(path)]
    size = sum(path.stat().st_size for path in files)
    seen(f"{len(hits)} hits for {len(used_keys)} keys in {len(files)} files, {size} bytes")
    assert files, f"{places}: no file"
    assert hits == []
