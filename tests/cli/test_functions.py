"""The verbs as functions, for who calls them from Python: what holds when it is not said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from patcher.commands.apply import ApplyOptions, apply
from patcher.commands.capture import CaptureOptions
from patcher.commands.doctor import doctor
from patcher.commands.matrix import MatrixOptions
from patcher.commands.rollback import rollback
from patcher.commands.selection import Selection, selection
from patcher.commands.verify import Verified, verify
from patcher.errors import Drifted, NoCheckout

Copy = Callable[[str], Path]
ROUTES = "api/server/routes/models.js"


def test_options_are_off_and_empty_unless_they_are_said() -> None:
    assert selection() == selection(None, None, None, None) == selection((), (), (), ())
    assert selection() == Selection((), (), (), ())
    assert selection(["a"], [Path("b")], ["c"], ["d"]) == Selection(
        ("a",), (Path("b"),), ("c",), ("d",)
    )
    assert ApplyOptions() == ApplyOptions(None, Selection(), (), dry_run=False)
    assert CaptureOptions("id", "title") == CaptureOptions(
        "id", "title", None, Path("patches"), "", False, (), None, Selection()
    )
    assert MatrixOptions(Path("r")) == MatrixOptions(Path("r"), (), Selection())
    assert Selection.__struct_fields__ == ("ids", "folders", "only", "skip")


def test_a_rollback_is_of_the_last_run_and_not_forced(copy_of: Copy) -> None:
    root = copy_of("e6-v0.8.4")
    assert apply(ApplyOptions(root), lambda _: True).ok
    (root / ROUTES).write_text("mine();\n", encoding="utf-8")
    with pytest.raises(Drifted, match=ROUTES):
        rollback(root)
    assert rollback(root, force=True).restored is not None
    assert rollback(root).restored is None


def test_a_doctor_asks_nobody(copy_of: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("patcher.checks.web.ask", lambda *_, **__: pytest.fail("it asked"))
    root = copy_of("e6-v0.8.4")
    (root / "librechat.yaml").write_text(
        "version: 1.2.8\nendpoints: { custom: [{ name: A, apiKey: user_provided, "
        "baseURL: https://a.example, models: { default: [a], fetch: true } }] }\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("LIBRECHAT_PATCHER_KEY", "sk")
    assert doctor(root).probes == ()


def test_a_ladder_has_no_server_unless_it_is_named(copy_of: Copy, tmp_path: Path) -> None:
    root = copy_of("e6-v0.8.4")
    apply(ApplyOptions(root), lambda _: True)
    found = verify(root, Selection())
    assert isinstance(found, Verified)
    assert "server" not in {c.rung for c in found.checks}
    with pytest.raises(NoCheckout):
        verify(tmp_path, Selection(), "http://127.0.0.1:9")
