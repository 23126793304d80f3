"""Places that this user may not look into, folders that are gone, no home: never a bug."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from patcher.checkout import USUAL_PLACES
from tests.cli.closed import close
from tests.cli.running import Runner
from tests.conftest import PROJECT, committed

Copy = Callable[[str], Path]
DYNAMIC_MODELS = PROJECT / "patches" / "dynamic-models"
CODES: dict[tuple[str, ...], int] = {
    ("list",): 0,
    ("status",): 5,
    ("apply",): 5,
    ("apply", "--sample"): 0,
    ("verify",): 5,
    ("doctor",): 5,
    ("diff",): 5,
    ("matrix", "--repo", "nowhere"): 2,
    ("capture", "mine", "--title", "Mine"): 5,
    ("explain", "dynamic-models"): 5,
    ("check", str(DYNAMIC_MODELS)): 0,
    ("rollback",): 5,
    ("update",): 5,
    ("rollback", "--patch", "dynamic-models"): 5,
}
"""Every command without `--root`, and what it exits with where there is no checkout."""
every_command = pytest.mark.parametrize("arguments", CODES, ids=" ".join)
ONE = """\
schema: 1
id: mine
title: Changes one file
why: Tests need one.
librechat: ">=0.7.0"
components: {backend: the server}
diffs: [{file: my.diff}]
"""


@pytest.fixture(autouse=True)
def _temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Samples go into a folder of the test, found anew."""
    monkeypatch.setattr(tempfile, "tempdir", None)
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.delenv("LIBRECHAT_GIT", raising=False)


@every_command
@pytest.mark.parametrize("place", USUAL_PLACES)
def test_a_usual_place_that_is_closed_is_no_checkout(
    run: Runner,
    machine: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: Sequence[str],
    place: str,
) -> None:
    folder = _place(place, machine)
    folder.mkdir(parents=True)
    close(folder if place == "/app" else folder.parent, monkeypatch)
    done = run(*arguments)
    assert (done.code, "Traceback" in done.err) == (CODES[tuple(arguments)], False)


def _place(place: str, machine: Path) -> Path:
    home = os.environ["HOME"]
    return Path(
        place.replace("~", home) if place[0] == "~" else f"{machine}{place}".replace("*", "x")
    )


