"""What a user sees in Chromium: saving, replacing and revoking a key, page loads, hidden tabs.

Needs Node 20 or newer, npm, and Chromium (`CHROMIUM`, a path; /usr/bin/chromium when not given).
Times are printed, never asserted.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.live.conftest import Seen
from tests.live.keys import Key, new_key
from tests.live.librechat import PASSWORD, User
from tests.live.report import row

SUITE = Path(__file__).parent / "browser"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PATIENCE = 300


@pytest.fixture(scope="module")
def chromium() -> None:
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: CHROMIUM names one")
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node and npm are not installed")
    if not (SUITE / "node_modules" / "playwright-core").exists():
        subprocess.run(["npm", "ci"], cwd=SUITE, check=True, capture_output=True)


def play(scenario: str, user: User, defaults: list[str], *keys: Key) -> Any:
    """Runs a scenario; what it saw."""
    facts = {
        "url": user.url,
        "provider": keys[0].provider,
        "endpoint": user.endpoint,
        "email": user.email,
        "password": PASSWORD,
        "defaultModel": defaults[0],
        "keys": [{"value": key.value, "models": key.models} for key in keys],
    }
    done = subprocess.run(
        ["node", "run.mjs", scenario],
        cwd=SUITE,
        input=json.dumps(facts),
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def _cost(of: dict[str, int]) -> str:
    return f"{of['gets']} GET, {of['posts']} POST, {of['calls']} provider calls"


@row(
    "browser: saving a key in the dialog, provider delay 300 ms",
    unpatched="v0.8.4: list never changes",
    must="the user's models in the selector within 1 s, no reload, dialog closed at once",
)
def test_a_saved_key_shows_its_models(chromium: None, user: User, key: Key, seen: Seen) -> None:
    defaults = user.models()
    key.behave(delay=0.3)
    saw = play("save", user, defaults, key)
    seen(f"dialog closed after {saw['closed']:.0f} ms, list loaded after {saw['list']:.0f} ms")
    seen(f"seen in the reopened selector after {saw['visible']:.0f} ms; {saw['loads']} reloads")
    assert saw["shown"] == [*key.models]
    assert saw["loads"] == 0
    assert f"Hello from {key.models[0]}." in saw["reply"]


@row(
    "browser: key replaced, then revoked",
    unpatched="v0.8.4: no effect",
    must="the new key's list, then defaults, without reload",
)
def test_a_changed_key_changes_the_selector(
    chromium: None, user: User, key: Key, provider: str, seen: Seen
) -> None:
    defaults, second = user.models(), new_key(provider)
    user.save_key(key.value)
    saw = play("change", user, defaults, key, second)
    seen(f"{len(saw['replaced'])} models of the new key, then {', '.join(saw['revoked'])}")
    assert saw["before"] == [*key.models]
    assert saw["replaced"] == [*second.models]
    assert saw["revoked"] == defaults[:1]


@row(
    "browser: first load, reload at once, reload with a list older than a minute",
    unpatched="v0.8.8-rc1: 2 provider calls each",
    must="at most 1 provider call, 0, 1",
)
@pytest.mark.slow
def test_a_page_load_costs_one_call(chromium: None, user: User, key: Key, seen: Seen) -> None:
    defaults = user.models()
    user.save_key(key.value)
    saw = play("reload", user, defaults, key)
    for moment in ("login", "again", "later"):
        seen(_cost(saw[moment]))
    assert saw["login"]["calls"] <= 1
    assert (saw["again"]["calls"], saw["later"]["calls"]) == (0, 1)


@row(
    "browser: two tabs hidden and shown after 1 min / after 5 min (fake clock), next message",
    unpatched="nothing",
    must="no call / one call for both tabs; answered",
)
@pytest.mark.slow
def test_returning_tabs_ask_once(chromium: None, user: User, key: Key, seen: Seen) -> None:
    defaults = user.models()
    user.save_key(key.value)
    saw = play("tabs", user, defaults, key)
    seen(f"{_cost(saw['oneMinute'])} / {_cost(saw['fiveMinutes'])}; answered")
    assert (saw["oneMinute"]["posts"], saw["oneMinute"]["calls"]) == (0, 0)
    assert (saw["fiveMinutes"]["posts"], saw["fiveMinutes"]["calls"]) == (1, 1)
