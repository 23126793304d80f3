"""What is left to do after the patch, and how a checkout is built."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from patcher.doctor.advice import about_models, after_apply, build_line
from patcher.doctor.diagnosis import Diagnosis, Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@pytest.mark.parametrize(
    ("root", "command", "has_tools", "line"),
    [
        ("/opt/LibreChat", "", True, ""),
        ("/opt/LibreChat", "npm run x", True, "cd /opt/LibreChat && npm run x"),
        ("/a b", "npm run x", True, "cd '/a b' && npm run x"),
        ("C:\\a b", "npm run x", True, 'cd "C:\\a b" && npm run x'),
        ("/x", "npm run x", False, "cd /x && npm ci --include=dev && npm run x"),
    ],
)
def test_a_build_is_ready_to_paste(root: str, command: str, has_tools: bool, line: str) -> None:
    assert build_line(root, command, has_tools) == line


LAST = "check: librechat-patcher doctor, and once it runs: librechat-patcher verify --url URL"
RESTART = "restart the LibreChat server: npm run backend"


@pytest.mark.parametrize("component", ["client", "data-provider"])
def test_steps_with_a_build(component: str) -> None:
    assert list(after_apply(["backend", component], "cd x && y", False)) == [
        "stop the LibreChat server: a build empties client/dist, which a running one serves",
        "build: cd x && y",
        "start the LibreChat server: npm run backend",
    ]


def test_steps_without_one() -> None:
    assert list(after_apply(["backend"], "build", False)) == [RESTART]
    assert list(after_apply(["client"], "", False)) == [RESTART]
    assert list(after_apply(["client"], "build", True)) == [
        "build the image and start it: docker compose up -d --build"
    ]


@pytest.mark.parametrize(
    "code", ["fetch-missing", "http-refused", "yaml-missing", "yaml-invalid", "endpoints-none"]
)
def test_steps_name_what_keeps_users_from_their_models(code: str) -> None:
    found = Diagnosis(code, WARNING, "where", "what", "fix")
    assert list(about_models([found], False)) == ["where: what: fix", LAST]
    for other in (replace(found, severity=NOTE), replace(found, code="redis-off")):
        assert list(about_models([other], True)) == [LAST]


def test_steps_say_how_to_begin_without_an_endpoint() -> None:
    assert list(about_models((), False)) == [
        "in librechat.yaml, give a custom endpoint `apiKey: user_provided` and, under `models:`, "
        "`fetch: true`",
        LAST,
    ]
