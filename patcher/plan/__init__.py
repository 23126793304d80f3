"""Patches and a tree to a plan, and what must hold of its result. Pure."""
