"""What the world says of a patched tree: its tools, its built output, a running server."""
