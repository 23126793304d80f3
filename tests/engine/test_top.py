"""Values that travel: what an operation says of itself, marks on fields, plain data, results."""

from __future__ import annotations

import json
import shutil
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import pytest
from msgspec import Meta
from msgspec.structs import replace

from patcher import errors
from patcher.checkout import Checkout
from patcher.cli.answer import EXIT_CODES, Output, exit_code, json_data
from patcher.cli.screen import Screen
from patcher.commands.apply import Applied, ApplyOptions, Planned, apply_sample
from patcher.commands.doctor import Doctored
from patcher.commands.list import Listing
from patcher.commands.verify import Probed, Verified
from patcher.definition.catalog import shipped_folder
from patcher.definition.decode import VERBS
from patcher.doctor.diagnosis import Diagnosis, Probe, Severity
from patcher.doctor.dotenv import values, with_item
from patcher.edits import OPERATIONS, operations
from patcher.edits.operations import file_key_of, keys_of, verb_of
from patcher.edits.texts import form_of
from patcher.model import Change, Check, Operation, Outcome, Place, Plan, State, Verdict
from tests.conftest import PROJECT

from .support import DYNAMIC_MODELS

SAID = [
    (operations.AddImport(("a", "b as c"), "m"), "import a, b as c from 'm'"),
    (operations.AddExport(("a", "b"), "m"), "export a, b from 'm'"),
    (operations.AddExport(("a",)), "export a"),
    (
        operations.AddRoute("post /fetch", "get /", "h"),
        "route post /fetch, behind the guards of get /",
    ),
    (operations.AddHook("  useIt(); ", "Root"), "call useIt() in Root"),
    (operations.AddProperty("a: 1", "module.exports"), "add a: 1 to module.exports"),
    (operations.WrapValue("f", "g($value, $value)"), "wrap f in g(…, …)"),
    (operations.WrapReturn("f", "g($value)"), "wrap what f returns in g(…)"),
    (operations.InsertBefore("a();\nb();", " c(); "), "insert `c();` before `a();` …"),
    (operations.InsertAfter("a();", "\n  c();\n  d();\n"), "insert `c();` … after `a();`"),
    (operations.Replace(" a(); ", "b();"), "replace `a();` by `b();`"),
    (operations.AddModule("a/b.js"), "load a/b.js"),
    (operations.SetRevision("a/b.html"), "set the revision of a/b.html"),
    (operations.Diff("x"), "apply a diff"),
]


@pytest.mark.parametrize(("operation", "text"), SAID, ids=lambda v: str(v)[:40])
def test_an_operation_says_what_it_does(operation: Operation, text: str) -> None:
    assert str(operation) == text


def test_every_operation_has_said_something() -> None:
    for kind in OPERATIONS:
        shown = {type(operation) for operation, _ in SAID}
        assert kind in shown, f"SAID in tests/engine/test_top.py wants a row for {kind.__name__}"


FORMAT: dict[type[Any], dict[str, tuple[str, bool, str]]] = {
    operations.AddImport: {
        "add_import": ("binding", True, ""), "from": ("module", True, ""),
        "type": ("text", False, ""),
    },
    operations.AddExport: {"add_export": ("export", True, ""), "from": ("module", False, "")},
    operations.AddRoute: {
        "add_route": ("route", True, ""), "like": ("route", True, ""),
        "handler": ("expression", True, ""),
    },
    operations.AddHook: {
        "add_hook": ("code", True, ""), "function": ("scope", True, ""),
        "after": ("pattern", False, ""),
    },
    operations.AddProperty: {"add_property": ("property", True, ""), "to": ("scope", True, "")},
    operations.WrapValue: {
        "wrap_value": ("scope", True, ""), "with": ("template", True, ""),
        "inside": ("scope", False, ""),
    },
    operations.WrapReturn: {
        "wrap_return": ("scope", True, ""), "with": ("template", True, ""),
        "returns": ("count", False, ""),
    },
    operations.InsertBefore: {
        "find": ("pattern", True, ""), "insert_before": ("code", True, ""),
        "inside": ("scope", False, ""),
    },
    operations.InsertAfter: {
        "find": ("pattern", True, ""), "insert_after": ("code", True, ""),
        "inside": ("scope", False, ""),
    },
    operations.Replace: {
        "find": ("pattern", True, ""), "replace": ("replacement", True, ""),
        "inside": ("scope", False, ""),
    },
    operations.AddModule: {"add_module": ("path", True, ""), "leans_on": ("text", False, "")},
    operations.SetRevision: {"set_revision": ("path", True, "")},
    operations.Diff: {"diff": ("diff", True, "diff_file")},
}  # fmt: skip


