"""Options that several commands take, each written once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Root = Annotated[
    Path | None,
    typer.Option("--root", metavar="DIR", help="The LibreChat checkout; found when left out."),
]
Format = Annotated[str, typer.Option("--format", metavar="text|json", help="How to answer.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Only the outcome.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="Plain text.")]
Ids = Annotated[
    list[str] | None,
    typer.Option("--patch", metavar="ID", help="A patch by its id; repeatable."),
]
Folders = Annotated[
    list[Path] | None,
    typer.Option("--patches", metavar="DIR", help="A folder of own patches; repeatable."),
]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="COMPONENT", help="backend, data-provider or client."),
]
Skip = Annotated[
    list[str] | None, typer.Option("--skip", metavar="COMPONENT", help="All but this one.")
]
Clone = Annotated[
    Path | None,
    typer.Option("--repo", metavar="CLONE", help="A clone of LibreChat with its tags."),
]
