"""Where the limits of definitions lie, exactly; and the words for what is beyond."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec import NODEFAULT, Struct, defstruct
from msgspec.structs import replace

from patcher.definition import folder
from patcher.definition.decode import decode
from patcher.definition.diff_entries import copies_first
from patcher.definition.forms import operation_problem, problem_of
from patcher.definition.ordering import in_order, needing
from patcher.definition.sections import AmbiguousScalar, Section
from patcher.definition.words import did_you_mean
from patcher.diffs.parts import FileDiff
from patcher.edits import texts
from patcher.edits.operations import AddExport, Replace
from patcher.edits.texts import form_of
from patcher.errors import BadDefinition, shortened
from patcher.model import Link, Patch, Place
from patcher.paths import path_problem
from tests.engine.support import patch_of

PLACE = Place("p.yaml", 3)


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("a/b.js", ""),
        ("a" * 255, ""),
        ("a" * 256, "which not every system takes"),
        ("ä" * 127, ""),
        ("ä" * 128, "which not every system takes"),
        ("a/" * 499 + "bb", ""),
        ("a/" * 499 + "bbb", "which not every system takes"),
        ("a/con.js", "which not every system takes"),
        ("a/COM9", "which not every system takes"),
        ("a/lpt0.x.y", "which not every system takes"),
        ("a/com10", ""),
        ("a/console.js", ""),
        ("a./b", "which not every system takes"),
        (" a/b", "which not every system takes"),
        ("a /b", "which not every system takes"),
        ("a b/c", ""),
        ("a\udce9", "which not every system takes"),
        (".git/x", "which belongs to git or to librechat-patcher"),
        ("a/.GIT", "which belongs to git or to librechat-patcher"),
        (".librechat-patcher/x", "which belongs to git or to librechat-patcher"),
        (".github/x", ""),
        ("../a", "must be a plain path"),
        ("/a", "must be a plain path"),
        ("a//b", "must be a plain path"),
        ("a/.", "must be a plain path"),
        ("a/", "must be a plain path"),
        ("a\\b", "must be a plain path"),
        ("a..b/.x", ""),
    ],
)
def test_paths(path: str, problem: str) -> None:
    found = path_problem(path)
    assert problem in found and bool(found) is bool(problem)


@pytest.mark.parametrize(
    ("kind", "text", "is_good"),
    [
        (texts.PatternText, "f(" + "a" * 7_997 + ")", True),
        (texts.PatternText, "f(" + "a" * 7_998 + ")", False),
        (texts.PatternText, "$x", False),
        (texts.PatternText, "f($...a, b, $...c)", True),
        (texts.PatternText, "f($...a, b, $...c, d, $...e)", False),
        (texts.PatternText, "[" * 50 + "a" + "]" * 50, True),
        (texts.PatternText, "[" * 140 + "a" + "]" * 140, False),
        (texts.Code, "f($x)", False),
        (texts.Code, "f(a$b)", True),
        (texts.Expression, "a", True),
        (texts.Expression, "", False),
        (texts.Expression, "a;", False),
        (texts.Template, "f($value)", True),
        (texts.Template, "f($value, $value)", False),
        (texts.Template, "f($value, $x)", False),
        (texts.Template, "f(x)", False),
        (texts.PropertyText, "a", True),
        (texts.PropertyText, "a: 1", True),
        (texts.PropertyText, " a : 1 ", True),
        (texts.PropertyText, " a\t", True),
        (texts.PropertyText, "a b: 1", False),
        (texts.PropertyText, "a: ", False),
        (texts.PropertyText, "1: a", False),
        (texts.Id, "a" * 60, True),
        (texts.Id, "a" * 61, False),
        (texts.Id, "a-b2", True),
        (texts.Id, "a--b", False),
        (texts.Id, "A", False),
        (texts.When, "not a", True),
        (texts.When, "nota b", False),
        (texts.Range, ">=0.7.0, <0.9", True),
        (texts.Range, "~=1.2", True),
        (texts.Range, "newest", False),
        (texts.LineText, "one", True),
        (texts.LineText, "one\ntwo", False),
        (texts.LineText, " ", False),
        (texts.Words, "\na\n", True),
        (texts.Words, "\n", False),
        (texts.BindingText, "default", False),
        (texts.BindingText, "default as a", True),
        (texts.BindingText, "* as a", True),
        (texts.Export, "*", True),
        (texts.Route, "post /x", True),
        (texts.Route, "head /x", False),
        (texts.Scope, "module.exports", True),
        (texts.Scope, "a.", False),
        (str, "anything\0", True),
    ],
)
def test_forms(kind: Any, text: str, is_good: bool) -> None:
    assert (problem_of(form_of(kind), text) == "") is is_good


FREE_TEXT = {"diff"}
"""Kinds that may be any text: a diff is judged where it is read, with the file that it is for."""


def test_every_kind_of_text_refuses_something_or_is_free_text() -> None:
    kinds = {form_of(kind).name: form_of(kind) for kind in vars(texts).values()}
    del kinds[form_of(str).name]
    for name, form in kinds.items():
        # No range ends behind its sign, and no other text in a definition is empty.
        is_checked = any(problem_of(form, wrong) for wrong in ("", ">"))
        assert is_checked is (name not in FREE_TEXT), (
            f"the kind `{name}` of edits/texts.py takes any text: give it a pattern, or a check in "
            "definition/forms.py, or name it in FREE_TEXT in tests/definitions/test_limits.py"
        )


def test_keys_that_do_not_go_together() -> None:
    assert operation_problem(Replace("f($a)", "g($b)")) == (
        "replace",
        "has the hole `$b`, which is not in `find`",
    )
    assert operation_problem(Replace("f($a)", "g($a)")) is None
    assert operation_problem(AddExport(("*", "a"), "./b")) == (
        "add_export",
        "names `*` and more; `*` is all",
    )
    assert operation_problem(AddExport(("*",))) == ("add_export", "names `*`, so `from` is needed")
    assert operation_problem(AddExport(("*",), "./b")) is None
    assert operation_problem(AddExport(("a",))) is None


def section(**values: Any) -> Section:
    return Section(PLACE, values, dict.fromkeys(values, 7))


def decoded(found: Section, kind: Any, default: Any = NODEFAULT) -> Any:
    """The key `x` of a section, as a value of `kind`."""
    entry: Any = decode(found, defstruct("Entry", [("x", kind, default)]))
    return entry.x


@pytest.mark.parametrize(
    ("value", "kind", "told"),
    [
        (4, str, "p.yaml:7: `x` must be a text, not a number; put it in quotes"),
        (True, str, "p.yaml:7: `x` must be a text, not true or false; put it in quotes"),
        (True, int, "p.yaml:7: `x` must be a number, not true or false"),
        ("a", int, "p.yaml:7: `x` must be a number, not a text"),
        ("a", bool, "p.yaml:7: `x` must be true or false, not a text"),
        ([], str, "p.yaml:7: `x` must be a text, not a list"),
        (None, str, "p.yaml:7: `x` must be a text, not nothing"),
        (AmbiguousScalar("no", "false"), bool, "p.yaml:7: `x` must be true or false, not `no`"),
        (
            AmbiguousScalar("no", "false"),
            str,
            "p.yaml:7: `x` must be a text, not `no`, which is read as false; put it in quotes",
        ),
    ],
)
def test_values_of_another_type(value: object, kind: type, told: str) -> None:
    with pytest.raises(BadDefinition) as refused:
        decoded(section(x=value), kind)
    assert str(refused.value) == told


def test_values_that_are_missing_or_right() -> None:
    assert decoded(section(x="a"), str) == "a"
    assert decoded(section(), str, "b") == "b"
    assert decoded(section(x=True), bool) is True
    for kind in (str, Mapping[texts.Id, str]):
        with pytest.raises(BadDefinition, match=r"^p.yaml:3: `x` is missing$"):
            decoded(section(), kind)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([str(n) for n in range(101)], "has 101 texts; 100 are allowed"),
        (["a", "a"], "names the same thing twice"),
        (["a", 4], "must be a text or a list of texts; it has a number"),
        ([], "must be a text or a list of texts; the list is empty"),
    ],
)
def test_lists_that_are_no_lists_of_texts(found: list[object], told: str) -> None:
    with pytest.raises(BadDefinition) as refused:
        decoded(section(x=found), tuple[str, ...])
    assert str(refused.value) == f"p.yaml:7: `x` {told}"


def test_lists_of_texts() -> None:
    most = [str(n) for n in range(100)]
    assert decoded(section(x="a"), tuple[str, ...]) == ("a",)
    assert decoded(section(x=["a", "b"]), tuple[str, ...]) == ("a", "b")
    assert decoded(section(x=most), tuple[str, ...]) == tuple(most)


class Inner(Struct, frozen=True):
    a: int = 0


def test_sections_and_keys() -> None:
    inner, many, named = section(a=1), tuple[Inner, ...], Mapping[texts.Id, Inner]
    assert decoded(section(x=[inner]), many) == (Inner(1),)
    assert decoded(section(), many, ()) == ()
    assert decoded(section(x=section(y=inner)), named) == {"y": Inner(1)}
    for wrong, kind, told in (
        ("a", many, "must be a list of entries with keys, not a text"),
        ([inner, "a"], many, "must be a list of entries with keys; it has a text"),
        ([], named, "must have keys of its own; it is a list"),
    ):
        with pytest.raises(BadDefinition) as refused:
            decoded(section(x=wrong), kind)
        assert str(refused.value) == f"p.yaml:7: `x` {told}"


def test_keys_that_do_not_belong() -> None:
    kind = defstruct("Entry", [("color", str, ""), ("y", str, "")])
    decode(section(y="1"), kind)
    with pytest.raises(BadDefinition) as refused:
        decode(section(colour=1), kind)
    told = "p.yaml:7: `colour` is not a key that belongs here; did you mean `color`?"
    assert str(refused.value) == told


def test_names_that_are_near_and_texts_that_are_long() -> None:
    assert did_you_mean("aple", ["pear", "apple"]) == "; did you mean `apple`?"
    assert did_you_mean("xyz", ["pear", "apple"]) == ": apple, pear"
    assert did_you_mean("xyz", [f"n{n:02}" for n in range(50)]).endswith(", n39")
    assert shortened("a" * 60) == "a" * 60
    assert shortened("a" * 61) == "a" * 60 + "…"
    assert shortened("\n one\ntwo") == "one"
    assert shortened("") == ""
    assert shortened("\udce9") == "\\udce9"


def patch(id: str, needs: str = "", after: str = "") -> Patch:
    def links(text: str) -> tuple[Link, ...]:
        return tuple(Link(name, Place(f"{id}.yaml", 5)) for name in text.split())

    return replace(patch_of(), id=id, needs=links(needs), after=links(after))


def order(chosen: str, *patches: Patch) -> str:
    known = {p.id: p for p in patches}
    return " ".join(p.id for p in in_order([known[c] for c in chosen.split()], known))


def test_patches_in_their_order() -> None:
    a, b, c = patch("a", "b"), patch("b", "c"), patch("c")
    assert order("a", a, b, c) == "c b a"
    assert order("c a", a, b, c) == "c b a"
    assert order("b c", patch("b"), c) == "b c"
    assert order("a c", patch("a", after="c"), c) == "c a"
    assert order("a", patch("a", after="c"), c) == "a"
    assert [p.id for p in needing("b", [a, b, c])] == ["a"]


def test_orders_that_cannot_be() -> None:
    with pytest.raises(BadDefinition) as refused:
        order("x a", patch("x", "a"), patch("a", "b"), patch("b", after="a"))
    assert str(refused.value) == "b.yaml:5: the patches wait for each other: a -> b -> a"
    assert refused.value.hint == "take one of them out of `needs` or `after`"
    for key, links in (("needs", {"needs": "appel"}), ("after", {"after": "appel"})):
        with pytest.raises(BadDefinition) as refused:
            order("a", patch("a", **links), patch("apple"))
        told = f"a.yaml:5: `{key}` names `appel`, which is no patch; did you mean `apple`?"
        assert str(refused.value) == told
        assert refused.value.hint == "name the folder that holds it, too: --patches DIR"


def test_copies_come_before_what_changes_their_source() -> None:
    change, copy = FileDiff("a", "a"), FileDiff("a", "b", is_copy=True)
    assert copies_first([change, copy]) == [copy, change]


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"x" * (1 << 20))
    assert len(folder.read_plain(file, 1 << 20)) == 1 << 20
    file.write_bytes(b"x" * ((1 << 20) + 1))
    with pytest.raises(BadDefinition) as refused:
        folder.read_plain(file, 1 << 20)
    assert str(refused.value) == f"{file}: larger than 1 MiB"
    with pytest.raises(BadDefinition) as refused:
        folder.read_plain(tmp_path, 9)
    assert str(refused.value) == f"{tmp_path}: is not a plain file"
    with pytest.raises(BadDefinition) as refused:
        folder.read_plain(tmp_path / "b", 9)
    assert str(refused.value) == f"{tmp_path / 'b'}: cannot be read: No such file or directory"


def test_releases_that_were_tested(tmp_path: Path) -> None:
    assert folder.tested_releases(tmp_path) == ()
    (tmp_path / "tested.txt").write_text("# these\nv1 1.0\n\nv2\nv3 a 3.0\n", encoding="utf-8")
    assert folder.tested_releases(tmp_path) == (("v1", "1.0"), ("v2", "v2"), ("v3", "3.0"))


def test_folders_that_hold_a_patch(tmp_path: Path) -> None:
    for name in ("b", "a", "c/d"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "patch.yaml").touch()
    assert list(folder.folders_in(tmp_path).items()) == [
        ("a", tmp_path / "a"),
        ("b", tmp_path / "b"),
    ]
