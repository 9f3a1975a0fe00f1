"""A client of IMAP that does the same to both servers, and is in nobody's way itself."""

import socket
import ssl

LINE = b"\r\n"


class Wire:
    """A connection that has signed in."""

    def __init__(self, port: int, name: str, password: str) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        sock = socket.create_connection(("127.0.0.1", port), 120)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = context.wrap_socket(sock)
        self._left = b""
        self._count = 0
        self._until(LINE)
        self.ask(f"LOGIN {name} {password}")

    def _until(self, end: bytes) -> bytes:
        """Return what comes up to *end*, which is left out."""
        pieces, tail = [self._left], self._left
        while end not in tail:
            piece = self.sock.recv(262_144)
            if not piece:
                raise EOFError("the server has hung up")
            pieces.append(piece)
            tail = tail[1 - len(end) :] + piece
        whole = b"".join(pieces)
        at = whole.index(end, len(whole) - len(tail))
        self._left = whole[at + len(end) :]
        return whole[:at]

    def ask(self, command: str, literal: bytes | None = None) -> bytes:
        """Say *command*; return what comes before its answer, which is OK; raise RuntimeError."""
        self._count += 1
        tag = f"t{self._count}".encode()
        more = b"" if literal is None else b" {%d+}\r\n%b" % (len(literal), literal)
        self._left = LINE + self._left  # the answer may be all that comes
        self.sock.sendall(tag + b" " + command.encode() + more + LINE)
        found = self._until(LINE + tag + b" ")
        answer = self._until(LINE)
        if not answer.startswith(b"OK"):
            raise RuntimeError(f"{command[:60]}: {answer[:200]!r}")
        return found

    def close(self) -> None:
        """Hang up."""
        self.sock.close()
