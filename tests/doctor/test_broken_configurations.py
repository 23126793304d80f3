"""One thing wrong in each checkout: one right diagnosis, with the line or command that fixes it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from patcher.commands.doctor import _node_version
from tests.cli.running import Runner
from tests.doctor.conftest import GOOD

Break = Callable[[Path], None]


@dataclass(frozen=True)
class Case:
    """What is done to a good checkout, and what doctor says about it."""

    broken: Break
    code: str
    severity: str
    where: str
    fix: str


def yaml(old: str, new: str) -> Break:
    """A change of librechat.yaml."""

    def broken(root: Path) -> None:
        assert old in GOOD
        (root / "librechat.yaml").write_text(GOOD.replace(old, new), encoding="utf-8")

    return broken


def env(line: str) -> Break:
    """One more line in .env."""

    def broken(root: Path) -> None:
        with (root / ".env").open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    return broken


def files(**texts: str) -> Break:
    """Files of the checkout; `override` and `compose` stand for their long names."""
    names = {"compose": "docker-compose.yml", "override": "docker-compose.override.yml"}

    def broken(root: Path) -> None:
        for name, text in texts.items():
            (root / names.get(name, name)).write_text(text, encoding="utf-8")

    return broken


def built_before(root: Path) -> None:
    os.utime(root / "client/dist/index.html", (1, 1))


def old_node(root: Path) -> None:
    (root / ".nvmrc").write_text("30.1.0\n", encoding="utf-8")


_HTTP = "http://litellm:4000/v1"
_OVERRIDE = "services: { api: { image: mine, build: . } }\n"
_COMPOSE = "services: { api: { image: registry.example/danny-avila/librechat-dev:latest } }\n"
_MOUNTED = "services: { api: { volumes: [./librechat.yaml:/app/librechat.yaml:ro] } }\n"

CASES = {
    "no fetch": Case(
        yaml("        fetch: true\n", ""),
        "fetch-missing", "error", "librechat.yaml:4 (LiteLLM)",
        "under `models:` add: fetch: true",
    ),
    "fetch is a yes": Case(
        yaml("fetch: true", "fetch: yes"), "fetch-odd", "error", "librechat.yaml:4 (LiteLLM)",
        "fetch: true",
    ),
    "plain HTTP to a public host": Case(
        yaml(_HTTP, "http://llm.example.com:4000/v1"),
        "http-refused", "error", "librechat.yaml:4 (LiteLLM)",
        "use https, or add to .env: DYNAMIC_MODELS_ALLOW_HTTP=llm.example.com:4000 "
        "(librechat-patcher apply --allow-http llm.example.com:4000 does it)",
    ),
    "plain HTTP where only HTTPS is allowed": Case(
        env("DYNAMIC_MODELS_HTTPS_ONLY=true"), "http-refused", "error",
        "librechat.yaml:4 (LiteLLM)",
        "DYNAMIC_MODELS_HTTPS_ONLY=false in .env, or an https URL",
    ),
    "no defaults": Case(
        yaml("        default: [gpt-4o-mini]\n", ""),
        "default-missing", "error", "librechat.yaml:4 (LiteLLM)",
        "under `models:` add: default: [MODEL]",
    ),
    "an endpoint without an address": Case(
        yaml("      baseURL: http://litellm:4000/v1\n", ""),
        "endpoint-dropped", "error", "librechat.yaml:4 (LiteLLM)",
        "add to it: baseURL: https://llm.example.com/v1",
    ),
    "a name of LibreChat's own": Case(
        yaml("name: LiteLLM", "name: openAI"), "endpoint-name", "error",
        "librechat.yaml:4 (openAI)", "name: openAI-custom",
    ),
    "a tab": Case(
        yaml("    - name", "\t- name"), "yaml-invalid", "error", "librechat.yaml:4",
        "sed -i 's/\\t/  /g' librechat.yaml, then look at line 4",
    ),
    "no YAML": Case(
        yaml("[gpt-4o-mini]", "[gpt-4o-mini"), "yaml-invalid", "error", "librechat.yaml:9",
        "fix line 9 of librechat.yaml",
    ),
    "a character that Unicode does not have": Case(
        yaml("1.3.6", '"\\UFFFFFFFF"'), "yaml-invalid", "error", "librechat.yaml:1",
        "fix line 1 of librechat.yaml",
    ),
    "1,000 levels of lists": Case(
        yaml("[gpt-4o-mini]", "[" * 1000 + "]" * 1000), "yaml-invalid", "error",
        "librechat.yaml:8", "fix line 8 of librechat.yaml",
    ),
    "no file": Case(
        lambda root: (root / "librechat.yaml").unlink(), "yaml-missing", "error",
        "librechat.yaml", "cp librechat.example.yaml librechat.yaml",
    ),
    "a version that is a number": Case(
        yaml("1.3.6", "1.3"), "yaml-version", "error", "librechat.yaml",
        'put it in quotes: version: "1.2"',
    ),
    "an old build": Case(
        built_before, "build-old", "error", "client/dist/index.html",
        "npm ci --include=dev && npm run frontend",
    ),
    "a bad setting": Case(
        env("DYNAMIC_MODELS_TTL=a day"), "setting-invalid", "error", "DYNAMIC_MODELS_TTL",
        "DYNAMIC_MODELS_TTL=24h",
    ),
    "a misspelt setting": Case(
        env("DYNAMIC_MODELS_REFRESH=1h"), "setting-unknown", "warning", "DYNAMIC_MODELS_REFRESH",
        "rename it to DYNAMIC_MODELS_REFRESH_AFTER in .env",
    ),
    "compose without the configuration": Case(
        files(compose=_COMPOSE, override=_OVERRIDE),
        "compose-no-config", "error", "docker-compose.override.yml",
        "in docker-compose.override.yml, under services: api: volumes: add "
        "- { type: bind, source: ./librechat.yaml, target: /app/librechat.yaml }",
    ),
    "compose with somebody else's image": Case(
        files(compose=_COMPOSE, override=_MOUNTED),
        "compose-image", "error", "docker-compose.override.yml",
        "in docker-compose.override.yml, services: add api: { image: librechat, "
        "build: { context: ., target: node } }; docker compose up -d --build",
    ),
    "compose with a value that its tag does not allow": Case(
        files(compose="services: { api: { tty: !!bool maybe } }\n"),
        "compose-invalid", "warning", "docker-compose.yml:1",
        "docker compose -f docker-compose.yml config",
    ),
    "compose with 1,000 levels of lists": Case(
        files(compose="services:\n  api: " + "[" * 1000 + "]" * 1000 + "\n"),
        "compose-invalid", "warning", "docker-compose.yml:2",
        "docker compose -f docker-compose.yml config",
    ),
    "an old Node": Case(old_node, "node-old", "warning", "node", "nvm install 30 && nvm use 30"),
    "Redis without an address": Case(
        env("USE_REDIS=true"), "redis-no-uri", "error", ".env",
        "REDIS_URI=redis://redis:6379 or USE_REDIS=false",
    ),
    "a patched file that was changed": Case(
        files(**{"api/server/routes/models.js": "// nothing\n"}),
        "patch-drifted", "error", "api/server/routes/models.js",
        "librechat-patcher verify; if that fails: librechat-patcher apply",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_one_thing_wrong_gives_one_right_diagnosis(run: Runner, checkout: Path, name: str) -> None:
    case = CASES[name]
    case.broken(checkout)
    told = run("doctor", "--root", checkout)
    found = run("doctor", "--root", checkout, "--format", "json").data
    worse = [d for d in found["diagnoses"] if d["severity"] != "note"]
    assert [(d["code"], d["severity"], d["where"]) for d in worse] == [
        (case.code, case.severity, case.where)
    ]
    assert worse[0]["fix"].endswith(case.fix)
    assert told.code == (1 if case.severity == "error" else 0)
    assert f"  {worse[0]['fix']}\n" in told.out
    assert found["ok"] is (told.code == 0)


def test_a_good_checkout_has_nothing_wrong(run: Runner, checkout: Path) -> None:
    done = run("doctor", "--root", checkout)
    assert (done.code, done.out.splitlines()[-1]) == (0, "nothing must be fixed")
    assert "error" not in done.out and "warning" not in done.out


def test_quiet_leaves_out_what_is_only_good_to_know(run: Runner, checkout: Path) -> None:
    done = run("doctor", "--root", checkout, "--quiet")
    assert (done.code, done.out) == (0, "nothing must be fixed\n")


def test_a_checkout_that_is_not_patched_is_told_so_and_is_not_wrong(
    run: Runner, copy_of: Callable[[str], Path]
) -> None:
    root = copy_of("e7-v0.8.8-rc1")
    (root / "librechat.yaml").write_text(GOOD, encoding="utf-8")
    done = run("doctor", "--root", root)
    assert done.code == 0
    assert "the patch is not applied to this checkout\n  librechat-patcher apply\n" in done.out


def test_the_patch_without_a_record_of_a_run_is_noticed(run: Runner, checkout: Path) -> None:
    (checkout / ".librechat-patcher").rename(checkout.parent / "elsewhere")
    found = run("doctor", "--root", checkout, "--format", "json").data
    assert "patch-unrecorded" in {d["code"] for d in found["diagnoses"]}


def test_a_configuration_behind_a_url_is_named_and_not_fetched(run: Runner, checkout: Path) -> None:
    env("CONFIG_PATH=https://reader:s3cr3t@config.example.com/librechat.yaml?token=t0k3n")(checkout)
    done = run("doctor", "--root", checkout)
    assert done.code == 0
    assert "CONFIG_PATH is a URL at config.example.com: it is not fetched" in done.out
    assert not {s for s in ("s3cr3t", "t0k3n", "reader") if s in done.out}


def test_a_path_inside_the_container_is_found_in_the_checkout(run: Runner, checkout: Path) -> None:
    (checkout / "config").mkdir(exist_ok=True)
    (checkout / "librechat.yaml").rename(checkout / "config/mine.yaml")
    env("CONFIG_PATH=/app/config/mine.yaml")(checkout)
    assert run("doctor", "--root", checkout).code == 0


def test_no_checkout_is_an_error_of_its_own(run: Runner, tmp_path: Path) -> None:
    assert run("doctor", "--root", tmp_path).code == 5


@pytest.mark.skipif(os.name != "posix" or not os.geteuid(), reason="root reads every file")
def test_a_file_that_cannot_be_read_is_an_input_error(run: Runner, checkout: Path) -> None:
    (checkout / ".env").chmod(0)
    assert run("doctor", "--root", checkout).code == 6


def test_a_folder_where_a_file_should_be_is_an_input_error(run: Runner, checkout: Path) -> None:
    (checkout / "librechat.yaml").unlink()
    (checkout / "librechat.yaml").mkdir()
    assert run("doctor", "--root", checkout).code == 6


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (subprocess.TimeoutExpired(["node"], 20), "hangs"),
        (OSError(8, "Exec format error"), "cannot be started"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_node_that_does_not_answer_is_no_node(
    monkeypatch: pytest.MonkeyPatch, error: Exception, name: str
) -> None:
    def fail(*_: object, timeout: float, **__: object) -> None:
        assert timeout == 20
        raise error

    monkeypatch.setattr("patcher.commands.doctor.shutil.which", lambda _: "/usr/bin/node")
    monkeypatch.setattr("patcher.commands.doctor.subprocess.run", fail)
    assert _node_version() == ""


def test_a_node_is_asked_for_its_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    node = tmp_path / "bin/node"
    node.parent.mkdir()
    node.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && printf "v22.1.0 \\351\\n"\n', encoding="utf-8"
    )
    node.chmod(0o755)
    monkeypatch.setenv("PATH", str(node.parent))
    assert _node_version() == "v22.1.0 \ufffd"
    node.unlink()
    assert _node_version() == ""


def test_a_librechat_yaml_in_latin_1_is_told_with_its_line(run: Runner, checkout: Path) -> None:
    (checkout / "librechat.yaml").write_bytes(GOOD.encode() + b"# caf\xe9\n")
    done = run("doctor", "--root", checkout, "--quiet")
    assert done.code == 1
    assert done.out.startswith(
        "error librechat.yaml:10: LibreChat cannot read it: it is not UTF-8 text\n"
        "  fix line 10 of librechat.yaml\n"
    )


def test_a_stack_of_upstreams_compose_file_alone_is_a_warning(run: Runner, checkout: Path) -> None:
    (checkout / "docker-compose.yml").write_text(_COMPOSE, encoding="utf-8")
    done = run("doctor", "--root", checkout, "--quiet")
    assert done.code == 0
    assert done.out.count("warning docker-compose.yml: if you start LibreChat with it: ") == 2
