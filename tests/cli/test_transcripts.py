"""Whole sessions: what is typed, and every word that is answered.

A transcript has lines `$ command`, each with its answer below: standard output, lines of standard
error behind `! `, marks for colours, and an exit code other than 0 in brackets. Between them
stands what a person does to the checkout: `# write PATH TEXT`, `# delete PATH`, `# remove FOLDER…`;
`# in PLACE` goes there, and `# interrupt PHASE` leaves the last run as a command does that is
killed in this phase.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.cli.running import Runner

HERE = Path(__file__).with_name("transcripts")
COLORS = {"0": "[/]", "1": "[bold]", "31": "[red]", "32": "[green]", "33": "[yellow]"}
SHAPE: Mapping[str, str] = {
    "package.json": json.dumps(
        {"name": "LibreChat", "version": "v0.8.4", "scripts": {"frontend": "x"}}
    ),
    "api/server/routes/models.js": "const router = express.Router();\n\nmodule.exports = router;\n",
    "api/server/controllers/ModelController.js": "module.exports = { models: 1 };\n",
    "api/server/services/Config/loadConfigModels.js": "module.exports = load;\n",
    "client/src/App.tsx": "export default function App() {\n  return render();\n}\n",
    "packages/data-provider/src/index.ts": "export * from './keys';\n",
}
COUNT = """\
schema: 1
id: count
title: Counts requests [all of them]
why: Tests need one.
librechat: ">=0.7.0"
components: { backend: counts them, client: "shows them [twice]", data-provider: carries them }
edits:
  - in: api/server/routes/models.js
    find: const router = express.Router();
    insert_after: router.use(count);
  - in: client/src/App.tsx
    find: return render();
    replace: return count(render());
  - in: packages/data-provider/src/index.ts
    find: export * from './count';
    insert_after: done();
    when: counted
traits:
  counted: { in: packages/data-provider/src/index.ts, has: count() }
expect:
  - in: api/server/routes/models.js
    has: router.use(count)
    why: requests are counted
examples:
  - edit: 1
    title: below the router
    before: |
      const router = express.Router();
    after: |
      const router = express.Router();
      router.use(count);
  - edit: 2
    before: return draw();
    after: return count(draw());
"""
LOG = """\
schema: 1
id: log
title: Logs requests
why: Tests need another.
librechat: ">=0.9.0"
components: { backend: logs them }
edits:
  - in: api/server/routes/models.js
    find: const router = express.Router();
    insert_before: const log = require('log');
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small checkout and two patches for it, with nothing of this machine around."""
    written = {f"LibreChat/{path}": text for path, text in SHAPE.items()}
    written |= {
        "own/count/patch.yaml": COUNT,
        "own/count/files/api/server/count.js": "module.exports = 1;\n",
        "own/count/files/client/src/count.ts": "export const count = 1;\n",
        "own/log/patch.yaml": LOG,
    }
    for path, text in written.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    for name in ("LIBRECHAT_GIT", "CONFIG_PATH", "USE_REDIS", "REDIS_URI", "LIBRECHAT_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("patcher.commands.doctor._node_version", lambda: "v24.1.0")
    monkeypatch.setattr("patcher.checks.toolchain.shutil.which", lambda _: None)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", sorted(p.stem for p in HERE.glob("*.txt")))
def test_every_word_of_a_session(
    run: Runner, place: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    text = (HERE / f"{name}.txt").read_text(encoding="utf-8")
    commands = [line for line in text.splitlines() if line.startswith(("$ ", "# "))]
    assert commands
    assert replayed(run, place, monkeypatch, commands) == text


def replayed(run: Runner, place: Path, monkeypatch: pytest.MonkeyPatch, commands: list[str]) -> str:
    """The transcript of a session on a terminal that shows colours."""
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    for stream in (sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    said: list[str] = []
    for command in commands:
        said.append(command)
        verb, *rest = shlex.split(command[2:])
        if command.startswith("# "):
            _done_by_hand(place, monkeypatch, verb, *rest)
        else:
            assert verb == "librechat-patcher"
            done = run(*rest)
            said += _hidden(place, done.out).splitlines()
            said += (f"! {line}".rstrip() for line in _hidden(place, done.err).splitlines())
            said += [f"[{done.code}]"] * bool(done.code)
    return "\n".join(said) + "\n"


def _done_by_hand(place: Path, monkeypatch: pytest.MonkeyPatch, verb: str, *rest: str) -> None:
    path = place / "LibreChat" / rest[0]
    if verb == "interrupt":
        receipts = (place / "LibreChat").glob(".librechat-patcher/runs/*/receipt.json")
        receipt = max(receipts, key=lambda file: file.stat().st_mtime_ns)
        text = receipt.read_text(encoding="utf-8")
        receipt.write_text(
            re.sub(r'"phase": "\w+"', f'"phase": "{rest[0]}"', text), encoding="utf-8"
        )
    elif verb == "remove":
        for name in rest:
            shutil.rmtree(place / "LibreChat" / name)
    elif verb == "in":
        monkeypatch.chdir(path)
    elif verb == "delete":
        path.unlink()
    else:
        assert verb == "write"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(rest[1].replace("\\n", "\n"), encoding="utf-8")


def _hidden(place: Path, text: str) -> str:
    """`text` without what is different each time."""
    return "".join(_replaced(place, text))


def _replaced(place: Path, text: str) -> Iterator[str]:
    text = text.replace(str(place), "")
    text = re.sub(r"\x1b\[(\d+)m", lambda code: COLORS[code[1]], text)
    text = re.sub(r"\d{8}T\d{6}Z-[0-9a-f]{4,}", "RUN", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?", "TIME", text)
    yield re.sub(r"\b[0-9a-f]{64}\b", "DIGEST", text)
