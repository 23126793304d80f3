"""One function per verb. They take plain values and return what `results` defines."""

from patcher.commands.apply import ApplyOptions, apply, plan_for
from patcher.commands.listing import list_patches
from patcher.commands.rollback import rollback
from patcher.commands.sample import apply_sample
from patcher.commands.selection import Selection
from patcher.commands.status import status
from patcher.commands.verify import verify

__all__ = [
    "ApplyOptions",
    "Selection",
    "apply",
    "apply_sample",
    "list_patches",
    "plan_for",
    "rollback",
    "status",
    "verify",
]
