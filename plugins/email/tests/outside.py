"""A post office with a way out, and what the tests of sending ask it."""

from email import message_from_bytes
from email.policy import default

from communicate_email.interfaces import ISending
from communicate_email.letters import Letter
from communicate_email.sending.alone import alone
from communicate_email.sending.queue import Queue
from communicate_email.sending.runner import Runner, send_due
from communicate_email.sending.session import Patience
from communicate_email.sending.ways import Ways
from communicate_email.store import rows
from communicate_email.store.reading import Reading

from .conftest import DOMAIN, make_office

LUCE = "luce@elsewhere.example"


def raw(number=0, subject="Le tilleul", sender=f"ines@{DOMAIN}", body="Il penche.", to=LUCE):
    """Return a message that names *number*."""
    return (
        f"Message-ID: <{number}@{DOMAIN}>\r\nDate: Mon, 30 Nov 2026 08:00:00 +0000\r\n"
        f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\n\r\n{body}\r\n"
    ).encode()


class Outside:
    """What is asked of the *office*."""

    def __init__(self, folder, **settings):
        self.office = make_office(folder, **settings)
        self.registry = self.office.house.registry
        self.uids, self.do = self.office.uids, self.office.do
        self.before = {}

    def send(self, message, *to, by="ines", after=0, sender=None):
        """Send *message*; return the number of what waits."""
        sender = f"{by}@{DOMAIN}" if sender is None else sender
        letter = Letter(message, sender, author=self.uids[by])
        recipients = to or (LUCE,)
        return self.do(lambda r: r.find_service(ISending).send(letter, recipients, after=after))

    def send_due(self, **more):
        """Send what is due now; return how many parts that were."""
        return send_due(self.registry, ways=self.ways(**more))

    def ways(self, **seconds):
        """Return the ways out, for somebody in a hurry."""
        patience = {"connect": 10, "reply": 20, "end": 20, **seconds}
        return Ways(self.registry, Patience(**patience))

    def later(self, **delta):
        """Let time pass, and send what is due by then."""
        self.office.pass_time(**delta)
        return self.send_due()

    def waiting(self):
        """Return tries, error, and the number of addresses of each part that waits."""
        return self.do(lambda r: [(p.tries, Queue(r).why(p), p.count) for p in Queue(r).all()])

    def inbox(self, login="ines"):
        """Return the messages that came into an inbox since `begin`, the newest last."""

        def read(request, account):
            if account is None:
                return []
            reading = Reading(request, account)
            return [reading.raw(row.id) for row in rows.every(account.box("inbox"))]

        found = self.office.look(login, read)[self.before.get(login, 0) :]
        return [message_from_bytes(each, policy=default) for each in found]

    def begin(self):
        """Forget what another test left."""
        self.do(lambda r: [Queue(r).drop(part) for part in Queue(r).all()])
        self.before = {}
        self.before = {login: len(self.inbox(login)) for login in ("ines", "paul")}
        return self

    def close(self):
        self.office.house.close()


def runner(outside, **options):
    """Return a runner in nobody's loop."""
    return Runner(outside.registry, ways=outside.ways(), **options)


def run(coroutine):
    """Return what *coroutine* returns."""
    return alone(coroutine)
