"""What to do after a checkout was patched. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from patcher.doctor.diagnosis import Diagnosis, Severity
from patcher.librechat import COMPONENTS
from patcher.paths import as_argument

_ABOUT_MODELS = ("fetch-missing", "http-refused", "yaml-missing", "yaml-invalid", "endpoints-none")
"""Diagnoses that decide whether users see their models; the rest is for `doctor`."""

_NO_ENDPOINT = (
    "in librechat.yaml, give a custom endpoint `apiKey: user_provided` and, under `models:`, "
    "`fetch: true`"
)


def build_line(root: str, command: str, has_tools: bool) -> str:
    """The command that builds this release; empty where there is nothing to build."""
    if not command:
        return ""
    # The build tools are development dependencies, which an installed LibreChat may lack.
    install = "" if has_tools else "npm ci --include=dev && "
    return f"cd {as_argument(root)} && {install}{command}"


def after_apply(
    components: Collection[str],
    build: str,
    in_containers: bool,
) -> Iterator[str]:
    """The steps between a patched checkout and a LibreChat that runs it.

    `build` is empty where nothing has to be built.
    """
    needs_build = bool(build) and any(c.output for n, c in COMPONENTS.items() if n in components)
    if in_containers:
        yield "build the image and start it: docker compose up -d --build"
    elif needs_build:
        yield "stop the LibreChat server: a build empties client/dist, which a running one serves"
        yield f"build: {build}"
        yield "start the LibreChat server: npm run backend"
    else:
        yield "restart the LibreChat server: npm run backend"


def about_models(diagnoses: Sequence[Diagnosis], has_endpoint: bool) -> Iterator[str]:
    """The steps between a LibreChat with `dynamic-models` and users who see their own models.

    `has_endpoint` says whether some endpoint has `fetch: true` and keys that users provide.
    """
    told = [d for d in diagnoses if d.code in _ABOUT_MODELS and d.severity is not Severity.NOTE]
    for diagnosis in told:
        yield f"{diagnosis.where}: {diagnosis.what}: {diagnosis.fix}"
    if not told and not has_endpoint:
        yield _NO_ENDPOINT
    yield "check: librechat-patcher doctor, and once it runs: librechat-patcher verify --url URL"
