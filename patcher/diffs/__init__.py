"""Git's diffs: what one says (`parts`, `reading`), where it fits (`placing`), how to write one.

`patcher.diffs.unified` is the door.
"""
