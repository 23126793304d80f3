"""docs/post-install.md: every command on it runs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import PROJECT, committed
from tests.install.one_file import variables

PAGE = (PROJECT / "docs/post-install.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.M | re.S)
PATCHING, UPDATING, ONE_FILE, OFFLINE, AS_A_COMMAND = BLOCKS
NO_INDEX = re.compile("resolution|Connect|Proxy|unreachable|error sending request")
Copy = Callable[[str], Path]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX shell blocks")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What a clone has of this project, in a folder that the commands may write to."""
    folder = tmp_path / "librechat-patcher"
    folder.mkdir()
    for path in subprocess.check_output(
        ["git", "-C", PROJECT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        encoding="utf-8",
    ).split("\0"):
        if path and not path.startswith("tests/") and (PROJECT / path).is_file():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / path, folder / path)
    return folder


def run(block: str, root: Path, here: Path, **more: str) -> None:
    """Run a block of the page as its reader; without a package index the test is skipped."""
    home = Path.home()
    done = subprocess.run(
        ["sh", "-euc", block.replace("/opt/LibreChat", str(root))],
        cwd=here,
        env={
            **variables(with_uv=True),
            "HOME": str(home),
            "PATH": f"{home / '.local/bin'}:{os.environ['PATH']}",
            **more,
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode and NO_INDEX.search(done.stderr):
        pytest.skip("no package index can be reached")
    assert done.returncode == 0, done.stderr


def is_patched(root: Path) -> bool:
    return (root / "api/server/services/DynamicModels").is_dir()


def test_one_command_patches_and_one_updates(tmp_path: Path, clone: Path, copy_of: Copy) -> None:
    upstream = committed(copy_of("e6-v0.8.4"))
    root = tmp_path / "LibreChat"
    subprocess.run(["git", "clone", "-q", upstream, root], check=True)
    run(PATCHING, root, clone)
    assert is_patched(root)
    (upstream / "README.md").write_text("news\n", encoding="utf-8")
    committed(upstream)
    run(UPDATING, root, clone)
    assert is_patched(root)
    assert (root / "README.md").read_text(encoding="utf-8") == "news\n"


def test_the_one_file_form_is_made_and_runs_without_a_network(
    tmp_path: Path, clone: Path, copy_of: Copy
) -> None:
    first, second = copy_of("e6-v0.8.4"), copy_of("e1-v0.7.0")
    run(ONE_FILE, first, clone)
    run(OFFLINE, second, clone, LIBRECHAT_PATCHER_ENV=str(tmp_path / "another"))
    assert is_patched(first) and is_patched(second)


@pytest.mark.skipif(shutil.which("uv") is None, reason="uv is not installed")
def test_uv_installs_and_runs_it(clone: Path, copy_of: Copy) -> None:
    root = copy_of("e6-v0.8.4")
    run(AS_A_COMMAND + "\nlibrechat-patcher status --root /opt/LibreChat", root, clone.parent)
    assert is_patched(root)


@pytest.mark.parametrize("tool", ["pipx", "pip"])
def test_pipx_and_pip_install_it(tool: str, tmp_path: Path, clone: Path, copy_of: Copy) -> None:
    assert f"`{tool} install`" in PAGE
    root = copy_of("e6-v0.8.4")
    if tool == "pipx" and shutil.which("pipx") is None:
        pytest.skip("pipx is not installed")
    setup = f"{sys.executable} -m venv venv && PATH=$PWD/venv/bin:$PATH\n" if tool == "pip" else ""
    install = AS_A_COMMAND.splitlines()[0].replace("uv tool install", f"{tool} install")
    apply = "librechat-patcher apply --root /opt/LibreChat"
    run(f"{setup}{install}\n{apply}", root, clone.parent, PIPX_HOME=str(tmp_path / "pipx"))
    assert is_patched(root)
