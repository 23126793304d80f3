"""Compose files judged alone: which stacks there are, what they mount, whose code runs."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from patcher.doctor import compose
from patcher.doctor.diagnosis import Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


BASES = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"]
OVERRIDES = [
    "compose.override.yaml", "compose.override.yml",
    "docker-compose.override.yml", "docker-compose.override.yaml",
]  # fmt: skip
UPSTREAM = b"services: { api: { image: registry.example/danny-avila/librechat-dev:latest } }"
BUILT = b"services: { api: { image: mine, build: . } }"


@pytest.mark.parametrize("name", BASES)
def test_a_base_compose_file_alone_may_be_how_it_is_started(name: str) -> None:
    (stack,), problems = compose.read({name: UPSTREAM})
    assert problems == ()
    assert stack == compose.Stack(
        file=name,
        to_change="docker-compose.override.yml",
        image="registry.example/danny-avila/librechat-dev:latest",
        is_built=False,
        targets=(),
        is_used=False,
    )
    found = list(compose.diagnose([stack], "/app/librechat.yaml", "v0.8.4", is_patched=False))
    assert [(d.code, d.severity, d.where) for d in found] == [
        ("compose-no-config", WARNING, name),
        ("compose-image", WARNING, name),
    ]
    assert found[0].what == (
        "if you start LibreChat with it: librechat.yaml is not mounted at /app/librechat.yaml: "
        "the container does not see it"
    )


@pytest.mark.parametrize("name", OVERRIDES)
def test_an_override_is_laid_over_the_base_and_is_a_sign_of_use(name: str) -> None:
    (stack,), _ = compose.read({"docker-compose.yml": UPSTREAM, name: BUILT})
    assert (stack.file, stack.to_change, stack.image) == (name, name, "mine")
    assert stack.is_built and stack.is_used
    assert compose.read({name: BUILT}) == ((), ())


def test_an_image_of_the_base_stands_where_the_override_names_none() -> None:
    files = {"docker-compose.yml": UPSTREAM, "compose.override.yml": b"services: { api: {} }"}
    (stack,), _ = compose.read(files)
    assert stack.image.endswith("librechat-dev:latest") and not stack.is_built


def test_the_stack_for_deployments_is_one_of_its_own() -> None:
    deploy = b"services: { web: { image: nginx }, app: { image: danny-avila/librechat-api } }"
    stacks, _ = compose.read({"compose.yml": BUILT, "deploy-compose.yml": deploy})
    assert [s.file for s in stacks] == ["compose.yml", "deploy-compose.yml"]
    found = list(compose.diagnose(stacks[1:], "", "v0.8.4", is_patched=True))
    assert [(d.code, d.severity) for d in found] == [("compose-image", NOTE)]
    assert found[0].what == (
        "if you start LibreChat with it: the container runs the published image with the tag "
        "latest, not this checkout, so the patch has no effect in it"
    )
    assert found[0].fix == (
        "in deploy-compose.yml, services: add api: { image: librechat, build: { context: ., "
        "target: node } }; docker compose up -d --build"
    )


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"services: []", b"services: { api: 1 }", b"services: { db: { image: x } }"],
)
def test_a_compose_file_without_librechat_says_nothing_of_an_image(content: bytes) -> None:
    (stack,), problems = compose.read({"compose.yml": content})
    assert (stack.image, stack.targets, problems) == ("", (), ())


@pytest.mark.parametrize(
    ("mounts", "targets"),
    [
        ("volumes: [./a:/app/a]", ("/app/a",)),
        ("volumes: [./a:/app/a:ro, b:/b]", ("/app/a", "/b")),
        ("volumes: ['${A:-x}:/app/a']", ("/app/a",)),
        ("volumes: [/only]", ()),
        ("volumes: [{ type: bind, source: ./a, target: /app/a }, { type: tmpfs }]", ("/app/a",)),
        ("configs: [{ source: c, target: /c }]", ("/c",)),
        ("volumes: 7", ()),
    ],
)
def test_what_is_mounted_where(mounts: str, targets: tuple[str, ...]) -> None:
    (stack,), _ = compose.read({"compose.yml": f"services: {{ api: {{ {mounts} }} }}".encode()})
    assert stack.targets == targets


STACK = compose.Stack("x.yml", "x.yml", "mine", True, (), True)


@pytest.mark.parametrize(
    ("target", "is_seen"),
    [
        ("/app/librechat.yaml", True),
        ("/app/", True),
        ("/app", True),
        ("/ap", False),
        ("/app/librechat", False),
        ("${PLACE}", True),
        ("/elsewhere", False),
    ],
)
def test_a_mount_holds_the_configuration_or_does_not(target: str, is_seen: bool) -> None:
    stack = replace(STACK, targets=(target,))
    found = list(compose.diagnose([stack], "/app/librechat.yaml", "", is_patched=True))
    assert [(d.code, d.severity) for d in found] == [("compose-no-config", ERROR)] * (not is_seen)
    assert not list(compose.diagnose([stack], "", "", is_patched=True))


@pytest.mark.parametrize(
    ("image", "version", "severity", "tail"),
    [
        ("danny-avila/librechat:v0.8.4", "0.8.4", None, ""),
        ("danny-avila/librechat:0.8.4", "v0.8.4", None, ""),
        ("danny-avila/librechat:v0.8.3", "v0.8.4", WARNING, "v0.8.3, not this checkout (v0.8.4)"),
        ("danny-avila/librechat:v0.8.3", "", WARNING, "v0.8.3, not this checkout (no version)"),
        (
            "r.example:5000/x/danny-avila/librechat-dev-api:latest", "v0.8.4", WARNING,
            "latest, not this checkout (v0.8.4), and the tag moves with every publication",
        ),
        (
            "danny-avila/librechat", "", WARNING,
            "latest, not this checkout (no version), and the tag moves with every publication",
        ),
        ("danny-avila/librechat-other:latest", "v0.8.4", None, ""),
        ("mine:latest", "v0.8.4", None, ""),
    ],
)  # fmt: skip
def test_an_image_that_is_not_this_checkout(
    image: str, version: str, severity: Severity | None, tail: str
) -> None:
    stack = replace(STACK, image=image, is_built=False)
    found = list(compose.diagnose([stack], "", version, is_patched=False))
    start = "the container runs the published image with the tag "
    assert [(d.severity, d.what) for d in found] == (
        [] if severity is None else [(severity, start + tail)]
    )
    assert not list(compose.diagnose([replace(stack, is_built=True)], "", "", is_patched=False))
    if image.startswith("danny-avila/librechat:v"):
        (worse,) = compose.diagnose([stack], "", version, is_patched=True)
        assert worse.severity is ERROR


@pytest.mark.parametrize(
    "image",
    [
        "!!bool maybe", '!!int ""', "!!timestamp soon", "!!float much", "2001-99-99",
        '"\\UFFFFFFFF"', '"\\U0FFFFFFF"', "[", "*nothing", "!!python/name:os", "{ [a]: b }",
    ],
)  # fmt: skip
def test_a_compose_file_that_compose_would_refuse_is_told(image: str) -> None:
    content = f"services:\n  api:\n    image: {image}\n".encode()
    stacks, (problem,) = compose.read({"compose.yml": content})
    assert stacks == ()
    assert (problem.code, problem.severity) == ("compose-invalid", WARNING)
    assert problem.where.startswith("compose.yml:")
    assert problem.what == "compose cannot read it"
    assert problem.fix == "docker compose -f compose.yml config"


def test_a_compose_file_is_told_with_its_line() -> None:
    _, (problem,) = compose.read({"compose.yml": b"services:\n  api: {\n    image: ]\n"})
    assert problem.where == "compose.yml:3"


def test_tags_of_compose_are_as_if_they_were_not_there() -> None:
    content = b"services: { api: !override { image: !x mine, volumes: !reset ['a:/a'] } }"
    (stack,), problems = compose.read({"compose.yml": content})
    assert (stack.image, stack.targets, problems) == ("mine", ("/a",), ())
