"""Whether built output is as new as the patched sources."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from patcher.checks.builds import Build, build_states

CLIENT, SHARED = "client/src/a.tsx", "packages/data-provider/src/b.ts"
OUTPUTS = {"client/": "client/dist/index.html"}
OUTPUTS["packages/data-provider/"] = "packages/data-provider/dist/index.js"


def written(root: Path, path: str, when: int) -> None:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("x\n", encoding="utf-8")
    os.utime(place, (when, when))


@pytest.mark.parametrize("sources", OUTPUTS)
@pytest.mark.parametrize(
    ("built", "state"), [(None, "missing"), (9, "older"), (10, "fresh"), (11, "fresh")]
)
def test_an_output_is_held_against_the_newest_source(
    tmp_path: Path, sources: str, built: int | None, state: str
) -> None:
    for name, when in (("old", 5), ("new", 10)):
        written(tmp_path, f"{sources}src/{name}.ts", when)
    if built is not None:
        written(tmp_path, OUTPUTS[sources], built)
    patched = [f"{sources}src/{n}.ts" for n in ("new", "old", "gone")]
    assert list(build_states(tmp_path, patched)) == [Build(sources, OUTPUTS[sources], state)]


def test_outputs_of_what_was_not_patched_are_not_looked_at(tmp_path: Path) -> None:
    assert not list(build_states(tmp_path, ["api/server/index.js", CLIENT]))
    written(tmp_path, CLIENT, 1)
    written(tmp_path, SHARED, 1)
    found = list(build_states(tmp_path, iter([CLIENT, SHARED])))
    assert [b.sources for b in found] == ["packages/data-provider/", "client/"]
