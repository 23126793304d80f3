"""A..B: every commit that touches a target file; the one that breaks is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from patcher.commands.matrix import MatrixOptions, matrix
from patcher.releases.compatibility import Matrix
from tests.cli.running import Runner
from tests.matrix.story import ANCHOR, CONTROLLER, ROOT, ROUTES, Story


def walk(story: Story, span: str) -> Matrix:
    return matrix(MatrixOptions(story.folder, (span,)))


def subjects(story: Story, commits: tuple[str, ...]) -> list[str]:
    return [story.git("log", "-1", "--format=%s", commit) for commit in commits]


def test_the_commit_that_breaks_and_the_one_that_repairs_are_named(broken: Story) -> None:
    found = walk(broken, "v0.8.4..main")
    assert found.breaks == (broken.git("rev-parse", "breaks"),)
    assert found.repairs == (broken.git("rev-parse", "repairs"),)
    assert [row.ok for row in found.rows] == [True, True, False, False, True, True]
    assert not found.ok, "a range is good when all of it is"


def test_the_first_row_is_where_the_range_starts(broken: Story) -> None:
    found = walk(broken, "v0.8.4..main")
    assert (found.rows[0].name, found.range) == ("v0.8.4", "v0.8.4..main")
    assert "Write about it" not in [row.subject for row in found.rows]


def test_a_range_that_starts_broken_has_no_commit_that_breaks(broken: Story) -> None:
    found = walk(broken, "breaks..main")
    assert (found.breaks, len(found.repairs)) == ((), 1)
    assert not found.ok


def test_a_range_without_a_commit_that_matters(broken: Story) -> None:
    found = walk(broken, "v0.8.4..v0.8.4")
    assert [row.name for row in found.rows] == ["v0.8.4"]
    assert found.ok


def test_an_open_end_is_head(broken: Story) -> None:
    assert walk(broken, "v0.8.4..").rows == walk(broken, "v0.8.4..HEAD").rows


def test_a_side_branch_breaks_where_it_breaks_not_where_it_is_merged(story: Story) -> None:
    story.git("checkout", "-q", "-b", "side")
    story.replace(ROOT, ANCHOR, "useSession()")
    breaks = story.commit("Break on the side")
    story.git("checkout", "-q", "main")
    story.replace(ROUTES, "router.get", "// Lists\nrouter.get")
    story.commit("Comment on main")
    story.git("merge", "-q", "--no-ff", "-m", "Merge the side", "side")
    story.replace(CONTROLLER, "module.exports", "// All of it\nmodule.exports")
    story.commit("Comment after the merge")

    found = walk(story, "v0.8.4..main")
    assert found.breaks == (breaks,)
    assert found.repairs == ()
    assert [row.ok for row in found.rows if row.subject == "Comment on main"] == [True]
    assert not found.rows[-1].ok


def test_a_branch_that_never_broke_is_no_repair(story: Story) -> None:
    story.git("branch", "side")
    story.replace(ROOT, ANCHOR, "useSession()")
    breaks = story.commit("Break on main")
    story.git("checkout", "-q", "side")
    for number in range(3):
        story.write(ROUTES, f"{(story.folder / ROUTES).read_text(encoding='utf-8')}// {number}\n")
        story.commit(f"Comment {number}")
    story.git("checkout", "-q", "main")
    story.git("merge", "-q", "--no-ff", "-m", "Merge", "side")
    found = walk(story, "v0.8.4..main")
    assert (found.breaks, found.repairs) == ((breaks,), ())


def test_two_breaks(broken: Story, story: Story) -> None:
    story.replace(ROOT, ANCHOR, "useSession()")
    first = story.commit("Break")
    story.replace(ROOT, "useSession()", ANCHOR)
    story.commit("Repair")
    story.replace(CONTROLLER, "res.send(modelConfig)", "res.json(modelConfig)")
    second = story.commit("Break again")
    assert walk(story, "v0.8.4..main").breaks == (first, second)


def test_a_shallow_clone_knows_what_it_has(broken: Story, tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    broken.git("clone", "-q", "--depth=3", f"file://{broken.folder}", str(shallow))
    found = matrix(MatrixOptions(shallow, ("HEAD~2..HEAD",)))
    assert len(found.repairs) == 1


def test_the_text_names_both_in_a_hundred_columns(run: Runner, broken: Story) -> None:
    done = run("matrix", "--repo", broken.folder, "--refs", "v0.8.4..main")
    assert done.code == 1
    short = broken.git("rev-parse", "breaks")[:10]
    assert f"breaks at {short} of 2023-11-" in done.out
    assert "Rename the hook" in done.out
    assert f"works again at {broken.git('rev-parse', 'repairs')[:10]}" in done.out
    assert done.out.splitlines()[-1] == "4 of 6 commits can be patched"
    assert max(map(len, done.out.splitlines())) <= 100
    assert "\u0001" not in done.out


@pytest.mark.parametrize(
    ("span", "message"),
    [
        ("v0.8.4...main", "a range is written A..B"),
        ("..main", "a range is written A..B"),
        ("v0.8.4..nowhere", "the repository does not know nowhere"),
        ("nowhere..main", "the repository does not know nowhere"),
        ("v0.8.4..--help", "the repository does not know --help"),
    ],
)
def test_ranges_that_make_no_sense(run: Runner, broken: Story, span: str, message: str) -> None:
    done = run("matrix", "--repo", broken.folder, "--refs", span)
    assert done.code == 2
    assert message in done.err and "next: " in done.err


def test_a_range_stands_alone(run: Runner, broken: Story) -> None:
    done = run("matrix", "--repo", broken.folder, "--refs", "v0.8.4..main", "--refs", "v*")
    assert done.code == 2
    assert "cannot be combined" in done.err
