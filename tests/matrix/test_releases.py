"""Tags, globs, names: which revisions are meant, and how the patch stands to each."""

from __future__ import annotations

from pathlib import Path

import pytest

from patcher.commands.apply import ApplyOptions, apply
from patcher.commands.matrix import MatrixOptions, matrix
from patcher.commands.selection import Selection
from patcher.releases.compatibility import Fit, Matrix
from tests.cli.running import Runner
from tests.matrix.story import ANCHOR, CONTROLLER, ROOT, ROUTES, Story

ALL = ["v0.7.0", "v0.7.5", "v0.7.7", "v0.7.9", "v0.8.1", "v0.8.4", "v0.8.8-rc1", "v0.8.8"]


def of(story: Story, *refs: str, selection: Selection | None = None) -> Matrix:
    return matrix(MatrixOptions(story.folder, refs, selection or Selection()))


def fits(found: Matrix) -> dict[str, Fit]:
    """The outcome per component of the only row."""
    (row,) = found.rows
    return dict(row.judgement.fits)


def test_without_refs_the_releases_that_the_patch_is_made_for_in_order(releases: Story) -> None:
    found = of(releases)
    assert [row.name for row in found.rows] == ALL
    assert found.left_out == ("v0.6.0",)
    assert found.ok
    assert {fit for row in found.rows for _, fit in row.judgement.fits} == {Fit.APPLIES}
    assert found.components == ("backend", "data-provider", "client")