@pytest.mark.parametrize("kind", OPERATIONS)
def test_the_format_is_what_was_published(kind: type[Any]) -> None:
    found = {key: (form(f.type), f.required, file_key_of(f)) for key, f in keys_of(kind).items()}
    published = FORMAT.get(kind)
    row = f"FORMAT in tests/engine/test_top.py, for {kind.__name__}"
    assert published is not None, f"{row}, wants a row: {found}"
    assert found == published, f"{row}: users have definitions with these keys"
    assert [key for key in found if key in VERBS] == [verb_of(kind)]
    assert VERBS[verb_of(kind)] is kind


def form(kind: Any) -> str:
    """The name of the form that a text has; `count` for numbers from 1 on."""
    is_count = any(isinstance(part, Meta) and part.ge == 1 for part in get_args(kind))
    return "count" if is_count else form_of(kind).name


def test_what_is_left_out_of_an_operation_is_this() -> None:
    assert operations.AddImport(("a",), "m").type is False
    assert operations.WrapReturn("f", "g").returns == 1
    for one in (
        operations.WrapValue("f", "g"), operations.InsertBefore("f", "g"),
        operations.InsertAfter("f", "g"), operations.Replace("f", "g"),
    ):  # fmt: skip
        assert one.inside == ""
    assert operations.AddHook("f", "g").after == operations.AddExport(("a",)).module == ""


class Kind(Enum):
    ONE = "one"


def test_any_value_is_plain_data() -> None:
    value = {1: (Kind.ONE, Path("/a/b"), None, 1.5, True, "text"), "set": frozenset({2})}
    assert json_data(value) == {
        "1": ["one", "/a/b", None, 1.5, True, "text"],
        "set": [2],
    }


@pytest.mark.parametrize(
    ("before", "after", "kind", "added", "removed"),
    [
        (None, b"a\nb\n", "add", 2, 0),
        (b"a\n", None, "delete", 0, 1),
        (b"a\nb\n", b"a\nc\nd\n", "modify", 2, 1),
    ],
)
def test_a_change_is_told_without_its_content(
    before: bytes | None, after: bytes | None, kind: str, added: int, removed: int
) -> None:
    assert json_data(Change("p", "client", before, after)) == {
        "path": "p", "component": "client", "kind": kind, "added": added, "removed": removed,
    }  # fmt: skip


def test_a_patch_is_told_without_its_content() -> None:
    patch = replace(DYNAMIC_MODELS, why=" Because.\n", tested=("v1", "v2"), digest="d")
    data = json_data(Listing((patch,), ("x",)))
    assert data["default"] == ["x"]
    found = data["patches"][0]
    assert found["why"] == "Because." and found["tested"] == ["v1", "v2"]
    assert len(found["edits"]) == len(set(found["edits"])) == len({e.path for e in patch.edits})
    assert found["adds"] == [f.path for f in patch.files]
    assert found["definition"] == patch.place.file
    assert found["components"] == dict(patch.components)
    assert (found["id"], found["title"], found["librechat"], found["digest"]) == (
        patch.id, patch.title, patch.librechat, "d",
    )  # fmt: skip


PASSED, WARNED, FAILED, SKIPPED = (Check("r", "s", v) for v in Verdict)
HERE = Checkout("v1", "LibreChat", ("backend",))
OUTCOME = Outcome("p", "a.js", "edit", State.APPLIES)


@pytest.mark.parametrize(
    ("state", "checks", "stands"),
    [
        (State.APPLIES, (PASSED, WARNED, SKIPPED), True),
        (State.ALREADY, (), True),
        (State.NOT_APPLICABLE, (), True),
        (State.BLOCKED, (PASSED,), False),
        (State.APPLIES, (PASSED, FAILED), False),
    ],
)
def test_a_plan_stands_when_nothing_is_blocked_and_nothing_fails(
    state: State, checks: tuple[Check, ...], stands: bool
) -> None:
    plan = Plan((), (), (), (replace(OUTCOME, state=state),))
    planned = Planned(Path("/r"), HERE, plan, checks, ())
    assert planned.stands is Applied(planned, None).ok is stands
    assert planned.failed == tuple(c for c in checks if c is FAILED)
    assert bool(plan.blocked) is (state is State.BLOCKED)
    assert json_data(planned)["stands"] is stands
    assert json_data(Applied(planned, None))["ok"] is stands


