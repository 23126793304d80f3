"""Checkouts that version 0.1.0 patched: this version reads their receipts and rolls them back.

Below `golden/`, a folder for each: `state` is what that version kept, `tree` the files of the
checkout that were not as in the fixture `e6-v0.8.4`. Two patches, `greeting` and `farewell`, add
an import and a file each.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from patcher.model import Phase
from patcher.paths import STATE_FOLDER
from patcher.transaction import open_store
from patcher.transaction.receipts import from_json, to_json
from tests.conftest import PROJECT

GOLDEN = Path(__file__).with_name("golden")
FIXTURE = PROJECT / "fixtures" / "eras" / "e6-v0.8.4"
RECEIPTS = sorted(GOLDEN.glob("*/state/runs/*/receipt.json"))
ROUTES = "api/server/routes/models.js"


def _files(root: Path) -> dict[str, bytes]:
    """All files of a checkout but ours."""
    found = (p for p in root.rglob("*") if p.is_file())
    paths = {p.relative_to(root).as_posix(): p for p in found}
    return {n: p.read_bytes() for n, p in paths.items() if not n.startswith(f"{STATE_FOLDER}/")}


def _checkout(case: str, parent: Path) -> Path:
    root = parent / case
    shutil.copytree(FIXTURE, root)
    _lay(GOLDEN / case / "state", root / STATE_FOLDER)
    for receipt in (from_json(p.read_bytes()) for p in RECEIPTS if case in p.parts):
        if receipt.phase is not Phase.ROLLED_BACK:
            for folder in receipt.folders:
                (root / folder).mkdir(parents=True, exist_ok=True)
    _lay(GOLDEN / case / "tree", root)
    for path in root.rglob("*"):
        # The modes that the receipts tell, whatever the checkout of this project has.
        path.chmod(0o755 if path.is_dir() else 0o644)
    return root


def _lay(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)


@pytest.mark.parametrize("file", RECEIPTS, ids=lambda p: f"{p.parts[-5]}-{p.parts[-2]}")
def test_a_receipt_is_read_and_written_byte_for_byte(file: Path) -> None:
    data = file.read_bytes()
    receipt = from_json(data)
    assert (receipt.run, receipt.tool) == (file.parent.name, "0.1.0")
    assert to_json(receipt) == data


@pytest.mark.parametrize(
    ("case", "phases", "removes"),
    [
        ("applied", [Phase.DONE], [()]),
        ("updated", [Phase.DONE, Phase.DONE], [(), ()]),
        ("one-patch-rolled-back", [Phase.DONE, Phase.DONE], [(), ("greeting",)]),
        ("rolled-back", [Phase.ROLLED_BACK], [()]),
        ("kept", [Phase.ROLLED_BACK], [()]),
        ("interrupted", [Phase.APPLYING], [()]),
    ],
)
def test_what_a_checkout_says_of_its_runs(
    case: str, phases: list[Phase], removes: list[tuple[str, ...]], tmp_path: Path
) -> None:
    receipts = open_store(_checkout(case, tmp_path)).receipts()
    assert [r.phase for r in receipts] == phases
    assert [r.removes for r in receipts] == removes
    assert {r.librechat for r in receipts} == {"v0.8.4"}
    assert {f.component for r in receipts for f in r.files} == {"backend"}


@pytest.mark.parametrize(
    ("case", "runs"), [("applied", 1), ("updated", 2), ("one-patch-rolled-back", 2)]
)
def test_every_run_is_rolled_back_byte_for_byte(case: str, runs: int, tmp_path: Path) -> None:
    root = _checkout(case, tmp_path)
    store = open_store(root)
    assert _files(root) != _files(FIXTURE)
    for receipt in store.receipts():
        assert store.drift(receipt) == ()
    for _ in range(runs):
        store.rollback()
    assert _files(root) == _files(FIXTURE)
    assert not (root / "api/server/services/Golden").exists()


def test_a_run_that_was_killed_is_rolled_back_by_the_next_command(tmp_path: Path) -> None:
    root = _checkout("interrupted", tmp_path)
    assert _files(root) != _files(FIXTURE)
    recovered = open_store(root).recover()
    assert recovered is not None
    assert (recovered.found, recovered.restored) == (Phase.APPLYING, (ROUTES,))
    assert _files(root) == _files(FIXTURE)


def test_the_copy_of_a_file_that_was_changed_by_hand_stays(tmp_path: Path) -> None:
    root = _checkout("kept", tmp_path)
    (receipt,) = open_store(root).receipts()
    (kept,) = receipt.kept
    assert kept.path == ROUTES
    assert (root / kept.copy).read_bytes().endswith(b"// by hand\n")
    assert open_store(root).recover() is None
    assert _files(root).keys() - _files(FIXTURE).keys() == {kept.copy}
