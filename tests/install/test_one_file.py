"""The one-file form: made, run by a stranger, tampered with, and cut off from the network.

What it installs comes from the package index, once; without one these tests are skipped.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.conftest import PROJECT, contents
from tests.install.index import FailingIndex
from tests.install.one_file import NAME, Stranger, rewritten, variables
from tests.real.conftest import checkout_of as checkout_of
from tests.real.conftest import repository as repository
from tools import environment, one_file

LOCK = (PROJECT / "tools/lock.txt").read_bytes()
NO_UV = shutil.which("uv") is None
INSTALLERS = [
    pytest.param(True, id="uv", marks=pytest.mark.skipif(NO_UV, reason="uv is not installed")),
    pytest.param(False, id="pip"),
]
Copy = Callable[[str], Path]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell script")


def pip(*arguments: object) -> None:
    """Run pip; where it fails for want of an index, the test is skipped."""
    line = [sys.executable, "-m", "pip", *map(str, arguments), "--quiet", "--retries=1"]
    done = subprocess.run(
        line, env=variables(with_uv=False), capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode and re.search("resolution|Connect|Proxy|unreachable", done.stderr):
        pytest.skip("no package index can be reached")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the sources under test."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--wheel-dir", folder, PROJECT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every wheel of the lock that this Python takes."""
    folder = tmp_path_factory.mktemp("wheels")
    options = ("--require-hashes", "--no-deps", "--only-binary=:all:")
    pip("download", *options, "--dest", folder, "--requirement", PROJECT / "tools/lock.txt")
    return folder


@pytest.fixture(scope="module")
def script(wheel: Path) -> bytes:
    return one_file.scripts(wheel.name, wheel.read_bytes())[NAME]


@pytest.fixture
def stranger(tmp_path: Path, script: bytes, copy_of: Copy) -> Stranger:
    return settle(tmp_path, script, copy_of("e6-v0.8.4"), with_uv=not NO_UV)


def settle(tmp_path: Path, script: bytes, checkout: Path, with_uv: bool) -> Stranger:
    (tmp_path / "alone").mkdir()
    (tmp_path / "alone" / NAME).write_bytes(script)
    home = tmp_path / "home"
    return Stranger(home, tmp_path / "alone" / NAME, checkout, variables(with_uv))


def test_one_command_makes_both_scripts(tmp_path: Path, wheel: Path) -> None:
    line = [sys.executable, "-m", "tools.one_file", str(tmp_path / "dist"), "--wheel", str(wheel)]
    made = subprocess.check_output(line, cwd=PROJECT, encoding="utf-8").splitlines()
    assert [Path(path).suffix for path in made] == [".sh", ".bat"]
    again = one_file.scripts(wheel.name, wheel.read_bytes())
    for path in map(Path, made):
        assert path.read_bytes() == again[path.name]
        assert path.stat().st_size < 600 * 1024
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            assert archive.read(wheel.name) == wheel.read_bytes()
            assert archive.read(environment.LOCK) == LOCK


def test_a_script_that_would_be_too_large_is_not_made() -> None:
    with pytest.raises(ValueError, match=r"has \d+ bytes, more than 614400"):
        one_file.scripts("large.whl", bytes(600 * 1024))


@pytest.mark.parametrize("with_uv", INSTALLERS)
def test_alone_it_patches_and_the_second_run_only_runs(
    tmp_path: Path, script: bytes, wheels: Path, copy_of: Copy, with_uv: bool
) -> None:
    stranger = settle(tmp_path, script, copy_of("e6-v0.8.4"), with_uv)
    first = stranger.run(WHEELS=str(wheels))
    assert first.returncode == 0, first.stderr
    assert first.stderr == f"setting up {stranger.environment} (once)\n"
    assert stranger.is_patched
    second = stranger.run()
    assert (second.returncode, second.stderr) == (0, "")
    assert "nothing to do: every edit is there already" in second.stdout
    assert sorted(p.name for p in stranger.script.parent.iterdir()) == [NAME]


def test_on_a_real_release_with_the_index(
    tmp_path: Path, script: bytes, wheels: Path, checkout_of: Copy
) -> None:
    stranger = settle(tmp_path, script, checkout_of("v0.8.4"), with_uv=not NO_UV)
    done = stranger.run()
    assert done.returncode == 0, done.stderr
    assert stranger.is_patched and "40 checks of the result hold" in done.stdout


def test_without_its_wheels_and_without_network_it_says_so(
    stranger: Stranger, tmp_path: Path
) -> None:
    done = stranger.run(WHEELS=str(tmp_path))
    assert done.returncode == 6
    assert "next: check the network, or set WHEELS to a folder with the wheels" in done.stderr
    assert not stranger.environment.exists() and not stranger.is_patched


