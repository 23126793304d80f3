"""What is left to do once a checkout has been changed: build, restart, and what users wait for."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from pathlib import Path

from patcher.checkout import build_command
from patcher.commands.configuration import build_line_of, compose_files, read_configuration
from patcher.commands.selection import DEFAULT_PATCHES
from patcher.commands.workspace import Workspace
from patcher.doctor import compose
from patcher.doctor.advice import about_models, after_apply
from patcher.doctor.config import eligible
from patcher.doctor.diagnosis import hidden
from patcher.errors import InputOutput

_BUILDS = rb"(?m)^[^#\n]*\bbuild\b"


def next_steps(
    workspace: Workspace,
    components: Collection[str],
    patches: Collection[str],
    has_to_install: bool = False,
) -> tuple[str, ...]:
    """The steps after `components` were changed for `patches`; with `has_to_install` also for what
    they depend on. Where the configuration cannot be read, they say so.
    """
    root = workspace.root
    try:
        steps = after_apply(
            components,
            build_line_of(root, build_command(workspace.tree), has_to_install),
            _is_built_by_compose(root),
        )
        if not {*patches} & {*DEFAULT_PATCHES}:
            return tuple(steps)
        configuration = read_configuration(root, os.environ)
        diagnoses = hidden(configuration.diagnoses, configuration.secrets)
        return (*steps, *about_models(diagnoses, bool(eligible(configuration.endpoints))))
    except InputOutput as error:
        # The checkout is patched; a configuration that cannot be read only costs the advice.
        return (f"{error}; {error.hint}", "then: librechat-patcher doctor")


def _is_built_by_compose(root: Path) -> bool:
    files = compose_files(root)
    if not any(re.search(_BUILDS, content) for content in files.values()):
        return False  # as upstream's files come: no YAML reader is needed to see it
    stacks, _ = compose.read(files)
    return any(s.is_used and s.is_built for s in stacks)
