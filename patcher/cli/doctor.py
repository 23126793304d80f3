"""`doctor`: its options, and each diagnosis as text."""

from __future__ import annotations

from typing import Annotated

import typer

from patcher.cli.answer import Output, answer, recovered
from patcher.cli.options import Format, NoColor, Quiet, Root
from patcher.cli.screen import VERDICTS, Screen, escape, number_of
from patcher.commands.doctor import Doctored, doctor
from patcher.doctor.diagnosis import Diagnosis, Probe, Severity
from patcher.model import Verdict

_MARKS = {
    Severity.ERROR: "[red]error[/]",
    Severity.WARNING: "[yellow]warning[/]",
    Severity.NOTE: "[bold]note[/]",
}


def command(
    root: Root = None,
    probe: Annotated[
        bool,
        typer.Option(
            "--probe",
            help="Also ask each provider for its models, with the key in LIBRECHAT_PATCHER_KEY_NAME"
            " (NAME: the endpoint in capitals) or LIBRECHAT_PATCHER_KEY.",
        ),
    ] = False,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Say what keeps users from their models, and how to fix it.

    Reads librechat.yaml, .env, compose files, built output and versions; shows no key or password
    and writes nothing. Exits with 1 when something must be fixed.
    Example: librechat-patcher doctor --root /opt/LibreChat
    """

    def run(output: Output) -> int:
        found = doctor(root, probe)
        output.show(found, text)
        return 0 if found.ok else 1

    answer(format, quiet, no_color, run)


def text(screen: Screen, found: Doctored) -> None:
    """Each diagnosis with the line or command that fixes it, the worst first."""
    recovered(screen, found.recovered)
    screen.detail(f"{escape(found.checkout.title)} in {escape(str(found.root))}")
    for diagnosis in found.diagnoses:
        _diagnosis(screen, diagnosis)
    for probe in found.probes:
        _probe(screen, probe)
    errors = sum(d.severity is Severity.ERROR for d in found.diagnoses)
    failed = sum(p.verdict is Verdict.FAILED for p in found.probes)
    if found.ok:
        screen.line("[green]nothing must be fixed[/]")
    else:
        verb = "does" if failed == 1 else "do"
        silent = f", {number_of(failed, 'provider')} {verb} not answer" if failed else ""
        screen.line(f"[red]{errors} to fix[/]{silent}")


def _diagnosis(screen: Screen, diagnosis: Diagnosis) -> None:
    show = screen.detail if diagnosis.severity is Severity.NOTE else screen.line
    show(f"{_MARKS[diagnosis.severity]} {escape(diagnosis.where)}: {escape(diagnosis.what)}")
    show(f"  {escape(diagnosis.fix)}")


def _probe(screen: Screen, probe: Probe) -> None:
    told = escape(probe.detail)
    if probe.models is not None and probe.seconds is not None:
        models = number_of(probe.models, "model")
        told = f"{models} in {probe.seconds * 1000:.0f} ms {told}".rstrip()
    screen.line(f"probe {escape(probe.endpoint)}: {VERDICTS[probe.verdict]} {told}")
