"""Patch LibreChat checkouts: plan, verify, write, roll back."""

__version__ = "0.1.0"
