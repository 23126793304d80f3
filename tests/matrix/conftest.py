from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Runner
from tests.conftest import ERAS
from tests.matrix.story import ANCHOR, ROOT, Story


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Runner:
    """Calls `librechat-patcher` with the given arguments."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    return Runner(capsys, monkeypatch)


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Every era as a tagged release, with tags around them that are none; nobody changes it."""
    story = Story(tmp_path_factory.mktemp("releases") / "repo")
    story.write("README.md", "Once upon a time\n")
    story.commit("Before everything", tag="v0.6.0")
    for era in ERAS:
        story.become(era)
        story.commit(f"Release {era}", tag=era.partition("-")[2])
    story.git("tag", "-a", "v0.8.8", "-m", "The very same, final")
    story.git("tag", "chart-1.0.0")
    story.git("tag", "v-next")
    story.git("tag", "v9-blob", "HEAD:package.json")
    return story


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """A release v0.8.4, to go on from."""
    story = Story(tmp_path / "story")
    story.become("e6-v0.8.4")
    story.commit("Release v0.8.4", tag="v0.8.4")
    return story


@pytest.fixture(scope="session")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """A history in which one commit breaks an anchor and a later one repairs it; read only."""
    story = Story(tmp_path_factory.mktemp("broken") / "repo")
    story.become("e6-v0.8.4")
    story.commit("Release v0.8.4", tag="v0.8.4")
    story.write("docs/news.md", "Nothing that matters\n")
    story.commit("Write about it")
    story.replace(ROOT, "export default", "// The frame of every page.\nexport default")
    story.git("tag", "harmless", story.commit("Explain the frame"))
    story.replace(ROOT, ANCHOR, "useSession()")
    story.git("tag", "breaks", story.commit("Rename the hook | `all` of it <b>\u0001</b> 🎉"))
    story.replace(ROOT, "The frame", "A frame")
    story.git("tag", "still-broken", story.commit("Mind the article"))
    story.replace(ROOT, "useSession()", ANCHOR)
    story.git("tag", "repairs", story.commit("Name the hook as before"))
    story.replace(ROOT, "A frame", "One frame")
    story.commit("Count frames")
    return story
