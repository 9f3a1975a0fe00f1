"""Where a member's programs run, what they were refused, and the same mail in the webmail."""

import re
import subprocess

import pytest

from communicate_email.imap.connection import Stream
from communicate_email.pop3 import gateway as pop3_gateway

from .reading_site import Library
from .test_webmail import act, inbox, opened, rows
from .test_webmail_lists import press

FAREWELLS = b"* BYE See you", b"* BYE the client has hung up", b"* BYE the connection broke"
REFUSED = re.compile(rb"^(?:\S+ (?:BAD|NO)\b|\* (?:BYE|BAD|NO)\b|-ERR).*", re.MULTILINE)


def ways(first):
    """Return how programs reach the site: *first*, and the other one where there is time."""
    other = first.removesuffix("s") if first.endswith("s") else f"{first}s"
    return pytest.mark.parametrize("way", [first, pytest.param(other, marks=pytest.mark.slow)])


class Served(Library):
    """A site whose members' mail is read by IMAP and fetched by POP3.

    *refused* is what was answered with BAD, NO or -ERR since it was cleared, with what was said.
    """

    def __init__(self, folder):
        self.refused, self.members = [], 0
        drops = {"email.pop3": "127.0.0.1:0", "email.pop3s": "127.0.0.1:0"}
        super().__init__(folder, **drops, **{"email.programs_per_member": "100"})
        self.drops = pop3_gateway.start(self.house.registry)
        self.gateway.stream = self.drops.stream = self._stream

    def _stream(self, *args):
        return Overheard(self.refused, *args)

    def port(self, name):
        """Return the port of ``imap``, ``imaps``, ``pop3`` or ``pop3s``."""
        return (self.drops if name.startswith("pop3") else self.gateway).port(name)

    def close(self):
        self.drops.stop()
        super().close()


class Overheard(Stream):
    """A stream that notes what is refused, and which words it answered."""

    def __init__(self, refused, *args):
        super().__init__(*args)
        self._refused, self._said = refused, b""

    async def command(self, *args):
        self._said = b""
        found = await super().command(*args)
        self._said = b"".join(map(bytes, found))
        return found

    async def line(self, *args):
        self._said = b""
        self._said = await super().line(*args)
        return self._said

    async def send(self, octets, *args):
        if len(octets) < 2_000 and not octets.startswith(FAREWELLS):
            self._refused += [(self._said[:200], one) for one in REFUSED.findall(octets)]
        await super().send(octets, *args)


class Place:
    """A home of its own for the programs of one test, and a member whose mail they read."""

    def __init__(self, served, login, home):
        self.served, self.login, self.home = served, login, home
        served.uids[login] = served.house.member(login)
        self.secret = served.secrets[login] = served.secret(login)
        served.put(login=login)  # there is a mailbox
        self.certificate = served.certificate
        self._expected = []

    # What is refused

    def expect(self, pattern):
        """Take refusals of what was said like *pattern* to be right."""
        self._expected.append(re.compile(pattern))

    def expects(self, refusal):
        """Tell whether a refusal is right."""
        said, answer = refusal
        return any(one.search(said + b" -> " + answer) for one in self._expected)

    # Programs

    def write(self, name, text, **more):
        """Write a file of settings that nobody else may read."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        given = {"login": self.login, "secret": self.secret, "home": self.home}
        path.write_text(
            text.format(**given, certificate=self.certificate, **more), encoding="utf-8"
        )
        path.chmod(0o600)
        return str(path)

    def run(self, *words, given="", right=(0,), **env):
        """Run a program; return what it prints."""
        done = subprocess.run(
            words,
            input=given,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=120,
            cwd=self.home,
            env={
                "HOME": str(self.home),
                "PATH": "/usr/local/bin:/usr/bin:/bin",
                "LC_ALL": "C.UTF-8",
                "TERM": "xterm",
                **env,
            },
            check=False,
        )
        assert done.returncode in right, done.stdout + done.stderr
        return done.stdout + done.stderr

    # The member's mail

    def put(self, *messages, **more):
        """Put messages into the inbox; return their uids."""
        return self.served.put(*messages, login=self.login, **more)

    def wire(self):
        """Return a connection on which lines are said and heard as they are."""
        return self.served.wire(self.login)

    def found(self, path, keys="ALL"):
        """Return how many messages of the folder at *path* are found by *keys*."""
        with self.wire() as wire:
            assert b" OK " in wire.ask(f"EXAMINE {path}")[-1]
            line = wire.ask(f"SEARCH RETURN (COUNT) {keys}")[0]
            return int(line.rpartition(b" ")[2])

    def webmail(self):
        """Return the member's webmail."""
        return Webmail(self.served.house.browser(self.login), self.login)


class Webmail:
    """What a member sees and does with a browser."""

    def __init__(self, browser, login):
        self.browser, self.login = browser, login

    def folders(self):
        """Return the pages of folders by name."""
        found = {}
        for link in inbox(self.browser).html.select("nav.mail-side .side a:not(.quiet)"):
            for number in link.select(".num"):
                number.extract()
            found[link.text] = link["href"]
        return found

    def page(self, folder=None):
        """Return the list of the inbox, or of a folder."""
        return inbox(self.browser) if folder is None else self.browser.get(self.folders()[folder])

    def subjects(self, folder=None):
        """Return what the messages of a folder are about, the latest first."""
        return [subject for _who, subject in rows(self.page(folder))]

    def marks(self, subject, folder=None):
        """Return the marks of a message: unread, starred, answered."""
        row = next(
            one
            for one in self.page(folder).html.select(".mail-rows > li")
            if one.select_one(".row-subject").text == subject
        )
        found = {"unread"} if "unread" in row.get("class", []) else set()
        if row.select_one("button[name=unstar]"):
            found.add("starred")
        return found

    def press(self, subject, button, folder=None):
        """Press a button beside a message."""
        return press(self.page(folder), subject, button)

    def act(self, subject, verb, folder=None, **more):
        """Open a message and press a button of it."""
        return act(opened(self.page(folder), subject), verb, **more)

    def read(self, subject, folder=None):
        """Return the page of a message."""
        return opened(self.page(folder), subject)
