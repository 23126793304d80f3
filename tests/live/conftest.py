"""Running servers: a patched LibreChat and its provider, both named by the environment.

LIBRECHAT_URL       base URL of a running, patched LibreChat
LIBRECHAT_PROVIDER  base URL of `python -m tests.live.provider`, which its librechat.yaml names
LIBRECHAT_ENDPOINT  the endpoint's name there; LiteLLM when not given
LIBRECHAT_REPORT    a file that the table at the end is written to

More are named beside the tests that read them. What a test needs and does not find makes it
skipped, by name and with the reason. docs/live-suites.md tells how to set everything up.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from tests.live.keys import Key, new_key
from tests.live.librechat import User
from tests.live.report import SAID, Line, line_of, table

Seen = Callable[[object], None]
LINES = pytest.StashKey[list[Line]]()


def named(variable: str, what: str) -> str:
    """The variable's value; without one the test is skipped."""
    value = os.environ.get(variable)
    if not value:
        pytest.skip(f"{variable} names no {what}")
    return value


def pytest_configure(config: pytest.Config) -> None:
    config.stash[LINES] = []
    config.addinivalue_line("markers", "row(check, unpatched, must): a line of the table")
    config.addinivalue_line("markers", "slow: waits a minute or more for a server's clock")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.CallInfo[None], None]:
    outcome = yield
    report: pytest.TestReport = outcome.get_result()  # type: ignore[attr-defined]
    if report.when == "call" or (report.when == "setup" and not report.passed):
        line = line_of(item, report)
        if line:
            item.config.stash[LINES].append(line)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    lines = config.stash[LINES]
    if not lines or "LIBRECHAT_URL" not in os.environ:
        return
    text = table(lines)
    terminalreporter.section("what the running LibreChat does")
    terminalreporter.write(text)
    target = os.environ.get("LIBRECHAT_REPORT")
    if target:
        Path(target).write_text(text, encoding="utf-8")


@pytest.fixture
def seen(request: pytest.FixtureRequest) -> Seen:
    """Says what the table is to tell."""
    said = request.node.stash.setdefault(SAID, [])
    return lambda what: said.append(str(what))


@pytest.fixture(scope="session")
def url() -> str:
    """The patched LibreChat."""
    return named("LIBRECHAT_URL", "running LibreChat").rstrip("/")


@pytest.fixture(scope="session")
def endpoint() -> str:
    return os.environ.get("LIBRECHAT_ENDPOINT", "LiteLLM")


@pytest.fixture(scope="session")
def provider(url: str) -> str:
    return named("LIBRECHAT_PROVIDER", "mock provider").rstrip("/")


#: These validate the model of an agent's chat, but not that of a plain one.
UNVALIDATED = ("v0.7.9-rc1", "v0.7.9", "v0.8.0-rc1")


@pytest.fixture
def validates() -> None:
    """Skips what needs a release that refuses a plain chat in a model that is not listed."""
    version = os.environ.get("LIBRECHAT_VERSION", "")
    if version in UNVALIDATED:
        pytest.skip(f"LibreChat {version} does not validate the model of a plain chat itself")


@pytest.fixture
def user(url: str, endpoint: str) -> User:
    """Somebody new, without a key."""
    return User(url, endpoint).register()


@pytest.fixture
def key(provider: str) -> Key:
    """A key that the provider knows."""
    return new_key(provider)


@pytest.fixture
def owner(user: User, key: Key) -> User:
    """Somebody whose key is stored and whose list has been asked for once."""
    user.save_key(key.value)
    assert user.models() == [*key.models]
    return user
