"""What a definition means once it is read."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from patcher.definition import sections
from patcher.definition.catalog import Catalog
from patcher.definition.folder import folders_in
from patcher.definition.patch import load
from patcher.definition.sections import read_section
from patcher.edits.operations import AddImport, Diff, WrapReturn
from patcher.errors import BadDefinition
from patcher.model import Condition

from .support import HEAD, MINIMAL, ROUTES, fill, patch, refusal
from .test_schema import DIFF, EVERY_KEY


def test_a_minimal_patch(tmp_path: Path) -> None:
    found = load(patch(tmp_path))
    (edit,) = found.edits
    assert (found.id, found.title) == ("own", "Limit how often models are listed")
    assert (edit.path, edit.component, edit.when) == (ROUTES, "backend", None)
    assert edit.operation == AddImport(("limit",), "./limit")
    assert str(edit.place) == f"{tmp_path}/own/patch.yaml:9"
    assert (found.traits, found.expectations, found.examples, found.files) == ({}, (), (), ())


def test_every_part_of_a_patch(tmp_path: Path) -> None:
    found = load(patch(tmp_path, EVERY_KEY["wrap_return"]))
    assert [e.path for e in found.edits] == ["api/a.js", "api/b.js"]
    assert {(e.component, e.when) for e in found.edits} == {("extra", Condition("modern"))}
    assert {e.operation for e in found.edits} == {WrapReturn("f", "await g($value)", 2)}
    assert found.traits["modern"].has == "const a = make($...options)"
    (expectation,) = found.expectations
    assert (expectation.when, expectation.inside) == (Condition("modern", wants=False), "f.g")
    assert [(e.title, e.after) for e in found.examples] == [("One", "b"), ("", None)]


def test_added_files_belong_to_the_component_of_their_place(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"files/api/b/a.js": b"\0\xff", "files/api/b.js": "x"}
    found = load(patch(tmp_path, HEAD, files))
    assert [(f.path, f.component, f.content) for f in found.files] == [
        ("api/b/a.js", "backend", b"\0\xff"),
        ("api/b.js", "backend", b"x"),
    ]


@pytest.mark.parametrize(
    ("path", "component"),
    [
        ("api/server/index.js", "backend"),
        ("packages/data-provider/src/index.ts", "data-provider"),
        ("packages/client/src/index.ts", "client"),
        ("client/src/index.tsx", "client"),
        ("packages/api/src/index.ts", ""),
        ("apix/a.js", ""),
        (".env.example", ""),
    ],
)
def test_components_by_place(path: str, component: str, tmp_path: Path) -> None:
    more = "components:\n  client: the pages\n  data-provider: the requests\n"
    folder = patch(tmp_path, MINIMAL.replace("components:\n", more).replace(ROUTES, path))
    if component:
        assert load(folder).edits[0].component == component
    else:
        assert f"names {path}, which is in no known component" in refusal(folder)


def test_a_diff_beside_the_definition_is_the_same_as_one_inside(tmp_path: Path) -> None:
    inline = load(patch(tmp_path, EVERY_KEY["diff"]))
    beside = load(patch(tmp_path, EVERY_KEY["diff_file"], {"change.diff": DIFF}))
    assert beside.edits[0].operation == inline.edits[0].operation == Diff(DIFF)


def test_the_digest_follows_every_file_of_the_patch(tmp_path: Path) -> None:
    text = EVERY_KEY["diff_file"]
    seen = {load(patch(tmp_path, text, {"change.diff": DIFF})).digest}
    seen.add(load(patch(tmp_path, text, {"change.diff": DIFF.replace("+b", "+c")})).digest)
    seen.add(load(patch(tmp_path, text, {"files/api/c.js": "1"})).digest)
    seen.add(load(patch(tmp_path, text, {"files/api/c.js": "2"})).digest)
    seen.add(load(patch(tmp_path, text + "# x\n")).digest)
    assert len(seen) == 5


def test_a_diff_with_crlf_and_no_newline_at_the_end(tmp_path: Path) -> None:
    diff = DIFF.replace("\n", "\r\n") + "\\ No newline at end of file"
    found = load(patch(tmp_path, EVERY_KEY["diff_file"], {"change.diff": diff}))
    assert found.edits[0].operation == Diff(diff)


def test_a_diff_as_git_writes_it(tmp_path: Path) -> None:
    diff = "diff --git a/api/a.js b/api/a.js\nindex 1234567..89abcde 100644\n" + DIFF
    assert load(patch(tmp_path, EVERY_KEY["diff_file"], {"change.diff": diff})).edits


def test_releases_that_were_tested(tmp_path: Path) -> None:
    assert load(patch(tmp_path, MINIMAL, {"tested.txt": "v0.7.0\nv0.8.4\n"})).tested == (
        "v0.7.0",
        "v0.8.4",
    )


def test_all_patches_of_a_folder_by_id(tmp_path: Path) -> None:
    patch(tmp_path)
    fill(tmp_path, {"another/patch.yaml": MINIMAL.replace("id: own", "id: another")})
    fill(tmp_path, {"notes/readme.md": "", "patch.schema.json": "{}"})
    assert list(dict(Catalog(folders_in(tmp_path)))) == ["another", "own"]


def test_a_file_with_a_byte_order_mark_and_crlf(tmp_path: Path) -> None:
    text = b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode()
    assert load(patch(tmp_path, text)).why == "Tests need a patch."


def test_an_unreadable_folder_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = patch(tmp_path, MINIMAL, {"files/api/a.js": ""})

    def refused(_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("patcher.definition.folder.os.scandir", refused)
    assert refusal(folder) == "files: cannot be read: Permission denied"


@pytest.mark.parametrize("name", ["CSafeLoader", "SafeLoader"])
def test_both_yaml_parsers_read_alike(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    loader = getattr(yaml, name, None)
    if loader is None:
        pytest.skip("PyYAML was built without libyaml")
    monkeypatch.setattr(sections, "FAST_LOADER", loader)
    found = read_section(b"a: 1\nb: [x, 'no', true, ~]\nc: {d: e}\n", "f")
    assert (found.values["a"], found.values["b"]) == (1, ["x", "no", True, None])
    assert found.values["c"].values == {"d": "e"}
    for wrong in (b"a: 'x", b'a: "\\ud800"', b"\t- a", b"[" * 5000, b"&a a", b"a: \x07"):
        with pytest.raises(BadDefinition, match=r"^f:1: "):
            read_section(wrong, "f")


@pytest.mark.parametrize(
    ("line", "is_plain"),
    [
        ("title: @scope is a sign", True),
        ("title: `code` is one, too", True),
        ("title: one: two", True),
        ("librechat: >=0.8.0", True),
        ("title: 'not closed", False),
        ("title: [a, b", False),
    ],
)
def test_a_text_that_needs_quotes_is_told(line: str, is_plain: bool, tmp_path: Path) -> None:
    key = line.split(":")[0]
    text = "\n".join(line if t.startswith(f"{key}:") else t for t in MINIMAL.splitlines()) + "\n"
    with pytest.raises(BadDefinition) as caught:
        load(patch(tmp_path, text))
    assert (caught.value.hint == "put the text behind the colon in quotes") is is_plain
