"""Several patches at once: their order, what stands in whose way, one rolled back alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.carrying.conftest import Write
from tests.cli.running import Runner
from tests.conftest import contents

Copy = Callable[[str], Path]
ROUTES = "api/server/routes/models.js"
CONTROLLER = "api/server/controllers/ModelController.js"
LOG = """\
edits:
  - in: api/server/routes/models.js
    add_import: logger
    from: ~/config
"""
COUNT = """\
edits:
  - in: api/server/routes/models.js
    find: const router = express.Router();
    insert_after: router.use(count);
"""


def test_patches_come_in_the_order_they_are_named_but_after_what_they_need(
    run: Runner, own: Write, copy_of: Copy
) -> None:
    own("one", "after: two\n" + LOG)
    own("two", "needs: three\n" + COUNT)
    folder = own("three", COUNT.replace("count", "third"))
    root = copy_of("e6-v0.8.4")
    chosen = ("--patches", folder, "--patch", "one", "--patch", "two")
    planned = run("apply", "--root", root, "--dry-run", "--format", "json", *chosen)
    assert [p["id"] for p in planned.data["planned"]["plan"]["patches"]] == ["three", "two", "one"]


@pytest.mark.parametrize(
    ("links", "message"),
    [
        ("needs: tree\n", "`needs` names `tree`, which is no patch; did you mean `three`?"),
        ("after: [three, six]\n", "`after` names `six`, which is no patch: "),
        ("needs: two\n", "`needs` names `two`, which is this patch"),
        ("after: three\n", "the patches wait for each other: "),
    ],
)
def test_a_link_that_leads_nowhere_or_around_is_refused_with_its_line(
    run: Runner, own: Write, copy_of: Copy, links: str, message: str
) -> None:
    own("three", "after: [two]\n" + LOG)
    folder = own("two", links + COUNT)
    done = run("apply", "--root", copy_of("e6-v0.8.4"), "--patches", folder, "--dry-run")
    assert done.code == 2
    assert message in done.err
    assert f"{folder}/t" in done.err and "/patch.yaml:7: " in done.err


def test_two_patches_that_touch_are_both_named_with_the_place(
    run: Runner, own: Write, copy_of: Copy
) -> None:
    own("first", COUNT.replace("insert_after", "replace").replace("router.use", "const router = f"))
    folder = own("second", COUNT)
    root = copy_of("e6-v0.8.4")
    before = contents(root)
    done = run(
        "apply", "--root", root, "--patches", folder, "--patch", "first", "--patch", "second"
    )
    assert done.code == 1
    assert contents(root) == before
    line = 1 + before[ROUTES][1].decode().splitlines().index("const router = express.Router();")
    assert (
        "the anchor `const router = express.Router();` matches nothing; "
        f"nearest: line {line}, `const router = f(count);`; "
        f"`second` would have its place on line {line} without the patch "
        f"`first` ({folder}/first/patch.yaml:8: "
        "replace `const router = express.Router();` by `const router = f(count);`); "
        "in the other order all of them fit: --patch second --patch first\n"
    ) in done.err


def test_two_patches_that_add_one_file_are_both_named(
    run: Runner, own: Write, copy_of: Copy
) -> None:
    for id in ("first", "second"):
        folder = own(id, LOG)
        (folder / id / "files/api").mkdir(parents=True)
        (folder / id / "files/api/new.js").write_text(f"// {id}\n", encoding="utf-8")
    done = run("apply", "--root", copy_of("e6-v0.8.4"), "--patches", folder, "--dry-run")
    assert done.code == 1
    assert "`second` would have its place without the patch `first` adds the file api/new.js" in (
        done.err
    )


@pytest.fixture
def both(run: Runner, own: Write, copy_of: Copy) -> tuple[Path, Path]:
    """A checkout that carries the built-in patch and one of its own, and the folder of that."""
    folder, root = own("count", COUNT), copy_of("e6-v0.8.4")
    assert run("apply", "--root", root, "--patches", folder).code == 0
    return root, folder


@pytest.mark.parametrize(
    ("gone", "stays"), [("count", "dynamic-models"), ("dynamic-models", "count")]
)
def test_one_is_taken_back_and_the_other_is_as_if_alone(
    run: Runner, both: tuple[Path, Path], copy_of: Copy, tmp_path: Path, gone: str, stays: str
) -> None:
    root, folder = both
    original = contents(tmp_path / "trees" / "e6-v0.8.4").keys()
    done = run("rollback", "--root", root, "--patch", gone, "--patches", folder)
    assert done.code == 0, done.err
    assert f"still applied: {stays}" in done.out
    taken = contents(root)

    shown = run("status", "--root", root, "--patches", folder)
    assert f"{stays}: run " in shown.out and f"{gone}: run " not in shown.out
    assert run("verify", "--root", root, "--patches", folder).code == 0
    assert run("rollback", "--root", root).code == 0
    assert run("apply", "--root", root, "--patches", folder, "--patch", stays).code == 0
    assert contents(root) == taken
    assert original


def test_a_plain_rollback_after_it_gives_every_byte_back(
    run: Runner, own: Write, copy_of: Copy
) -> None:
    folder, root = own("count", COUNT), copy_of("crlf")
    before = contents(root)
    run("apply", "--root", root, "--patch", "dynamic-models")
    run("apply", "--root", root, "--patches", folder, "--patch", "count")
    assert (
        run("rollback", "--root", root, "--patches", folder, "--patch", "dynamic-models").code == 0
    )
    assert contents(root) != before
    assert run("rollback", "--root", root).code == 0
    assert contents(root) == before
    assert "no patch is applied here" in run("status", "--root", root).out


def test_the_only_patch_is_taken_back_whole(run: Runner, copy_of: Copy) -> None:
    root = copy_of("e6-v0.8.4")
    before = contents(root)
    run("apply", "--root", root, "--only", "backend")
    run("apply", "--root", root)
    assert run("rollback", "--root", root, "--patch", "dynamic-models").code == 0
    assert contents(root) == before


def test_a_patch_that_another_one_needs_stays(run: Runner, own: Write, copy_of: Copy) -> None:
    folder, root = own("count", "needs: dynamic-models\n" + COUNT), copy_of("e6-v0.8.4")
    run("apply", "--root", root, "--patches", folder)
    patched = contents(root)
    done = run("rollback", "--root", root, "--patches", folder, "--patch", "dynamic-models")
    assert (done.code, contents(root)) == (1, patched)
    assert done.err == (
        f"error: count needs dynamic-models ({folder}/count/patch.yaml:7); "
        "nothing was rolled back\n"
        "next: roll back count first: librechat-patcher rollback --patch count\n"
    )


def test_a_patch_that_another_one_is_built_on_stays(run: Runner, own: Write, copy_of: Copy) -> None:
    text = COUNT.replace("const router = express.Router();", "router.use(count)")
    own("count", COUNT)
    folder, root = own("built-on", text.replace("use(count);", "use(more);")), copy_of("e6-v0.8.4")
    assert (
        run(
            "apply", "--root", root, "--patches", folder, "--patch", "count", "--patch", "built-on"
        ).code
        == 0
    )
    patched = contents(root)
    done = run("rollback", "--root", root, "--patches", folder, "--patch", "count")
    assert (done.code, contents(root)) == (1, patched)
    assert done.err.startswith(
        "error: count cannot be rolled back alone: its edits touch those of other patches; "
        f"nothing was rolled back:\n  built-on: {ROUTES}: "
        "insert `router.use(more);` after `router.use(count)`: the anchor `router.use(count)` "
    )


def test_nothing_is_rolled_back_from_files_that_changed_or_by_another_definition(
    run: Runner, both: tuple[Path, Path]
) -> None:
    root, folder = both
    command = ("rollback", "--root", root, "--patches", folder, "--patch")
    assert "the patch dynamic-model is not applied here" in run(*command, "dynamic-model").err
    assert run(*command, "count", "--force").code == 2
    assert run("rollback", "--root", root, "--patch", "count").err == (
        "error: the patch count is applied here, but its definition was not found\n"
        "next: name the folder that holds it: --patches DIR\n"
    )
    definition = folder / "count/patch.yaml"
    definition.write_text(definition.read_text(encoding="utf-8") + "# later\n", encoding="utf-8")
    changed = run(*command, "count")
    assert changed.code == 1
    assert f"the definition of count ({definition}:1) has changed" in changed.err
    (root / CONTROLLER).write_text("// mine\n", encoding="utf-8")
    drifted = run(*command, "count")
    assert drifted.code == 4
    assert f"nothing was rolled back:\n  {CONTROLLER}\n" in drifted.err


def test_a_patched_file_that_became_a_link_counts_as_changed(
    run: Runner, both: tuple[Path, Path]
) -> None:
    root, folder = both
    controller = root / CONTROLLER
    controller.symlink_to(controller.rename(controller.with_name("elsewhere.js")))
    done = run("rollback", "--root", root, "--patches", folder, "--patch", "count")
    assert done.code == 4
    assert f"nothing was rolled back:\n  {CONTROLLER}\n" in done.err
    assert controller.is_symlink()


def test_verify_asks_what_the_checkout_carries(run: Runner, own: Write, copy_of: Copy) -> None:
    folder, root = own("count", COUNT), copy_of("e6-v0.8.4")
    assert run("apply", "--root", root, "--patches", folder, "--patch", "count").code == 0
    alone = run("verify", "--root", root)
    assert alone.code == 0
    assert "dynamic" not in alone.out.lower()
    assert "count: its definition was not found; name the folder that holds it" in alone.out
    known = run("verify", "--root", root, "--patches", folder)
    assert (known.code, "was not found" in known.out) == (0, False)


def test_status_names_each_component_once(run: Runner, own: Write, copy_of: Copy) -> None:
    folder, root = own("count", COUNT), copy_of("e6-v0.8.4")
    assert run("apply", "--root", root, "--patches", folder).code == 0
    lines = run("status", "--root", root, "--patches", folder).out.splitlines()
    applied = [line for line in lines if ": run " in line]
    assert len(applied) == 2
    assert all(line.count("backend") == 1 for line in applied)
