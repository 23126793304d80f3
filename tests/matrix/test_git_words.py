"""What is asked of git, what it answers, and what is said when it does not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from patcher.errors import BadUsage, InputOutput
from patcher.releases import git
from patcher.releases.git_objects import Objects
from patcher.releases.revisions import choose, version_key
from patcher.trees import GitEntry
from tests.matrix.story import Story


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("fatal: no such ref\nhint: look\n", "no such ref"),
        ("error: broken\n", "broken"),
        ("\n  \nwarning: odd\n", "warning: odd"),
        ("", "no message"),
        (" \n", "no message"),
    ],
)
def test_the_first_thing_that_git_said(said: str, told: str) -> None:
    assert git.first_line(said) == told
    error = git.failure(Path("/repo"), "log", said)
    assert str(error) == f"git log failed in /repo: {told}"
    assert error.hint == "try `git -C /repo log -1` and `git -C /repo fsck`"


def test_a_hook_does_not_lead_to_another_repository(
    releases: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("DIR", "WORK_TREE", "INDEX_FILE", "OBJECT_DIRECTORY", "COMMON_DIR")
    for name in names:
        monkeypatch.setenv(f"GIT_{name}", os.fspath(tmp_path))
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    environment = git.environment()
    assert not {f"GIT_{name}" for name in names} & environment.keys()
    assert (environment["LC_ALL"], environment["GIT_TERMINAL_PROMPT"]) == ("C", "0")
    assert environment["PATH"] == os.environ["PATH"]
    assert git.output(releases.folder, "rev-parse", "--git-dir").strip() == ".git"


def test_what_git_is_given_and_answers(releases: Story) -> None:
    code, out, err = git.attempt(
        releases.folder, "cat-file", "--batch-check=%(objecttype)", given=["v0.8.4", "nothing"]
    )
    assert (code, out, err) == (0, "commit\nnothing missing\n", "")
    code, out, err = git.attempt(releases.folder, "no-such-verb")
    assert code != 0 and out == "" and "no-such-verb" in err
    with pytest.raises(InputOutput, match=r"git no-such-verb failed in .*'no-such-verb'"):
        git.output(releases.folder, "no-such-verb")


def test_what_is_no_utf_8_is_replaced(story: Story) -> None:
    (story.folder / "latin.txt").write_bytes(b"caf\xe9")
    story.commit("Latin", tag="latin")
    said = git.output(story.folder, "cat-file", "-p", "latin:latin.txt")
    assert said == "caf\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize(
    ("refs", "names"),
    [
        (("v0.8.*",), ["v0.8.1", "v0.8.4", "v0.8.8-rc1", "v0.8.8"]),
        (("v0.8.8", "v0.7.0"), ["v0.8.8", "v0.7.0"]),
        (("v0.8.8", "v0.8.8"), ["v0.8.8"]),
        (("main",), ["main"]),
        (("mai*",), ["main"]),
        (("HEAD~1",), ["HEAD~1"]),
        (("chart-*",), ["chart-1.0.0"]),
    ],
)
def test_revisions_by_name(releases: Story, refs: tuple[str, ...], names: list[str]) -> None:
    found = choose(releases.folder, refs, "", ())
    assert [r.name for r in found.revisions] == names
    assert (found.left_out, found.range) == ((), "")
    for revision in found.revisions:
        expected = releases.git("rev-parse", f"{revision.name}^{{commit}}")
        assert revision.commit == expected
        assert revision.is_tag is revision.name.startswith(("v", "chart"))


@pytest.mark.parametrize(
    ("ranges", "names", "left"),
    [
        (">=0.8.8", ["v0.8.8"], 8),
        (">=0.8.8rc1", ["v0.8.8-rc1", "v0.8.8"], 7),
        ("<0.7.5", ["v0.6.0", "v0.7.0"], 7),
    ],
)
def test_releases_within_a_range(releases: Story, ranges: str, names: list[str], left: int) -> None:
    found = choose(releases.folder, (), ranges, ())
    assert [r.name for r in found.revisions] == names
    assert len(found.left_out) == left
    assert all(r.date == "2023-11-23" or r.date[:4] == "2023" for r in found.revisions)


@pytest.mark.parametrize(
    ("refs", "message", "hint"),
    [
        (("a..b", "c"), "--refs a..b walks commits: it cannot be combined with other --refs", ""),
        (("..b",), "--refs ..b: a range is written A..B", "such as v0.8.4..main"),
        (("a...b",), "--refs a...b: a range is written A..B", "such as v0.8.4..main"),
        (
            ("v0.8.4..nowhere",),
            "--refs v0.8.4..nowhere: the repository does not know nowhere",
            "name a tag, a branch or a commit; `git fetch --tags` brings new ones",
        ),
        (
            ("nowhere..main",),
            "--refs nowhere..main: the repository does not know nowhere",
            "name a tag, a branch or a commit; `git fetch --tags` brings new ones",
        ),
    ],
)
def test_ranges_that_are_none(
    releases: Story, refs: tuple[str, ...], message: str, hint: str
) -> None:
    with pytest.raises(BadUsage) as refused:
        choose(releases.folder, refs, "", ())
    assert (str(refused.value), refused.value.hint) == (message, hint)


def test_commits_of_a_range_say_who_they_are(broken: Story) -> None:
    found = choose(broken.folder, ("v0.8.4..harmless",), "", ("client/src/routes/Root.tsx",))
    first, last = found.revisions
    commit = broken.git("rev-parse", "harmless")
    assert found.range == "v0.8.4..harmless"
    assert (first.name, first.commit) == ("v0.8.4", broken.git("rev-parse", "v0.8.4"))
    assert (last.name, last.commit, last.subject) == (commit[:10], commit, "Explain the frame")
    assert last.parents == (first.commit,)
    assert last.date == broken.git("log", "-1", "--format=%cs", "harmless")


@pytest.mark.parametrize("asked", ["%H%x00%P", "%H%x00%P%x00%cs"])
def test_a_git_that_leaves_something_out_of_a_commit_is_told(
    broken: Story, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    monkeypatch.setattr("patcher.releases.revisions._COMMIT_FORMAT", asked)
    with pytest.raises(InputOutput, match="git rev-list answered '") as refused:
        choose(broken.folder, ["v0.8.4..main"], "", ["client"])
    assert refused.value.hint == "is git very old?"


def test_tags_sort_as_versions() -> None:
    tags = ["v0.10.0", "v0.9.0", "v0.9.0-rc2", "v0.9.0-rc10", "v0.0.0-rc1", "next", "chart"]
    assert sorted(tags, key=version_key) == [
        "chart",
        "next",
        "v0.0.0-rc1",
        "v0.9.0-rc2",
        "v0.9.0-rc10",
        "v0.9.0",
        "v0.10.0",
    ]


def test_objects_of_a_commit(releases: Story) -> None:
    size = len((releases.folder / "package.json").read_bytes())
    with Objects(releases.folder, size) as objects:
        root = objects.root(releases.git("rev-parse", "HEAD"))
        assert root.is_folder and not root.is_file
        file = objects.inside(root, "package.json")
        assert file is not None and file.is_file and not file.is_folder
        assert objects.blob(file.id) == (releases.folder / "package.json").read_bytes()
        assert objects.inside(root, "none") is None
        assert objects.inside(file, "none") is None
    with Objects(releases.folder, size - 1) as objects:
        assert objects.blob(file.id) == size
        # What was passed over is not taken for the next answer.
        again = objects.root(releases.git("rev-parse", "HEAD~0"))
        assert again.id == root.id


def test_a_folder_with_a_list_larger_than_the_limit_is_refused(tmp_path: Path) -> None:
    story = Story(tmp_path / "large")
    story.write("one/a.txt", "a")
    for n in range(9):
        story.write(f"many/{n}.txt", "b")
    commit = story.commit("Large")
    many = story.git("rev-parse", f"{commit}:many")
    size = int(story.git("cat-file", "-s", many))
    with Objects(story.folder, size) as objects:
        assert objects.inside(GitEntry.folder(many), "8.txt") is not None
    with Objects(story.folder, size - 1) as objects:
        root = objects.root(commit)
        assert objects.inside(root, "one") is not None
        above = objects.inside(root, "many")
        assert above is not None
        with pytest.raises(InputOutput, match=f"the folder {many} has a list of {size:,} bytes"):
            objects.inside(above, "8.txt")


def test_more_objects_than_are_asked_for_at_once(tmp_path: Path) -> None:
    story = Story(tmp_path / "many")
    paths = [f"{n % 70}/{n}.txt" for n in range(150)]
    for path in paths:
        story.write(path, path)
    commit = story.commit("Many")
    with Objects(story.folder, 99_999) as objects:
        objects.warm([commit], [*paths, "1/1.txt/none", "none/x", "2"])
        for path in paths:
            folder, _, name = path.partition("/")
            above = objects.inside(objects.root(commit), folder)
            assert above is not None
            file = objects.inside(above, name)
            assert file is not None and objects.blob(file.id) == path.encode()


@pytest.mark.parametrize(
    ("mode", "is_file", "is_folder"),
    [
        (b"100644", True, False),
        (b"100755", True, False),
        (b"40000", False, True),
        (b"120000", False, False),
        (b"160000", False, False),
    ],
)
def test_kinds_of_entries(mode: bytes, is_file: bool, is_folder: bool) -> None:
    entry = GitEntry(mode, "0" * 40)
    assert (entry.is_file, entry.is_folder) == (is_file, is_folder)
