"""Mail programs of everybody who has an account: all that they get by IMAP and by POP3."""

import imaplib
import poplib
import re
import ssl
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial

from communicate.interfaces import IAppPasswords
from communicate.tls import making
from communicate_email.imap.gateway import start as start_imap
from communicate_email.pop3.gateway import start as start_pop3

from .people import ROLES

SETTINGS = {
    "email.imaps": "127.0.0.1:0",
    "email.pop3s": "127.0.0.1:0",
    "email.programs_per_address": 500,
}
HERE, SECONDS = "127.0.0.1", 60
LOGINS = tuple(filter(None, ROLES.values()))
WAYS = ("IMAP", "POP3")
#: Where somebody else's mail might be, by what other servers call it.
ELSEWHERE = (
    "{login}",
    "{login}/INBOX",
    "/{login}/INBOX",
    "../{login}/INBOX",
    "INBOX/../../{login}",
    "~{login}/INBOX",
    "Other Users/{login}",
    "#shared/{login}/INBOX",
    "#user/{login}/INBOX",
    "user.{login}",
    "user/{login}",
    "members/{login}/mail",
    "/members/{login}/mail/INBOX",
    "INBOX@{login}",
    "",
    "/",
    "*",
    "%",
    ".",
    "..",
)
_FOLDER = re.compile(rb'\* LIST \([^)]*\) "/" "?([^"\r]+)"?')


class Programs:
    """The gateways of a house, and clients that sign in there with app passwords."""

    def __init__(self, house, logins=LOGINS):
        self.house = house
        make_certificate(house.folder / "var" / "tls")
        self.secrets = {login: self.secret(login) for login in logins}
        self.imap = start_imap(house.registry)
        self.pop3 = start_pop3(house.registry)

    def stop(self):
        """End the gateways."""
        self.imap.stop()
        self.pop3.stop()

    def secret(self, login, scope="mail"):
        """Return a new app password of *login*."""

        def make(request):
            uid = request.site["members"][login].uid
            return request.find_service(IAppPasswords).make(uid, "laptop", [scope])

        return self.house.work(make)

    @contextmanager
    def reading(self, login):
        """Yield an IMAP client that has signed in as *login*."""
        with imaplib.IMAP4_SSL(
            HERE, self.imap.port("imaps"), ssl_context=trusting(), timeout=SECONDS
        ) as client:
            client.login(login, self.secrets[login])
            yield client

    @contextmanager
    def fetching(self, login):
        """Yield a POP3 client that has signed in as *login*."""
        port = self.pop3.port("pop3s")
        with closing(poplib.POP3_SSL(HERE, port, context=trusting(), timeout=SECONDS)) as client:
            client.user(login)
            client.pass_(self.secrets[login])
            yield client
            client.quit()

    def all_of(self, way, login):
        """Return all that a program of *login* is told by IMAP or POP3, as it is sent."""
        return by_imap(self, login) if way == "IMAP" else by_pop3(self, login)

    def look(self, canaries):
        """Have each role of *canaries* read everything, by both."""
        for role, login in canaries.roles.items():
            for way in WAYS if login else ():
                canaries.hear(role, way, self.all_of(way, login))


def by_imap(programs, login):
    """Return what every command that reads says of every folder."""
    with programs.reading(login) as client:
        ask = partial(asked, client)
        folders = _FOLDER.findall(ask('LIST "" "*"'))
        told = [ask('LIST "" "%"'), ask('LSUB "" "*"'), ask("NAMESPACE"), *map(repr, folders)]
        for folder in folders:
            name = folder.decode()
            told += [
                ask(f'STATUS "{name}" (MESSAGES UNSEEN SIZE)'),
                ask(f'GETQUOTAROOT "{name}"'),
                ask(f'EXAMINE "{name}"'),
                ask("UID SEARCH ALL"),
            ]
            if b"* 0 EXISTS" not in told[-2]:
                told.append(ask("FETCH 1:* (FLAGS ENVELOPE BODYSTRUCTURE BODY.PEEK[])"))
        return "".join(one if isinstance(one, str) else one.decode() for one in told)


def asked(client, command):
    """Return all that is answered to *command*, as it is sent."""
    tag = client._new_tag()
    client.send(tag + b" " + command.encode() + b"\r\n")
    found = []
    while not found or not found[-1].startswith(tag + b" "):
        found.append(client.readline())
        assert found[-1], command
        size = re.search(rb"\{(\d+)\}\r\n$", found[-1])
        if size:
            found.append(client.read(int(size[1])))
    return b"".join(found)


def by_pop3(programs, login):
    """Return what every command that reads says of every message."""
    with programs.fetching(login) as client:
        told = [str(client.list()), str(client.uidl())]
        for number in range(1, client.stat()[0] + 1):
            for lines in (client.retr(number)[1], client.top(number, 3)[1]):
                told += [line.decode() for line in lines]
        return "\n".join(told)


def make_certificate(folder):
    """Put a certificate of this machine where the site looks for it."""
    folder.mkdir(parents=True)
    secret, public = making.make(making.HERE, datetime.now(UTC))
    (folder / "site.key").write_bytes(secret)
    (folder / "site.crt").write_bytes(public)


def trusting():
    """Return a context that takes every certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
