"""`docs/troubleshooting.md`: each command is run, and what it says is what the page shows."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import Runner
from tests.conftest import PROJECT
from tests.doctor.providers import Asked, Reply, serving

PAGE = (PROJECT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
ROOT, URL, BASE = "/opt/LibreChat", "http://localhost:3080", "https://litellm.example.com"


def steps() -> list[tuple[list[str], str]]:
    """The commands of a block, and what the block below shows of them."""
    found: list[tuple[list[str], str]] = []
    for language, text in BLOCK.findall(PAGE):
        if language == "sh":
            found.append((text.splitlines(), ""))
        elif language == "text":
            found[-1] = (found[-1][0], text)
    return found


def provider_or_unpatched_server(asked: Asked) -> Reply:
    """A provider that knows one key, and a LibreChat without the patch."""
    if asked.path == "/v1/models":
        models = [{"id": name} for name in ("one", "two", "three")]
        is_known = asked.headers["Authorization"] == "Bearer sk-right"
        return Reply(data={"data": models}) if is_known else Reply(401)
    return Reply(401) if asked.path == "/api/models" else Reply(404)


def said(run: Runner, command: str, monkeypatch: pytest.MonkeyPatch) -> str:
    words = shlex.split(command)
    while "=" in words[0]:
        monkeypatch.setenv(*words.pop(0).split("=", 1))
    assert words.pop(0) == "librechat-patcher"
    done = run(*words)
    return done.out + done.err


def same_each_time(text: str) -> str:
    """Without runs and times, and without the tools that this machine lacks."""
    text = re.sub(r"(?m)^\w+: skipped /.*\n", "", text)
    text = re.sub(r"\d{8}T\d{6}Z-[0-9a-f]+", "RUN", text)
    return re.sub(r"\d+ ms", "11 ms", text)


def test_every_command_says_what_the_page_shows(
    run: Runner, copy_of: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = copy_of("e6-v0.8.4")
    configuration = next(text for language, text in BLOCK.findall(PAGE) if language == "yaml")
    monkeypatch.setattr("patcher.commands.doctor._node_version", lambda: "v24.1.0")
    monkeypatch.setattr("patcher.checks.toolchain.shutil.which", lambda _: None)
    run("apply", "--root", root)
    for output in ("packages/data-provider/dist/index.js", "client/dist/index.html"):
        (root / output).parent.mkdir(parents=True, exist_ok=True)
        (root / output).write_text("built\n", encoding="utf-8")
    with serving() as provider:
        provider.answering = provider_or_unpatched_server
        for number, (commands, shown) in enumerate(steps()):
            written = configuration if number < 1 else f"{configuration}        fetch: true\n"
            if number in _PROBES:
                written = written.replace(BASE, provider.url)
            if number == _TRYING:
                run("rollback", "--root", root)
            (root / "librechat.yaml").write_text(written, encoding="utf-8")
            for_real = (c.replace(ROOT, str(root)).replace(URL, provider.url) for c in commands)
            out = "".join(said(run, command, monkeypatch) for command in for_real)
            if shown:
                assert same_each_time(out) == shown


_TRYING = 4
"""The step from which on the checkout is one that nobody has patched yet."""
_PROBES = (2, 3)
"""Steps that ask the provider: it listens here instead of at the address that the page names."""


def test_the_page_names_every_code_of_the_server() -> None:
    errors = PROJECT / "patches/dynamic-models/files/api/server/services/DynamicModels/errors.js"
    codes = set(re.findall(r"^  (\w+): \[", errors.read_text(encoding="utf-8"), re.M))
    of_scripts = {"invalid_request", "endpoint_not_found", "internal_error", "forbidden"}
    assert codes - of_scripts == set(re.findall(r"`(\w+_\w+)`", table_of_codes()))


def table_of_codes() -> str:
    rows = PAGE.partition("| code |")[2].partition("\n\n")[0]
    return "\n".join(row.split("|")[1] for row in rows.splitlines()[1:] if row.count("|") > 2)
