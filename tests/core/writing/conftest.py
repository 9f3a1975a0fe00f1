"""A site shared by the tests of a module, with two members."""

import pytest

from communicate.testing.house import House


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return a site with Claire and Paul, who write."""
    house = House(tmp_path_factory.mktemp("site"), [], {})
    house.uids = {login: house.member(login) for login in ("claire", "paul")}
    yield house
    house.close()


@pytest.fixture(scope="module")
def claire(site):
    """Return Claire's browser."""
    return site.browser("claire")


@pytest.fixture(scope="module")
def paul(site):
    """Return Paul's browser."""
    return site.browser("paul")


@pytest.fixture
def post():
    """Return what posts values with the token of the browser's forms."""

    def send(browser, path, status=None, **values):
        token = browser.get("/account").html.find(attrs={"name": "csrf_token"})["value"]
        return browser.post(path, {"csrf_token": token, **values}, status=status)

    return send
