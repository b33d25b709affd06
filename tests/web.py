"""A server on this machine, for what calls one: it answers as the test says and remembers all."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class LocalServer:
    """Takes POSTs, each in a thread; a subclass says what it answers.

    Attributes:
        url: its address, with `path`.
        requests: what it was asked, as the subclass keeps it.
    """

    path = "/"

    def __init__(self):
        self.requests: list[Any] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                try:
                    server.answer(self, body)
                except OSError:  # the caller has hung up
                    self.close_connection = True

            def log_message(self, *args):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}{self.path}"
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        """Answer a request by its handler."""
        raise NotImplementedError

    def close(self):
        """Stop, and free the port."""
        self.http.shutdown()
        self.http.server_close()


def send(
    handler: BaseHTTPRequestHandler,
    content: Any,
    *,
    status: int = 200,
    kind: str = "application/json",
) -> None:
    """Send bytes as they are, anything else as JSON."""
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)
