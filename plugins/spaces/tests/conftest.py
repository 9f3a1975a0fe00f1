"""A site with comments: olga owns, others comment what she lets them."""

from datetime import timedelta

import pytest

from communicate.audience import CONTACTS, MEMBERS, PRIVATE, PUBLIC, Audience
from communicate.ids import encode
from communicate.interfaces import ICatalog, IClock, IContacts, IMembers, INotifications
from communicate.notifications.services import make_inbox
from communicate.outbox.runner import run_due
from communicate.principals import Viewer, member
from communicate.profile.interfaces import IProfiles
from communicate.testing.house import House
from communicate.testing.kit import form_with
from communicate.writing.interfaces import IDrafts
from communicate_spaces.content import NAME
from communicate_spaces.interfaces import ICommenting, ICommentRemovals, IRules
from communicate_spaces.places import find_comment, find_thing, threads_of

ROLES = {
    "olga": (),
    "colin": (),
    "marie": (),
    "bela": (),
    "moira": ("moderators",),
    "oscar": ("operators",),
}
LEVELS = {"private": PRIVATE, "contacts": CONTACTS, "members": MEMBERS, "public": PUBLIC}


class Place:
    """A house in which olga has a space; colin is her contact."""

    def __init__(self, house):
        self.house = house
        self.uids = {login: house.member(login, *groups) for login, groups in ROLES.items()}
        self._browsers = {}
        self.do(self._meet)

    def _meet(self, request):
        contacts = request.find_service(IContacts)
        contacts.request(self.uids["colin"], self.uids["olga"])
        contacts.accept(self.uids["olga"], self.uids["colin"])

    def clear(self, request):
        """Forget walls, blocks, notices, and what was refused: it stays in a draft."""
        members = request.find_service(IMembers)
        for login, uid in self.uids.items():
            account, contacts = members.by_uid(uid), request.find_service(IContacts)
            if NAME in account:
                for thread in list(threads_of(account[NAME])):
                    request.find_service(ICommentRemovals).forget_thread(thread)
                del account[NAME]
            for element in request.find_service(IProfiles).profile(account).of_kind("interest"):
                request.find_service(IProfiles).delete(element)
            request.find_service(IDrafts).erase(uid, 100)
            for other in list(account.blocked or ()):
                contacts.unblock(uid, other)
            inbox = make_inbox(request, uid)
            for number in list(inbox.open.values()):
                inbox.read(number)
            if login == "colin" and not contacts.are_contacts(uid, self.uids["olga"]):
                self._meet(request)

    def browser(self, login=None):
        """Return the one browser of *login*, or that of a stranger."""
        if login not in self._browsers:
            self._browsers[login] = self.house.browser(login)
        return self._browsers[login]

    def do(self, func):
        """Return what *func* does with a request, committed."""
        return self.house.work(func)

    def only(self, *logins):
        """Return the audience of those people."""
        return Audience("chosen", [member(self.uids[login]) for login in logins])

    def open(self, readers="members", who="members", *, approval=False, owner="olga"):
        """Have *owner* open the space."""

        def rule(request):
            readers_, who_ = (LEVELS.get(each, each) for each in (readers, who))
            rules = request.find_service(IRules)
            rules.open_space(self.uids[owner], readers_, who_, approval=approval)

        self.do(rule)

    def element(self, audience="members", owner="olga", value="Le jardin"):
        """Have *owner* say something in the space; return its id."""

        def add(request):
            account = request.find_service(IMembers).by_uid(self.uids[owner])
            given = {"value": value, "audience": LEVELS.get(audience, audience)}
            return request.find_service(IProfiles).add(account, "interest", given).id

        return self.do(add)

    def thread(self, request, on=None, owner="olga"):
        """Return the thread on the thing with the id *on*, or on the space of *owner*."""
        rules = request.find_service(IRules)
        thing = rules.wall(self.uids[owner]) if on is None else find_thing(request, on)
        return rules.thread(thing)

    def comment(self, by, body="Bien dit.", *, on=None, to=None, owner="olga"):
        """Have *by* comment; return the comment's id."""

        def add(request):
            thread = self.thread(request, on, owner)
            answered = None if to is None else find_comment(request, to)
            words = request.find_service(ICommenting)
            return words.add(thread, self.uids[by], body, answered).id

        return self.do(add)

    def act(self, number, verb, *more, **named):
        """Have the service for removals do *verb* to the comment with that id."""
        self.do(
            lambda request: getattr(request.find_service(ICommentRemovals), verb)(
                find_comment(request, number), *more, **named
            )
        )

    def state(self, number, look):
        """Return what *look* finds out about the comment with that id."""
        return self.do(lambda request: look(find_comment(request, number)))

    def path(self, number):
        """Return the address of the comment with that id."""
        return self.do(lambda request: request.resource_path(find_comment(request, number)))[:-1]

    def click(self, login, address, *, status=303, **values):
        """Post to *address* with the token and *values*, as a button does."""
        browser = self.browser(login)
        token = form_with(browser.get("/help"), "csrf_token")["csrf_token"].value
        return browser.post(address, {"csrf_token": token, **values}, status=status)

    def write(self, login, address, body, button="post", status=303):
        """Fill in the form of comments on the page *address*, and send it."""
        page = self.browser(login).get(address).maybe_follow()
        form = form_with(page, "body")
        form["body"] = body
        return form.submit(button, status=status)

    def shows(self, login, address, words):
        """Tell whether the page *address* shows *words* to *login*."""
        answer = self.browser(login).get(address, expect_errors=True)
        answer = answer.maybe_follow(expect_errors=True) if answer.location else answer
        return words in answer.text

    def status(self, login, address):
        """Return the status that *login* gets at *address*, redirects followed."""
        answer = self.browser(login).get(address, expect_errors=True)
        return (answer.maybe_follow(expect_errors=True) if answer.location else answer).status_int

    def found(self, login, words):
        """Return the ids that a search by *login* finds, loaded and asked for permission."""

        def search(request):
            catalog = request.find_service(ICatalog)
            who = request.find_service(IMembers).by_login(login) if login else None
            request.viewer = viewer = Viewer(who, request.site["members"])
            return {thing.id for _hit, thing in catalog.load(catalog.search(viewer, words))}

        return self.do(search)

    def unread(self, login):
        """Return how many notices *login* has not read, once all work is done."""
        run_due(self.house.registry)
        return self.do(lambda r: r.find_service(INotifications).unread(self.uids[login]))

    def block(self, one, other):
        """Have *one* block *other*."""
        self.do(lambda r: r.find_service(IContacts).block(self.uids[one], self.uids[other]))

    def later(self, **delta):
        """Let time pass, and do the work that is due by then."""
        self.house.registry.getUtility(IClock).offset += timedelta(**delta)
        run_due(self.house.registry)


def on_page(number):
    """Return the address of the page of comments on the element with the id *number*."""
    return f"/comments/on/{encode(number)}"


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """Return the one place of these tests, in English."""
    house = House(tmp_path_factory.mktemp("spaces"), ["spaces"], {"language": "en"})
    yield Place(house)
    house.close()


@pytest.fixture
def place(shared):
    """Return the shared place as if nobody had typed or blocked anything, or had notices."""
    shared.do(shared.clear)
    return shared


@pytest.fixture
def make_place(make_house):
    """Return what makes a place of one test."""

    def make(*plugins, **settings):
        return Place(make_house(["spaces", *plugins], language="en", **settings))

    return make
