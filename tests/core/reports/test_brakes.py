"""A new account does a few things a day; one that is vouched for does more."""

from datetime import UTC, datetime, timedelta

import pytest

from communicate.interfaces import IClock, IContacts, IMembers
from communicate.testing import kit


class Clock:
    def __init__(self):
        self.present = datetime.now(UTC)

    def now(self):
        return self.present


FEW = {"topics": "1/day", "posts": "2/day", "links": "1/day", "requests": "1/day"}


class Village:
    """Old has been there for a month; Neuf and Nora come now."""

    def __init__(self, make_house):
        limits = {f"communicate.limits.new_{act}": rate for act, rate in FEW.items()}
        limits |= {f"communicate.limits.vouched_{act}": "3/day" for act in FEW}
        self.house = make_house(["forums"], language="en", new_account_days=3, **limits)
        self.clock = Clock()
        self.house.registry.registerUtility(self.clock, IClock)
        self.clock.present -= timedelta(days=30)
        self.uids = {"old": self.house.member("old")}
        self.clock.present += timedelta(days=30)
        self.uids |= {login: self.house.member(login) for login in ("neuf", "nora")}
        self.browsers = {}

    def browser(self, login):
        if login not in self.browsers:
            self.browsers[login] = self.house.browser(login)
        return self.browsers[login]

    def topic(self, login="neuf", body="Bonjour"):
        form = kit.form_with(self.browser(login).get("/forums/general/new"), "body")
        form["title"], form["body"] = f"Un sujet de {login}", body
        origin = {"Origin": "http://localhost"}
        return form.submit("post", headers=origin, expect_errors=True)

    def reply(self, place, login="neuf", body="Oui"):
        page = self.browser(login).get(place).maybe_follow()
        form = kit.form_with(page, "body")
        form["body"] = body
        return form.submit("post", expect_errors=True)

    def ask(self, who, login="neuf"):
        form = kit.form_with(self.browser(login).get("/contacts/ask"), "who")
        form["who"] = who
        return form.submit("ask", expect_errors=True)

    def know(self, one, other):
        def know(request):
            contacts = request.find_service(IContacts)
            contacts.request(self.uids[one], self.uids[other])
            contacts.accept(self.uids[other], self.uids[one])

        self.house.work(know)


@pytest.fixture
def village(make_house):
    return Village(make_house)


class TestBrakes:
    def test_one_more_topic_is_refused_with_the_cure_and_the_words(self, village):
        assert village.topic().status_int == 303
        answer = village.topic(body="Encore bonjour à vous tous")
        assert answer.status_int == 429
        assert "A new account opens a few topics a day" in answer.text
        assert "accept you as a contact" in answer.text
        assert "Encore bonjour à vous tous" in answer.text

    def test_replies_links_and_requests_too(self, village):
        place = village.topic("old").location
        assert [village.reply(place, body=f"{n}").status_int for n in range(3)] == [303, 303, 429]
        links = "https://a.example https://b.example"
        answer = village.reply(place, "nora", links)
        assert answer.status_int == 429
        assert "links" in answer.text
        assert village.reply(place, "nora", "https://a.example").status_int == 303
        assert village.ask("old").status_int == 303
        assert village.ask("nora").status_int == 429

    def test_no_longer_after_the_first_days(self, village):
        village.clock.present += timedelta(days=4)
        assert {village.topic().status_int for _ in range(5)} == {303}

    @pytest.mark.parametrize("how", ["known", "invited"])
    def test_less_for_who_is_vouched_for(self, village, how):
        if how == "known":
            village.know("neuf", "old")
        else:

            def invite(request):
                members = request.find_service(IMembers)
                members.by_login("neuf").consents = (members.given("invitation"),)

            village.house.work(invite)
        statuses = [village.topic().status_int for _ in range(4)]
        assert statuses == [303, 303, 303, 429]

    def test_new_ones_do_not_vouch_for_each_other(self, village):
        village.know("neuf", "nora")
        assert [village.topic().status_int for _ in range(2)] == [303, 429]
