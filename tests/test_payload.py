"""The code that the patch adds to LibreChat, under its own test runners in Node.

Needs Node 18 or newer and npm. A MongoDB (`MONGOD`, path of the server program) and a LiteLLM proxy
(`LITELLM`, path of its command) are used when they are named; their tests are skipped, by name and
reason, without.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import PROJECT

SUITES = PROJECT / "tests" / "payload"
OLDEST_NODE = 18


def _node_version() -> int:
    if shutil.which("node") is None or shutil.which("npm") is None:
        return 0
    done = subprocess.run(["node", "--version"], capture_output=True, encoding="utf-8", check=True)
    found = re.match(r"v(\d+)", done.stdout)
    return int(found[1]) if found else 0


def _install(suite: Path) -> None:
    """What the lock file names, unless it is installed; else what package.json allows.

    A registry that holds back new packages can lack some that the lock file stands for.
    """
    installed = suite / "node_modules" / ".package-lock.json"
    lock = suite / "package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    quiet = ["--no-audit", "--no-fund"]
    done = subprocess.run(["npm", "ci", *quiet], cwd=suite, capture_output=True)
    if done.returncode:
        subprocess.run(["npm", "install", "--no-package-lock", *quiet], cwd=suite, check=True)


@pytest.mark.parametrize("suite", ["server", "client"])
def test_the_added_code_passes_its_own_suite(suite: str, capfd: pytest.CaptureFixture[str]) -> None:
    if _node_version() < OLDEST_NODE:
        pytest.skip(f"Node {OLDEST_NODE} or newer and npm are not installed")
    _install(SUITES / suite)
    done = subprocess.run(
        ["npm", "test"],
        cwd=SUITES / suite,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert done.returncode == 0, _failures(done.stdout) + done.stderr[-2000:]
    counts = _summary(done.stdout)
    assert counts, f"the suite does not say what it ran: {done.stdout[-2000:]}"
    with capfd.disabled():
        print(f"\n{suite}: {counts}")


def _failures(output: str) -> str:
    """What went wrong, from a long protocol: each failed test with what follows it."""
    blocks = re.findall(r"^ *(?:not ok|FAIL|✖) .*(?:\n.*){0,25}", output, re.M)
    return "\n".join(blocks) or output[-8000:]


def _summary(output: str) -> str:
    """The counts at the end of what node's test runner and vitest print, on one line."""
    counts = re.findall(r"^(?:ℹ|#) ((?:tests|pass|fail|skipped) \d+)$", output, re.M)
    counts += re.findall(r"^\s*(Tests\s+.*)$", output, re.M)
    return ", ".join(counts)


def test_the_script_for_a_built_client_is_what_its_sources_make() -> None:
    if _node_version() < OLDEST_NODE:
        pytest.skip(f"Node {OLDEST_NODE} or newer and npm are not installed")
    _install(PROJECT / "page")
    done = subprocess.run(
        ["npm", "run", "check"],
        cwd=PROJECT / "page",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
