"""Plans: every outcome, all or nothing, pure, and never an exception for what a file holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patcher.errors import BadDefinition, InputOutput, Unanchored
from patcher.model import Change, Outcome, PatchRef, Plan, State
from patcher.operations import (
    AddImport,
    AddProperty,
    Diff,
    InsertAfter,
    Operation,
    Replace,
    WrapValue,
)
from patcher.patches import AddedFile, Edit, Patch, Place, Trait
from patcher.plan.planning import PlannedTree, plan
from patcher.unified import parse_diff

from .pairs import PAIRS
from .support import DYNAMIC_MODELS, FailingTree, MemoryTree, edit_of, patch_of

PATH = "src/a.js"
NEW = AddedFile("src/new.js", "all", b"one();\ntwo();\n")
RENAME = Replace(find="old()", code="renamed()")


def rename(path: str = PATH, component: str = "all", when: str = "") -> Edit:
    return edit_of(RENAME, path, component, when)


def planned(patch: Patch, files: Mapping[str, bytes], owned: tuple[str, ...] = ()) -> Plan:
    return plan([patch], MemoryTree(files), patch.components, owned)


def states(result: Plan) -> list[str]:
    return [o.state.value for o in result.outcomes]


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
    tree = FailingTree({PATH: b"old();\n"}, {"link.js": Unanchored("link.js is a symbolic link")})
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


def test_planned_tree_reads_the_result() -> None:
    tree = MemoryTree({PATH: b"old();\n", "other.js": b"f();\n"})
    result = plan([patch_of(rename(), files=[NEW])], tree, ["all"])
    after = PlannedTree(tree, result)
    assert after.read(PATH) == b"renamed();\n"
    assert after.read(NEW.path) == NEW.content
    assert after.read("other.js") == b"f();\n"
    assert after.read("absent.js") is None
    assert (after.has_folder("src"), after.has_folder("lib")) == (True, False)


@dataclass(frozen=True)
class TreeWithModes(MemoryTree):
    """A checkout that tells permissions."""

    def mode(self, path: str) -> int | None:
        return 0o755 if path in self.files else None


def test_planned_tree_tells_the_modes_of_the_tree() -> None:
    tree = TreeWithModes({PATH: b"old();\n", "other.js": b"f();\n"})
    patch = patch_of(rename(), files=[NEW])
    after = PlannedTree(tree, plan([patch], tree, ["all"]))
    assert [after.mode(p) for p in (PATH, "other.js", NEW.path)] == [0o755, 0o755, None]
    plain = MemoryTree(tree.files)
    assert PlannedTree(plain, plan([patch], plain, ["all"])).mode(PATH) is None


OPERATIONS = [*{p.group: p.operation for p in PAIRS}.values(), InsertAfter("f($...x)", "g();")]
SOURCES = [p.source for p in PAIRS]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_no_bytes_make_planning_fail(source: bytes) -> None:
    for operation in OPERATIONS:
        for path in (PATH, "notes.md"):
            assert_sound(source, patch_of(edit_of(operation, path)), path)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """The source of a pair, cut, doubled, or with bytes put in."""
    source = draw(st.sampled_from(SOURCES))
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(source))] * 2)))
    middle = draw(st.sampled_from([b"", source[start:end] * 2, b"\0", b"\xff", b"{", b"`", b"/*"]))
    return source[:start] + middle + source[end:]


@settings(max_examples=300, deadline=None)
@given(damaged(), st.sampled_from(PAIRS))
def test_damaged_code_is_changed_rightly_or_not_at_all(source: bytes, pair: object) -> None:
    for operation in OPERATIONS:
        assert_sound(source, patch_of(edit_of(operation, PATH)), PATH)


def assert_sound(source: bytes, patch: Patch, path: str) -> None:
    """The plan is the same each time, and applies once or not at all."""
    tree = MemoryTree({path: source})
    result = plan([patch], tree, ["all"])
    assert result == plan([patch], tree, ["all"])
    assert (states(result) == ["applies"]) == bool(result.changes)
    assert bool(result.blocked) == bool(result.outcomes[0].reason)
    for change in result.changes:
        again = plan([patch], MemoryTree({path: change.after or b""}), ["all"])
        assert states(again) == ["already"]


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_diff_of_a_file_that_is_no_code_needs_no_syntax(newline: bytes) -> None:
    diff = Diff("--- a/n.md\n+++ b/n.md\n@@ -1,2 +1,3 @@\n one (\n+two [\n three {\n")
    before, after = (
        t.replace(b"\n", newline) for t in (b"one (\nthree {\n", b"one (\ntwo [\nthree {\n")
    )
    result = planned(patch_of(edit_of(diff, "n.md")), {"n.md": before})
    assert [c.after for c in result.changes] == [after]


HOSTILE = [
    ("deep parentheses", b"(" * 3_000 + b"old()" + b")" * 3_000),
    ("deep blocks", b"{" * 3_000 + b"old();" + b"}" * 3_000),
    ("deep functions", b"function f(){return " * 1_000 + b"old()" + b"}" * 1_000),
    ("one long line", b"x=[" + b"old," * 20_000 + b"old];"),
    ("many calls", b"old(1);" * 5_000),
    ("open brackets", b"old(" * 30_000),
    ("open templates", b"`${" * 20_000),
    ("long string", b"x='" + b"old() " * 100_000 + b"';"),
    ("many lines", b"\n" * 500_000 + b"old();\n"),
]


@pytest.mark.parametrize("source", [pytest.param(s, id=name) for name, s in HOSTILE])
def test_hostile_source_is_answered(source: bytes) -> None:
    result = planned(DYNAMIC_MODELS, dict.fromkeys([e.path for e in DYNAMIC_MODELS.edits], source))
    assert result.blocked
    assert_sound(source, patch_of(rename()), PATH)
