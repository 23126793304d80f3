"""Plans: every outcome, all or nothing, pure, and never an exception for what a file holds."""

from __future__ import annotations

import pytest

from patcher.diffs.git_format import parse_diff
from patcher.edits.operations import AddImport, AddProperty, Replace, WrapValue
from patcher.errors import AnchorNotFound, BadDefinition, InputOutput
from patcher.model import (
    AddedFile,
    Change,
    Edit,
    Operation,
    Outcome,
    PatchRef,
    Place,
    Plan,
    State,
    Trait,
)
from patcher.plan.planner import plan

from .planned import NEW, PATH, planned, rename, states
from .support import FailingTree, MemoryTree, edit_of, patch_of


def test_edit_that_applies_is_a_change_and_an_outcome() -> None:
    result = planned(patch_of(rename()), {PATH: b"f();\nold();\n"})
    outcome = Outcome("test", PATH, "replace `old()` by `renamed()`", State.APPLIES, 2)
    assert result == Plan(
        patches=(PatchRef("test", "0" * 64),),
        components=("all",),
        changes=(Change(PATH, "all", b"f();\nold();\n", b"f();\nrenamed();\n"),),
        outcomes=(outcome,),
    )
    assert result.blocked == ()


def test_edit_that_is_there_already_changes_nothing() -> None:
    result = planned(patch_of(rename()), {PATH: b"f();\nrenamed();\n"})
    assert (states(result), result.outcomes[0].line, result.changes) == (["already"], 2, ())


def test_edits_of_one_file_build_on_each_other() -> None:
    second = edit_of(Replace(find="renamed()", code="again()"), PATH)
    result = planned(patch_of(rename(), second), {PATH: b"old();\n"})
    assert [c.after for c in result.changes] == [b"again();\n"]
    assert states(result) == ["applies", "applies"]


def test_edits_that_cancel_out_are_no_change() -> None:
    back = edit_of(Replace(find="renamed()", code="old()"), PATH)
    result = planned(patch_of(rename(), back), {PATH: b"old();\n"})
    assert (states(result), result.changes) == (["applies", "applies"], ())


def test_blocked_edit_leaves_the_others_planned_and_names_itself() -> None:
    patch = patch_of(rename("missing.js"), rename())
    result = planned(patch, {PATH: b"old();\n"})
    assert states(result) == ["blocked", "applies"]
    assert [o.path for o in result.blocked] == ["missing.js"]


@pytest.mark.parametrize(
    ("when", "trait", "state", "reason"),
    [
        ("native", b"native();", "applies", ""),
        ("native", b"other();", "not here", "`native` does not hold here"),
        ("not native", b"native();", "not here", "`native` holds here"),
        ("not native", b"other();", "applies", ""),
        ("native", None, "not here", "`native` does not hold here"),
        ("native", b"\xff", "not here", "`native` does not hold here"),
        ("not native", b"\0", "applies", ""),
    ],
)
def test_traits_choose_the_variant(when: str, trait: bytes | None, state: str, reason: str) -> None:
    patch = patch_of(rename(when=when), traits=[Trait("native", "trait.js", "native()")])
    files = {PATH: b"old();\n"} | ({} if trait is None else {"trait.js": trait})
    outcome = planned(patch, files).outcomes[0]
    assert (outcome.state.value, outcome.reason) == (state, reason)


def test_trait_that_cannot_be_read_does_not_hold() -> None:
    patch = patch_of(rename(when="native"), traits=[Trait("native", "link.js", "native()")])
    tree = FailingTree(
        {PATH: b"old();\n"}, {"link.js": AnchorNotFound("link.js is a symbolic link")}
    )
    assert states(plan([patch], tree, ["all"])) == ["not here"]


def test_trait_is_asked_of_the_tree_and_not_of_the_result() -> None:
    trait = Trait("old", PATH, "old()")
    second = edit_of(Replace(find="f()", code="g()"), PATH, when="old")
    result = planned(patch_of(rename(), second, traits=[trait]), {PATH: b"old();\nf();\n"})
    assert states(result) == ["applies", "applies"]


def test_components_that_are_left_out_are_not_here() -> None:
    added = AddedFile("client/new.js", "client", b"")
    patch = patch_of(
        rename(component="server"),
        rename("client/a.js", "client"),
        files=[added],
        components=("server", "client"),
    )
    result = plan([patch], MemoryTree({PATH: b"old();\n"}), ["server"])
    assert states(result) == ["applies", "not here"]
    assert result.outcomes[1].reason == "component client is left out"
    assert result.components == ("server",)


