"""Operators of telephones on this machine, for tests: real sockets, answers as they are told."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Asked(NamedTuple):
    """A request as it came over the wire."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Answers = Callable[[Asked, Any], None]


class Server(ThreadingHTTPServer):
    """One that lets many knock at once."""

    request_queue_size = 128


class Operator:
    """What was asked of a server on a port of its own, and what it *answers*."""

    def __init__(self, answers: Answers) -> None:
        self.asked: list[Asked] = []
        self.over = threading.Event()  # whoever keeps a client waiting waits for this
        operator = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {key.lower(): what for key, what in self.headers.items()}
                asked = Asked(self.command, self.path, headers, body)
                operator.asked.append(asked)
                answers(asked, self)

            do_GET = do_POST

            def log_message(self, *_words: Any) -> None:
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@contextmanager
def operator(answers: Answers) -> Iterator[Operator]:
    """Run an operator for a while."""
    made = Operator(answers)
    thread = threading.Thread(target=made.server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield made
    finally:
        made.over.set()
        made.server.shutdown()
        thread.join()
        made.server.server_close()


def saying(status: int, body: bytes = b"", **headers: str) -> Answers:
    """Return what answers with *status* and *body* to everything."""

    def answer(_asked: Asked, handler: Any) -> None:
        handler.send_response(status)
        for name, what in headers.items():
            handler.send_header(name.replace("_", "-"), what)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer
