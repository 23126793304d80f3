"""Reading what an administrator configured: `.env`, the environment and librechat.yaml."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path

from patcher import dotenv
from patcher.access import is_there
from patcher.checks.transport import Policy, target_of
from patcher.doctor import config, endpoints, secrecy, settings
from patcher.doctor.diagnosis import Diagnosis
from patcher.doctor.endpoints import Endpoint
from patcher.errors import InputOutput
from patcher.values import dataclass

CONFIG_PATH = "CONFIG_PATH"
_DEFAULT = "librechat.yaml"
_IN_CONTAINER = "/app"
_REMOTE = ("http://", "https://")


@dataclass(frozen=True)
class Configuration:
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
    own = dotenv.values(read_file(root / ".env") or b"")
    merged = {**own, **environment}
    policy = settings.policy(merged)
    named = merged.get(CONFIG_PATH, "").strip()
    secrets = set(secrecy.secrets(own))
    found: tuple[Endpoint, ...] = ()
    if named.startswith(_REMOTE):
        target = target_of(named)
        diagnoses = [config.remote(target.host if target else "an unknown host")]
    else:
        label = f"${CONFIG_PATH}" if named else _DEFAULT
        content = read_file(_place(root, named))
        if content is None:
            diagnoses = [config.missing(label, bool(named))]
        else:
            # Imported late: without the file nothing is read with it.
            from patcher.doctor import yaml_file, yaml_nodes

            try:
                document = yaml_file.read(content)
            except yaml_nodes.Unreadable as error:
                diagnoses = [config.unreadable(label, error)]
            else:
                if document is not None:
                    found = endpoints.read(document, merged)
                    secrets |= set(endpoints.secrets(document, merged))
                diagnoses = list(config.diagnose(label, document, found, policy))
    return Configuration(
        merged, policy, found, tuple(diagnoses), _in_container(named), frozenset(secrets)
    )


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
    inside = root / named.removeprefix(f"{_IN_CONTAINER}/")
    if named.startswith(f"{_IN_CONTAINER}/") and is_there(inside):
        return inside
    return root / (named or _DEFAULT)


def _in_container(named: str) -> str:
    if named.startswith(_REMOTE):
        return ""
    return posixpath.normpath(f"{_IN_CONTAINER}/{named or _DEFAULT}" if named[:1] != "/" else named)


def server_settings(configuration: Configuration) -> Iterator[Diagnosis]:
    """What is wrong with DYNAMIC_MODELS_*."""
    yield from settings.diagnose(configuration.environment)
