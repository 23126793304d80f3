"""`doctor`: what is wrong with a checkout's configuration, and how to fix it; writes nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from msgspec import Struct

from patcher.access import is_file
from patcher.checkout import Checkout
from patcher.commands.configuration import (
    Configuration,
    build_line_of,
    compose_files,
    read_configuration,
    read_file,
)
from patcher.commands.selection import DEFAULT_PATCHES, Selection, available
from patcher.commands.status import Status, status
from patcher.doctor import compose, dynamic_models, environment
from patcher.doctor.diagnosis import Diagnosis, Probe, Severity, hidden
from patcher.doctor.providers import probes
from patcher.model import Restored, Verdict

_ORDER = [Severity.ERROR, Severity.WARNING, Severity.NOTE]
_NODE_TIMEOUT = 20


class Doctored(Struct, frozen=True):
    """What is wrong with a checkout and its configuration, and how to fix it."""

    JSON_ALSO: ClassVar = ("ok",)

    root: Path
    checkout: Checkout
    diagnoses: tuple[Diagnosis, ...]
    probes: tuple[Probe, ...] = ()
    recovered: Restored | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing must be fixed; warnings alone do not count."""
        errors = any(d.severity is Severity.ERROR for d in self.diagnoses)
        return not errors and all(p.verdict is not Verdict.FAILED for p in self.probes)


def doctor(root: Path | None, probe: bool = False) -> Doctored:
    """Read files and settings, and judge them; with `probe` also ask the providers.

    Raises `NoCheckout`, and `InputOutput` when a file is there but cannot be read.
    """
    found = status(root, Selection())
    configuration = read_configuration(found.root, os.environ)
    diagnoses = hidden(_diagnoses(found, configuration), configuration.secrets)
    return Doctored(
        root=found.root,
        checkout=found.checkout,
        diagnoses=tuple(sorted(diagnoses, key=lambda d: _ORDER.index(d.severity))),
        probes=_probes(configuration) if probe else (),
        recovered=found.recovered,
    )


def _diagnoses(found: Status, configuration: Configuration) -> Iterator[Diagnosis]:
    root, version = found.root, found.checkout.version
    applied = {p.id for p in found.patches if p.id in DEFAULT_PATCHES}
    is_patched = bool(applied) or _has_added_files(root)
    yield from configuration.diagnoses
    yield from dynamic_models.diagnose(configuration.environment)
    yield from environment.patch(applied, is_patched, found.drift)
    yield from environment.builds(found.builds, build_line_of(root, found.build_command))
    yield from _compose(root, configuration, version, is_patched)
    wanted = environment.node_of_release(read_file(root / "Dockerfile"), read_file(root / ".nvmrc"))
    yield from environment.node(_node_version(), wanted)
    yield from environment.redis(configuration.environment, version)


def _has_added_files(root: Path) -> bool:
    """Whether the files that the patch adds are there, whoever put them there."""
    patches = available(Selection())
    added = [f.path for i in DEFAULT_PATCHES for f in patches[i].files if f.component == "backend"]
    return all(is_file(root / path) for path in added)


def _compose(
    root: Path, configuration: Configuration, version: str, is_patched: bool
) -> Iterator[Diagnosis]:
    stacks, problems = compose.read(compose_files(root))
    yield from problems
    yield from compose.diagnose(stacks, configuration.place_in_container, version, is_patched)


def _node_version() -> str:
    """What `node --version` says; empty where there is no node."""
    node = shutil.which("node")
    if node is None:
        return ""
    try:
        done = subprocess.run(
            [node, "--version"], capture_output=True, timeout=_NODE_TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode(errors="replace").strip()


def _probes(configuration: Configuration) -> tuple[Probe, ...]:
    return tuple(probes(configuration.endpoints, configuration.policy, os.environ))
