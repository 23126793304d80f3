"""What an administrator configured: `.env`, the environment, librechat.yaml, compose files."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from patcher.access import is_folder, is_there
from patcher.checks.transport import Policy, target_of
from patcher.definition.nodes import Node, Unreadable
from patcher.doctor import compose, config, diagnosis, dotenv, dynamic_models
from patcher.doctor.advice import build_line
from patcher.doctor.config import Endpoint
from patcher.doctor.diagnosis import Diagnosis
from patcher.errors import InputOutput
from patcher.librechat import CONFIG_FILE, CONFIG_PATH, ENV_FILE, IN_CONTAINER

_REMOTE = ("http://", "https://")


class Configuration(Struct, frozen=True):
    """What was read; keys and passwords are only in `secrets`."""

    environment: Mapping[str, str]
    """`.env` and the environment of this process, which LibreChat prefers."""
    policy: Policy
    endpoints: tuple[Endpoint, ...]
    diagnoses: tuple[Diagnosis, ...]
    """What is wrong with librechat.yaml."""
    place_in_container: str
    """Where a container looks for librechat.yaml; empty when it comes from a URL."""
    secrets: frozenset[str]


def read_configuration(root: Path, environment: Mapping[str, str]) -> Configuration:
    """Read and judge; raises `InputOutput` when a file is there but cannot be read."""
    own = dotenv.values(read_file(root / ENV_FILE) or b"")
    merged = {**own, **environment}
    policy = dynamic_models.policy(merged)
    named = merged.get(CONFIG_PATH, "").strip()
    label = f"${CONFIG_PATH}" if named else CONFIG_FILE
    document, problem = _document(root, named, label)
    endpoints = config.read(document, merged) if document else ()
    judged = (problem,) if problem else config.diagnose(label, document, endpoints, policy)
    secrets = {*diagnosis.secrets(own), *(config.secrets(document, merged) if document else ())}
    return Configuration(
        environment=merged,
        policy=policy,
        endpoints=endpoints,
        diagnoses=tuple(judged),
        place_in_container=_in_container(named),
        secrets=frozenset(secrets),
    )


def _document(root: Path, named: str, label: str) -> tuple[Node | None, Diagnosis | None]:
    """librechat.yaml, None for an empty one; or why it cannot be judged."""
    if named.startswith(_REMOTE):
        target = target_of(named)
        return None, config.remote(target.host if target else "an unknown host")
    content = read_file(_place(root, named))
    if content is None:
        return None, config.missing(label, bool(named))
    # 9 ms: where there is no such file nothing is read with it.
    from patcher.definition.yaml import read_config

    try:
        return read_config(content), None
    except Unreadable as error:
        return None, config.unreadable(label, error)


def read_file(path: Path) -> bytes | None:
    """The bytes of a file, through links; None where there is none."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:  # ValueError: the name holds a NUL
        reason = getattr(error, "strerror", None) or error
        raise InputOutput(
            f"{path.name} cannot be read: {reason}", "run as the user who may read it"
        ) from error


def _place(root: Path, named: str) -> Path:
    """A path inside the container is looked up in the checkout that goes there."""
    inside = root / named.removeprefix(f"{IN_CONTAINER}/")
    if named.startswith(f"{IN_CONTAINER}/") and is_there(inside):
        return inside
    return root / (named or CONFIG_FILE)


def _in_container(named: str) -> str:
    if named.startswith(_REMOTE):
        return ""
    inside = named if named[:1] == "/" else f"{IN_CONTAINER}/{named or CONFIG_FILE}"
    return posixpath.normpath(inside)


def build_line_of(root: Path, command: str, has_to_install: bool = False) -> str:
    """How this checkout is built, ready to paste; installs first where the tools are missing."""
    places = (root / "node_modules", root / "client" / "node_modules")
    has_tools = not has_to_install and any(is_folder(p / "vite") for p in places)
    return build_line(str(root), command, has_tools)


def compose_files(root: Path) -> dict[str, bytes]:
    """The compose files of a checkout, by name."""
    contents = {name: read_file(root / name) for name in compose.FILES}
    return {name: content for name, content in contents.items() if content is not None}
