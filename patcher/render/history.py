"""What a checkout has been through: status, rollback, recovery."""

from __future__ import annotations

from patcher.model import Phase, Restored
from patcher.render.screen import Screen, escape
from patcher.results import RolledBack, Status


def status(screen: Screen, status: Status) -> None:
    """Patches, drift and builds of a checkout."""
    recovered(screen, status.recovered)
    screen.line(f"{escape(status.checkout.title)} in {escape(str(status.root))}")
    if not status.patches:
        screen.line("no patch is applied here (by librechat-patcher)")
    for patch in status.patches:
        note = "" if patch.is_current else " (the definition has changed since: apply again)"
        parts = ", ".join(patch.components)
        screen.line(f"{patch.id}: run {patch.run}, {patch.since}, {parts}{note}")
    for drift in status.drift:
        screen.line(f"[yellow]{drift.kind}[/] {escape(drift.path)}")
    for build in status.builds:
        if build.state != "fresh":
            screen.line(f"[yellow]{build.state}[/] {build.output}: {status.build_command}")


def rolled_back(screen: Screen, done: RolledBack) -> None:
    """What came back."""
    restored = done.restored
    if restored is None:
        screen.line("nothing to roll back: no run is in effect here")
        return
    if not done.stays:
        recovered(screen, restored)
        return
    counts = f"{len(restored.restored)} files changed, {len(restored.removed)} removed"
    screen.line(f"[green]taken back[/] by run {restored.run}: {counts}")
    screen.line(f"still applied: {', '.join(done.stays)}")


def recovered(screen: Screen, restored: Restored | None) -> None:
    """A run that was undone, on request or because it had been interrupted."""
    if restored is None:
        return
    why = "" if restored.found is Phase.DONE else " (it had been interrupted)"
    counts = f"{len(restored.restored)} files restored, {len(restored.removed)} removed"
    screen.line(f"[green]undone[/] run {restored.run}{why}: {counts}")
    for path in restored.kept:
        screen.line(f"kept: {escape(path)}")
    for path in restored.left:
        screen.line(f"[yellow]left as it is[/], somebody changed it: {escape(path)}")
