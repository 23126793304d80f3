"""The commands that are compared; one that is not installed is left out by name."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.measure import Job
from benchmarks.trees import TARGETS, Workspace

_HERE = Path(__file__).parent
_SCRIPT = Path(sys.executable).parent / "librechat-patcher"
_BIN = _HERE / "node_modules" / ".bin"


def patcher(*arguments: str) -> list[str | Path]:
    """Our own command, as the installed script runs it."""
    return [_SCRIPT, *arguments, "--no-color"]


def ours(space: Workspace) -> list[Job]:
    """`apply` on a pristine tree, the other commands on a patched one."""

    def patched() -> None:
        if not (space.tree / ".librechat-patcher").is_dir():
            space.restore()
            subprocess.run(
                patcher("apply", "--root", str(space.tree)), check=True, stdout=subprocess.DEVNULL
            )

    def job(command: str, prepare: Callable[[], None] = patched) -> Job:
        arguments = patcher(*command.split(), "--root", str(space.tree))
        return Job(f"librechat-patcher {command}", arguments, space.tree, prepare, "ours")

    return [
        Job("librechat-patcher --version", [_SCRIPT, "--version"], space.tree, space.restore),
        job("apply", space.restore),
        job("apply --dry-run", space.restore),
        job("diff", space.restore),
        job("status"),
        job("verify"),
    ]


def others(space: Workspace, scratch: Path) -> Iterator[Job]:
    """The same edits of the existing files with other tools."""
    diff = scratch / "edits.diff"
    diff.write_bytes(_edits_diff(space))
    yield Job("git apply", ["git", "apply", diff], space.tree, space.restore)
    if shutil.which("patch"):
        command: list[str | Path] = ["patch", "-p1", "--silent", "-i", diff]
        yield Job("GNU patch", command, space.tree, space.restore)
    yield from _node_tools(space, scratch, diff)


def skipped() -> list[str]:
    """Names of the tools that are not installed."""
    names = {"ast-grep": "ast-grep", "patch-package": "patch-package", "jscodeshift": "jscodeshift"}
    absent = [tool for tool, file in names.items() if not (_BIN / file).exists()]
    if not (_HERE / "node_modules" / "ts-morph").is_dir():
        absent.append("ts-morph")
    return absent + ([] if shutil.which("patch") else ["GNU patch"])


def _edits_diff(space: Workspace) -> bytes:
    """Our diff without the added files: what the other tools can carry too."""
    space.restore()
    whole = subprocess.run(
        patcher("diff", "--root", str(space.tree))[:-1], check=True, capture_output=True
    ).stdout
    parts = whole.split(b"diff --git ")[1:]
    return b"".join(b"diff --git " + p for p in parts if b"new file mode" not in p[:400])


def _node_tools(space: Workspace, scratch: Path, diff: Path) -> Iterator[Job]:
    tree = space.tree
    if (_BIN / "ast-grep").exists():
        rule = _HERE / "codemods" / "ast-grep.yml"
        command: list[str | Path] = [
            _BIN / "ast-grep",
            "scan",
            "--rule",
            rule,
            "--update-all",
            *TARGETS,
        ]
        yield Job("ast-grep", command, tree, space.restore)
    if (_BIN / "patch-package").exists():
        yield _patch_package(space, scratch, diff)
    if (_HERE / "node_modules" / "ts-morph").is_dir():
        script = _HERE / "codemods" / "ts-morph.mjs"
        yield Job("ts-morph", ["node", script, tree], tree, space.restore)
    if (_BIN / "jscodeshift").exists():
        transform = _HERE / "codemods" / "jscodeshift.cjs"
        command = [_BIN / "jscodeshift", "--run-in-band", "--silent", "--parser=tsx", "-t"]
        yield Job("jscodeshift", [*command, transform, *TARGETS], tree, space.restore)


def _patch_package(space: Workspace, scratch: Path, diff: Path) -> Job:
    """patch-package patches a package below node_modules: the tree plays that package."""
    project = scratch / "project"
    package = project / "node_modules" / "librechat"
    (project / "patches").mkdir(parents=True)
    (project / "package.json").write_text(
        '{"name": "host", "dependencies": {"librechat": "*"}}', encoding="utf-8"
    )
    prefixed = diff.read_text(encoding="utf-8")
    for side in ("a/", "b/"):
        prefixed = prefixed.replace(f" {side}", f" {side}node_modules/librechat/")
    (project / "patches" / "librechat+0.8.4.patch").write_text(prefixed, encoding="utf-8")

    def restore() -> None:
        space.put_away(package)
        shutil.copytree(space.pristine, package)
        (package / "package.json").write_text(
            '{"name": "librechat", "version": "0.8.4"}', encoding="utf-8"
        )

    return Job("patch-package", [_BIN / "patch-package"], project, restore)
