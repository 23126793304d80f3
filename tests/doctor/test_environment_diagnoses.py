"""Node, Redis, builds, drift and the patch itself, each judged alone."""

from __future__ import annotations

import pytest

from patcher.checks.builds import Build
from patcher.doctor import environment
from patcher.doctor.diagnosis import Diagnosis, Severity
from patcher.model import Drift

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@pytest.mark.parametrize(
    ("dockerfile", "nvmrc", "wanted"),
    [
        (None, None, None),
        (None, b" v20.19.0\n", 20),
        (b"FROM node:18-alpine AS node\nRUN true\n", None, 18),
        (b"# FROM node:1\nFROM mirror.example/library/node:22.1\n", b"", 22),
        (b"FROM node:18\n", b"24\n", 24),
        (b"FROM python:3\n", b"lts/iron\n", None),
        (b"\xff\nFROM node:18\n", b"\xff", 18),
        (None, b"9" * 5000, 9999),
    ],
)
def test_the_node_that_a_release_is_shipped_with(
    dockerfile: bytes | None, nvmrc: bytes | None, wanted: int | None
) -> None:
    assert environment.node_of_release(dockerfile, nvmrc) == wanted


@pytest.mark.parametrize(
    ("found", "wanted", "expected"),
    [
        ("", 20, None),
        ("v17.9.1", 20, (ERROR, "too old: LibreChat and the patch need 18 or newer", "20")),
        ("v17.9.1", None, (ERROR, "too old: LibreChat and the patch need 18 or newer", "18")),
        ("v18.0.0", 20, (WARNING, "older than the 20 that this release is shipped with", "20")),
        ("v18.0.0", None, None),
        ("v20.0.0", 20, None),
        ("24.1.0", 20, None),
    ],
)
def test_a_node_is_judged(
    found: str, wanted: int | None, expected: tuple[Severity, str, str] | None
) -> None:
    told = list(environment.node(found, wanted))
    if expected is None:
        assert told == []
        return
    severity, what, version = expected
    fix = f"nvm install {version} && nvm use {version}"
    assert told == [Diagnosis("node-old", severity, "node", f"Node {found} is {what}", fix)]


@pytest.mark.parametrize("version", ["v0.8.2", "0.8.3", "v0.8.4-rc1", "v0.8.4", "v0.8.5-rc1"])
def test_releases_that_lose_prices_without_redis_are_told(version: str) -> None:
    (found,) = environment.redis({"USE_REDIS": "yes"}, version)
    assert found.what == (
        "Redis is off: lists of models are kept in MongoDB, so they outlive a restart and all "
        "replicas share them; prices of models are kept in the memory of each process, where this "
        "release (v0.8.2 to v0.8.5-rc1) cannot find them again"
    )


@pytest.mark.parametrize("version", ["v0.8.1", "v0.8.5", "v0.8.5-rc2", "v0.7.2", "v1.8.3", ""])
def test_other_releases_keep_them(version: str) -> None:
    (found,) = environment.redis({}, version)
    assert found.what.endswith("kept in the memory of each process")
    assert (found.code, found.severity, found.where) == ("redis-off", NOTE, ".env")
    assert found.fix == "for several replicas: USE_REDIS=true and REDIS_URI"


def test_redis_needs_an_address() -> None:
    (found,) = environment.redis({"USE_REDIS": " TRUE ", "REDIS_URI": " "}, "")
    assert found == Diagnosis(
        "redis-no-uri", ERROR, ".env",
        "USE_REDIS is on but REDIS_URI is not set: LibreChat does not start",
        "REDIS_URI=redis://redis:6379 or USE_REDIS=false",
    )  # fmt: skip
    (found,) = environment.redis({"USE_REDIS": "true", "REDIS_URI": "redis://r"}, "v0.8.4")
    assert found == Diagnosis(
        "redis-on", NOTE, ".env",
        "Redis is on: LibreChat shares its caches there; lists of models stay in MongoDB",
        "nothing to do; librechat-patcher verify --url URL looks at the running server",
    )  # fmt: skip


def test_the_patch_and_its_record() -> None:
    (absent,) = environment.patch((), False, ())
    assert absent == Diagnosis(
        "patch-absent", WARNING, "patch", "the patch is not applied to this checkout",
        "librechat-patcher apply",
    )  # fmt: skip
    (unrecorded,) = environment.patch((), True, ())
    assert unrecorded == Diagnosis(
        "patch-unrecorded", NOTE, "patch",
        "the patch is there but no run is recorded: it was applied elsewhere, or with git",
        "librechat-patcher verify",
    )  # fmt: skip
    assert not list(environment.patch({"dynamic-models"}, True, ()))


def test_each_kind_of_drift_is_told_but_not_of_env() -> None:
    kinds = {
        "edited": "it was changed since it was patched",
        "deleted": "it was deleted since it was patched",
        "restored": "it was set back to the original since it was patched",
        "replaced": "it is no longer a file since it was patched",
        "bent": "bent since it was patched",
    }
    drift = [Drift(f"{kind}.js", kind) for kind in kinds]
    found = environment.patch({"x"}, True, [*drift, Drift(".env", "edited")])
    fix = "librechat-patcher verify; if that fails: librechat-patcher apply"
    assert list(found) == [
        Diagnosis("patch-drifted", ERROR, f"{kind}.js", what, fix) for kind, what in kinds.items()
    ]


def test_builds_are_judged() -> None:
    states = [Build("a/", f"a/{state}", state) for state in ("fresh", "older", "missing")]
    assert list(environment.builds(states, "npm run frontend")) == [
        Diagnosis(
            "build-old", ERROR, "a/older",
            "it is older than the patched sources in a/: users run the old one",
            "npm run frontend",
        ),
        Diagnosis(
            "build-missing", WARNING, "a/missing",
            "a/ has not been built here (a container image builds its own)", "npm run frontend",
        ),
    ]  # fmt: skip
