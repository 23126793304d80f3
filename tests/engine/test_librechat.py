"""The facts about LibreChat, held against trees that are shaped like its releases."""

from __future__ import annotations

from pathlib import Path

import pytest

from patcher.librechat import COMPONENTS, SHAPE, Component, component_of, is_ollama, loses_prices

from .support import ERAS

FROM_SOURCES = [c for c in COMPONENTS.values() if not c.stands_in_for]


@pytest.mark.parametrize("era", ERAS, ids=lambda era: era.name)
def test_every_era_has_the_shape_and_the_sources_of_every_component(era: Path) -> None:
    assert [path for path in SHAPE if not (era / path).is_file()] == []
    assert [c.sources for c in FROM_SOURCES if not (era / c.sources).is_dir()] == []


@pytest.mark.parametrize(
    ("path", "component"),
    [
        ("api/server/index.js", "backend"),
        ("api/package.json", "backend"),
        ("packages/data-provider/src/index.ts", "data-provider"),
        ("packages/client/src/index.ts", "client"),
        ("client/src/App.jsx", "client"),
        ("packages/api/src/index.ts", ""),
        ("client/dist/index.html", "page"),
        ("apis/index.js", ""),
        (".env.example", ""),
    ],
)
def test_the_component_of_a_path_is_told_by_its_place(path: str, component: str) -> None:
    assert component_of(path) == component


@pytest.mark.parametrize("component", COMPONENTS.values(), ids=lambda c: c.name)
def test_a_component_owns_its_sources_and_its_project(component: Component) -> None:
    places = (component.sources, component.tsconfig, f"{component.alias}/")
    assert {component_of(place) for place in places if place.strip("/")} == {component.name}


@pytest.mark.parametrize(
    ("version", "loses"),
    [
        ("v0.8.1", False),
        ("v0.8.2-rc1", True),
        ("v0.8.2", True),
        ("0.8.4", True),
        ("v0.8.5-rc1", True),
        ("v0.8.5", False),
        ("v0.8.20", False),
        ("v1.0.2", False),
        ("", False),
    ],
)
def test_releases_that_lose_prices(version: str, loses: bool) -> None:
    assert loses_prices(version) is loses


def test_ollama_is_told_by_the_beginning_of_the_name_in_any_case() -> None:
    assert [is_ollama(n) for n in ("Ollama", "ollama local", "My Ollama")] == [True, True, False]
