"""Releases and commits of LibreChat in a git repository, and how patches stand to them."""
