"""Rung 4 with tools that answer what a test wants: nothing that could not run counts as passed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from patcher.checks import toolchain
from patcher.model import Check, Verdict

if os.name == "nt":
    pytest.skip("the tools are scripts for a POSIX shell", allow_module_level=True)

PASSED, FAILED, SKIPPED = Verdict.PASSED, Verdict.FAILED, Verdict.SKIPPED
JS, TSX = "api/server/a.js", "client/src/b.tsx"
AFTER = {JS: b"a();\n", TSX: b"b();\n", "api/notes.md": b"# c\n"}
BEFORE: Mapping[str, bytes | None] = {JS: b"old();\n", TSX: None}
TOOL = """#!{python}
import json, sys
plan = json.load(open({plan!r}))
given = sys.stdin.buffer.read().decode()
name = "stdin" if any(a.startswith("--stdin") for a in sys.argv) else "files"
if {is_node}:
    name = "node" if sys.argv[1].endswith("node_findings.cjs") else "tsc"
with open({log!r}, "a") as log:
    log.write(json.dumps([{tool!r}, sys.argv[1:], given]) + "\\n")
out, err, code = plan.get(name, ["", "", 0])
sys.stdout.write(out)
sys.stderr.write(err)
if code < 0:
    import os
    os.kill(os.getpid(), -code)