@pytest.mark.parametrize("at_once", [1, 3, len(ALL), len(ALL) + 1])
def test_releases_are_judged_in_parts_and_none_is_left_out_or_judged_twice(
    releases: Story, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr("patcher.commands.judge._AT_ONCE", at_once)
    told: list[int] = []
    found = matrix(MatrixOptions(releases.folder), lambda done, *_: told.append(done))
    assert [row.name for row in found.rows] == ALL
    assert told == list(range(1, len(ALL) + 1))


def test_the_variant_follows_the_syntax_not_the_version(releases: Story) -> None:
    variants = {row.name: row.judgement.variant for row in of(releases).rows}
    assert variants["v0.7.0"] == variants["v0.8.1"] == ("keys-in-service",)
    assert variants["v0.8.4"] == ("keys-in-models",)
    newest = ("native-user-fetch", "keys-in-models")
    assert variants["v0.8.8-rc1"] == variants["v0.8.8"] == newest


def test_tested_is_what_tested_txt_lists(releases: Story) -> None:
    tested = {row.name: row.tested for row in of(releases).rows}
    assert tested["v0.8.4"]
    assert not tested["v0.8.8"], "the tag is not listed, though its version is"


def test_a_glob_means_tags_and_older_ones_too(releases: Story) -> None:
    assert [row.name for row in of(releases, "v0.8.[48]*").rows] == ["v0.8.4", *ALL[-2:]]
    old = of(releases, "v0.6*")
    assert fits(old) == dict.fromkeys(("backend", "data-provider", "client"), Fit.ABSENT)
    assert not old.ok


def test_a_branch_a_commit_and_a_tag_by_name_each_once(releases: Story) -> None:
    commit = releases.git("rev-parse", "v0.7.5")
    found = of(releases, "main", commit, "v0.8.4", "v0.8.[4]")
    assert [row.name for row in found.rows] == ["main", commit, "v0.8.4"]
    assert [row.version for row in found.rows] == ["v0.8.8-rc1", "v0.7.5", "v0.8.4"]
    assert found.noun == "revision"


def test_a_bare_repository_and_a_folder_inside_a_work_tree(releases: Story, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    releases.git("clone", "-q", "--bare", ".", str(bare))
    for repository in (bare, releases.folder / "api"):
        assert matrix(MatrixOptions(repository, ("v0.8.*",))).ok


def test_a_changed_anchor_blocks_its_component_alone(story: Story) -> None:
    story.replace(ROOT, ANCHOR, "useSession()")
    story.commit("Rename the hook", tag="v0.8.5")
    found = of(story, "v0.8.5")
    assert fits(found) == {
        "backend": Fit.APPLIES,
        "data-provider": Fit.APPLIES,
        "client": Fit.BLOCKED,
    }
    (trouble,) = found.rows[0].judgement.troubles
    assert (trouble.component, trouble.path) == ("client", ROOT)
    assert "useAuthContext()" in trouble.reason


def test_sources_that_have_moved_are_absent_and_that_is_bad(story: Story) -> None:
    story.git("mv", "client/src", "client/source")
    story.commit("Move the client", tag="v0.8.5")
    found = of(story, "v0.8.5")
    assert fits(found)["client"] is Fit.ABSENT and not found.ok
    assert of(story, "v0.8.5", selection=Selection(skip=("client",))).ok


def test_a_tree_that_carries_the_patch_already(story: Story) -> None:
    assert apply(ApplyOptions(story.folder), lambda _: True).ok
    story.commit("Apply the patch", tag="v0.8.5")
    assert set(fits(of(story, "v0.8.5")).values()) == {Fit.ALREADY}


def test_a_file_of_ours_that_upstream_has_too(story: Story) -> None:
    path = "client/src/hooks/Input/useAutoModelRefresh.ts"
    story.write(path, "export default 1;\n")
    story.commit("Have one of our own", tag="v0.8.5")
    (trouble,) = of(story, "v0.8.5").rows[0].judgement.troubles
    assert trouble.path == path and "is not the one that this patch adds" in trouble.reason


@pytest.mark.parametrize("kind", ["a symbolic link", "a folder", "a submodule"])
def test_a_target_that_is_no_plain_file(story: Story, kind: str) -> None:
    (story.folder / ROUTES).unlink()
    if kind == "a folder":
        story.write(f"{ROUTES}/index.js", "module.exports = {};\n")
    elif kind == "a symbolic link":
        (story.folder / ROUTES).symlink_to("user.js")
    story.git("add", "--all")
    if kind == "a submodule":
        head = story.git("rev-parse", "HEAD")
        story.git("update-index", "--add", "--cacheinfo", f"160000,{head},{ROUTES}")
    story.git("commit", "-q", "-m", "Replace it")
    reasons = {t.reason for t in of(story, "HEAD").rows[0].judgement.troubles}
    assert f"{ROUTES} is {kind}, not a plain file" in reasons


def test_an_enormous_target_is_read_past(story: Story) -> None:
    story.write(CONTROLLER, "x" * (5 << 20))
    story.commit("Paste a lot")
    reasons = {t.reason for t in of(story, "HEAD", "v0.8.4").rows[0].judgement.troubles}
    assert any("5,242,880 bytes: larger than source code is" in reason for reason in reasons)


def test_a_result_that_would_not_hold_fails(story: Story, tmp_path: Path) -> None:
    own = tmp_path / "own" / "quiet"
    own.mkdir(parents=True)
    (own / "patch.yaml").write_text(
        f"""schema: 1
id: quiet
title: Say nothing
why: Silence is golden.
librechat: ">=0.7.0"
components:
  backend: nothing
edits:
  - in: {ROUTES}
    add_import: silence
    from: ~/silence
expect:
  - in: {ROUTES}
    has: router.get('/silence', silence)
    why: silence is served
""",
        encoding="utf-8",
    )
    found = of(story, "v0.8.4", selection=Selection(("quiet",), (own.parent,)))
    assert fits(found) == {"backend": Fit.FAILS}
    assert "silence is served" in found.rows[0].judgement.troubles[0].reason


def test_exit_codes(run: Runner, releases: Story, broken: Story) -> None:
    assert run("matrix", "--repo", releases.folder).code == 0
    assert run("matrix", "--repo", broken.folder, "--refs", "breaks").code == 1
    assert run("matrix", "--repo", broken.folder, "--refs", "repairs").code == 0


def test_a_hook_of_another_repository_does_not_lead_astray(
    releases: Story, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(story.folder / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(story.folder))
    assert [row.name for row in matrix(MatrixOptions(releases.folder)).rows] == ALL


SHIPPED = """\
schema: 1
id: routes
title: Counts requests
why: Tests need one.
librechat: ">=0.7.0"
components: { client: shows them }
edits:
  - in: client/src/routes/Root.tsx
    find: useAuthContext()
    replace: count(useAuthContext())
"""


def test_check_tries_every_release_of_a_clone(
    run: Runner, releases: Story, story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "own/routes"
    folder.mkdir(parents=True)
    (folder / "patch.yaml").write_text(SHIPPED, encoding="utf-8")
    done = run("check", folder, "--repo", releases.folder)
    assert (done.code, done.out.splitlines()[2:]) == (
        0,
        ["  releases: 8 of 8 can be patched", "good"],
    )

    story.replace(ROOT, ANCHOR, "useSession()")
    story.commit("Rename the hook", tag="v0.8.5")
    monkeypatch.setenv("LIBRECHAT_GIT", str(story.folder))
    for arguments in ((folder.parent,), (folder, "--quiet")):
        done = run("check", *arguments)
        assert done.code == 1
        assert done.out.splitlines()[-3:] == [
            "  releases: 1 of 2 can be patched",
            f"  blocked v0.8.5: {ROOT}: replace `useAuthContext()` by "
            "`count(useAuthContext())`: the anchor `useAuthContext()` matches nothing",
            "not good",
        ]


def test_built_output_is_not_judged_on_commits_and_says_so(releases: Story) -> None:
    found = matrix(MatrixOptions(releases.folder, ("v0.8.4",), Selection(only=("backend", "page"))))
    assert found.ok and dict(found.rows[0].judgement.fits)["page"] is Fit.NOT_BUILT
    assert "page" not in of(releases, "v0.8.4").components
