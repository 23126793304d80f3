"""The command line as a whole: which commands there are."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Annotated

import click
import typer
from typer.core import TyperGroup

from patcher import __version__
from patcher.cli.answer import EXIT_CODES
from patcher.errors import InputOutput

_COMMANDS = (
    "apply",
    "rollback",
    "update",
    "diff",
    "status",
    "verify",
    "list",
    "doctor",
    "matrix",
    "capture",
    "explain",
    "check",
)
"""In the order of `--help`. Each is the function `command` of the module of its name."""

HELP = {"help_option_names": ["-h", "--help"]}


class _NotInstalled(click.ClickException):
    exit_code = EXIT_CODES[InputOutput]


class _Commands(TyperGroup):
    """Imports a command when it is asked for: all of them take 0.2 s, one 0.05 s."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # Of all that is done here only this option touches files: those at home.
        installs = any(word.startswith("--install-completion") for word in args)
        try:
            return super().parse_args(ctx, args)
        except (click.exceptions.Exit, click.exceptions.Abort):
            raise
        except (OSError, RuntimeError) as error:
            if not installs:
                raise
            raise _NotInstalled(f"the completion cannot be installed: {error}") from error

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in _COMMANDS and cmd_name not in self.commands:
            self.add_command(_command(cmd_name))
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS:
            for name in _COMMANDS:  # among these is looked for what was meant
                self.get_command(ctx, name)
            # Newer releases of click say what they found; typer would say it once more.
            self.suggest_commands = not hasattr(click.exceptions, "NoSuchCommand")
        return super().resolve_command(ctx, args)


def _command(name: str) -> click.Command:
    one = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    one.command(name, context_settings=HELP)(import_module(f"patcher.cli.{name}").command)
    return typer.main.get_command(one)


app = typer.Typer(
    cls=_Commands,
    context_settings=HELP,
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Give every LibreChat user the models of their own API key, and roll it back.",
)


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", "-V", help="Show the version.")] = False,
) -> None:
    if version:
        sys.stdout.write(f"librechat-patcher {__version__}\n")
        raise typer.Exit(0)
