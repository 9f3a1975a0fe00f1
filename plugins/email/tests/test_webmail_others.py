"""Every page of mail, by whatever name: its owner's alone, kept by no cache, changed by no GET."""

import re

import pytest

from communicate.interfaces import IContacts, IMembers
from communicate.reports.interfaces import ISuspensions
from communicate_email.content import Account, Mailbox
from communicate_email.letters import Letter

from .conftest import make_office

SECRET = "La clé est sous le pot bleu."
RICH = (
    "From: Luce <luce@elsewhere.example>\r\nTo: ines@tilleuls.example\r\nSubject: Secret\r\n"
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    f"<p>{SECRET}</p><img src=https://evil.example/p.gif>\r\n"
    "--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=cle.txt\r\n\r\n"
    "sous le pot\r\n--b--\r\n"
).encode()
TAILS = ("", "/{uid}", "/{uid}/1", "/{uid}/2")  # what the names of pages are followed by
OTHERS = ("paul", "moira", "oscar", "stranger", "once", "apart")


class Place:
    """A letter in the inbox of ines, one in her drafts, and those who are not ines."""

    def __init__(self, folder):
        self.office = make_office(folder)
        house = self.house = self.office.house
        for login in ("once", "apart"):
            self.office.uids[login] = house.member(login)
        self.office.deliver(Letter(RICH, "luce@elsewhere.example"))
        self.browsers = {
            login: house.browser(None if login == "stranger" else login)
            for login in ("ines", *OTHERS)
        }
        house.work(self.know)
        self.base = "/members/ines/mail"
        page = self.browsers["ines"].get("/mail").follow().follow()
        self.box = page.request.path
        self.uid = page.html.select_one("[name=uid]")["value"]

    def know(self, request):
        """Have one have been a contact, and another be suspended."""
        contacts, uids = request.find_service(IContacts), self.office.uids
        contacts.request(uids["once"], uids["ines"])
        contacts.accept(uids["ines"], uids["once"])
        contacts.remove(uids["ines"], uids["once"])
        apart = request.find_service(IMembers).by_uid(uids["apart"])
        request.find_service(ISuspensions).suspend(apart)

    def names(self, context):
        """Return the names of all views of *context*, with the methods that each is for."""
        found = []
        for item in self.house.registry.introspector.get_category("views"):
            view = item["introspectable"]
            if view["context"] is context:
                found.append((view["name"], view["request_methods"] or ("GET", "POST")))
        return found

    def addresses(self, method):
        """Return every address below the account of ines to which *method* could be sent."""
        for context, base in ((Account, self.base), (Mailbox, self.box)):
            for name, methods in self.names(context):
                if method in ((methods,) if isinstance(methods, str) else methods):
                    head = f"{base}/{name}" if name else base
                    for tail in TAILS if name else ("",):
                        yield name, head + tail.format(uid=self.uid)

    def token(self, login):
        """Return the token of the forms of *login*."""
        page = self.browsers[login].get("/mail", expect_errors=True)
        found = re.search(r'name="csrf_token" (?:type="hidden" )?value="([^"]+)"', page.text)
        return found[1] if found else "none"

    def last(self):
        """Return the number of the last transaction."""
        return self.house.work(lambda request: request.site._p_jar.db().lastTransaction())


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    made = Place(tmp_path_factory.mktemp("others"))
    yield made
    made.house.close()


def test_its_owner_finds_something_at_most_of_them(place):
    found = {
        name
        for name, path in place.addresses("GET")
        if place.browsers["ines"].get(path, expect_errors=True).status_int == 200
    }
    assert {"", "read", "print", "frame", "part", "source", "reply", "write", "search"} <= found


@pytest.mark.parametrize("login", OTHERS)
def test_for_all_others_there_is_nothing(place, login):
    browser, token = place.browsers[login], place.token(login)
    for method in ("GET", "POST"):
        for _name, path in place.addresses(method):
            sent = {"csrf_token": token, "uid": place.uid, "act": "delete", "sure": "yes"}
            more = {"params": sent} if method == "POST" else {}
            page = getattr(browser, method.lower())(path, expect_errors=True, **more)
            signed_in = login not in ("stranger", "apart")
            assert page.status_int == (404 if signed_in else 403), (method, path, page.status)
            assert SECRET not in page
            assert "Secret" not in page
    assert place.browsers["ines"].get(f"{place.box}/read/{place.uid}").status_int == 200


def test_nothing_is_done_without_the_token_of_the_form(place):
    before = place.last()
    for _name, path in place.addresses("POST"):
        sent = {"uid": place.uid, "act": "delete", "sure": "yes"}
        page = place.browsers["ines"].post(path, sent, expect_errors=True)
        assert page.status_int in (400, 403, 404), (path, page.status)
        cross = {"Origin": "https://evil.example", "Referer": "https://evil.example/"}
        page = place.browsers["ines"].post(path, sent, headers=cross, expect_errors=True)
        assert page.status_int in (400, 403, 404), (path, page.status)
    assert place.last() == before


def test_no_get_changes_anything_but_that_it_is_read(place):
    place.browsers["ines"].get(f"{place.box}/read/{place.uid}")
    for _name, path in place.addresses("GET"):
        before = place.last()
        place.browsers["ines"].get(path, expect_errors=True)
        assert place.last() == before, path


def test_no_cache_keeps_any_of_it_and_no_other_site_is_told(place):
    for _name, path in place.addresses("GET"):
        page = place.browsers["ines"].get(path, expect_errors=True)
        if page.status_int == 200:
            said = page.headers.get("Cache-Control", "")
            assert "no-store" in said, (path, said)
            assert page.headers["Referrer-Policy"] in ("no-referrer", "same-origin"), path
            assert page.headers["X-Content-Type-Options"] == "nosniff", path
            assert page.headers["X-DNS-Prefetch-Control"] == "off", path
            assert (
                "'unsafe-inline'"
                not in page.headers["Content-Security-Policy"].partition("style")[0]
            )
