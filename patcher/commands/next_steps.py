"""What is left to do once a checkout has been patched."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from patcher.access import is_folder
from patcher.commands.configuration import read_configuration, read_file
from patcher.doctor import compose
from patcher.doctor.advice import after_apply, build_line
from patcher.doctor.diagnosis import hidden
from patcher.doctor.endpoints import eligible

_BUILDS = rb"(?m)^[^#\n]*\bbuild\b"


def next_steps(
    root: Path, components: Collection[str], command: str, environment: Mapping[str, str]
) -> tuple[str, ...]:
    """What is left to do after `components` of a checkout were patched."""
    configuration = read_configuration(root, environment)
    return tuple(
        after_apply(
            components,
            build_command(root, command),
            _is_built_by_compose(root),
            hidden(configuration.diagnoses, configuration.secrets),
            bool(eligible(configuration.endpoints)),
        )
    )


def build_command(root: Path, command: str) -> str:
    """How this checkout is built, ready to paste; says when dependencies are missing."""
    places = (root / "node_modules", root / "client" / "node_modules")
    return build_line(str(root), command, any(is_folder(p / "vite") for p in places))


def compose_files(root: Path) -> dict[str, bytes]:
    """The compose files of a checkout, by name."""
    contents = {name: read_file(root / name) for name in compose.FILES}
    return {name: content for name, content in contents.items() if content is not None}


def _is_built_by_compose(root: Path) -> bool:
    files = compose_files(root)
    if not any(re.search(_BUILDS, content) for content in files.values()):
        return False  # as upstream's files come: no YAML reader is needed to see it
    stacks, _ = compose.read(files)
    return any(s.is_used and s.is_built for s in stacks)
