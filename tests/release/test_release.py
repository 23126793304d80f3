"""What a release consists of: made, tried, and refused where the sources are not ready."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from patcher import __version__
from tests.conftest import PAGES, PROJECT
from tests.install.one_file import variables
from tools import release

NO_INDEX = re.compile("resolution|Connect|Proxy|unreachable|Could not find a version")
ADDRESS = "https://github.com/somebody/librechat-patcher"


def make(*arguments: str, project: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tools.release", *arguments],
        cwd=project,
        env=variables(with_uv=False),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell script")
def test_the_files_are_made_and_each_of_them_patches(tmp_path: Path) -> None:
    done = make(str(tmp_path / "dist"), "--tag", f"v{__version__}")
    if done.returncode and NO_INDEX.search(done.stderr + done.stdout):
        pytest.skip("no package index can be reached")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "dist").iterdir()) == [
        "NOTES.md",
        "SHA256SUMS",
        f"librechat_patcher-{__version__}-py3-none-any.whl",
        f"librechat_patcher-{__version__}.tar.gz",
        "post-install-dynamic-models.bat",
        "post-install-dynamic-models.sh",
    ]
    tried = subprocess.run(
        [PROJECT / ".github/try-release", tmp_path / "dist"],
        env={**variables(with_uv=False), "HOME": str(tmp_path)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert tried.returncode == 0, tried.stderr
    assert tried.stdout.count("tried: ") == 3


@pytest.mark.parametrize("repository", ["", ADDRESS])
def test_one_line_gives_the_package_its_links(tmp_path: Path, repository: str) -> None:
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        shutil.copy(PROJECT / name, tmp_path / name)
    for name in ("patcher", "patches", "fixtures/sample"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    file = tmp_path / "pyproject.toml"
    text = file.read_text(encoding="utf-8")
    assert text.count('repository = ""') == 1
    file.write_text(text.replace('repository = ""', f'repository = "{repository}"'), "utf-8")
    line = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        f"-w{tmp_path}",
        str(tmp_path),
    ]
    done = subprocess.run(line, env=variables(with_uv=False), capture_output=True, check=False)
    if done.returncode and NO_INDEX.search(done.stderr.decode()):
        pytest.skip("no package index can be reached")
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith("/METADATA"))
        metadata = message_from_bytes(archive.read(name))
    assert metadata["Version"] == __version__
    expected = [f"Repository, {ADDRESS}", f"Issues, {ADDRESS}/issues"]
    expected += [f"Changelog, {ADDRESS}/blob/main/CHANGELOG.md"]
    assert metadata.get_all("Project-URL", []) == (expected if repository else [])


def test_a_tag_that_is_not_the_version_is_refused(tmp_path: Path) -> None:
    done = make(str(tmp_path / "dist"), "--tag", "v99.0")
    assert done.returncode == 1
    assert done.stderr == f"error: tag v99.0, but patcher/__init__.py says {__version__}\n"
    assert not (tmp_path / "dist").exists()


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "old.whl").touch()
    done = make(str(tmp_path))
    assert (done.returncode, done.stderr) == (1, f"error: {tmp_path} is not empty\n")


def test_the_notes_are_the_section_of_the_version() -> None:
    newest = "## [1.1] - 2030-02-01\n\n- new\n\n### Fixed\n\n- a\n"
    text = f"# Changelog\n\n{newest}\n## [1.0] - 2030-01-01\n"
    assert release.section(text, "1.1") == "- new\n\n### Fixed\n\n- a\n"
    for version in ("1", "2.0"):
        with pytest.raises(release.NotReady, match=rf"no section `## \[{version}\] - YEAR"):
            release.section(text, version)
    with pytest.raises(release.NotReady):
        release.section("## [Unreleased] - 1.0\n", "1.0")


def test_this_version_has_its_section() -> None:
    text = release.CHANGELOG.read_text(encoding="utf-8")
    assert "### Added" in release.section(text, __version__)


def test_the_version_stands_in_one_place() -> None:
    text = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    assert not re.search(r"^version\b", text, re.M)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_has_a_dead_link_or_an_owner_to_be_guessed(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    for link in re.findall(r"\]\(([^)]+)\)", text):
        target, _, anchor = link.partition("#")
        if "://" in target:
            continue
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), f"{page.name}: {link}"
        if anchor:
            assert anchor in anchors(file), f"{page.name}: {link}"
    assert not re.search(r"\bOWNER\b", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """How GitHub calls the headings of a page."""
    heads = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