ADDED = [
    ("absent", None, (), "applies"),
    ("the same", NEW.content, (), "already"),
    ("the same with CR LF", NEW.content.replace(b"\n", b"\r\n"), (), "already"),
    ("another", b"three();\n", (), "blocked"),
    ("another that is ours", b"three();\n", (NEW.path,), "applies"),
    ("another, while ours is elsewhere", b"three();\n", ("src/other.js",), "blocked"),
    ("empty", b"", (), "blocked"),
    ("without its last line end", b"one();\ntwo();", (), "blocked"),
]


@pytest.mark.parametrize(
    ("present", "owned", "state"), [pytest.param(*case, id=name) for name, *case in ADDED]
)
def test_added_file(present: bytes | None, owned: tuple[str, ...], state: str) -> None:
    files = {} if present is None else {NEW.path: present}
    result = planned(patch_of(files=[NEW]), files, owned)
    assert states(result) == [state]
    expected = [Change(NEW.path, "all", present, NEW.content)] if state == "applies" else []
    assert list(result.changes) == expected
    assert result.outcomes[0].title == "add the file (14 bytes)"


@pytest.mark.parametrize(
    ("whens", "native", "state"),
    [
        (("native",), True, "applies"),
        (("native",), False, "not here"),
        (("not native",), False, "applies"),
        (("not native",), True, "not here"),
        (("native", "not native"), True, "applies"),
        (("native", ""), False, "applies"),
        ((), False, "applies"),
    ],
)
def test_files_are_not_added_where_no_edit_of_their_component_is_for_the_tree(
    whens: tuple[str, ...], native: bool, state: str
) -> None:
    trait = Trait("native", "trait.js", "native()")
    patch = patch_of(*(rename(when=w) for w in whens), files=[NEW], traits=[trait])
    files = {PATH: b"old();\n", "trait.js": b"native();\n" if native else b"other();\n"}
    outcome = planned(patch, files).outcomes[-1]
    reason = "no edit of `all` is for this release" if state == "not here" else ""
    assert (outcome.path, outcome.state.value, outcome.reason) == (NEW.path, state, reason)


def test_whole_diff_is_an_edit_like_any_other() -> None:
    diff = "--- a/src/a.js\n+++ b/src/a.js\n@@ -1,2 +1,3 @@\n one();\n+two();\n three();\n"
    edit = Edit(Place("patch.yaml", 1), PATH, "all", parse_diff(diff, PATH))
    result = planned(patch_of(edit), {PATH: b"one();\nthree();\n"})
    assert [c.after for c in result.changes] == [b"one();\ntwo();\nthree();\n"]
    assert states(planned(patch_of(edit), {PATH: b"four();\n"})) == ["blocked"]


def test_several_patches_are_planned_in_their_order() -> None:
    first = patch_of(rename(), name="first")
    second = patch_of(edit_of(Replace(find="renamed()", code="again()"), PATH), name="second")
    tree = MemoryTree({PATH: b"old();\n"})
    assert [c.after for c in plan([first, second], tree, ["all"]).changes] == [b"again();\n"]
    assert states(plan([second, first], tree, ["all"])) == ["blocked", "applies"]


def test_patches_that_do_not_meet_may_come_in_any_order() -> None:
    one = patch_of(edit_of(AddImport(("a",), "./a"), PATH), name="one")
    two = patch_of(edit_of(AddProperty("b", "module.exports"), PATH), name="two")
    tree = MemoryTree({PATH: b"const c = require('./c');\n\nmodule.exports = { c };\n"})
    forwards, backwards = plan([one, two], tree, ["all"]), plan([two, one], tree, ["all"])
    assert forwards.changes == backwards.changes


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (Replace("f($x)", "g($y)"), "`\\$y` in `replace` is not a hole of `find`"),
        (WrapValue("a", "f(value)"), "does not say where `\\$value` goes"),
    ],
)
def test_definition_that_was_not_checked_is_refused(operation: Operation, message: str) -> None:
    with pytest.raises(BadDefinition, match=message):
        planned(patch_of(edit_of(operation, PATH)), {PATH: b"const a = f(1);\n"})


def test_failing_disk_is_told_as_such() -> None:
    tree = FailingTree({}, {PATH: InputOutput("a.js: cannot be read")})
    with pytest.raises(InputOutput):
        plan([patch_of(rename())], tree, ["all"])
