"""doctor predicts what the patched server decides: both are asked the same questions."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from patcher.checks.transport import Policy, refuses, target_of
from patcher.doctor import dynamic_models
from patcher.doctor.diagnosis import Severity
from tests.conftest import PROJECT

HERE = Path(__file__).parent
PAYLOAD = PROJECT / "patches/dynamic-models/files/api/server/services/DynamicModels"

URLS = [
    "https://api.openai.com/v1", "http://api.openai.com/v1", "HTTP://API.OpenAI.com/v1",
    "http://litellm:4000/v1", "http://litellm", "http://host.docker.internal:11434/v1",
    "http://printer.local/v1", "http://local/v1", "http://notlocal.locale/v1",
    "http://svc.cluster.internal/v1", "http://svc.cluster.internal./v1", "http://example.com./v1",
    "http://127.0.0.1:4000/v1", "http://127.1:4000/v1", "http://0x7f.1/v1", "http://017700000001",
    "http://2130706433/v1", "http://10.1.2.3", "http://172.16.0.1", "http://172.32.0.1",
    "http://192.168.178.2:8080", "http://192.169.0.1", "http://100.64.1.1", "http://100.128.0.1",
    "http://169.254.169.254/latest", "http://0.0.0.0:4000", "http://8.8.8.8/v1", "http://1.1/v1",
    "http://[::1]:4000/v1", "http://[fd00::1]/v1", "http://[fe80::1]/v1", "http://[2606:4700::1]/",
    "http://[::ffff:127.0.0.1]/v1", "http://[::ffff:8.8.8.8]/v1", "http://[64:ff9b::10.0.0.1]/v1",
    "http://[64:ff9b::8.8.8.8]/v1", "http://user:pw@127.0.0.1/v1", "http://llm.example.com:4000/v1",
    "http://llm.example.com/v1", "http://llm.example.com:80/v1", "http://other.example.com:4000",
    "ftp://litellm/v1", "litellm:4000/v1", "localhost:4000", "http://", "https://", "//litellm", "",
    "user_provided", "http://lite llm/v1", "http://litellm:99999/v1", "http://[::1/v1",
    "https://[2001:db8::1]/v1", "http://localhost:4000", "http://sub.localhost:4000",
]  # fmt: skip

POLICIES = [
    Policy(),
    Policy(("llm.example.com:4000", "other.example.com"), https_only=False),
    Policy(("llm.example.com:80", "8.8.8.8", "[2606:4700::1]"), https_only=False),
    Policy(("litellm",), https_only=True),
]

SETTINGS = [
    (f"DYNAMIC_MODELS_{name}", value)
    for name, values in {
        "ENABLED": ["true", "FALSE", "1", "off", "maybe", " yes "],
        "TTL": ["24h", "90 s", "1.5d", "10", "0h", "366d", "365d", "1w", "5 M", "-1h", "٣h"],
        "TIMEOUT": ["500ms", "5s", "five"],
        "HTTPS_ONLY": ["on", "No", "2"],
        "ALLOW_HTTP": [
            "a", "a:1", "a, B:2", "http://a", "a/b", "[::1]:4000", "[::1]", "::1", "a:b",
            "a:123456", "a;b", "", " ", ",", "10.0.0.1:80 llm.example.com",
        ],
        "INCLUDE": ["*", "gpt-*,o*"],
    }.items()
    for value in values
]  # fmt: skip

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


def decided(script: str, cases: list[Any]) -> list[Any]:
    done = subprocess.run(
        ["node", str(HERE / script), str(PAYLOAD)],
        input=json.dumps({"cases": cases}).encode(),
        capture_output=True,
        check=True,
    )
    answer: list[Any] = json.loads(done.stdout)
    return answer


@needs_node
def test_doctor_and_server_refuse_the_same_urls() -> None:
    cases = [
        {"url": url, "settings": {"allowHttp": p.allow_http, "httpsOnly": p.https_only}}
        for p in POLICIES
        for url in URLS
    ]
    predicted = [
        (target := target_of(url)) is None or refuses(target, p) for p in POLICIES for url in URLS
    ]
    server = decided("policy_decisions.cjs", cases)
    differ = [c for c, ours, theirs in zip(cases, predicted, server, strict=True) if ours != theirs]
    assert not differ


@needs_node
def test_doctor_and_server_ignore_the_same_settings() -> None:
    server = decided("settings_decisions.cjs", SETTINGS)
    for (name, value), theirs in zip(SETTINGS, server, strict=True):
        found = [d for d in dynamic_models.diagnose({name: value}) if d.severity is Severity.ERROR]
        ours = dynamic_models.policy({name: value})
        assert bool(found) is theirs["invalid"], (name, value)
        assert list(ours.allow_http) == theirs["allowHttp"], (name, value)
        assert ours.https_only is theirs["httpsOnly"], (name, value)
