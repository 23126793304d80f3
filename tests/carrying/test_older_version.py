"""A patch whose definition changed since it was applied is applied as if the old one never was."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.carrying.conftest import Write
from tests.cli.running import Runner
from tests.conftest import contents

Copy = Callable[[str], Path]
PRISTINE = Path(__file__).parents[2] / "fixtures/eras/e6-v0.8.4"
ROUTES = "api/server/routes/models.js"
CONTROLLER = "api/server/controllers/ModelController.js"
OWN = "api/server/services/Own/count.js"
OLD = """\
edits:
  - in: api/server/routes/models.js
    find: const router = express.Router();
    insert_after: router.use(count);
  - in: api/server/controllers/ModelController.js
    add_import: count
    from: ~/server/services/Own/count
"""
NEW = """\
edits:
  - in: api/server/routes/models.js
    find: const router = express.Router();
    insert_after: router.use(limit);
"""
CLIENT = """\
  - in: client/src/routes/Root.tsx
    add_import: useOwn
    from: ~/hooks
"""
LOG = """\
edits:
  - in: api/server/routes/models.js
    add_import: logger
    from: ~/config
"""


@pytest.fixture
def applied(run: Runner, own: Write, copy_of: Copy) -> tuple[Path, Path]:
    """The folder of own patches and a checkout that has the older version applied."""
    folder, root = own("mine", OLD), copy_of("e6-v0.8.4")
    added = folder / "mine/files" / OWN
    added.parent.mkdir(parents=True)
    added.write_text("module.exports = { count: 1 };\n", encoding="utf-8")
    done = run("apply", "--root", root, "--patches", folder, "--patch", "mine")
    assert done.code == 0, done.err
    return folder, root


def change(own: Write, text: str = NEW) -> None:
    (own("mine", text) / "mine/files" / OWN).unlink()


def again(run: Runner, folder: Path, root: Path, *more: str) -> None:
    done = run("apply", "--root", root, "--patches", folder, "--patch", "mine", *more)
    assert done.code == 0, done.err


def test_the_older_edits_and_files_go(
    run: Runner, own: Write, tmp_path: Path, applied: tuple[Path, Path]
) -> None:
    folder, root = applied
    change(own)
    again(run, folder, root)
    routes = (root / ROUTES).read_text(encoding="utf-8")
    assert ("router.use(limit);" in routes, "router.use(count);" in routes) == (True, False)
    assert not (root / OWN).exists()
    fresh = shutil.copytree(PRISTINE, tmp_path / "fresh")
    again(run, folder, fresh)
    assert contents(root) == contents(fresh)
    assert "changed since" not in run("status", "--root", root, "--patches", folder).out


def test_there_is_nothing_to_do_a_second_time(
    run: Runner, own: Write, applied: tuple[Path, Path]
) -> None:
    folder, root = applied
    change(own)
    again(run, folder, root)
    before = contents(root)
    done = run("apply", "--root", root, "--patches", folder, "--patch", "mine")
    assert (done.code, "nothing to do" in done.out) == (0, True)
    assert contents(root) == before


def test_both_runs_can_be_rolled_back(run: Runner, own: Write, applied: tuple[Path, Path]) -> None:
    folder, root = applied
    older = contents(root)
    change(own)
    again(run, folder, root)
    assert run("rollback", "--root", root).code == 0
    assert contents(root) == older
    assert run("rollback", "--root", root).code == 0
    assert contents(root) == contents(PRISTINE)


def test_other_patches_stay(run: Runner, own: Write, applied: tuple[Path, Path]) -> None:
    folder, root = applied
    own("log", LOG)
    done = run("apply", "--root", root, "--patches", folder, "--patch", "log")
    assert done.code == 0
    change(own)
    again(run, folder, root)
    routes = (root / ROUTES).read_text(encoding="utf-8")
    assert "logger" in routes and "router.use(limit);" in routes
    status = run("status", "--root", root, "--patches", folder).out
    assert "log: run" in status and "changed since" not in status
    assert run("rollback", "--root", root, "--patches", folder, "--patch", "mine").code == 0
    routes = (root / ROUTES).read_text(encoding="utf-8")
    assert "logger" in routes and "router.use" not in routes


def test_without_the_definition_of_another_patch_nothing_is_written(
    run: Runner, own: Write, applied: tuple[Path, Path], tmp_path: Path
) -> None:
    folder, root = applied
    own("log", LOG)
    assert run("apply", "--root", root, "--patches", folder, "--patch", "log").code == 0
    change(own)
    before = contents(root)
    done = run("apply", "--root", root, "--patches", folder / "mine", "--patch", "mine")
    assert done.code == 1
    assert "the patch log is applied here, too, and its definition was not found" in done.err
    assert "next: name the folder that holds it: --patches DIR" in done.err
    assert contents(root) == before


def test_a_file_that_somebody_changed_counts_as_an_original(
    run: Runner, own: Write, applied: tuple[Path, Path]
) -> None:
    folder, root = applied
    controller = root / CONTROLLER
    controller.write_text(controller.read_text(encoding="utf-8") + "// mine\n", encoding="utf-8")
    mine = controller.read_text(encoding="utf-8")
    change(own)
    again(run, folder, root)
    assert controller.read_text(encoding="utf-8") == mine
    assert "router.use(count);" not in (root / ROUTES).read_text(encoding="utf-8")


def test_a_checkout_that_was_upgraded_has_no_older_edits(
    run: Runner, own: Write, copy_of: Copy, applied: tuple[Path, Path]
) -> None:
    folder, root = applied
    newer = copy_of("e7-v0.8.8-rc1")
    for path in (ROUTES, CONTROLLER):
        (root / path).write_bytes((newer / path).read_bytes())
    change(own)
    again(run, folder, root)
    assert "router.use(limit);" in (root / ROUTES).read_text(encoding="utf-8")
    assert (root / CONTROLLER).read_bytes() == (newer / CONTROLLER).read_bytes()


def test_what_was_allowed_in_the_environment_stays(run: Runner, own: Write, copy_of: Copy) -> None:
    folder, root = own("mine", OLD.split("  - in: api/server/controllers")[0]), copy_of("e6-v0.8.4")
    again(run, folder, root, "--allow-http", "litellm:4000")
    own("mine", NEW)
    again(run, folder, root)
    assert "DYNAMIC_MODELS_ALLOW_HTTP=litellm:4000" in (root / ".env").read_text(encoding="utf-8")


def test_the_components_that_were_applied_stay_patched(
    run: Runner, own: Write, applied: tuple[Path, Path]
) -> None:
    folder, root = applied
    change(own, NEW + CLIENT)
    again(run, folder, root)
    own("mine", NEW + CLIENT + "# newer\n")
    again(run, folder, root, "--only", "backend")
    assert "useOwn" in (root / "client/src/routes/Root.tsx").read_text(encoding="utf-8")


def test_a_file_that_is_a_link_by_now_is_not_followed(
    run: Runner, own: Write, applied: tuple[Path, Path], tmp_path: Path
) -> None:
    folder, root = applied
    elsewhere = tmp_path / "elsewhere.js"
    elsewhere.write_bytes((root / ROUTES).read_bytes())
    (root / ROUTES).unlink()
    (root / ROUTES).symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    change(own)
    done = run("apply", "--root", root, "--patches", folder, "--patch", "mine")
    assert done.code == 1
    assert f"{ROUTES} is a symbolic link, not a plain file" in done.err
    assert elsewhere.read_bytes() == before


def test_what_the_newer_version_promises_of_every_component_is_asked(
    run: Runner, own: Write, applied: tuple[Path, Path]
) -> None:
    folder, root = applied
    change(own, NEW + CLIENT)
    again(run, folder, root)
    before = contents(root)
    wrong = "expect:\n  - in: client/src/routes/Root.tsx\n    has: useOwn()\n    why: it runs\n"
    own("mine", NEW + CLIENT + wrong)
    only = ("--patches", folder, "--patch", "mine", "--only", "backend")
    done = run("apply", "--root", root, *only)
    assert (done.code, "it runs: `useOwn()` is not there" in done.err) == (1, True)
    assert contents(root) == before