@pytest.mark.parametrize("with_uv", INSTALLERS)
def test_when_the_network_goes_in_the_middle_the_next_run_patches(
    tmp_path: Path, script: bytes, wheels: Path, copy_of: Copy, with_uv: bool
) -> None:
    stranger = settle(tmp_path, script, copy_of("e6-v0.8.4"), with_uv)
    index = FailingIndex(wheels, whole=3)
    with index.serving() as address:
        here = {"PIP_CONFIG_FILE": "/dev/null", "PIP_FIND_LINKS": "", "PIP_RETRIES": "0"}
        here |= {"PIP_INDEX_URL": address, "UV_INDEX_URL": address, "UV_HTTP_RETRIES": "0"}
        broken = stranger.run(**here)
        assert broken.returncode == 6 and index.sent > 3, broken.stderr
        assert "error: the packages could not be installed" in broken.stderr
        assert not stranger.environment.exists() and not stranger.is_patched
        index.whole = 1000
        again = stranger.run(**here)
    assert again.returncode == 0, again.stderr
    assert stranger.is_patched


def test_a_wheel_that_was_tampered_with_is_refused(
    stranger: Stranger, script: bytes, wheel: Path, wheels: Path
) -> None:
    content = bytearray(wheel.read_bytes())
    content[len(content) // 2] ^= 1
    stranger.script.write_bytes(rewritten(script, {wheel.name: bytes(content)}))
    refused(stranger, wheels, sha256(content).hexdigest(), sha256(wheel.read_bytes()).hexdigest())


def test_a_byte_that_was_changed_on_the_way_is_refused(
    stranger: Stranger, script: bytes, wheel: Path, wheels: Path
) -> None:
    start = script.index(wheel.read_bytes())
    changed = bytearray(script)
    changed[start + 1000] ^= 1
    stranger.script.write_bytes(changed)
    refused(stranger, wheels, sha256(wheel.read_bytes()).hexdigest())


@pytest.mark.parametrize("with_uv", INSTALLERS)
def test_a_lock_entry_that_was_tampered_with_is_refused(
    tmp_path: Path, script: bytes, wheels: Path, copy_of: Copy, with_uv: bool
) -> None:
    pinned = next(wheels.glob("click-*.whl")).read_bytes()
    real, wrong = sha256(pinned).hexdigest(), "0" * 64
    lock = LOCK.replace(real.encode(), wrong.encode())
    assert lock != LOCK
    changed = rewritten(script, {environment.LOCK: lock})
    stranger = settle(tmp_path, changed, copy_of("e6-v0.8.4"), with_uv)
    refused(stranger, wheels, real, wrong)


def refused(stranger: Stranger, wheels: Path, *hashes: str) -> None:
    """Exits with 6 and names the hashes; nothing is installed, nothing is patched."""
    before = contents(stranger.checkout)
    done = stranger.run(WHEELS=str(wheels))
    assert done.returncode == 6, done.stderr
    assert all(one in done.stderr for one in hashes), done.stderr
    assert not stranger.environment.exists()
    assert contents(stranger.checkout) == before


@pytest.mark.parametrize("change", [lambda s: s[:-100], lambda s: s.replace(b"\n", b"\r\n")])
def test_a_script_that_did_not_arrive_whole_says_so(
    stranger: Stranger, script: bytes, change: Callable[[bytes], bytes]
) -> None:
    stranger.script.write_bytes(change(script))
    done = stranger.run()
    assert done.returncode != 0 and not stranger.environment.exists()
    if b"\r" not in stranger.script.read_bytes()[:20]:
        assert f"error: {stranger.script} is damaged: it should have {len(script)}" in done.stderr


def test_without_python_it_says_how_to_get_it(stranger: Stranger, tmp_path: Path) -> None:
    (tmp_path / "few").mkdir()
    for name in ("sh", "dirname", "wc"):
        (tmp_path / "few" / name).symlink_to(str(shutil.which(name)))
    (tmp_path / "few/apk").symlink_to("/bin/true")
    done = stranger.run(PATH=str(tmp_path / "few"), PYTHON="")
    assert (done.returncode, done.stdout) == (2, "")
    assert "error: Python 3.10 or newer is needed" in done.stderr
    assert "next: apk add python3\n" in done.stderr


def test_a_new_version_of_the_script_replaces_the_old_one(
    stranger: Stranger, script: bytes, wheels: Path
) -> None:
    assert stranger.run(WHEELS=str(wheels)).returncode == 0
    stranger.script.write_bytes(rewritten(script, {environment.LOCK: LOCK + b"# newer\n"}))
    done = stranger.run(WHEELS=str(wheels))
    assert done.returncode == 0 and "setting up" in done.stderr


def test_the_archive_names_no_host(script: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(script)) as archive:
        for name in (environment.LOCK, environment.WHEEL_HASH):
            assert b"://" not in archive.read(name)
