"""Node, Redis, built output and the patch itself. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from patcher.checks.builds import Build
from patcher.doctor.diagnosis import Diagnosis, Severity
from patcher.librechat import ENV_FILE, OLDEST_NODE, REDIS_URI, USE_REDIS, loses_prices
from patcher.model import Drift

_FROM = re.compile(r"^FROM\s+(?:\S+/)?node:(\d{1,4})", re.M)
_MAJOR = re.compile(r"v?(\d{1,4})")
_DRIFT = {
    "edited": "it was changed",
    "deleted": "it was deleted",
    "restored": "it was set back to the original",
    "replaced": "it is no longer a file",
}


def node_of_release(dockerfile: bytes | None, nvmrc: bytes | None) -> int | None:
    """The major version of Node that this release is built and shipped with, if it says so."""
    wanted = _MAJOR.match((nvmrc or b"").decode(errors="replace").strip())
    image = _FROM.search((dockerfile or b"").decode(errors="replace"))
    found = wanted or image
    return int(found[1]) if found else None


def node(found: str, wanted: int | None) -> Iterator[Diagnosis]:
    """`found` is what `node --version` says, empty where there is no node."""
    match = _MAJOR.match(found)
    if match is None:
        return
    major = int(match[1])
    if major < OLDEST_NODE:
        what = f"Node {found} is too old: LibreChat and the patch need {OLDEST_NODE} or newer"
        fix = f"nvm install {wanted or OLDEST_NODE} && nvm use {wanted or OLDEST_NODE}"
        yield Diagnosis("node-old", Severity.ERROR, "node", what, fix)
    elif wanted is not None and major < wanted:
        what = f"Node {found} is older than the {wanted} that this release is shipped with"
        fix = f"nvm install {wanted} && nvm use {wanted}"
        yield Diagnosis("node-old", Severity.WARNING, "node", what, fix)


def redis(settings: Mapping[str, str], version: str) -> Iterator[Diagnosis]:
    """Whether LibreChat uses Redis, and what that means for lists of models."""
    if settings.get(USE_REDIS, "").strip().lower() != "true":
        what = (
            "Redis is off: lists of models are kept in MongoDB, so they outlive a restart and all "
            "replicas share them; prices of models are kept in the memory of each process"
        )
        if loses_prices(version):
            what += ", where this release (v0.8.2 to v0.8.5-rc1) cannot find them again"
        yield Diagnosis(
            "redis-off",
            Severity.NOTE,
            ENV_FILE,
            what,
            f"for several replicas: {USE_REDIS}=true and {REDIS_URI}",
        )
    elif not settings.get(REDIS_URI, "").strip():
        what = f"{USE_REDIS} is on but {REDIS_URI} is not set: LibreChat does not start"
        fix = f"{REDIS_URI}=redis://redis:6379 or {USE_REDIS}=false"
        yield Diagnosis("redis-no-uri", Severity.ERROR, ENV_FILE, what, fix)
    else:
        what = "Redis is on: LibreChat shares its caches there; lists of models stay in MongoDB"
        fix = "nothing to do; librechat-patcher verify --url URL looks at the running server"
        yield Diagnosis("redis-on", Severity.NOTE, ENV_FILE, what, fix)


def patch(applied: Collection[str], is_there: bool, drift: Sequence[Drift]) -> Iterator[Diagnosis]:
    """Whether the patch is applied and still what was written."""
    if not applied and not is_there:
        what = "the patch is not applied to this checkout"
        fix = "librechat-patcher apply"
        yield Diagnosis("patch-absent", Severity.WARNING, "patch", what, fix)
    elif not applied:
        what = "the patch is there but no run is recorded: it was applied elsewhere, or with git"
        fix = "librechat-patcher verify"
        yield Diagnosis("patch-unrecorded", Severity.NOTE, "patch", what, fix)
    for found in drift:
        if found.path != ENV_FILE:
            what = f"{_DRIFT.get(found.kind, found.kind)} since it was patched"
            fix = "librechat-patcher verify; if that fails: librechat-patcher apply"
            yield Diagnosis("patch-drifted", Severity.ERROR, found.path, what, fix)


def builds(states: Sequence[Build], command: str) -> Iterator[Diagnosis]:
    """Built output that does not contain the patch."""
    for build in states:
        where = build.output
        if build.state == "older":
            what = f"it is older than the patched sources in {build.sources}: users run the old one"
            yield Diagnosis("build-old", Severity.ERROR, where, what, command)
        elif build.state == "missing":
            what = f"{build.sources} has not been built here (a container image builds its own)"
            yield Diagnosis("build-missing", Severity.WARNING, where, what, command)
