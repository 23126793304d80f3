"""The verification ladder, and the list of patches."""

from __future__ import annotations

from patcher.model import Check, Verdict
from patcher.render.history import recovered
from patcher.render.screen import Screen, escape
from patcher.results import Listing, Probed, Verified

_MARKS = {
    Verdict.PASSED: "[green]ok[/]",
    Verdict.FAILED: "[red]failed[/]",
    Verdict.SKIPPED: "[yellow]skipped[/]",
}


def verified(screen: Screen, verified: Verified | Probed) -> None:
    """The ladder: one line a rung, more where something failed or was skipped."""
    if isinstance(verified, Verified):
        recovered(screen, verified.recovered)
        screen.detail(f"{escape(verified.checkout.title)} in {escape(str(verified.root))}")
    for rung in dict.fromkeys(c.rung for c in verified.checks):
        _rung(screen, rung, [c for c in verified.checks if c.rung == rung])
    screen.line("[green]verified[/]" if verified.ok else "[red]verification failed[/]")


def _rung(screen: Screen, rung: str, checks: list[Check]) -> None:
    passed = sum(c.verdict is Verdict.PASSED for c in checks)
    if passed:
        screen.detail(f"{rung}: {passed} {_MARKS[Verdict.PASSED]}")
    for check in checks:
        if check.verdict is not Verdict.PASSED:
            where = f"{escape(check.subject)}: {escape(check.detail)}"
            screen.line(f"{rung}: {_MARKS[check.verdict]} {where}")


def listing(screen: Screen, listing: Listing) -> None:
    """The patches, their components, files and tested releases."""
    for patch in listing.patches:
        default = "" if patch.id in listing.default else " (off unless named: --patch)"
        screen.line(f"[bold]{patch.id}[/]{default}: {escape(patch.title)}")
        for name, what in patch.components.items():
            screen.detail(f"  {name}: {escape(what)}")
        edited = len({e.path for e in patch.edits})
        screen.detail(f"  edits {edited} files, adds {len(patch.files)}")
        screen.detail(f"  LibreChat {patch.librechat}; tested on {_span(patch.tested)}")


def _span(releases: tuple[str, ...]) -> str:
    if not releases:
        return "no release yet"
    return f"{len(releases)} releases, {releases[0]} to {releases[-1]}"
