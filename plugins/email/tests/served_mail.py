"""A site in a process of its own, whose programs read mail: it can be killed and started again."""

import os
import socket
import time
from contextlib import contextmanager

from communicate.interfaces import IAppPasswords
from communicate.testing.house import House
from communicate.testing.server import Server, free_port

from .reading_site import Wire, certified

PATIENCE = 60  # seconds
LOGINS = ("ines", "paul")


class Served:
    """``communicate serve`` with IMAP and POP3 over TLS, for ines and paul."""

    def __init__(self, folder, **settings):
        self.imaps, self.pop3s = free_port(), free_port()
        self.settings = {
            "email.imaps": f"127.0.0.1:{self.imaps}",
            "email.pop3s": f"127.0.0.1:{self.pop3s}",
            "email.programs_per_address": 2000,
            "email.programs_connects": "100000/minute",
            **settings,
        }
        self.server = Server(folder, "email", **self.settings)
        with private():
            certified(folder)

    def people(self):
        """Make the members, and an app password for each."""
        with self.house() as house:
            self.uids = {login: house.member(login) for login in LOGINS}
            self.secrets = {login: secret(house, uid) for login, uid in self.uids.items()}

    @contextmanager
    def house(self):
        """Open the site, which is not served, in this process."""
        with private():
            house = House(self.server.folder, ["email"], self.settings)
            try:
                yield house
            finally:
                house.close()

    def start(self):
        """Serve, and return once programs are let in."""
        self.server.start()
        for port in (self.imaps, self.pop3s):
            reached(port)
        return self

    @contextmanager
    def wire(self, login="ines"):
        """Yield a connection by IMAP on which *login* has signed in."""
        with Wire(self.imaps) as wire:
            if b" OK " not in wire.ask(f"LOGIN {login} {self.secrets[login]}")[-1]:
                raise ConnectionError("LOGIN")
            yield wire

    @contextmanager
    def post(self, login="ines"):
        """Yield a connection by POP3 on which *login* has signed in."""
        with Wire(self.pop3s) as wire:
            for words in (f"USER {login}", f"PASS {self.secrets[login]}"):
                wire.send(f"{words}\r\n".encode())
                if not wire.line().startswith(b"+OK"):
                    raise ConnectionError(words[:4])
            yield wire


@contextmanager
def private():
    """Make files that nobody else reads, as a server does."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def secret(house, uid):
    """Return a new app password of member *uid*."""
    return house.work(
        lambda request: request.find_service(IAppPasswords).make(uid, "laptop", ["mail"])
    )


def reached(port):
    """Wait until somebody listens on *port*."""
    last = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), PATIENCE).close()
        except OSError:
            if time.monotonic() > last:
                raise
            time.sleep(0.02)
        else:
            return
