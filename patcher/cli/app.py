"""The command line as a whole: which commands there are."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from patcher import __version__
from patcher.cli import asking, carrying, changing, diagnosing, watching

app = typer.Typer(
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Give every LibreChat user the models of their own API key, and take it back.",
)

app.command()(changing.apply)
app.command()(changing.rollback)
app.command()(asking.diff)
app.command()(asking.status)
app.command()(asking.verify)
app.command(name="list")(asking.list_)
app.command()(diagnosing.doctor)
app.command()(watching.matrix)
app.command()(carrying.capture)
app.command()(carrying.explain)
app.command()(carrying.check)


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    if version:
        sys.stdout.write(f"librechat-patcher {__version__}\n")
        raise typer.Exit(0)
