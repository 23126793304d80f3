"""apply, verify, apply again, rollback on every fixture tree, through the command line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import Runner
from tests.conftest import DEVIATIONS, ERAS, contents

Copy = Callable[[str], Path]


@pytest.mark.parametrize("name", [*ERAS, *DEVIATIONS])
def test_apply_verify_apply_again_rollback_is_an_identity(
    run: Runner, copy_of: Copy, name: str
) -> None:
    root = copy_of(name)
    before = contents(root)

    assert run("apply", "--root", root).code == 0
    patched = contents(root)
    assert patched != before
    assert run("verify", "--root", root).code == 0

    again = run("apply", "--root", root)
    assert (again.code, contents(root)) == (0, patched)
    assert "nothing to do" in again.out

    assert run("rollback", "--root", root).code == 0
    assert contents(root) == before


def test_a_dry_run_and_a_diff_write_nothing_at_all(run: Runner, copy_of: Copy) -> None:
    root = copy_of("e6-v0.8.4")
    for arguments in (["apply", "--dry-run"], ["diff"], ["status"], ["verify"]):
        run(*arguments, "--root", root)
    assert not (root / ".librechat-patcher").exists()
    assert contents(root) == contents(copy_of("e7-v0.8.8-rc1").parent / "e6-v0.8.4")


def test_only_backend_leaves_the_client_alone(run: Runner, copy_of: Copy) -> None:
    root = copy_of("e6-v0.8.4")
    before = contents(root)
    assert run("apply", "--root", root, "--only", "backend").code == 0
    changed = {p for p, c in contents(root).items() if before.get(p) != c}
    assert changed and all(p.startswith("api/") for p in changed)
    assert run("verify", "--root", root).code == 0


def test_the_rest_can_be_added_later_and_both_runs_taken_back(run: Runner, copy_of: Copy) -> None:
    root = copy_of("e6-v0.8.4")
    before = contents(root)
    assert run("apply", "--root", root, "--skip", "client").code == 0
    assert run("apply", "--root", root).code == 0
    assert run("verify", "--root", root).code == 0
    assert run("rollback", "--root", root).code == 0
    assert run("rollback", "--root", root).code == 0
    assert contents(root) == before


def test_a_shipped_image_gets_the_backend_and_a_sentence_about_it(
    run: Runner, copy_of: Copy
) -> None:
    done = run("apply", "--root", copy_of("shipped-image"))
    assert done.code == 0
    assert "no sources of client and data-provider (a shipped image)" in done.out


def test_a_sample_is_patched_verified_shown_and_named(
    run: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    done = run("apply", "--sample")
    root = next(tmp_path.glob("librechat-patcher-*/LibreChat-sample"))
    assert done.code == 0
    assert "+router.post('/fetch', requireJwtAuth, fetchUserModelsController);" in done.out
    assert str(root) in done.out
    assert "next: then patch it: librechat-patcher apply --root DIR" in done.out
    assert "npm run" not in done.out  # nobody builds or starts a sample
    assert run("verify", "--root", root).code == 0


def test_allow_http_goes_into_env_and_comes_out_again(run: Runner, copy_of: Copy) -> None:
    root = copy_of("e6-v0.8.4")
    (root / ".env").write_bytes(b"PORT=3080\r\nDYNAMIC_MODELS_ALLOW_HTTP=one.example\r\n")
    done = run("apply", "--root", root, "--allow-http", "two.example:8080")
    assert done.code == 0
    assert (root / ".env").read_bytes() == (
        b"PORT=3080\r\nDYNAMIC_MODELS_ALLOW_HTTP=one.example,two.example:8080\r\n"
    )
    run("rollback", "--root", root)
    assert (root / ".env").read_bytes().endswith(b"=one.example\r\n")


def test_status_names_the_run_what_drifted_and_what_must_be_built(
    run: Runner, copy_of: Copy
) -> None:
    root = copy_of("e6-v0.8.4")
    assert "no patch is applied here" in run("status", "--root", root).out
    run("apply", "--root", root)
    clean = run("status", "--root", root)
    assert clean.code == 0
    assert "dynamic-models: run " in clean.out
    assert "missing client/dist/index.html: npm run frontend" in clean.out

    (root / "api/server/routes/models.js").write_text("// mine\n", encoding="utf-8")
    drifted = run("status", "--root", root)
    assert drifted.code == 4
    assert "edited api/server/routes/models.js" in drifted.out


def test_rollback_keeps_what_a_person_wrote(run: Runner, copy_of: Copy) -> None:
    root = copy_of("e6-v0.8.4")
    before = contents(root)
    run("apply", "--root", root)
    (root / "client/src/routes/Root.tsx").write_text("// mine\n", encoding="utf-8")

    refused = run("rollback", "--root", root)
    assert refused.code == 4
    assert "client/src/routes/Root.tsx" in refused.err
    assert (root / "client/src/routes/Root.tsx").read_text(encoding="utf-8") == "// mine\n"

    assert run("rollback", "--root", root, "--force").code == 0
    kept = [p for p in contents(root) if p not in before]
    assert [(root / p).read_text(encoding="utf-8") for p in kept] == ["// mine\n"]
    assert {p: c for p, c in contents(root).items() if p in before} == before


def test_a_dist_that_was_built_anew_is_named_left_alone_and_patched_again(
    run: Runner, copy_of: Copy
) -> None:
    root = copy_of("shipped-image")
    index = root / "client/dist/index.html"
    run("apply", "--root", root)
    (script,) = (root / "client/dist/assets").glob("dynamic-models.*.js")
    built = index.read_bytes().replace(b"fixture.js", b"anew.js")
    built = re.sub(rb"<script[^>]*>import.*?</script>", b"", built)
    index.write_bytes(built)
    (root / "client/dist/assets/index.anew.js").write_bytes(
        (root / "client/dist/assets/index.fixture.js").read_bytes()
    )
    status = run("status", "--root", root)
    assert status.code == 4 and "edited client/dist/index.html" in status.out
    before = contents(root / "client")
    rolled_back = run("rollback", "--root", root)
    assert rolled_back.code == 0
    assert "left as it is, somebody changed it: client/dist/index.html" in rolled_back.out
    assert {**before, **contents(root / "client")} == before and not script.exists()
    assert run("apply", "--root", root).code == 0
    assert index.read_bytes().count(b"dynamic-models.") == 1
    assert run("rollback", "--root", root).code == 0
    assert index.read_bytes() == built
