"""A site with messages, and people who write to each other."""

from datetime import timedelta

import pytest

from communicate.ids import encode
from communicate.interfaces import IClock, IContacts
from communicate.outbox.runner import run_due
from communicate.testing.house import House
from communicate.testing.kit import form_with
from communicate_messages.interfaces import IMessages, IRemovals

ROLES = {
    "ines": (),
    "paul": (),
    "zoe": (),
    "hugo": (),  # nobody's contact
    "moira": ("moderators",),
    "oscar": ("operators",),
}
PAGE = 5


class Place:
    """A house in which ines, paul and zoe are contacts of each other; hugo knows nobody."""

    def __init__(self, house):
        self.house = house
        self.uids = {login: house.member(login, *groups) for login, groups in ROLES.items()}
        self._browsers = {}
        for one, other in (("ines", "paul"), ("ines", "zoe"), ("paul", "zoe")):
            self.befriend(one, other)

    def befriend(self, one, other):
        """Make the two contacts of each other."""

        def join(request):
            contacts = request.find_service(IContacts)
            contacts.request(self.uids[one], self.uids[other])
            contacts.accept(self.uids[other], self.uids[one])

        self.house.work(join)

    def browser(self, login=None):
        """Return the one browser of *login*, or that of a stranger."""
        if login not in self._browsers:
            self._browsers[login] = self.house.browser(login)
        return self._browsers[login]

    def do(self, func):
        """Return what *func* does with a request and all conversations, committed."""
        return self.house.work(lambda request: func(request, request.site["messages"]))

    def serve(self, interface, act, conversation, *more):
        """Have a service *act* on the conversation with that id."""

        def call(request, held):
            found = held.conversations[conversation]
            return getattr(request.find_service(interface), act)(found, *more)

        return self.do(call)

    def start(self, by, *to, body="Bonjour.", title=""):
        """Write to people; return the ids of the conversation and of the message."""

        def begin(request, _held):
            others = [self.uids[login] for login in to]
            made = request.find_service(IMessages).start(self.uids[by], others, body, title)
            return made.__parent__.id, made.id

        return self.do(begin)

    def say(self, conversation, by, body):
        """Add a message; return its id."""
        uid = self.uids[by]

        def say(request, held):
            words = request.find_service(IMessages)
            return words.say(held.conversations[conversation], uid, body).id

        return self.do(say)

    def remove(self, number, act="delete", *more):
        """Have the service for removals *act* on the message with that id."""

        def removal(request, held):
            getattr(request.find_service(IRemovals), act)(held.line(number), *more)

        self.do(removal)

    def path(self, conversation, *more):
        """Return the address of a conversation, or of something below it."""
        names = [encode(one) if isinstance(one, int) else one for one in more]
        return "/".join(["/messages", encode(conversation), *names])

    def read(self, login, conversation, query=""):
        """Return the page of a conversation."""
        return self.browser(login).get(self.path(conversation) + query)

    def status(self, login, address):
        """Return the status that *login* gets at *address*."""
        return self.browser(login).get(address, expect_errors=True).status_int

    def click(self, login, address, *, status=303, **values):
        """Post to *address* with the token, as a bare button does."""
        browser = self.browser(login)
        token = form_with(browser.get("/help"), "csrf_token")["csrf_token"].value
        return browser.post(address, {"csrf_token": token, **values}, status=status)

    def act(self, login, conversation, verb, **more):
        """Press a button of a conversation."""
        return self.click(login, self.path(conversation, "act"), act=verb, **more)

    def unread(self, login):
        """Return what the member's own count says."""
        return self.do(lambda _request, held: int(held.box(self.uids[login]).unread()))

    def later(self, **delta):
        """Let time pass, and do the work that is due by then."""
        self.pass_time(**delta)
        run_due(self.house.registry)

    def pass_time(self, **delta):
        """Let time pass; sessions end meanwhile."""
        self._browsers.clear()
        self.house.registry.getUtility(IClock).offset += timedelta(**delta)


def make_place(folder, **settings):
    """Return a place in *folder*, in English, five messages a page."""
    given = {"language": "en", "messages.page_size": PAGE, "messages.longest": 600, **settings}
    return Place(House(folder, ["messages"], given))


@pytest.fixture
def fresh_place(tmp_path):
    """Return what makes a place of one test with other settings."""
    made = []

    def make(**settings):
        made.append(make_place(tmp_path, **settings))
        return made[-1]

    yield make
    for each in made:
        each.house.close()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return the place that the tests of a module share."""
    made = make_place(tmp_path_factory.mktemp("messages"))
    yield made
    made.house.close()
