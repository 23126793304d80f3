"""Writes what is generated: the table in docs/releases.md, and the pictures in docs/images.

    python docs/generate.py --repo DIR    (a clone of LibreChat with its release tags)

The pictures show real runs of the commands on a real release, exported by rich.
"""

from __future__ import annotations

import argparse
import io
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from rich.console import Console
from rich.text import Text

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from patcher import cli  # noqa: E402
from patcher.cli.screen import Screen, pieces  # noqa: E402
from patcher.commands.matrix import MatrixOptions, matrix  # noqa: E402
from patcher.releases.matrix_formats import markdown  # noqa: E402

RELEASE = "v0.8.4"
SHOWN_ROOT = "/opt/LibreChat"
SHOWN_CLONE = "librechat.git"
WIDTH = 104
CONFIGURATION = """version: 1.2.1
endpoints:
  custom:
    - name: LiteLLM
      apiKey: user_provided
      baseURL: https://litellm.example.com/v1
      models:
        default: [gpt-4o]
        fetch: true
"""
_SUPPORT = re.compile(r"(<!-- support:.*?-->\n).*?(<!-- /support -->)", re.DOTALL)
_RUN = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]+")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?")
_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def with_support(page: str, repository: Path) -> str:
    """The page with a freshly measured table between its two marks."""
    table = markdown(matrix(MatrixOptions(repository)))
    found, count = _SUPPORT.subn(lambda m: f"{m[1]}\n{table}\n{m[2]}", page)
    if count != 1:
        raise SystemExit("releases.md must have `<!-- support: … -->` and `<!-- /support -->` once")
    return found


@contextmanager
def exported(repository: Path) -> Iterator[Path]:
    """A checkout of the release, in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve() / "LibreChat"
        root.mkdir()
        command = ["git", "-C", repository, "archive", RELEASE]
        archive = subprocess.run(command, check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x", "-C", root], input=archive, check=True)
        (root / "librechat.yaml").write_text(CONFIGURATION)
        yield root


def picture(name: str, arguments: list[str], shown: dict[str, str]) -> str:
    """An SVG of a command's run; `shown` says what to write for paths of this machine."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)

    def write(_: Screen, __: object, text: str) -> None:
        console.print(Text.assemble(*pieces(_same_every_time(text, shown))))

    console.print(f"[bold]$ {_same_every_time(shlex.join(arguments), shown)}[/]", highlight=False)
    with (
        patch.object(Screen, "_write", write),
        patch.object(sys, "argv", arguments),
        patch.object(sys, "stdin", io.StringIO()),
    ):
        try:
            cli.main()
        except SystemExit as left:
            if left.code and arguments[1] != "doctor":  # it finds something to fix
                raise
    return _FONTS.sub("", console.export_svg(title="librechat-patcher", unique_id=name))


def _same_every_time(text: str, shown: dict[str, str]) -> str:
    for real, instead in shown.items():
        text = text.replace(real, instead)
    return _TIME.sub("2026-11-23T08:15:00Z", _RUN.sub("20261123T081500Z-3fa2", text))


def main() -> None:
    """Write the table and the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repo", type=Path, required=True)
    repository: Path = parser.parse_args().repo
    page = PROJECT / "docs" / "releases.md"
    page.write_bytes(with_support(page.read_text(encoding="utf-8"), repository).encode())
    with exported(repository) as root:
        for name, arguments in {
            "apply": ["apply", "--root", str(root)],
            "status": ["status", "--root", str(root)],
            "doctor": ["doctor", "--root", str(root)],
            "matrix": ["matrix", "--repo", str(repository), "--refs", "v0.8.[4-8]*"],
        }.items():
            shown = {str(root): SHOWN_ROOT, str(repository): SHOWN_CLONE}
            svg = picture(name, ["librechat-patcher", *arguments], shown)
            (PROJECT / "docs" / "images" / f"{name}.svg").write_bytes(svg.encode())


if __name__ == "__main__":
    main()
