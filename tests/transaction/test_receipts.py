"""Receipts and run ids, as text."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from msgspec.structs import replace

from patcher.model import ABSENT, FileState, Kept, PatchRef, Phase, Receipt, ReceiptFile
from patcher.transaction.receipts import from_json, next_run, to_json

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
