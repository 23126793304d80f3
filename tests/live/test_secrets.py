"""The last look: no key that the suites used in an answer or a log, no violation without reason.

LIBRECHAT_LOG names files or folders, separated as in PATH, with everything that the server writes,
best at debug level (DEBUG_LOGGING=true): its standard output and its own log files.
LIBRECHAT_VIOLATIONS names data/violations.json in LibreChat's folder, where releases without Redis
count what may end in a ban.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from tests.live.conftest import Seen, named
from tests.live.librechat import registered
from tests.live.report import row
from tests.live.streams import ILLEGAL
from tests.live.web import leaks, used_keys


def _files(place: Path) -> list[Path]:
    found = [place] if place.is_file() else place.rglob("*")
    return sorted(path for path in found if path.is_file())


def _hits(path: Path) -> Iterator[str]:
    with path.open(errors="replace", encoding="utf-8") as lines:
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


@row(
    "violations recorded for the users of these suites",
    must="only for those who asked for a model of somebody else",
)
def test_nobody_is_called_a_violator_without_reason(url: str, seen: Seen) -> None:
    record = Path(named("LIBRECHAT_VIOLATIONS", "data/violations.json of LibreChat")).read_text(
        encoding="utf-8"
    )
    recorded = {user for user in registered if user in record}
    asked_for_it = {
        user.id
        for user in registered.values()
        if any(reply.code == ILLEGAL for reply in user.replies)
    }
    seen(f"{len(recorded)} of {len(registered)} users, {len(recorded - asked_for_it)} wrongly")
    assert recorded <= asked_for_it
