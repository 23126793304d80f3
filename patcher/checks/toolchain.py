"""Rung 4 of the verification ladder: node, and the checkout's own tsc, eslint and prettier.

Each looks for findings that the original did not have. A tool that is not installed, or that
cannot run, gives a skipped check with its reason. Nothing is written.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from patcher.access import is_folder, is_there
from patcher.checks.builds import build_states
from patcher.librechat import CLIENT, COMPONENTS, DATA_PROVIDER, PAGE
from patcher.model import Check, Verdict

Originals = Mapping[str, bytes | None]
Sources = Mapping[str, bytes]
Done = subprocess.CompletedProcess[bytes]

_TOOLS = Path(__file__).parent / "tools"
_TIMEOUT = 900
"""Seconds. A type check of LibreChat's client takes one to two minutes on two cores."""

_LINTED = (".js", ".ts", ".tsx")

_OF_ANOTHER_SHAPE = (AttributeError, LookupError, TypeError, ValueError)
"""What comes of reading a tool's answer that is JSON but not what this tool answers."""


class ToolFailed(Exception):
    """A tool could not do its work; the text says why."""


def checks(
    root: Path, before: Originals, after: Sources, announce: Callable[[str], None]
) -> Iterator[Check]:
    """Run every tool that the checkout has over the patched files.

    `before` has the originals, None for a file that the patch added; `after` what is there now.
    `announce` is told what is going to run.
    """
    # Built output is nobody's source: its own tools have nothing to say about it.
    after = {path: text for path, text in after.items() if not path.startswith(PAGE.folder)}
    if shutil.which("node") is None:
        yield Check("node", str(root), Verdict.SKIPPED, "node is not installed")
        return
    announce("node")
    yield from _node_checks(root, after)
    for name, judge in (("eslint", _eslint), ("prettier", _prettier)):
        command = root / "node_modules" / ".bin" / name
        if not is_there(command):
            yield Check(name, str(root), Verdict.SKIPPED, f"node_modules has no {name}")
            continue
        announce(name)
        yield from _tool_checks(name, judge, _Tool(root, str(command)), before, after)
    yield from _tsc_checks(root, before, after, announce)


def _node_checks(root: Path, after: Sources) -> Iterator[Check]:
    files = [p for p in after if p.endswith(".js")]
    done = run(["node", str(_TOOLS / "node_findings.cjs"), *files], root)
    try:
        found = json.loads(done.stdout)
    except ValueError:
        yield Check("node", str(root), Verdict.SKIPPED, f"node could not run: {words(done)}")
        return
    for path in files:
        verdict = Verdict.FAILED if path in found else Verdict.PASSED
        yield Check("node", path, verdict, found.get(path, ""))


class _Tool(Struct, frozen=True):
    root: Path
    command: str

    def on_files(self, *arguments: str) -> Done:
        return run([self.command, *arguments], self.root)

    def on_text(self, text: bytes, *arguments: str) -> Done:
        return run([self.command, *arguments], self.root, text)


class _Finding(Struct, frozen=True):
    verdict: Verdict
    detail: str


_Judge = Callable[[_Tool, Sequence[str], Originals], dict[str, _Finding]]
"""Files to what is wrong with them that was not wrong with the original."""

_FINE = _Finding(Verdict.PASSED, "")
_WARNING = 1
"""The severity of a message that eslint itself does not fail for."""


def _tool_checks(
    name: str, judge: _Judge, tool: _Tool, before: Originals, after: Sources
) -> Iterator[Check]:
    files = [p for p in after if p.endswith(_LINTED)]
    try:
        found = judge(tool, files, before)
    except ToolFailed as error:
        yield Check(name, str(tool.root), Verdict.SKIPPED, f"{name} could not run: {error}")
        return
    except _OF_ANOTHER_SHAPE:
        why = f"{name} could not run: its answer cannot be read"
        yield Check(name, str(tool.root), Verdict.SKIPPED, why)
        return
    for path in files:
        finding = found.get(path, _FINE)
        yield Check(name, path, finding.verdict, finding.detail)


