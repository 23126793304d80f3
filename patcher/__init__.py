"""Patch LibreChat checkouts: plan, verify, write, undo."""

__version__ = "0.1.0"
