"""Git's diffs: what one says (`parts`, `reading`), where it fits (`placing`), how to write one.

`patcher.unified` is the door.
"""
