"""On Alpine nothing is compiled: a wheel exists for every dependency, at both ends of the ranges.

Asks the package index, so it is skipped without one. `docs/docker.md` says what follows for arm64.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import PROJECT

_NO_INDEX = re.compile(
    r"Temporary failure in name resolution|NewConnectionError|ConnectTimeoutError|ProxyError"
    r"|Name or service not known|Network is unreachable|from versions: none"
)


def dependencies() -> list[str]:
    text = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    block = text.partition("\ndependencies = [")[2].partition("\n]")[0]
    return re.findall(r'^\s*"([^"]+)"', block, re.M)


def lowest(requirement: str) -> str:
    name, version = re.match(r"([\w-]+)>=([\w.]+)", requirement).groups()  # type: ignore[union-attr]
    return f"{name}=={version}"


@pytest.mark.parametrize("end", ["newest", "lowest"])
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_a_wheel_exists_for_every_dependency(
    tmp_path: Path, machine: str, python: str, end: str
) -> None:
    wanted = dependencies() if end == "newest" else list(map(lowest, dependencies()))
    report = tmp_path / "report.json"
    platforms = [f"musllinux_1_{minor}_{machine}" for minor in (2, 1, 0)]
    options = ["--only-binary=:all:", "--python-version", python, "--implementation", "cp"]
    options += [f"--abi={abi}" for abi in (f"cp{python.replace('.', '')}", "abi3", "none")]
    options += [f"--platform={platform}" for platform in platforms]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed"),
            *("--no-input", "--disable-pip-version-check", "--retries=1", "--timeout=20"),
            *("--target", str(tmp_path), "--report", str(report)),
            *options,
            *wanted,
        ],
        capture_output=True,
        check=False,
        # The ends of our own ranges are asked for, whatever versions the tests run with.
        env={name: value for name, value in os.environ.items() if name != "PIP_CONSTRAINT"},
    )
    said = (done.stdout + done.stderr).decode(errors="replace")
    if done.returncode and _NO_INDEX.search(said):
        pytest.skip("no package index can be reached")
    assert done.returncode == 0, said[-2000:]
    found = json.loads(report.read_text(encoding="utf-8"))["install"]
    names = {re.sub(r"[-_.]+", "-", i["metadata"]["name"]).lower() for i in found}
    assert {re.split(r"[<>=]", d)[0] for d in dependencies()} <= names
    assert all(i["download_info"]["url"].endswith(".whl") for i in found)
