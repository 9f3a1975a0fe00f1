"""A site that mail comes in to, whose mailboxes are a list, and ways to speak to it."""

import smtplib
import socket
import threading
from datetime import UTC, datetime

from zope.interface import implementer

from communicate.testing.house import House
from communicate.tls import making
from communicate_email.interfaces import IAddresses, IDelivery
from communicate_email.letters import Outcome, Route
from communicate_email.receiving import gateway as gateways
from communicate_email.receiving.protocol import Handing, Receiving
from communicate_email.store import rows
from communicate_email.store.boxes import account_of
from communicate_email.store.reading import Reading

MESSAGE = b"From: ada@example.net\r\nTo: ines@localhost\r\nSubject: Bonjour\r\n\r\nTilleul\r\n"


@implementer(IAddresses, IDelivery)
class Boxes:
    """Addresses and mailboxes in memory: what they say is chosen by a test."""

    def __init__(self):
        self.people = {"ines": 1, "paul": 2, "zoe": 3, "postmaster": 4}
        self.kept, self.batches, self.asked = [], [], []
        self.outcomes, self.fails, self.gate = {}, [], threading.Event()
        self.gate.set()

    def is_local(self, domain):
        return domain in ("localhost", "bücher.example")

    def route(self, address):
        self.asked.append(address)
        name, _at, _domain = address.rpartition("@")
        uid = self.people.get(name.partition("+")[0])
        return None if uid is None else Route(uid)

    def deliver(self, letter, recipients):
        self.gate.wait(30)
        if self.fails and self.fails[0](letter):
            raise RuntimeError("the secret of this failure")
        outcomes = {each: self.outcomes.get(each, Outcome.STORED) for each in recipients}
        self.kept.append((letter, tuple(recipients)))
        return outcomes


class Site:
    """A house with the gateway, SMTP and LMTP on free ports of this machine."""

    def __init__(self, folder, boxes=True, **settings):
        files = folder / "var" / "tls"
        files.mkdir(parents=True)
        secret, public = making.make(making.HERE, datetime.now(UTC))
        (files / "site.key").write_bytes(secret)
        (files / "site.crt").write_bytes(public)
        given = {
            "email.smtp": "127.0.0.1:0",
            "email.lmtp": "127.0.0.1:0",
            "email.smtp_per_address": "100",
            "email.smtp_connects": "100000/hour",
            "email.smtp_messages": "100000/hour",
            "email.senders": "off",
            "email.smtp_unknown": "100000/hour",
            **{f"email.{name}": value for name, value in settings.items()},
        }
        self.folder = folder
        self.house = House(folder, ["email"], {"language": "en", **given})
        self.boxes = Boxes()
        if boxes:
            for service in (IAddresses, IDelivery):
                known = self.house.registry.communicate_factories
                known[service, ""] = lambda _context, _request: self.boxes
        self.serve()

    def serve(self):
        """Start the gateway."""
        self.gateway = gateways.start(self.house.registry)

    @property
    def port(self):
        return self.gateway.port(Receiving)

    @property
    def lmtp_port(self):
        return self.gateway.port(Handing)

    def client(self, name="client.example.net"):
        """Return smtplib's client of the site."""
        return smtplib.SMTP("127.0.0.1", self.port, local_hostname=name, timeout=30)

    def lmtp(self):
        return smtplib.LMTP("127.0.0.1", self.lmtp_port, timeout=30)

    def talk(self, port=None):
        """Return a bare connection, greeted."""
        return Talk(port or self.port)

    def send(self, raw=MESSAGE, to=("ines@localhost",), sender="ada@example.net"):
        """Send *raw* as it is; return the reply to the dot."""
        with self.talk() as talk:
            begin(talk, to, sender)
            return talk.put(raw + b".\r\n")

    def inbox(self, uid, role="inbox"):
        """Return the bytes of each message that member *uid* has in a folder."""

        def read(request):
            account = account_of(request, uid)
            if account is None:
                return []
            found = Reading(request, account)
            return [found.raw(row.id) for row in rows.every(account.box(role))]

        return self.house.work(read)

    def close(self):
        self.gateway.stop()
        self.house.close()


def begin(talk, to=("ines@localhost",), sender="ada@example.net"):
    """Say all that comes before a message."""
    assert talk.say("EHLO client.example.net").startswith("250")
    assert talk.say(f"MAIL FROM:<{sender}>").startswith("250")
    for each in to:
        assert talk.say(f"RCPT TO:<{each}>").startswith("250")
    assert talk.say("DATA").startswith("354")


class Talk:
    """A connection of octets."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 200)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")
        self.greeting = self.reply()

    def reply(self):
        """Return one reply, all its lines; empty once the connection is over."""
        lines = []
        while True:
            line = self.file.readline()
            lines.append(line.decode())
            if not line or line[3:4] != b"-":
                return "".join(lines)

    def say(self, words):
        return self.put(words.encode("utf-8", "surrogateescape") + b"\r\n")

    def put(self, octets):
        self.socket.sendall(octets)
        return self.reply()

    def over(self):
        """Tell whether the server has ended the connection."""
        try:
            return self.file.read(1) == b""
        except ConnectionResetError:
            return True

    def flood(self, piece, times):
        """Send *piece* so many times or until nobody listens; return all that is said, if heard.

        What was said is lost where more was sent than was read (RFC 1122, 4.2.2.13).
        """
        try:
            for _each in range(times):
                self.socket.sendall(piece)
            return self.file.read().decode()
        except ConnectionError:
            try:
                return self.file.read().decode()
            except ConnectionError:
                return ""

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.file.close()
        self.socket.close()
