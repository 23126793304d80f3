"""The server is restarted while the provider is down: the lists come from the database.

LIBRECHAT_RESTART is a shell command that restarts the server at LIBRECHAT_URL with the same
settings. Its file comes after the others: a server that has just started is slow for a while.
"""

from __future__ import annotations

import subprocess
import time
import urllib.error

import pytest

from tests.live.conftest import Seen, named
from tests.live.keys import Key
from tests.live.librechat import User
from tests.live.report import row
from tests.live.web import ask

START_PATIENCE = 120.0
#: v0.8.4 listens, and has no /readyz, before it sets up what streams are kept in: a chat that
#: begins in between is answered to nobody.
SETTLING = 3.0


def _is_ready(url: str) -> bool:
    """Later releases answer /health before they take messages; /readyz is 503 until then."""
    try:
        return (
            ask("GET", f"{url}/health").status == 200 and ask("GET", f"{url}/readyz").status != 503
        )
    except (urllib.error.URLError, ConnectionError):
        return False


def _restart(url: str) -> None:
    """Runs the user's command, and returns when the server answers again."""
    command = named("LIBRECHAT_RESTART", "command that restarts the server")
    subprocess.run(command, shell=True, check=True, stdin=subprocess.DEVNULL)
    end = time.monotonic() + START_PATIENCE
    while not _is_ready(url):
        assert time.monotonic() < end, f"no answer {START_PATIENCE:.0f} s after the restart"
        time.sleep(0.2)
    time.sleep(SETTLING)


@row(
    "provider /models answers 500, after a restart of the server: chat in the user's own model",
    unpatched="illegal model",
    must="answered, list unchanged",
)
@pytest.mark.slow
def test_a_list_outlives_a_restart(owner: User, key: Key, url: str, seen: Seen) -> None:
    key.behave(status=500)
    _restart(url)
    models = owner.models()
    reply = owner.chat(key.models[0])
    seen(f"{reply.summary}, list {'un' if models == [*key.models] else ''}changed")
    assert reply.answered
    assert models == [*key.models]
