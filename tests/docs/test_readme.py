"""The README: its commands run, its diff is the real one, its numbers are counted."""

from __future__ import annotations

import inspect
import itertools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import get_args

import pytest
from typer.models import ArgumentInfo

from patcher.checkout import SEARCH_VARIABLE, USUAL_PLACES
from patcher.cli.answer import EXIT_CODES
from patcher.definition.patch import load
from patcher.doctor import dynamic_models
from patcher.librechat import SETTINGS_PREFIX
from tests.conftest import PROJECT
from tests.updates.conftest import OLD, Clone

README = (PROJECT / "README.md").read_text(encoding="utf-8")
PAGES = {
    name: (PROJECT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    for name in ("commands", "settings", "releases")
}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
EXAMPLE_ROOT = "/opt/LibreChat"
COMMANDS = "| command | does |"
SETTINGS = "| variable | default | meaning |"
RELEASES = "| LibreChat | variant | backend | data-provider | client | tested |"
SKIPPED = {"./run-tests.sh": "it would run this very test"}
Copy = Callable[[str], Path]


def _shell_blocks() -> Iterator[str]:
    for language, text in BLOCK.findall(README + PAGES["commands"]):
        if language == "sh" and text.strip() not in SKIPPED:
            yield text.strip()


def _environment() -> Mapping[str, str]:
    """The environment of a user whose private environment is the one that runs the tests."""
    scripts = Path(sys.executable).parent
    private = scripts.parent
    return {
        **os.environ,
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        "LIBRECHAT_PATCHER_ENV": str(private),
        "PYTHONPATH": str(PROJECT),
    }


@pytest.fixture
def command_installed() -> None:
    if shutil.which("librechat-patcher", path=str(Path(sys.executable).parent)) is None:
        pytest.skip("librechat-patcher is not installed beside this Python: run ./run-tests.sh")


@pytest.mark.skipif(os.name == "nt", reason="the README's blocks are for a POSIX shell")
@pytest.mark.parametrize("block", [*_shell_blocks()], ids=lambda block: block.splitlines()[0][:60])
def test_every_command_of_the_readme_runs(
    command_installed: None, copy_of: Copy, clone: Clone, tmp_path: Path, block: str
) -> None:
    root = clone(OLD) if " update " in block else copy_of("e6-v0.8.4")
    script = block.replace(EXAMPLE_ROOT, str(root))
    if "rollback" in script or " update " in script:
        script = f"librechat-patcher apply --root {root}\n{script}"
    done = subprocess.run(
        ["sh", "-euc", script.replace("./post-install", f"{PROJECT}/post-install")],
        env={**_environment(), "TMPDIR": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stderr
    applies = "post-install" in block or "git -C" in block or " update " in block
    patched = (root / "api/server/services/DynamicModels").is_dir()
    assert patched is (applies and "--sample" not in block)


def test_there_is_something_to_run() -> None:
    blocks = list(_shell_blocks())
    assert len(blocks) >= 4
    typed = "\n".join(blocks)
    for verb in ("post-install-dynamic-models.sh", "rollback", "git -C"):
        assert verb in typed
    assert all(skipped in README for skipped in SKIPPED)


def table(page: str, head: str) -> list[list[str]]:
    """The cells of the table below a head, row by row; at least one."""
    lines = PAGES[page].partition(f"\n{head}\n")[2].splitlines()
    rows = list(itertools.takewhile(lambda line: line.startswith("|"), lines[1:]))
    assert rows, f"there is no table with the head {head}"
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def test_the_command_table_is_what_the_command_has(command_installed: None) -> None:
    shown = subprocess.run(
        ["librechat-patcher", "--help"], env=_environment(), capture_output=True, encoding="utf-8"
    ).stdout
    listed = re.findall(r"^  ([a-z]+) {2,}\S", shown.partition("Commands:")[2], re.M)
    told = [row[0] for row in table("commands", COMMANDS)]
    assert sorted(told) == sorted(f"`librechat-patcher {usage_of(verb)}`" for verb in listed)
    assert all(row[1] for row in table("commands", COMMANDS))


def usage_of(verb: str) -> str:
    """A command with what it cannot do without: `explain ID`."""
    parameters = inspect.signature(import_module(f"patcher.cli.{verb}").command, eval_str=True)
    kinds = [get_args(one.annotation) for one in parameters.parameters.values()]
    named = [part for kind in kinds for part in kind if isinstance(part, ArgumentInfo)]
    return " ".join([verb, *(str(argument.metavar) for argument in named)])


def test_the_table_of_settings_is_what_the_patch_reads() -> None:
    rows = table("settings", SETTINGS)
    names = [name for row in rows for name in re.findall(r"`(DYNAMIC_MODELS_\w+)`", row[0])]
    assert sorted(names) == sorted(SETTINGS_PREFIX + name for name in dynamic_models._SETTINGS)
    for name, default, _ in rows:
        if re.fullmatch(r"`\d+[a-z]`", default):
            key = name.strip("`").removeprefix(SETTINGS_PREFIX)
            assert dynamic_models._SETTINGS[key].line == default.strip("`")


def test_the_table_of_releases_has_every_release_that_was_tested() -> None:
    counts = [re.search(r"\((\d+) releases\)", row[0]) for row in table("releases", RELEASES)]
    tested = load(PROJECT / "patches/dynamic-models").tested
    assert sum(int(m[1]) if m else 1 for m in counts) == len(tested) > 0
    ends = [re.findall(r"v[\d.]+(?:-rc\d+)?", row[0])[:2] for row in table("releases", RELEASES)]
    assert (ends[0][0], ends[-1][-1]) == (tested[0], tested[-1])
    assert {cell for row in table("releases", RELEASES) for cell in row[2:]} == {"yes"}


def test_every_place_that_is_searched_and_every_exit_code_is_named() -> None:
    for place in (*USUAL_PLACES, f"${SEARCH_VARIABLE}"):
        assert f"`{place}`" in PAGES["commands"]
    for code in {*EXIT_CODES.values(), 0, 3, 130}:
        assert f"\n| {code} | " in PAGES["commands"]


def test_the_readme_can_be_read_in_one_go() -> None:
    assert len(README.splitlines()) < 120


LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)(?:#([^)\s]+))?\)")
ALL_PAGES = [PROJECT / "README.md", PROJECT / "CONTRIBUTING.md", *(PROJECT / "docs").glob("*.md")]


@pytest.mark.parametrize("page", ALL_PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_page_and_a_heading_that_are_there(page: Path) -> None:
    for place, heading in LINK.findall(page.read_text(encoding="utf-8")):
        target = page.parent / place
        assert target.exists(), f"{place} is not there"
        if heading:
            text = target.read_text(encoding="utf-8")
            heads = re.findall(r"^#+ (.*)$", text, re.M)
            anchors = {re.sub(r"[^\w\s-]", "", h.lower()).replace(" ", "-") for h in heads}
            assert heading in anchors, f"{place} has no heading #{heading}"


def test_every_page_and_every_picture_is_linked() -> None:
    linked = {
        (page.parent / place).resolve()
        for page in ALL_PAGES
        for place, _ in LINK.findall(page.read_text(encoding="utf-8"))
    }
    pictures = (PROJECT / "docs" / "images").glob("*.svg")
    assert {*(PROJECT / "docs").glob("*.md"), *pictures} <= linked
