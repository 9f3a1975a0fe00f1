"""Completion of names, and the directory: only whom the viewer may find."""

import pytest

from communicate.audience import CONTACTS, MEMBERS, PRIVATE, PUBLIC, Audience
from communicate.catalog import entry_for
from communicate.catalog.kinds import KEY
from communicate.contacts.people import DIRECTORY
from communicate.contacts.views import people as views
from communicate.content import Content
from communicate.declarations import Indexable
from communicate.ids import encode
from communicate.interfaces import ICatalog, IMembers

ID = encode(5)


@pytest.fixture
def listed(people):
    """Return what puts somebody into the directory."""
    kind = Indexable(DIRECTORY, lambda _request: (), lambda *_: None)
    people.house.registry[KEY][DIRECTORY] = kind

    def put(login, audience, words=""):
        uid = people[login]

        def write(request):
            member = request.find_service(IMembers).by_uid(uid)
            place = member["place"] = Content(uid, audience)
            entry = entry_for(
                place, DIRECTORY, title=member.login, words=f"{member.login} {words}"
            )
            request.find_service(ICatalog).put(entry)

        people.house.work(write)

    return put


def asked(browser, words):
    return [one["name"] for one in browser.get("/people", {"q": words}).json["found"]]


class TestCompletion:
    def test_offers_contacts_circles_and_listed_people(self, people, listed):
        people.meet("ines", "paule")
        people.circle("ines", "Paroisse", "paule")
        people.circle("paule", "Parents")
        listed("paul", MEMBERS)
        listed("pascal", PRIVATE)
        listed("patrick", CONTACTS)
        assert people["paco"]  # lists himself nowhere
        ines = people.browser("ines")
        number = people.number
        assert asked(ines, "PA") == ["Paroisse", f"paule{number}", f"paul{number}"]
        assert asked(ines, f"paul{number}") == [f"paul{number}"]
        assert asked(ines, "@paule") == [f"paule{number}"]
        assert asked(ines, "") == asked(ines, " ") == asked(ines, "zzz") == []

    def test_who_has_blocked_is_not_offered(self, people, listed):
        listed("paul", MEMBERS)
        people.do("block", "paul", "ines")
        assert asked(people.browser("ines"), people.login("paul")) == []

    def test_is_not_kept_by_browsers(self, people):
        answer = people.browser("ines").get("/people?q=a")
        assert "no-store" in answer.headers["Cache-Control"]

    def test_is_asked_so_often_a_minute(self, make_house):
        house = make_house([], **{"communicate.limits.people": "2/minute"})
        house.member("ines")
        ines = house.browser("ines")
        for status in (200, 200, 429):
            ines.get("/people?q=a", status=status)


class TestDirectory:
    @pytest.fixture
    def house(self, make_house):
        return make_house([], language="en")

    def names(self, answer):
        return [each.text for each in answer.html.select(".rows .row-title")]

    def test_shows_who_wishes_to_be_found_to_whom(self, people, listed):
        people.meet("ines", "lea")
        listed("paul", PUBLIC)
        listed("marc", MEMBERS)
        listed("eva", PRIVATE)
        listed("hugo", Audience("chosen", [f"member:{people['ines']}"]))
        login = people.login
        assert self.names(people.house.browser().get("/members")) == [login("paul")]
        found = people.browser("ines").get("/members")
        assert set(self.names(found)) >= {login("marc"), login("paul")}
        assert login("eva") not in found
        assert self.names(people.browser("lea").get("/members")) == [login("marc"), login("paul")]

    def test_is_searched_by_words(self, people, listed):
        listed("paul", MEMBERS, "pommes de terre")
        listed("marc", MEMBERS, "serrures")
        ines = people.browser("ines")
        assert self.names(ines.get("/members?q=POMMES")) == [people.login("paul")]
        assert self.names(ines.get(f"/members?q={people.login('marc')}")) == [people.login("marc")]
        assert "Nobody whom you may see" in ines.get("/members?q=chou")

    @pytest.mark.parametrize("words", ["", "jardin"])
    def test_has_pages(self, people, listed, monkeypatch, words):
        monkeypatch.setattr(views, "PAGE", 2)
        for login in ("anna", "bea", "carl", "dora", "emil"):
            listed(login, MEMBERS, "jardin")
        browser, seen, pages = people.browser("ines"), [], 1
        answer = browser.get("/members", {"q": words})
        while True:
            seen += self.names(answer)
            if "Next page" not in answer:
                break
            answer, pages = answer.click("Next page"), pages + 1
        assert pages == 3
        assert sorted(seen) == [people.login(n) for n in ("anna", "bea", "carl", "dora", "emil")]

    @pytest.mark.parametrize(
        "after", ["x", "-1.a", "9" * 30, "1.", "²", f"{ID}.é", f"{ID}.{'9' * 300}"]
    )
    def test_a_bad_page_is_no_error_of_ours(self, people, after):
        for words in ("", "mot"):
            answer = people.house.browser().get(
                "/members", {"after": after, "q": words}, expect_errors=True
            )
            assert answer.status_int in (200, 400)


class TestLimits:
    def test_a_search_of_the_directory_is_one(self, make_house):
        house = make_house([], language="en", **{"communicate.limits.search_address": "2/minute"})
        stranger = house.browser()
        found = [stranger.get("/members?q=a", expect_errors=True).status_int for _ in range(3)]
        assert found == [200, 200, 429]
        stranger.get("/members", status=200)

    def test_a_page_that_begins_with_what_no_database_takes_is_refused(self, people):
        address = f"/members?after={encode(5)}.a%00"
        assert people.browser("ines").get(address, expect_errors=True).status_int == 400