@pytest.mark.parametrize(
    ("checks", "ok"), [((), True), ((PASSED, WARNED, SKIPPED), True), ((PASSED, FAILED), False)]
)
def test_a_ladder_holds_when_no_rung_failed(checks: tuple[Check, ...], ok: bool) -> None:
    for found in (Verified(Path("/r"), HERE, checks), Probed(checks)):
        assert found.ok is ok
        assert json_data(found)["ok"] is ok


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("verdict", Verdict)
def test_a_configuration_is_good_without_an_error_and_a_silent_provider(
    severity: Severity, verdict: Verdict
) -> None:
    diagnosis, probe = Diagnosis("c", severity, "", "", ""), Probe("e", verdict, None, None, "")
    found = Doctored(Path("/r"), HERE, (diagnosis,), (probe,))
    assert found.ok is (severity is not Severity.ERROR and verdict is not Verdict.FAILED)
    assert json_data(found)["ok"] is found.ok


def test_every_failure_has_its_exit_code() -> None:
    codes = {
        "Blocked": 1, "AnchorNotFound": 1, "BadUsage": 2, "BadDefinition": 2,
        "Drifted": 4, "NoCheckout": 5, "InputOutput": 6, "Busy": 6,
    }  # fmt: skip
    found = {
        name: exit_code(kind("x"))
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and kind is not errors.PatcherError
    }
    assert found == codes
    assert set(EXIT_CODES.values()) == set(codes.values())
    assert (str(errors.Busy("a")), errors.Busy("a").hint, errors.Busy("a", "b").hint) == (
        "a", "", "b",
    )  # fmt: skip


def test_data_of_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    Output("json", Screen(quiet=False, color=False)).show_error(errors.Busy("what", "next"))
    said = capsys.readouterr()
    assert json.loads(said.out) == {"error": {"kind": "Busy", "message": "what", "hint": "next"}}
    assert said.err == ""


def test_the_patches_are_found_in_a_clone_and_in_a_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shipped_folder() == PROJECT / "patches"
    monkeypatch.setattr("patcher.definition.catalog.__file__", f"{tmp_path}/definition/catalog.py")
    (tmp_path / "data/patches").mkdir(parents=True)
    assert shipped_folder() == tmp_path / "data/patches"


def test_the_sample_is_found_in_a_clone_and_in_a_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    shutil.copytree(PROJECT / "fixtures/sample", tmp_path / "data/sample")
    (tmp_path / "data/sample/packaged.txt").touch()
    root = apply_sample(ApplyOptions()).planned.root
    assert (root / "package.json").is_file() and not (root / "packaged.txt").exists()
    monkeypatch.setattr("patcher.commands.apply.__file__", f"{tmp_path}/commands/apply.py")
    assert (apply_sample(ApplyOptions()).planned.root / "packaged.txt").is_file()


def test_a_place_is_told_as_file_and_line() -> None:
    assert str(Place("a/patch.yaml", 7)) == "a/patch.yaml:7"


DOTENV = [
    ("A=1", {"A": "1"}),
    ("\ufeffA=1\r\nB=2\rC=3", {"A": "1", "B": "2", "C": "3"}),
    ("A=1\nA=2", {"A": "2"}),
    ("export A = 1 # note", {"A": "1"}),
    ("A: 1", {"A": "1"}),
    ("A=", {"A": ""}),
    ("A='x # y'", {"A": "x # y"}),
    ('A="x\\ny\\rz"', {"A": "x\ny\rz"}),
    ("A='x\\ny'", {"A": "x\\ny"}),
    ("A=`x 'y'`", {"A": "x 'y'"}),
    ('A="x\ny"', {"A": "x\ny"}),
    ("A='", {"A": "'"}),
    ("A=''", {"A": ""}),
    ("A=x\\ny", {"A": "x\\ny"}),
    ("A='x\"", {"A": "'x\""}),
    ("# A=1", {}),
    ("1-a.b=c", {"1-a.b": "c"}),
    ("", {}),
]


@pytest.mark.parametrize(("text", "expected"), DOTENV)
def test_settings_are_read_as_dotenv_reads_them(text: str, expected: dict[str, str]) -> None:
    assert values(text.encode()) == expected


def test_settings_need_not_be_utf8() -> None:
    assert values(b"A=caf\xe9\nB=1") == {"A": "caf\ufffd", "B": "1"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"A='b\n", b"A='b,c\n"),
        (b"A='\n", b"A=',c\n"),
        (b"A=,, b ,,\n", b"A=b,c\n"),
        (b"A=caf\xe9\n", b"A=caf\xe9,c\n"),
        (b"A=''\n", b"A='c'\n"),
        (b"\tA=b", b"\tA=b,c"),
    ],
)
def test_an_item_is_added_whatever_stands_there(before: bytes, after: bytes) -> None:
    assert with_item(before, "A", "c") == after
