"""A site with mail, and people who have some."""

from datetime import timedelta

import pytest

from communicate.interfaces import IClock
from communicate.testing.house import House
from communicate_email.interfaces import IDelivery
from communicate_email.letters import Letter
from communicate_email.store import rows
from communicate_email.store.boxes import account_of

from .remotes import Remote, server_context

DOMAIN = "tilleuls.example"
ROLES = {"ines": (), "paul": (), "zoe": (), "moira": ("moderators",), "oscar": ("operators",)}


def _letter(subject="Bonjour", body="Le tilleul penche.", **more):
    """Return a letter from outside; *more* are header fields by name, ``_`` for ``-``."""
    head = {
        "From": "Luce <luce@elsewhere.example>",
        "To": f"ines@{DOMAIN}",
        "Subject": subject,
        "Date": "Mon, 30 Nov 2026 08:00:00 +0000",
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    lines = [f"{name}: {value}" for name, value in head.items()]
    text = "\r\n".join([*lines, "", *body.splitlines(), ""])
    return Letter(text.encode(), sender="luce@elsewhere.example")


class PostOffice:
    """A house in which ines, paul and zoe have mail."""

    def __init__(self, house):
        self.house = house
        self.uids = {login: house.member(login, *groups) for login, groups in ROLES.items()}

    letter = staticmethod(_letter)

    def do(self, func):
        """Return what *func* does with a request, committed."""
        return self.house.work(func)

    def deliver(self, one, *to):
        """Deliver a letter to logins or addresses; return the outcomes by address."""
        addresses = [each if "@" in each else f"{each}@{DOMAIN}" for each in to or ("ines",)]
        return self.do(lambda request: request.find_service(IDelivery).deliver(one, addresses))

    def look(self, login, func):
        """Return what *func* does with a request and the account of *login*."""
        return self.do(lambda request: func(request, account_of(request, self.uids[login])))

    def rows(self, login="ines", role="inbox"):
        """Return the rows of a folder."""

        def listed(_request, held):
            return [] if held is None else list(rows.every(held.box(role)))

        return self.look(login, listed)

    def run_all(self):
        """Do the work that is due, and what that queues."""
        while self.house.run_jobs():
            continue

    def noon(self):
        """Let it be noon: no day ends while a test runs."""
        clock = self.house.registry.getUtility(IClock)
        self.pass_time(hours=(36 - clock.now().hour) % 24)
        return self

    def pass_time(self, **delta):
        """Let time pass."""
        self.house.registry.getUtility(IClock).offset += timedelta(**delta)


def make_office(folder, **settings):
    """Return a post office in *folder*."""
    given = {"language": "en", "email.domain": DOMAIN, **settings}
    return PostOffice(House(folder, ["email"], given))


@pytest.fixture
def fresh_office(tmp_path):
    """Return what makes a post office of one test with other settings."""
    made = []

    def make(**settings):
        made.append(make_office(tmp_path, **settings))
        return made[-1]

    yield make
    for each in made:
        each.house.close()


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Return the post office that the tests of a module share."""
    made = make_office(tmp_path_factory.mktemp("email"))
    yield made
    made.house.close()


# Other sites' machines: modules that send say what ``shared`` is, an `outside.Outside`.


@pytest.fixture(scope="module")
def certified(tmp_path_factory):
    """Return the context of a server, and the file that says whom to trust."""
    return server_context(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def machine():
    """Return another site's machine; a module may have one of its own kind."""
    made = Remote().start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def encrypted(certified):
    """Return a machine that offers encryption."""
    made = Remote(certified[0], tls="starttls").start()
    yield made
    made.stop()


@pytest.fixture
def remote(machine):
    """Return the machine as it is by itself."""
    yield machine
    machine.reset()


@pytest.fixture
def outside(shared):
    """Return the post office with nothing on its way."""
    return shared.begin()


# Members' mail programs


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """Return a site by IMAP and POP3, with TLS from the first octet or after a word."""
    from .client_site import Served

    made = Served(tmp_path_factory.mktemp("served"))
    yield made
    made.close()


@pytest.fixture
def place(served, tmp_path):
    """Return a new member's place; what programs said there was understood, and could be done."""
    from .client_site import Place

    served.members += 1
    made = Place(served, f"ines{served.members}", tmp_path)
    served.refused.clear()
    yield made
    assert [one for one in served.refused if not made.expects(one)] == []
