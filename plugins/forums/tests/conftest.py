"""A site with forums, people who know each other, and what they write."""

import re
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from communicate.audience import Audience
from communicate.ids import decode, encode
from communicate.interfaces import ICatalog, IClock, IDatabase, IMembers
from communicate.outbox.runner import run_due
from communicate.principals import Viewer, member
from communicate.testing.house import House
from communicate.testing.kit import form_with
from communicate_forums.interfaces import IForums, IRemovals

ROLES = {"ines": (), "paul": (), "moira": ("moderators",), "oscar": ("operators",)}
PAGE = 5  # posts, or topics
LONGEST = 600  # characters of a post


@dataclass(frozen=True)
class Written:
    """A topic, by its numbers: its opening post has the same id."""

    forum: str
    number: int

    @property
    def base(self):
        """The shortest address of the topic."""
        return f"/forums/{self.forum}/{encode(self.number)}"

    def post(self, number=None):
        """Return the address of one of its posts."""
        return f"{self.base}/{encode(number or self.number)}"


class Place:
    """A house in which ines and paul write, moira moderates and oscar operates."""

    def __init__(self, house):
        self.house = house
        self.uids = {login: house.member(login, *groups) for login, groups in ROLES.items()}
        self._browsers = {}
        self._forums = 0

    def browser(self, login=None):
        """Return the one browser of *login*, or that of a stranger."""
        if login not in self._browsers:
            self._browsers[login] = self.house.browser(login)
        return self._browsers[login]

    def do(self, func):
        """Return what *func* does with the forums of a request, committed."""
        return self.house.work(lambda request: func(request, request.site["forums"]))

    def words(self, func):
        """Return what *func* does with the service that writes."""
        return self.house.work(lambda request: func(request.find_service(IForums)))

    def only(self, *logins):
        """Return the audience of those people."""
        return Audience("chosen", [member(self.uids[login]) for login in logins])

    def forum(self, **details):
        """Make a forum, and return its name."""
        self._forums += 1
        name = f"forum-{self._forums}"
        self.words(lambda words: words.add_forum(name, f"Forum {self._forums}", **details))
        return name

    def topic(self, forum="general", by="ines", title="Le volet grince", body="Un peu d'huile."):
        """Open a topic."""

        def open_topic(request, forums):
            service = request.find_service(IForums)
            return service.open_topic(forums[forum], self.uids[by], title, body).id

        return Written(forum, self.do(open_topic))

    def reply(self, topic, body, by="paul"):
        """Add a post to *topic* and return its id."""

        def reply(request, forums):
            found = forums.topic(topic.number)
            return request.find_service(IForums).reply(found, self.uids[by], body).id

        return self.do(reply)

    def replies(self, topic, count, by="paul"):
        """Add *count* posts, each in its transaction; return their ids."""
        return [self.reply(topic, f"Réponse {number}", by) for number in range(count)]

    def remove(self, number, act="delete", *more):
        """Have the service for removals *act* on the post with that id."""

        def removal(request, forums):
            getattr(request.find_service(IRemovals), act)(forums.post(number), *more)

        self.do(removal)

    def click(self, login, address, *, status=303):
        """Post to *address* with nothing but the token, as a bare button does."""
        browser = self.browser(login)
        token = form_with(browser.get("/help"), "csrf_token")["csrf_token"].value
        path, _, query = address.partition("?")
        values = {"csrf_token": token, **dict(parse_qsl(query))}
        return browser.post(path, values, status=status)

    def write(self, login, address, button="post", status=303, **values):
        """Fill the form at *address* that has the first of *values*' fields, and send it."""
        form = form_with(self.browser(login).get(address).maybe_follow(), next(iter(values)))
        for name, value in values.items():
            form[name] = value
        return form.submit(button, status=status)

    def status(self, login, address):
        """Return the status that *login* gets at *address*, redirects followed."""
        answer = self.browser(login).get(address, expect_errors=True)
        return (answer.maybe_follow(expect_errors=True) if answer.location else answer).status_int

    def found(self, login, words):
        """Return the ids that a search by *login* finds, loaded and asked for permission."""

        def search(request, _forums):
            catalog = request.find_service(ICatalog)
            members = request.site["members"]
            who = request.find_service(IMembers).by_login(login) if login else None
            request.viewer = viewer = Viewer(who, members)
            return {thing.id for _hit, thing in catalog.load(catalog.search(viewer, words))}

        return self.do(search)

    def later(self, **delta):
        """Let time pass, and do the work that is due by then."""
        self.house.registry.getUtility(IClock).offset += timedelta(**delta)
        run_due(self.house.registry)

    @property
    def stored(self):
        """What changes whenever anything is stored."""
        return self.house.registry.getUtility(IDatabase).lastTransaction()


def shown(page):
    """Return the ids of the posts on *page*, in order."""
    found = re.findall(r'<article class="post[^"]*" id="(\w+)"', page.text)
    return [decode(number) for number in found]


def place_of(answer):
    """Return the path, and the id after the hash, of where *answer* leads."""
    parts = urlsplit(answer.location)
    return parts.path, decode(parts.fragment) if parts.fragment else None


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return the place that the tests of a module share, in English, five posts a page."""
    settings = {"language": "en", "forums.page_size": PAGE, "forums.topics": PAGE}
    settings["forums.longest"] = LONGEST
    house = House(tmp_path_factory.mktemp("forums"), ["forums"], settings)
    yield Place(house)
    house.close()


@pytest.fixture
def make_place(make_house):
    """Return what makes a place of one test."""

    def make(**settings):
        return Place(make_house(["forums"], language="en", **settings))

    return make
