"""A site with forums of every width, and people who find in them what they may read."""

from contextlib import contextmanager

import pytest

from communicate.audience import MEMBERS, Audience
from communicate.interfaces import ICatalog
from communicate.principals import member
from communicate.testing.house import House
from communicate_forums.interfaces import IForums, IRemovals

PEOPLE = {"ines": (), "paul": (), "nora": (), "moira": ("moderators",), "oscar": ("operators",)}


class Library:
    """A house with people, and forums for everyone, for members, and for a few."""

    def __init__(self, house):
        self.house = house
        self.uids = {login: house.member(login, *groups) for login, groups in PEOPLE.items()}
        self._browsers = {}
        self.work(lambda request: self._make_forums(request))

    def _make_forums(self, request):
        forums = request.find_service(IForums)
        few = Audience("chosen", [member(self.uids["ines"]), member(self.uids["paul"])])
        forums.add_forum("members", "Entre nous", audience=MEMBERS)
        forums.add_forum("few", "Cercle de lecture", audience=few)

    def work(self, func):
        return self.house.work(func)

    def browser(self, login=None):
        if login not in self._browsers:
            self._browsers[login] = self.house.browser(login)
        return self._browsers[login]

    def topic(self, title, body, forum="general", by="ines"):
        """Open a topic; return the id of its opening post."""

        def write(request):
            forums = request.find_service(IForums)
            place = request.site["forums"][forum]
            return forums.open_topic(place, self.uids[by], title, body).id

        return self.work(write)

    def reply(self, topic, body, by="paul"):
        """Add a post; return its id."""

        def write(request):
            found = request.site["forums"].topic(topic)
            return request.find_service(IForums).reply(found, self.uids[by], body).id

        return self.work(write)

    def replies(self, topic, body, count):
        """Add *count* posts in one transaction."""

        def write(request):
            forums, found = request.find_service(IForums), request.site["forums"].topic(topic)
            for _ in range(count):
                forums.reply(found, self.uids["paul"], body)

        self.work(write)

    def edit(self, number, body):
        """Change the words of a post."""
        self.work(
            lambda request: request.find_service(IForums).edit(
                request.site["forums"].post(number), body
            )
        )

    def remove(self, number, act, *more):
        """Have the service for removals *act* on a post."""
        self.work(
            lambda request: getattr(request.find_service(IRemovals), act)(
                request.site["forums"].post(number), *more
            )
        )

    def forum_maker(self, name):
        """Return what makes the forum *name*, for everyone."""
        return lambda request: request.find_service(IForums).add_forum(name, name) and None

    def narrow(self, name, *logins):
        """Let those people alone read the forum *name*."""
        only = Audience("chosen", [member(self.uids[login]) for login in logins])
        self.work(
            lambda request: request.find_service(IForums).change_forum(
                request.site["forums"][name], {"audience": only}
            )
        )

    def last_page(self, browser, words):
        """Return the address of the last page of what *browser* finds."""
        address = f"/search?q={words}"
        while following := browser.get(address).html.select_one("a[rel=next]"):
            address = following["href"]
        return address

    def search(self, words, by=None, status=200, **terms):
        """Return the page that *by* gets for *words*."""
        return self.browser(by).get("/search", {"q": words, **terms}, status=status)

    def titles(self, words, by=None, **terms):
        """Return the titles of what *by* finds, in order."""
        return titles(self.search(words, by, **terms))

    @contextmanager
    def blocking(self, *pairs):
        """Have the first of each pair block the other meanwhile, as far as the catalog knows."""
        self._say("block", pairs)
        yield
        self._say("unblock", pairs)

    def _say(self, act, pairs):
        for one, other in pairs:
            uids = self.uids[one], self.uids[other]
            self.work(
                lambda request, uids=uids: getattr(request.find_service(ICatalog), act)(*uids)
            )


def titles(page):
    """Return the titles of what *page* lists."""
    return [link.text for link in page.html.select(".finds .row-title")]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    many = {"communicate.limits.search_account": "10000/minute"}
    many["communicate.limits.search_address"] = "10000/minute"
    house = House(tmp_path_factory.mktemp("library"), ["forums"], {"language": "en", **many})
    yield Library(house)
    house.close()
