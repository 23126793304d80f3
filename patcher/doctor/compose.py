"""What is wrong with the compose files: is librechat.yaml mounted, and whose code runs. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from patcher.definition.nodes import Node, Unreadable
from patcher.doctor.diagnosis import Diagnosis, Severity
from patcher.librechat import CONFIG_FILE, DEPLOY_COMPOSE, IMAGE, IN_CONTAINER

BASES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDES = (
    "compose.override.yaml",
    "compose.override.yml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)
FILES = (*BASES, *OVERRIDES, DEPLOY_COMPOSE)

_OVERRIDE = "docker-compose.override.yml"
_RELEASE = r"v?\d+\.\d+\.\d+"
_MOUNT = f"{{ type: bind, source: ./{CONFIG_FILE}, target: {IN_CONTAINER}/{CONFIG_FILE} }}"
_BUILD = "image: librechat, build: { context: ., target: node }"


class Stack(Struct, frozen=True):
    """The service that runs LibreChat, as one `docker compose` call would start it."""

    file: str
    """The file that starts it."""
    to_change: str
    """The file to change: the override, since upstream's own file is replaced by updates."""
    image: str
    is_built: bool
    targets: tuple[str, ...]
    """Where volumes and configs are mounted; one with a variable in it is written as it is."""
    is_used: bool
    """Whether there is a sign that somebody starts LibreChat with it."""


def read(files: Mapping[str, bytes]) -> tuple[tuple[Stack, ...], tuple[Diagnosis, ...]]:
    """The stacks in the compose files that are there, and the files that cannot be read."""
    # 9 ms: most commands look at no compose file.
    from patcher.definition.yaml import read_compose

    services: dict[str, Node | None] = {}
    problems = []
    for name, content in files.items():
        try:
            document = read_compose(content)
            services[name] = _librechat(document)
        except Unreadable as error:
            what, fix = "compose cannot read it", f"docker compose -f {name} config"
            place = f"{name}:{error.line}"
            problems.append(Diagnosis("compose-invalid", Severity.WARNING, place, what, fix))
    return tuple(_stacks(services)), tuple(problems)


def _stacks(services: Mapping[str, Node | None]) -> Iterator[Stack]:
    base = next((n for n in BASES if n in services), "")
    override = next((n for n in OVERRIDES if n in services), "")
    if base:
        layers = [services[n] for n in (base, override) if n]
        yield _stack(override or base, override or _OVERRIDE, layers, bool(override))
    if DEPLOY_COMPOSE in services:
        yield _stack(DEPLOY_COMPOSE, DEPLOY_COMPOSE, [services[DEPLOY_COMPOSE]], False)


def _librechat(document: Node | None) -> Node | None:
    """The service called api, else the one that runs an image of LibreChat."""
    services = document.get("services") if document else None
    if services is None:
        return None
    named = (service for _, service in services.pairs or ())
    return services.get("api") or next(
        (s for s in named if re.match(IMAGE, _text(s, "image"))), None
    )


def _text(node: Node, key: str) -> str:
    found = node.get(key)
    return (found.text or "") if found else ""


def _stack(file: str, to_change: str, services: Sequence[Node | None], is_used: bool) -> Stack:
    layers = [s for s in services if s is not None]
    images = [image for s in layers if (image := _text(s, "image"))]
    mounts = [m for s in layers for key in ("volumes", "configs") for m in _items(s.get(key))]
    return Stack(
        file=file,
        to_change=to_change,
        image=images[-1] if images else "",
        is_built=any(_is_filled(s.get("build")) for s in layers),
        targets=tuple(filter(None, map(_target, mounts))),
        is_used=is_used,
    )


def _is_filled(node: Node | None) -> bool:
    return node is not None and bool(node.text or node.items or node.pairs)


def _items(node: Node | None) -> list[Node]:
    return (node.items if node else None) or []


def _target(mount: Node) -> str:
    if mount.is_mapping:
        return _text(mount, "target")
    parts = re.split(r":(?![^{]*\})", mount.text or "")
    return parts[1] if len(parts) > 1 else ""


def diagnose(
    stacks: Sequence[Stack], config: str, version: str, is_patched: bool
) -> Iterator[Diagnosis]:
    """Stacks without librechat.yaml or without the patched code.

    `config` is where LibreChat looks for its configuration inside the container, empty when it
    gets it from a URL; `version` that of the checkout.
    """
    for stack in stacks:
        severity = Severity.ERROR if stack.is_used else Severity.WARNING
        if config and not _mounts(stack, config):
            what = f"{CONFIG_FILE} is not mounted at {config}: the container does not see it"
            fix = f"in {stack.to_change}, under services: api: volumes: add - {_MOUNT}"
            yield Diagnosis("compose-no-config", severity, stack.file, _if_used(stack, what), fix)
        yield from _image(stack, version, severity, is_patched)


def _if_used(stack: Stack, what: str) -> str:
    return what if stack.is_used else f"if you start LibreChat with it: {what}"


def _mounts(stack: Stack, config: str) -> bool:
    return any(
        "$" in t or config == t or config.startswith(f"{t.rstrip('/')}/") for t in stack.targets
    )


def _image(stack: Stack, version: str, severity: Severity, is_patched: bool) -> Iterator[Diagnosis]:
    match = re.fullmatch(IMAGE, stack.image)
    if stack.is_built or match is None:
        return
    tag = match[1] or "latest"
    what = f"the container runs the published image with the tag {tag}, not this checkout"
    if is_patched:
        what += ", so the patch has no effect in it"
    elif not re.match(_RELEASE, tag):
        what += f" ({version or 'no version'}), and the tag moves with every publication"
    elif tag.removeprefix("v") != version.removeprefix("v"):
        what += f" ({version or 'no version'})"
    else:
        return
    fix = f"in {stack.to_change}, services: add api: {{ {_BUILD} }}; docker compose up -d --build"
    chosen = severity if is_patched else Severity.WARNING
    if stack.file == DEPLOY_COMPOSE:
        chosen = Severity.NOTE  # every checkout has it, and few use it
    yield Diagnosis("compose-image", chosen, stack.file, _if_used(stack, what), fix)
