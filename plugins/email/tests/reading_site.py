"""A site whose mail programs read by IMAP, and what talks to it as they do."""

import imaplib
import socket
import ssl
from datetime import UTC, datetime

from communicate.interfaces import IAppPasswords
from communicate.testing.house import House
from communicate.tls import making
from communicate_email.imap import gateway as gateways
from communicate_email.interfaces import IMailStore
from communicate_email.store.services import Incoming

DOMAIN = "example.org"


class Library:
    """A site on which ines and paul have mail, served by IMAP."""

    def __init__(self, folder, **settings):
        self.certificate = certified(folder)
        self.house = House(
            folder,
            ["email"],
            {
                "email.domain": DOMAIN,
                "email.imap": "127.0.0.1:0",
                "email.imaps": "127.0.0.1:0",
                "email.programs_per_address": "2000",
                "email.programs_connects": "100000/minute",
                **settings,
            },
        )
        self.uids = {login: self.house.member(login) for login in ("ines", "paul")}
        self.secrets = {login: self.secret(login) for login in self.uids}
        self.gateway = gateways.start(self.house.registry)

    def secret(self, login, scope="mail"):
        """Return a new app password of *login*."""
        uid = self.uids[login]
        return self.house.work(
            lambda request: request.find_service(IAppPasswords).make(uid, "laptop", [scope])
        )

    def close(self):
        """End the servers and the site."""
        self.gateway.stop()
        self.house.close()

    def put(self, *messages, login="ines", role="inbox", flags=0):
        """Put *messages* into a folder of *login*; return their uids there."""

        def put(request):
            store = request.find_service(IMailStore)
            box = store.opened(self.uids[login]).box(role)
            return store.append(box, [Incoming(one, flags) for one in messages])

        return self.house.work(put)

    def client(self, login="ines"):
        """Return a client of the standard library that has signed in."""
        client = imaplib.IMAP4_SSL(
            "127.0.0.1", self.gateway.port("imaps"), ssl_context=trusting(), timeout=60
        )
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.login(login, self.secrets[login])
        return client

    def wire(self, login="ines", *, name="imaps"):
        """Return a connection on which lines are said and heard as they are."""
        made = Wire(self.gateway.port(name), tls=name == "imaps")
        return made.sign_in(login, self.secrets[login]) if login else made


class Wire:
    """A connection, octet by octet."""

    def __init__(self, port, *, tls=True, peer="127.0.0.1"):
        sock = socket.create_connection(("127.0.0.1", port), 60, (peer, 0))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = trusting().wrap_socket(sock) if tls else sock
        self.file = self.sock.makefile("rb")
        self.greeting = self.file.readline()
        self.count = 0

    def sign_in(self, login, password):
        """Sign in."""
        assert b" OK " in self.ask(f"LOGIN {login} {password}")[-1]
        return self

    def encrypt(self):
        """Speak TLS from now on."""
        self.sock = trusting().wrap_socket(self.sock)
        self.file = self.sock.makefile("rb")

    def send(self, octets):
        """Send *octets* as they are."""
        self.sock.sendall(octets)

    def line(self):
        """Return the next line, with what its literals hold."""
        found = self.file.readline()
        while found.endswith(b"}\r\n") and b"{" in found:
            size = found[found.rindex(b"{") + 1 : -3]
            if not size.isdigit():
                break
            found += self.file.read(int(size)) + self.file.readline()
        return found

    def ask(self, command, *literals):
        """Say *command*, and each of *literals* when asked; return all lines up to its answer."""
        self.count += 1
        tag = f"t{self.count}"
        text = command.encode() if isinstance(command, str) else command
        self.send(f"{tag} ".encode() + text + b"\r\n")
        left, found = list(literals), []
        while True:
            line = self.line()
            if line.startswith(b"+") and left:
                self.send(left.pop(0))
                continue
            found.append(line)
            if not line or line.startswith(tag.encode() + b" "):
                return found

    def close(self):
        """Hang up."""
        self.file.close()
        self.sock.close()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.close()


def certified(folder):
    """Make a certificate for the site in *folder*; return its path."""
    files = folder / "var" / "tls"
    files.mkdir(parents=True)
    secret, public = making.make(making.HERE, datetime.now(UTC))
    (files / "site.key").write_bytes(secret)
    (files / "site.crt").write_bytes(public)
    return files / "site.crt"


def trusting():
    """Return a context that takes every certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def letter(subject="Bonjour", text="Un mot.", sender="Luce <luce@ailleurs.example>", **fields):
    """Return a message."""
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    return (
        f"From: {sender}\r\nTo: ines@{DOMAIN}\r\nSubject: {subject}\r\n"
        f"Date: Mon, 2 Feb 2026 10:00:00 +0100\r\n{more}\r\n{text}\r\n"
    ).encode()