def _eslint(tool: _Tool, files: Sequence[str], before: Originals) -> dict[str, _Finding]:
    done = tool.on_files("--format", "json", *files)
    found = {
        Path(str(entry["filePath"])).relative_to(tool.root.resolve()).as_posix(): _messages(entry)
        for entry in listed(done)
    }
    fresh: dict[str, _Finding] = {}
    for path, messages in found.items():
        original = before.get(path)
        if messages and original is not None:
            name = ("--stdin", "--stdin-filename", path)
            messages -= _messages(listed(tool.on_text(original, "--format", "json", *name))[0])
        if messages:
            is_harmless = all(severity == _WARNING for severity, _ in messages)
            verdict = Verdict.WARNED if is_harmless else Verdict.FAILED
            fresh[path] = _Finding(verdict, "; ".join(text for _, text in messages))
    return fresh


def _messages(entry: Mapping[str, object]) -> Counter[tuple[int, str]]:
    """How often eslint says what, and how severely: 1 is a warning, 2 an error."""
    messages = entry["messages"]
    if not isinstance(messages, list):
        return Counter()
    # A file that eslint is told to ignore gets one message without a rule; it is no finding.
    return Counter(
        (m.get("severity", 2), f"{m['ruleId']}: {m['message']}")
        for m in messages
        if m.get("ruleId")
    )


def _prettier(tool: _Tool, files: Sequence[str], before: Originals) -> dict[str, _Finding]:
    done = tool.on_files("--list-different", *files)
    if done.returncode not in (0, 1):  # 1: there are files that it lists
        raise ToolFailed(words(done))
    fresh: dict[str, _Finding] = {}
    for path in done.stdout.decode(errors="replace").split("\n"):
        original = before.get(path)
        if original is not None:
            formatted = tool.on_text(original, "--stdin-filepath", path)
            if formatted.returncode != 0:
                raise ToolFailed(words(formatted))
            if formatted.stdout != original:
                continue
        if path:
            why = "prettier would format it differently; it left the original alone"
            fresh[path] = _Finding(Verdict.FAILED, why)
    return fresh


def _tsc_checks(
    root: Path, before: Originals, after: Sources, announce: Callable[[str], None]
) -> Iterator[Check]:
    library = root / "node_modules" / "typescript"
    if not is_folder(library):
        yield Check("tsc", str(root), Verdict.SKIPPED, "node_modules has no typescript")
        return
    stale = {b.sources for b in build_states(root, after) if b.state != "fresh"}
    for component in COMPONENTS.values():
        config = component.tsconfig
        if not config or not any(p.startswith(component.folder) for p in after):
            continue
        if component == CLIENT and DATA_PROVIDER.folder in stale:
            why = "packages/data-provider is not built since it was patched: build, then verify"
            yield Check("tsc", config, Verdict.SKIPPED, why)
            continue
        announce(f"tsc on {component.folder.rstrip('/')} (this takes a minute or two)")
        yield _tsc(root, library, config, before)


def _tsc(root: Path, library: Path, config: str, before: Originals) -> Check:
    originals = {
        str(root / path): None if text is None else text.decode(errors="replace")
        for path, text in before.items()
    }
    command = [
        "node",
        "--max-old-space-size=6144",
        str(_TOOLS / "tsc_findings.cjs"),
        str(library),
        str(root / config),
    ]
    done = run(command, root, json.dumps(originals).encode())
    try:
        found = listed(done)
    except ToolFailed as error:
        return Check("tsc", config, Verdict.SKIPPED, f"tsc could not run: {error}")
    details = "; ".join(f"{f['file']}:{f['line']}: {f['message']}" for f in found[:5])
    return Check("tsc", config, Verdict.FAILED if found else Verdict.PASSED, details)


def run(command: list[str], root: Path, text: bytes | None = None) -> Done:
    """Run `command` in `root` with `text` as its input.

    One that cannot be started, or that does not end in time, counts as ended with 127.
    """
    try:
        return subprocess.run(
            command, cwd=root, input=text or b"", capture_output=True, timeout=_TIMEOUT, check=False
        )
    except OSError as error:
        why = str(error)
    except subprocess.TimeoutExpired:
        why = f"it did not end within {_TIMEOUT} s"
    return subprocess.CompletedProcess(command, 127, b"", why.encode())


def words(done: Done) -> str:
    """What a tool that failed has said; its exit code where it said nothing."""
    said = done.stderr.decode(errors="replace").strip()[:300]
    return said or f"it ended with {done.returncode}"


def listed(done: Done) -> list[dict[str, object]]:
    """The JSON list that a tool has written; raises `ToolFailed` for anything else."""
    try:
        found = json.loads(done.stdout)
    except ValueError as error:
        raise ToolFailed(words(done)) from error
    if not isinstance(found, list):
        raise ToolFailed("its output is not a list")
    return found
