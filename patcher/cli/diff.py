"""`diff`: its options, and the plan as one diff."""

from __future__ import annotations

from patcher.cli.answer import Output, answer
from patcher.cli.apply import text_of_plan, why_nothing
from patcher.cli.options import Folders, Format, Ids, NoColor, Only, Quiet, Root, Skip
from patcher.commands.apply import ApplyOptions, plan_for
from patcher.commands.selection import selection
from patcher.diffs.git_format import git_diff


def command(
    root: Root = None,
    patch: Ids = None,
    patches: Folders = None,
    only: Only = None,
    skip: Skip = None,
    format: Format = "text",
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Show what `apply` would change, as a diff for `git apply`.

    Example: librechat-patcher diff --root /opt/LibreChat > dynamic-models.diff
    """

    def run(output: Output) -> int:
        planned = plan_for(ApplyOptions(root, selection(patch, patches, only, skip)))
        if planned.stands and not output.is_json:
            output.screen.diff(git_diff(planned.plan.changes))
            if not planned.plan.changes:
                output.screen.problem(f"nothing to change: {why_nothing(planned)}")
        else:
            output.show(planned, text_of_plan)
        return 0 if planned.stands else 1

    answer(format, quiet, no_color, run)
