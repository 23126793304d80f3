"""Receipts and run ids, as text."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from msgspec.structs import replace

from patcher.model import ABSENT, FileState, Kept, PatchRef, Phase, Receipt, ReceiptFile
from patcher.paths import folders_above, objection
from patcher.transaction.receipts import Damaged, from_json, is_run, next_run, to_json

NOW = datetime(2026, 11, 23, 8, 15, 0, tzinfo=timezone.utc)

RECEIPT = Receipt(
    run="20261123T081500Z-3fa2",
    phase=Phase.DONE,
    started="2026-11-23T08:15:00Z",
    tool="0.1.0",
    librechat="v0.8.4",
    patches=(PatchRef("dynamic-models", "d" * 64),),
    components=("backend",),
    files=(
        ReceiptFile("api/é.js", "backend", FileState("0" * 64, 0o644), FileState("1" * 64, 0o4755)),
        ReceiptFile("api/new.js", "backend", ABSENT, FileState("2" * 64, 0o644)),
    ),
    folders=("api/x",),
    kept=(Kept("api/é.js", "api/é.js.drifted"),),
)

NEW_FILE = (
    '{"path": "api/new.js", "component": "backend", "before": null, '
    f'"after": {{"sha256": "{"2" * 64}", "mode": "0644"}}}}'
)
READABLE = f"""\
{{
  "schema": 1,
  "run": "20261123T081500Z-3fa2",
  "phase": "done",
  "started": "2026-11-23T08:15:00Z",
  "tool": "0.1.0",
  "librechat": "v0.8.4",
  "patches": [
    {{
      "id": "dynamic-models",
      "digest": "{"d" * 64}"
    }}
  ],
  "components": [
    "backend"
  ],
  "files": [
    {NEW_FILE}
  ],
  "folders": [
    "api/x"
  ],
  "kept": []
}}
"""


def test_a_receipt_survives_the_disk() -> None:
    for phase in Phase:
        receipt = replace(RECEIPT, phase=phase)
        assert from_json(to_json(receipt)) == receipt


def test_a_receipt_is_readable() -> None:
    assert to_json(replace(RECEIPT, files=RECEIPT.files[1:], kept=())).decode() == READABLE


@pytest.mark.parametrize(
    ("last", "run"),
    [
        (None, "20261123T081500Z-3fa2"),
        ("20261123T081459Z-ffff", "20261123T081500Z-3fa2"),
        ("20261123T081500Z-3fa1", "20261123T081500Z-3fa2"),
        ("20261123T081500Z-3fa2", "20261123T081500Z-3fa3"),
        ("20261123T081500Z-70ff", "20261123T081500Z-7100"),
        ("20261123T081500Z-ffff", "20261123T081501Z-0000"),
        ("20270101T000000Z-0001", "20270101T000000Z-0002"),  # the clock was set back
    ],
)
def test_run_ids_sort_by_time(last: str | None, run: str) -> None:
    assert next_run(last, NOW, 0x3FA2) == run
    assert last is None or run > last


DATA = to_json(RECEIPT).decode()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"schema": 1', '"schema": 2', "has schema 2, this version reads 1"),
        ('"schema": 1,', "", "lacks 'schema'"),
        ('"librechat": "v0.8.4",', "", "lacks 'librechat'"),
        ('"librechat": "v0.8.4"', '"librechat": 4', "has 4 where a str belongs"),
        ('"phase": "done"', '"phase": "finished"', "is not what was written there"),
        ('"tool": "0.1.0"', '"tool": null', "has None where a str belongs"),
        ('"started": "', '"started": 1, "x": "', "has 1 where a str belongs"),
        ('"run": "', '"run": 1, "x": "', "has 1 where a str belongs"),
        ('"path": "api/new.js"', '"path": "/api/new.js"', "names '/api/new.js', which is absolute"),
        ('"path": "api/new.js"', '"path": 3', "has 3 where a str belongs"),
        ('"api/x"', '"../x"', "names '../x', which leads out of its folder with `..`"),
        ("0" * 64, "0" * 63, f"has '{'0' * 63}' in the place of a SHA-256"),
        ('"mode": "0644"', '"mode": 420', "has 420 where a str belongs"),
        ('"mode": "0644"', '"mode": "9"', "is not what was written there"),
        ('"files": [', '"files": [4, ', "has 4 where a dict belongs"),
        ('"before": null', '"before": []', "has [] where a dict belongs"),
        ('"components": [', '"components": [4, ', "has 4 where a str belongs"),
        ('"patches": [', '"patches": {}, "x": [', "has {} where a list belongs"),
        ('"id": "', '"id": 4, "x": "', "has 4 where a str belongs"),
        ('"digest": "', '"digest": 4, "x": "', "has 4 where a str belongs"),
        ('"copy": "', '"copy": "/', "names '/api/é.js.drifted', which is absolute"),
        ("{", "[", "is not what was written there"),
        ('"kept"', '"removes": {}, "kept"', "has {} where a list belongs"),
        ('"kept"', '"removes": [4], "kept"', "has 4 where a str belongs"),
        ('"librechat": "v0.8.4"', f'"librechat": {"[" * 9} 4{"]" * 9}', "has [[[["),
        ('"librechat"', f'"x": {"[" * 99999}, "librechat"', "is not what was written there"),
    ],
)
def test_a_receipt_that_says_something_else_is_damaged(old: str, new: str, told: str) -> None:
    assert old in DATA.replace("\\u00e9", "é")
    text = DATA.replace("\\u00e9", "é").replace(old, new, 1)
    with pytest.raises(Damaged) as refused:
        from_json(text.encode())
    assert str(refused.value).startswith(told)


def test_bytes_that_are_no_text_and_other_values_are_damaged() -> None:
    for data in (b"\xff", b"", b"[]", b"4", b"null"):
        with pytest.raises(Damaged):
            from_json(data)


def test_only_permission_bits_are_read() -> None:
    text = DATA.replace('"mode": "0644"', '"mode": "100644"', 1)
    assert from_json(text.encode()).files[0].before.mode == 0o644


def test_what_a_run_took_back_is_remembered() -> None:
    receipt = replace(RECEIPT, removes=("old", "older"))
    assert from_json(to_json(receipt)) == receipt
    assert b"removes" not in to_json(RECEIPT)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("20261123T081500Z-3fa2", True),
        ("20261123T081500Z-3FA2", False),
        ("20261123T081500Z-3fa2.preparing", False),
        ("x20261123T081500Z-3fa2", False),
        ("20261123T081500-3fa2", False),
    ],
)
def test_names_of_runs(name: str, expected: bool) -> None:
    assert is_run(name) is expected


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("api/a.js", ""),
        ("api/.github/a b.js", ""),
        ("gitx/.gitignore", ""),
        ("", "is empty"),
        ("a\n", "has a character that cannot be printed"),
        ("/a", "is absolute"),
        ("a\\b", "has a backslash or a colon, which Windows takes for a folder or a drive"),
        ("a:b", "has a backslash or a colon, which Windows takes for a folder or a drive"),
        ("a/../b", "leads out of its folder with `..`"),
        ("a..b", ""),
        ("a//b", "has an empty or a `.` part"),
        ("a/./b", "has an empty or a `.` part"),
        ("a/", "has an empty or a `.` part"),
        ("a./b", "has a part that ends in a dot or a space, which Windows drops"),
        ("a /b", "has a part that ends in a dot or a space, which Windows drops"),
        ("a/.b", ""),
        (" a/.b", "has a part that not every system takes as a file's name"),
        ("a/.GIT/b", "lies in .GIT, which no patch may touch"),
        (".librechat-patcher/x", "lies in .librechat-patcher, which no patch may touch"),
    ],
)
def test_paths_that_may_not_be_patched(path: str, problem: str) -> None:
    assert objection(path) == problem


def test_folders_above_a_path() -> None:
    assert folders_above("a/b/c.js") == ("a", "a/b")
    assert folders_above("c.js") == ()
