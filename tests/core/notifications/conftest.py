"""A site with a shelf of things, a plugin that tells of them, and a clock that can be moved."""

from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest

from communicate.audience import MEMBERS
from communicate.content import Content, Folder
from communicate.declarations import Notification
from communicate.hookspecs import hookimpl
from communicate.interfaces import IClock, IContacts, IMembers, INotifications, IPlugins
from communicate.notifications.services import inbox_of
from communicate.outbox.mail.file import FileTransport

BEGIN = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)  # a Tuesday
KINDS = (
    Notification("shelf.reply", "Replies", "${who} replied.", "${n} replies.", mail="now"),
    Notification("shelf.quote", "Quotes", "${who} quoted you.", "${n} quotes.", mail="daily"),
    Notification("shelf.like", "Likes", "${who} likes it.", "${n} people like it.", mail="weekly"),
    Notification("shelf.hidden", "Hidden", "It was hidden.", mail="never"),
    Notification("shelf.alarm", "Alarms", "It stopped.", groups=("operators",)),
    Notification("shelf.quiet", "Visits", "${who} came by.", mail="never"),
)


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self):
        self.present = BEGIN

    def now(self):
        return self.present

    def move(self, **delta):
        self.present += timedelta(**delta)


class Shelf:
    """A house with Inès, Paul and Rose, and things that belong to Rose."""

    def __init__(self, house, clock):
        self.house, self.clock = house, clock
        self.ines, self.paul, self.rose = map(house.member, ("ines", "paul", "rose"))
        house.work(lambda request: request.site.__setitem__("shelf", Folder()))

    def thing(self, name, audience=MEMBERS):
        """Put a thing of Rose on the shelf."""

        def add(request):
            request.site["shelf"][name] = Content(self.rose, audience)

        self.house.work(add)

    def limit(self, name, audience):
        """Let *audience* read the thing from now on."""

        def change(request):
            request.site["shelf"][name].audience = audience

        self.house.work(change)

    def tell(self, kind="shelf.reply", about="vase", to=None, by=None, path=None):
        """Send a notice, to Inès by Paul unless somebody else is named."""

        def send(request):
            thing = request.site["shelf"][about] if about else None
            service = request.find_service(INotifications)
            whose = self.paul if by is None else by
            service.send(kind, to or self.ines, about=thing, by=whose, path=path)

        self.house.work(send)

    def unread(self, uid=None):
        return self.house.work(
            lambda request: request.find_service(INotifications).unread(uid or self.ines)
        )

    def kept(self, uid=None):
        """Return the notices in an inbox, the newest first."""

        def read(request):
            inbox = inbox_of(request, uid or self.ines)
            return [] if inbox is None else [notice for _number, notice in inbox.newest()]

        return self.house.work(read)

    def member(self, uid, **values):
        """Change what an account says of its member."""

        def change(request):
            member = request.find_service(IMembers).by_uid(uid)
            for name, value in values.items():
                setattr(member, name, value)

        self.house.work(change)

    def close(self, uid):
        def close(request):
            members = request.find_service(IMembers)
            members.close(members.by_uid(uid))

        self.house.work(close)

    def block(self, uid, other):
        """Let *uid* block *other*."""
        self.house.work(lambda request: request.find_service(IContacts).block(uid, other))

    def mails(self):
        """Do the work that is due; return every mail, the oldest first."""
        while self.house.run_jobs():
            pass
        transport = FileTransport(self.house.registry.settings["communicate.outbox"])
        return self.house.work(lambda request: [mail for _, mail in transport.readable(request)])[
            ::-1
        ]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def shelf(make_house, clock, monkeypatch):
    house = make_house([], language="en")
    house.registry.registerUtility(clock, IClock)
    module = ModuleType("shelf")

    @hookimpl
    def communicate_notifications():
        return KINDS

    module.communicate_notifications = communicate_notifications
    house.registry.getUtility(IPlugins).manager.register(module, "shelf")
    shelf = Shelf(house, clock)
    shelf.thing("vase")
    shelf.thing("lampe")
    return shelf
