"""What `doctor` found."""

from __future__ import annotations

from patcher.doctor.diagnosis import Diagnosis, Probe, Severity
from patcher.model import Verdict
from patcher.render.history import recovered
from patcher.render.screen import Screen, escape
from patcher.results import Doctored

_MARKS = {
    Severity.ERROR: "[red]error[/]",
    Severity.WARNING: "[yellow]warning[/]",
    Severity.NOTE: "[bold]note[/]",
}
_ANSWERS = {
    Verdict.PASSED: "[green]ok[/]",
    Verdict.FAILED: "[red]failed[/]",
    Verdict.SKIPPED: "[yellow]skipped[/]",
}


def doctored(screen: Screen, found: Doctored) -> None:
    """Each diagnosis with the line or command that mends it, the worst first."""
    recovered(screen, found.recovered)
    screen.detail(f"{escape(found.checkout.title)} in {escape(str(found.root))}")
    for diagnosis in found.diagnoses:
        _diagnosis(screen, diagnosis)
    for probe in found.probes:
        _probe(screen, probe)
    errors = sum(d.severity is Severity.ERROR for d in found.diagnoses)
    failed = sum(p.verdict is Verdict.FAILED for p in found.probes)
    if found.ok:
        screen.line("[green]nothing must be mended[/]")
    else:
        silent = f", {failed} providers do not answer" if failed else ""
        screen.line(f"[red]{errors} to mend[/]{silent}")


def _diagnosis(screen: Screen, diagnosis: Diagnosis) -> None:
    show = screen.detail if diagnosis.severity is Severity.NOTE else screen.line
    show(f"{_MARKS[diagnosis.severity]} {escape(diagnosis.where)}: {escape(diagnosis.what)}")
    show(f"  {escape(diagnosis.fix)}")


def _probe(screen: Screen, probe: Probe) -> None:
    told = escape(probe.detail)
    if probe.models is not None and probe.seconds is not None:
        told = f"{probe.models} models in {probe.seconds * 1000:.0f} ms {told}".rstrip()
    screen.line(f"probe {escape(probe.endpoint)}: {_ANSWERS[probe.verdict]} {told}")