sys.exit(code)
"""
Answer = tuple[str, str, int]


def unheard(work: str) -> None:
    """Nobody listens to what is going to run."""
    del work


class Tools:
    """A checkout whose tools answer as they were told, and remember what they were asked."""

    def __init__(self, root: Path, path: Path) -> None:
        self.root = root
        self._bin = root / "node_modules/.bin"
        self._path = path
        self._log = root / "log"
        for folder in (self._bin, path, root / "node_modules/typescript"):
            folder.mkdir(parents=True)
        self.answers("node", node=("{}", "", 0), tsc=("[]", "", 0))
        self.answers("eslint", files=("[]", "", 0))
        self.answers("prettier")

    def answers(self, tool: str, **answers: Answer) -> None:
        plan = self.root / f"{tool}.json"
        plan.write_text(json.dumps(answers), encoding="utf-8")
        place = (self._path if tool == "node" else self._bin) / tool
        place.write_text(
            TOOL.format(
                python=sys.executable,
                plan=str(plan),
                log=str(self._log),
                tool=tool,
                is_node=tool == "node",
            ),
            encoding="utf-8",
        )
        place.chmod(0o755)

    def asked(self, tool: str) -> list[tuple[list[str], str]]:
        """Arguments and input of every call."""
        lines = self._log.read_text(encoding="utf-8").splitlines() if self._log.exists() else []
        calls = [json.loads(line) for line in lines]
        return [(arguments, given) for name, arguments, given in calls if name == tool]

    def checks(
        self,
        rung: str,
        before: Mapping[str, bytes | None] = BEFORE,
        after: Mapping[str, bytes] = AFTER,
    ) -> list[Check]:
        return [c for c in toolchain.checks(self.root, before, after, unheard) if c.rung == rung]


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tools:
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    return Tools(tmp_path / "checkout", tmp_path / "path")


def built(root: Path, output: str, when: int) -> None:
    place = root / output
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("built\n", encoding="utf-8")
    os.utime(place, (when, when))


def test_all_that_runs_and_finds_nothing_passes(tools: Tools) -> None:
    found = list(toolchain.checks(tools.root, BEFORE, AFTER, unheard))
    assert found == [
        Check("node", JS, PASSED),
        Check("eslint", JS, PASSED),
        Check("eslint", TSX, PASSED),
        Check("prettier", JS, PASSED),
        Check("prettier", TSX, PASSED),
        Check("tsc", "client/tsconfig.json", PASSED),
    ]
    assert tools.asked("eslint") == [(["--format", "json", JS, TSX], "")]
    assert tools.asked("prettier") == [(["--list-different", JS, TSX], "")]


def test_without_node_nothing_runs(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tools.root))
    found = list(toolchain.checks(tools.root, BEFORE, AFTER, unheard))
    assert found == [Check("node", str(tools.root), SKIPPED, "node is not installed")]


def test_tools_that_are_not_there_are_skipped(tools: Tools) -> None:
    shutil.rmtree(tools.root / "node_modules")
    found = list(toolchain.checks(tools.root, BEFORE, AFTER, unheard))
    assert found[1:] == [
        Check("eslint", str(tools.root), SKIPPED, "node_modules has no eslint"),
        Check("prettier", str(tools.root), SKIPPED, "node_modules has no prettier"),
        Check("tsc", str(tools.root), SKIPPED, "node_modules has no typescript"),
    ]


FAILURES: Mapping[str, tuple[Answer, str]] = {
    "it says why": (("", "  no configuration \n", 2), "no configuration"),
    "it says nothing": (("", "", 3), "it ended with 3"),
    "it was killed": (("", "", -9), "it ended with -9"),
    "it says too much": (("", "x" * 400, 2), "x" * 300),
}


@pytest.mark.parametrize("name", FAILURES)
@pytest.mark.parametrize(
    ("tool", "part", "subject"),
    [
        ("node", "node", ""),
        ("eslint", "files", ""),
        ("prettier", "files", ""),
        ("tsc", "tsc", "client/tsconfig.json"),
    ],
)
def test_a_tool_that_cannot_run_is_skipped_with_its_reason(
    tools: Tools, tool: str, part: str, subject: str, name: str
) -> None:
    answer, why = FAILURES[name]
    program = "node" if tool == "tsc" else tool
    tools.answers(program, **{"node": ("{}", "", 0), part: answer})
    where = subject or str(tools.root)
    assert tools.checks(tool) == [Check(tool, where, SKIPPED, f"{tool} could not run: {why}")]


def test_a_tool_that_does_not_end_is_skipped(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(command: list[str], timeout: float, **_: object) -> None:
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr("subprocess.run", hang)
    found = list(toolchain.checks(tools.root, BEFORE, AFTER, unheard))
    assert {c.verdict for c in found} == {SKIPPED}
    assert all(c.detail.endswith(" could not run: it did not end within 900 s") for c in found)
    assert len(found) == 4


def test_a_tool_that_cannot_be_started_is_skipped(tools: Tools) -> None:
    (tools.root / "node_modules/.bin/eslint").chmod(0o644)
    (found,) = tools.checks("eslint")
    assert found.verdict is SKIPPED and "Permission denied" in found.detail


def test_what_a_tool_says_need_not_be_utf8(tmp_path: Path) -> None:
    done = toolchain.run(["sh", "-c", "printf 'caf\\351' >&2; exit 2"], tmp_path)
    assert toolchain.words(done) == "caf\ufffd"


def test_a_tool_gets_its_input_and_runs_in_the_checkout(tmp_path: Path) -> None:
    assert toolchain.run(["cat"], tmp_path, b"text").stdout == b"text"
    assert toolchain.run(["cat"], tmp_path).stdout == b""
    assert toolchain.run(["pwd"], tmp_path).stdout.decode().strip() == str(tmp_path.resolve())
    assert toolchain.run(["no-such-tool-anywhere"], tmp_path).returncode == 127


@pytest.mark.parametrize(
    "output",
    ['{"a": 1}', "7", '[{"messages": []}]', "[1]", '[{"filePath": "/elsewhere/a.js"}]'],
)
def test_an_answer_of_another_shape_is_not_passed(tools: Tools, output: str) -> None:
    tools.answers("eslint", files=(output, "", 0))
    (found,) = tools.checks("eslint")
    assert found.verdict is SKIPPED
    assert found.detail in (
        "eslint could not run: its answer cannot be read",
        "eslint could not run: its output is not a list",
    )


def test_the_original_of_another_shape_is_not_passed_either(tools: Tools) -> None:
    message = {"ruleId": "semi", "message": "Missing semicolon."}
    tools.answers("eslint", files=entries(tools, {JS: [message]}), stdin=("[]", "", 0))
    (found,) = tools.checks("eslint")
    assert (found.verdict, found.subject) == (SKIPPED, str(tools.root))


def entries(tools: Tools, found: Mapping[str, Any]) -> Answer:
    """What eslint says of files."""
    listed = [{"filePath": str(tools.root / p), "messages": m} for p, m in found.items()]
    return (json.dumps(listed), "", 1 if any(found.values()) else 0)


SEMI = {"ruleId": "semi", "message": "Missing semicolon."}
VAR = {"ruleId": "no-var", "message": "Unexpected var."}
HINT = {"ruleId": "no-hint", "message": "Unnecessary.", "severity": 1}
IGNORED = {"ruleId": None, "message": "File ignored."}


@pytest.mark.parametrize(
    ("after", "before", "detail"),
    [
        ([], [VAR], ""),
        ([SEMI], [], "semi: Missing semicolon."),
        ([SEMI], [SEMI], ""),
        ([SEMI, SEMI], [SEMI], "semi: Missing semicolon."),
        ([SEMI, VAR], [SEMI], "no-var: Unexpected var."),
        ([VAR, SEMI], [], "no-var: Unexpected var.; semi: Missing semicolon."),
        ([IGNORED], [], ""),
    ],
)
def test_eslint_is_asked_for_what_the_original_did_not_have(
    tools: Tools, after: list[Any], before: list[Any], detail: str
) -> None:
    original = (json.dumps([{"filePath": "<text>", "messages": before}]), "", 1)
    tools.answers("eslint", files=entries(tools, {JS: after, TSX: []}), stdin=original)
    verdict = FAILED if detail else PASSED
    assert tools.checks("eslint") == [
        Check("eslint", JS, verdict, detail),
        Check("eslint", TSX, PASSED),
    ]
    asked = tools.asked("eslint")[1:]
    is_asked = bool([m for m in after if m["ruleId"]])
    stdin = ["--format", "json", "--stdin", "--stdin-filename", JS]
    assert asked == ([(stdin, "old();\n")] if is_asked else [])


@pytest.mark.parametrize(
    ("messages", "verdict"), [([HINT], Verdict.WARNED), ([HINT, SEMI], FAILED)]
)
def test_a_warning_is_told_and_an_error_fails(
    tools: Tools, messages: list[Any], verdict: Verdict
) -> None:
    tools.answers("eslint", files=entries(tools, {TSX: messages}))
    found = tools.checks("eslint")[1]
    assert (found.verdict, found.detail[:21]) == (verdict, "no-hint: Unnecessary.")


def test_a_file_that_was_added_has_no_original_to_ask(tools: Tools) -> None:
    tools.answers("eslint", files=entries(tools, {TSX: [SEMI]}))
    assert tools.checks("eslint")[1] == Check("eslint", TSX, FAILED, "semi: Missing semicolon.")
    assert len(tools.asked("eslint")) == 1


OTHERWISE = "prettier would format it differently; it left the original alone"


@pytest.mark.parametrize(
    ("original", "verdict"), [("old();\n", FAILED), ("old()\n", PASSED), ("", PASSED)]
)
def test_prettier_is_heeded_where_it_left_the_original_alone(
    tools: Tools, original: str, verdict: Verdict
) -> None:
    tools.answers("prettier", files=(f"{JS}\n", "", 1), stdin=(original, "", 0))
    assert tools.checks("prettier") == [
        Check("prettier", JS, verdict, OTHERWISE if verdict is FAILED else ""),
        Check("prettier", TSX, PASSED),
    ]
    assert tools.asked("prettier")[1] == (["--stdin-filepath", JS], "old();\n")


def test_prettier_is_heeded_in_what_was_added(tools: Tools) -> None:
    tools.answers("prettier", files=(f"{TSX}\n", "", 1))
    assert tools.checks("prettier")[1] == Check("prettier", TSX, FAILED, OTHERWISE)


@pytest.mark.parametrize(
    ("answer", "why"),
    [(("", "SyntaxError", 2), "SyntaxError"), (("", "", -9), "it ended with -9")],
)
def test_prettier_that_fails_on_the_original_proves_nothing(
    tools: Tools, answer: Answer, why: str
) -> None:
    tools.answers("prettier", files=(f"{JS}\n", "", 1), stdin=answer)
    assert tools.checks("prettier") == [
        Check("prettier", str(tools.root), SKIPPED, f"prettier could not run: {why}")
    ]


def test_node_names_what_does_not_compile(tools: Tools) -> None:
    tools.answers("node", node=(json.dumps({JS: "Unexpected token"}), "", 0), tsc=("[]", "", 0))
    assert tools.checks("node") == [Check("node", JS, FAILED, "Unexpected token")]
    arguments, _ = tools.asked("node")[0]
    assert arguments[1:] == [JS]


def test_tsc_is_given_the_originals(tools: Tools) -> None:
    before = {**BEFORE, "api/x.js": b"caf\xe9"}
    assert tools.checks("tsc", before) == [Check("tsc", "client/tsconfig.json", PASSED)]
    (arguments, given) = tools.asked("node")[-1]
    assert arguments[0] == "--max-old-space-size=6144"
    library = str(tools.root / "node_modules/typescript")
    assert arguments[2:] == [library, str(tools.root / "client/tsconfig.json")]
    assert json.loads(given) == {
        str(tools.root / JS): "old();\n",
        str(tools.root / TSX): None,
        str(tools.root / "api/x.js"): "caf\ufffd",
    }


def test_tsc_tells_five_findings(tools: Tools) -> None:
    found = [{"file": "b.tsx", "line": n, "message": "no"} for n in range(1, 8)]
    tools.answers("node", node=("{}", "", 0), tsc=(json.dumps(found), "", 0))
    detail = "; ".join(f"b.tsx:{n}: no" for n in range(1, 6))
    assert tools.checks("tsc") == [Check("tsc", "client/tsconfig.json", FAILED, detail)]


def test_tsc_looks_at_the_projects_that_were_patched(tools: Tools) -> None:
    assert tools.checks("tsc", after={JS: b""}) == []
    shared = "packages/data-provider/src/c.ts"
    after = {**AFTER, shared: b"c();\n"}
    place = tools.root / shared
    place.parent.mkdir(parents=True)
    place.write_bytes(b"c();\n")
    config = "packages/data-provider/tsconfig.json"
    stale = Check(
        "tsc", "client/tsconfig.json", SKIPPED,
        "packages/data-provider is not built since it was patched: build, then verify",
    )  # fmt: skip
    assert tools.checks("tsc", after=after) == [Check("tsc", config, PASSED), stale]

    built(tools.root, "packages/data-provider/dist/index.js", 1)
    assert tools.checks("tsc", after=after)[1] == stale
    built(tools.root, "packages/data-provider/dist/index.js", 4_000_000_000)
    assert [c.verdict for c in tools.checks("tsc", after=after)] == [PASSED, PASSED]


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_real_node_compiles_what_it_would_run(tmp_path: Path) -> None:
    after = {
        "good.js": b"#!/usr/bin/env node\nreturn require('x');\n",
        "marked.js": b"\xef\xbb\xbfmodule.exports = 1;\n",
        "bad.js": b"const = 1;\n",
        "strict.js": b"'use strict';\nwith (a) {}\n",
    }
    for name, content in after.items():
        (tmp_path / name).write_bytes(content)
    found = [c for c in toolchain.checks(tmp_path, {}, after, unheard) if c.rung == "node"]
    assert [(c.subject, c.verdict) for c in found] == [
        ("good.js", PASSED),
        ("marked.js", PASSED),
        ("bad.js", FAILED),
        ("strict.js", FAILED),
    ]
    assert "Unexpected token" in found[2].detail
