"""The last look: no key that the suites used may stand in an answer or in a log.

LIBRECHAT_LOG names a file or folder with everything that the server writes, best at debug level
(DEBUG_LOGGING=true): its standard output and its own log files.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.live.conftest import Seen, named
from tests.live.report import row
from tests.live.web import leaks, used_keys


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
    place = Path(named("LIBRECHAT_LOG", "log file or folder"))
    files = [place] if place.is_file() else [p for p in place.rglob("*") if p.is_file()]
    hits = [hit for path in sorted(files) for hit in _hits(path)]
    size = sum(path.stat().st_size for path in files)
    seen(f"{len(hits)} hits for {len(used_keys)} keys in {len(files)} files, {size} bytes")
    assert files, f"{place} holds no file"
    assert hits == []