def test_a_closed_place_does_not_hide_a_later_one(
    run: Runner, machine: Path, copy_of: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    (machine / "root/LibreChat").mkdir(parents=True)
    for user in ("anybody", "you"):
        (machine / "home" / user / "LibreChat").mkdir(parents=True)
    root = copy_of("e6-v0.8.4").replace(machine / "home/you/LibreChat")
    close(machine / "root", monkeypatch)
    close(machine / "home/anybody", monkeypatch)
    assert run("status", "--format", "json").data["root"] == str(root)


@every_command
def test_the_current_folder_is_closed(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: Sequence[str]
) -> None:
    close(tmp_path / "empty", monkeypatch)
    assert run(*arguments).code == CODES[tuple(arguments)]


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a folder that somebody is in")
@every_command
def test_the_current_folder_is_gone(run: Runner, arguments: Sequence[str]) -> None:
    here = Path.cwd()
    here.rmdir()
    try:
        done = run(*arguments)
    finally:
        os.chdir(PROJECT)
    assert (done.code, str(here) in done.err) == (CODES[tuple(arguments)], False)


@every_command
def test_there_is_no_home(
    run: Runner, monkeypatch: pytest.MonkeyPatch, arguments: Sequence[str]
) -> None:
    _have_no_home(monkeypatch)
    assert run(*arguments).code == CODES[tuple(arguments)]


def _have_no_home(patch: pytest.MonkeyPatch) -> None:
    def unknown(_: object) -> SimpleNamespace:
        raise KeyError("uid not found")

    for name in ("HOME", "USERPROFILE", "HOMEPATH"):
        patch.delenv(name, raising=False)
    if os.name != "nt":
        patch.setattr("pwd.getpwuid", unknown)


@pytest.mark.parametrize("home", ["none", "closed"])
def test_without_a_home_no_completion_is_installed(
    run: Runner, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    # Shells are found by asking the system for the parents of this process.
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    if home == "none":
        _have_no_home(monkeypatch)
    else:
        close(Path.home(), monkeypatch)
    done = run("--install-completion", "bash")
    assert done.code == 6
    assert "the completion cannot be installed: " in done.err


@pytest.mark.parametrize("place", ["~nobody-of-this-name/LibreChat", "~", "x" * 5000])
def test_a_root_that_cannot_be_is_no_checkout(
    run: Runner, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    _have_no_home(monkeypatch)
    done = run("status", "--root", place)
    assert (done.code, "which is not a folder" in done.err) == (5, True)


@pytest.mark.parametrize("closed", [".", ".."])
@pytest.mark.parametrize("how", ["--root", "$LIBRECHAT_ROOT"])
def test_a_named_folder_that_is_closed_is_named(
    run: Runner, copy_of: Copy, monkeypatch: pytest.MonkeyPatch, how: str, closed: str
) -> None:
    root = copy_of("e6-v0.8.4")
    close((root / closed).resolve(), monkeypatch)
    if how != "--root":
        monkeypatch.setenv(how[1:], str(root))
    done = run("status", *(("--root", root) if how == "--root" else ()))
    assert done.code == 5
    assert f"{how} names {root}, which this user cannot look into" in done.err
    assert "next: run as the user who owns the checkout" in done.err


@pytest.mark.parametrize(
    "folder", ["api/server/controllers", "client/src", "packages/data-provider", "client"]
)
@pytest.mark.parametrize("command", ["apply", "diff", "verify", "explain dynamic-models"])
def test_a_closed_folder_with_targets_is_an_input_error_and_nothing_is_written(
    run: Runner, copy_of: Copy, monkeypatch: pytest.MonkeyPatch, folder: str, command: str
) -> None:
    root = copy_of("e6-v0.8.4")
    if folder == "api/server/controllers":  # else nothing says that this is a checkout
        (root / ".librechat-patcher").mkdir()
    with monkeypatch.context() as patch:
        close(root / folder, patch)
        done = run(*command.split(), "--root", root)
    assert done.code == 6
    assert f"{root / folder}" in done.err and "Permission denied" in done.err
    assert not (root / "api/server/services/DynamicModels").exists()


@pytest.mark.parametrize("folder", ["client/dist", "node_modules", "client/node_modules", ".git"])
@pytest.mark.parametrize("command", ["apply", "status", "verify", "doctor", "rollback"])
def test_a_closed_folder_of_no_concern_is_left_alone(
    run: Runner, copy_of: Copy, monkeypatch: pytest.MonkeyPatch, folder: str, command: str
) -> None:
    root = copy_of("e6-v0.8.4")
    (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "librechat.yaml").write_text("version: 1.3.6\n", encoding="utf-8")
    assert run("apply", "--root", root).code == 0
    close(root / folder, monkeypatch)
    # doctor has something to say about this configuration, and that is its answer.
    assert run(command, "--root", root).code == (1 if command == "doctor" else 0)


def test_a_closed_build_is_not_said_to_be_missing(
    run: Runner, copy_of: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = copy_of("e6-v0.8.4")
    (root / "client/dist").mkdir(parents=True)
    assert run("apply", "--root", root).code == 0
    close(root / "client/dist", monkeypatch)
    builds = run("status", "--root", root, "--format", "json").data["builds"]
    assert [build["sources"] for build in builds] == ["packages/data-provider/"]


@pytest.mark.parametrize("command", ["apply", "status", "verify", "doctor", "rollback"])
def test_a_closed_record_of_runs_is_an_input_error(
    run: Runner, copy_of: Copy, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    root = copy_of("e6-v0.8.4")
    assert run("apply", "--root", root).code == 0
    close(root / ".librechat-patcher", monkeypatch)
    assert run(command, "--root", root).code == 6


@pytest.mark.parametrize(
    ("closed", "message"),
    [
        ("own", "--patches {own}: this user cannot look there"),
        ("own/mine", "{own}/mine/patch.yaml: cannot be read: Permission denied"),
        ("own/mine/files", "{own}/mine/files: cannot be read: Permission denied"),
    ],
)
@pytest.mark.parametrize("command", ["list", "apply", "check"])
def test_a_patch_that_is_closed_is_named(
    run: Runner,
    copy_of: Copy,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    closed: str,
    message: str,
) -> None:
    own = tmp_path / "own"
    (own / "mine/files").mkdir(parents=True)
    diff = "--- a/api/server/index.js\n+++ b/api/server/index.js\n@@ -1,1 +1,1 @@\n-a\n+b\n"
    (own / "mine/my.diff").write_text(diff, encoding="utf-8")
    (own / "mine/patch.yaml").write_text(ONE, encoding="utf-8")
    close(tmp_path / closed, monkeypatch)
    where = ("--root", copy_of("e6-v0.8.4")) if command == "apply" else ()
    done = run(command, *((own,) if command == "check" else ("--patches", own)), *where)
    assert done.code == 2
    assert message.format(own=own) in done.err


@pytest.mark.parametrize("name", ["x" * 300, "~nobody-of-this-name"])
def test_a_folder_of_patches_that_cannot_be_is_refused(run: Runner, name: str) -> None:
    assert run("list", "--patches", name).code == 2
    Path(".librechat-patcher.yaml").write_text(f"patches: {name}\n", encoding="utf-8")
    done = run("list")
    assert done.code == 2
    assert "there is no such folder" in done.err


def test_settings_that_name_a_closed_folder_are_refused(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "closed/own").mkdir(parents=True)
    close(tmp_path / "closed", monkeypatch)
    Path(".librechat-patcher.yaml").write_text("patches: ../closed/own\n", encoding="utf-8")
    done = run("list")
    assert done.code == 2
    assert ".librechat-patcher.yaml:1: `patches` names ../closed/own: this user cannot" in done.err


@pytest.mark.parametrize("name", [".env", "librechat.yaml", "docker-compose.yml"])
def test_a_configuration_that_cannot_be_read_is_an_input_error(
    run: Runner, copy_of: Copy, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    root = copy_of("e6-v0.8.4")
    (root / name).write_text("", encoding="utf-8")
    close(root / name, monkeypatch)
    monkeypatch.setattr("builtins.open", _refuses(root / name, open))
    monkeypatch.setattr("io.open", _refuses(root / name, open))
    done = run("doctor", "--root", root)
    assert done.code == 6
    assert f"{name} cannot be read: Permission denied" in done.err


def _refuses(file: Path, call: Callable[..., object]) -> Callable[..., object]:
    def called(place: object, *arguments: object, **options: object) -> object:
        if place == file:
            raise PermissionError(13, "Permission denied", str(file))
        return call(place, *arguments, **options)

    return called


@pytest.mark.parametrize("named", ["/app/mine.yaml", "a\\0b", "x" * 300])
def test_a_configuration_in_a_place_that_cannot_be_is_no_bug(
    run: Runner, copy_of: Copy, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    root = copy_of("e6-v0.8.4")
    (root / ".env").write_bytes(b"CONFIG_PATH=" + named.replace("\\0", "\0").encode() + b"\n")
    assert run("doctor", "--root", root).code in (1, 6)


def test_without_a_temporary_folder_the_sample_says_what_to_set(
    run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile._get_default_tempdir", _none)
    done = run("apply", "--sample")
    assert done.code == 6
    assert "next: set TMPDIR" in done.err


def test_without_a_temporary_folder_capture_says_what_to_set(
    run: Runner, copy_of: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = committed(copy_of("e6-v0.8.4"))
    (root / "api/server/routes/models.js").write_bytes(b"// mine\n")
    monkeypatch.setattr("tempfile._get_default_tempdir", _none)
    done = run("capture", "mine", "--title", "Mine", "--root", root)
    assert done.code == 6
    assert "next: set TMPDIR" in done.err


def _none() -> str:
    raise FileNotFoundError(2, "No usable temporary directory found")


_BECOME = """
import os, sys
folder, is_root = sys.argv[1], os.geteuid() == 0
if folder != "/":
    os.chmod(folder, 0o700)
os.chdir(folder)
if folder != "/":
    os.chmod(folder, 0)
if is_root:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
sys.argv = ["librechat-patcher", *sys.argv[2:]]
try:
    import patcher.__main__, patcher.cli.app, rich, yaml
except ImportError:
    sys.exit(99)
patcher.__main__.run()
"""
_CANNOT = 99


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that everybody may write to."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        yield Path(name)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no numbers for users")
@every_command
@pytest.mark.parametrize("home", ["none", "closed"])
@pytest.mark.parametrize("here", ["/", "closed"])
def test_an_ordinary_user_gets_an_answer(
    machine: Path, tmp_path: Path, shared: Path, arguments: Sequence[str], home: str, here: str
) -> None:
    here_or_home = tmp_path / "closed"
    closed = [here_or_home, *(machine / name for name in ("app", "root", "opt", "home/x"))]
    for place in closed:
        (place / "LibreChat").mkdir(parents=True)
        place.chmod(0)
    environment = {name: value for name, value in os.environ.items() if name != "HOME"}
    environment |= {"PYTHONPATH": str(PROJECT), "TMPDIR": str(shared)}
    environment |= {"HOME": str(here_or_home)} if home == "closed" else {}
    folder = "/" if here == "/" else str(here_or_home)
    try:
        done = subprocess.run(
            [sys.executable, "-c", _BECOME, folder, *arguments],
            env=environment,
            capture_output=True,
            encoding="utf-8",
        )
    finally:
        for place in closed:
            place.chmod(0o700)
    if done.returncode == _CANNOT:
        pytest.skip("this Python or this project is closed to the user `nobody`")
    assert (done.returncode, "Traceback" in done.stderr) == (CODES[tuple(arguments)], False)
