"""A site with articles, people who know each other, and what they write."""

from datetime import timedelta

import pytest

from communicate.audience import MEMBERS, Audience
from communicate.interfaces import IAudiences, ICatalog, IClock, IDatabase, IMembers
from communicate.outbox.runner import run_due
from communicate.principals import Viewer
from communicate.principals import member as principal
from communicate.testing.house import House
from communicate.testing.kit import form_with
from communicate_articles.interfaces import IArticles, IRemovals
from communicate_articles.words import Written

ROLES = {"ines": (), "paul": (), "moira": ("moderators",), "oscar": ("operators",)}
TEXT = (
    "Les fenêtres datent de **1962**.\n\n## Chercher\n\nUn soir de vent.\n\n"
    "## Poser\n\nPar temps sec."
)


class Place:
    """A house in which ines and paul write, moira moderates and oscar operates."""

    def __init__(self, house):
        self.house = house
        self.uids = {login: house.member(login, *groups) for login, groups in ROLES.items()}
        self._browsers = {}

    def browser(self, login=None):
        """Return the one browser of *login*, or that of a stranger."""
        if login not in self._browsers:
            self._browsers[login] = self.house.browser(login)
        return self._browsers[login]

    def do(self, func):
        """Return what *func* does with a request and the service, committed."""
        return self.house.work(lambda request: func(request, request.find_service(IArticles)))

    def begin(self, by="ines", title="Isoler ses fenêtres", text=TEXT, **more):
        """Return the id of a draft."""
        written = Written(title, text, **more)
        return self.do(lambda _request, service: service.begin(self.uids[by], written).id)

    def article(self, audience=MEMBERS, **given):
        """Return the id of an article that is out."""
        number = self.begin(**given)
        self.choose(number, audience)
        self.do(lambda _request, service: service.publish(service.find(number)))
        return number

    def change(self, number, text, title="Isoler ses fenêtres", **more):
        """Publish other words of an article."""

        def change(_request, service):
            article = service.find(number)
            service.save(article, Written(title, text, **more))
            service.publish(article)

        self.do(change)

    def choose(self, number, audience):
        """Choose the audience of an article."""
        self.do(
            lambda request, service: request.find_service(IAudiences).choose(
                service.find(number), audience
            )
        )

    def only(self, *logins):
        """Return the audience of those people."""
        return Audience("chosen", [principal(self.uids[login]) for login in logins])

    def path(self, number):
        """Return the address of an article."""
        return self.do(lambda _request, service: service.path(service.find(number)))

    def state(self, number, func):
        """Return what *func* finds of an article; None in its place where it is gone."""
        return self.do(lambda _request, service: func(service.find(number)))

    def remove(self, number, act="delete", *more):
        """Have the service for removals *act* on an article."""

        def removal(request, service):
            getattr(request.find_service(IRemovals), act)(service.find(number), *more)

        self.do(removal)

    def click(self, login, address, *, status=303, **values):
        """Post to *address* with nothing but the token and *values*, as a bare button does."""
        browser = self.browser(login)
        token = form_with(browser.get("/help"), "csrf_token")["csrf_token"].value
        return browser.post(address, {"csrf_token": token, **values}, status=status)

    def form(self, login, address, field):
        """Return the form at *address* that has *field*."""
        return form_with(self.browser(login).get(address), field)

    def write(self, login, address, button, status=303, **values):
        """Fill in the form at *address* that has the first of *values*' fields, and send it."""
        form = self.form(login, address, next(iter(values)))
        for name, value in values.items():
            form[name] = value
        return form.submit(button, status=status)

    def status(self, login, address):
        """Return the status that *login* gets at *address*."""
        return self.browser(login).get(address, expect_errors=True).status_int

    def found(self, login, words):
        """Return the ids that a search by *login* finds, loaded and asked for permission."""

        def search(request, _service):
            catalog, members = request.find_service(ICatalog), request.site["members"]
            who = request.find_service(IMembers).by_login(login) if login else None
            request.viewer = viewer = Viewer(who, members)
            return {thing.id for _hit, thing in catalog.load(catalog.search(viewer, words))}

        return self.do(search)

    def later(self, **delta):
        """Let time pass, and do the work that is due by then."""
        self.house.registry.getUtility(IClock).offset += timedelta(**delta)
        self._browsers.clear()  # sessions end meanwhile
        run_due(self.house.registry)

    @property
    def stored(self):
        """What changes whenever anything is stored."""
        return self.house.registry.getUtility(IDatabase).lastTransaction()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return the place that the tests of a module share, in English."""
    house = House(tmp_path_factory.mktemp("articles"), ["articles"], {"language": "en"})
    yield Place(house)
    house.close()


@pytest.fixture
def fresh(place):
    """Return what lets somebody new join the shared place, who has written nothing."""

    def join():
        login = f"auteur{len(place.uids)}"
        place.uids[login] = place.house.member(login)
        return login

    return join


@pytest.fixture
def make_place(make_house):
    """Return what makes a place of one test."""

    def make(**settings):
        return Place(make_house(["articles"], **{"language": "en", **settings}))

    return make
