"""What the one-file form pins: in range, with hashes, and a wheel for every system."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import PROJECT

TEXT = (PROJECT / "tools/lock.txt").read_text(encoding="utf-8")
ENTRIES = [Requirement(e.split("\\")[0]) for e in re.findall(r"^[a-z].*$", TEXT, re.M)]
PLATFORMS = (
    *("x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"),
    *("x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl"),
    *("x86_64-apple-darwin", "aarch64-apple-darwin", "x86_64-pc-windows-msvc"),
)
PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
WITHOUT = {("aarch64-unknown-linux-musl", "3.14")}
"""Where tree-sitter has no wheel."""


def test_every_entry_is_a_version_with_hashes() -> None:
    blocks = re.split(r"\n(?=[a-z])", TEXT.partition("\n\n")[0])
    entries = [block for block in blocks if block[0] != "#"]
    assert len(entries) == len(ENTRIES) > 10
    for entry in entries:
        first, *hashes = entry.splitlines()
        assert re.match(r"[a-z0-9-]+==[\d.]+ (; .+ )?\\$", first), first
        assert hashes
        assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}( \\)?", h) for h in hashes)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 reads no TOML")
def test_every_dependency_is_pinned_within_its_range() -> None:
    import tomllib

    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = {canonicalize_name(entry.name): entry for entry in ENTRIES}
    for wanted in map(Requirement, project["dependencies"]):
        entry = pinned[canonicalize_name(wanted.name)]
        (pin,) = entry.specifier
        assert wanted.specifier.contains(pin.version), wanted


def test_here_and_now_each_is_installed_once() -> None:
    environment: dict[str, str] = {**default_environment()}  # type: ignore[dict-item]
    markers = [(e.name, e.marker or Marker("python_version > '3'")) for e in ENTRIES]
    here = [name for name, marker in markers if marker.evaluate(environment)]
    assert len(here) == len(set(here))


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_every_system_has_its_wheels(tmp_path: Path, platform: str, python: str) -> None:
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("uv is not installed: it knows the markers of other systems")
    options = [f"--python-platform={platform}", f"--python-version={python}", "--no-deps"]
    options += ["--require-hashes", "--only-binary=:all:", f"--target={tmp_path}", "--dry-run"]
    line = [uv, "pip", "install", *options, f"--python={sys.executable}"]
    done = subprocess.run(
        [*line, "--requirement", str(PROJECT / "tools/lock.txt")],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if "error sending request" in done.stderr:
        pytest.skip("no package index can be reached")
    assert (done.returncode != 0) is ((platform, python) in WITHOUT), done.stderr
