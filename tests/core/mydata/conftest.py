"""A site with people who know each other, and what they keep there."""

import pytest

from communicate.audience import Audience
from communicate.interfaces import IContacts, IMembers
from communicate.profile.interfaces import IProfiles
from communicate.testing.house import PASSWORD, House
from communicate.testing.kit import form_with

EXPORT = "/account/privacy/export"


class Home:
    """A house in which ines lives with paul and marie, and short ways to her data."""

    def __init__(self, house):
        self.house = house
        self.uids = {login: house.member(login) for login in ("ines", "paul", "marie")}
        self._browsers = {}

    def browser(self, login=None):
        """Return the one browser of *login*."""
        if login not in self._browsers:
            self._browsers[login] = self.house.browser(login)
        return self._browsers[login]

    def get(self, path, login="ines", status=200):
        """Return the page at *path* as *login* sees it."""
        return self.browser(login).get(path, status=status)

    def act(self, login, func):
        """Return what *func* does with a request whose member is *login*."""

        def do(request):
            request.member = request.find_service(IMembers).by_login(login)
            return func(request, request.member)

        return self.house.work(do)

    def say(self, login, kind, value, level="private"):
        """Add an element to the space of *login*; return its address."""
        given = {"value": value, "audience": Audience(level)}

        def add(request, member):
            return request.find_service(IProfiles).add(member, kind, given).__name__

        return f"/members/{login}/profile/{self.act(login, add)}"

    def know(self, one, other):
        """Make the two contacts of each other."""

        def join(request):
            contacts = request.find_service(IContacts)
            contacts.request(self.uids[one], self.uids[other])
            contacts.accept(self.uids[other], self.uids[one])

        self.house.work(join)

    def click(self, path, button, login="ines", status=303, **values):
        """Post to *path* with that button and the token."""
        token = form_with(self.get("/help", login), "csrf_token")["csrf_token"].value
        values = {"csrf_token": token, button: "yes", **values}
        return self.browser(login).post(path, values, status=status)

    def start(self, login="ines"):
        """Ask for an export."""
        return self.click(EXPORT, "start", login)

    def download(self, login="ines", password=PASSWORD):
        """Send the form that asks for the password; return the answer."""
        form = form_with(self.get(EXPORT, login), "present")
        form["present"] = password
        return form.submit("download", expect_errors=True)


@pytest.fixture
def make_home(make_house):
    """Return what makes homes with plugins."""
    return lambda plugins, **more: Home(make_house(plugins, language="en", **more))


@pytest.fixture
def home(make_home):
    return make_home([])


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory):
    """Return a home that the tests of a module share."""
    house = House(tmp_path_factory.mktemp("mydata"), ["forums"], {"language": "en"})
    yield Home(house)
    house.close()
