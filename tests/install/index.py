"""A package index on loopback that breaks off in the middle of a wheel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread


class FailingIndex:
    """Serves wheels; after `whole` of them each one ends half-way."""

    def __init__(self, wheels: Path, whole: int) -> None:
        self.wheels = {path.name: path.read_bytes() for path in wheels.glob("*.whl")}
        self.whole = whole
        self.sent = 0

    def page(self, project: str) -> bytes:
        """The links of a project (PEP 503)."""
        names = [n for n in self.wheels if re.sub("_", "-", n.split("-")[0]).lower() == project]
        return "".join(f'<a href="/wheels/{n}">{n}</a>\n' for n in names).encode()

    @contextmanager
    def serving(self) -> Iterator[str]:
        """The address of the index, while it runs."""
        index = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                *_, kind, name = self.path.rstrip("/").split("/")
                content = index.wheels[name] if kind == "wheels" else index.page(name)
                self.send_response(200)
                self.send_header("Content-Type", "text/html" if kind != "wheels" else "x/wheel")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                index.sent += kind == "wheels"
                is_whole = kind != "wheels" or index.sent <= index.whole
                self.wfile.write(content if is_whole else content[: len(content) // 2])

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/simple"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
