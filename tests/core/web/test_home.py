"""The home page: what waits, what is new, first steps; and what strangers see."""

import pytest

from communicate.audience import MEMBERS, PRIVATE, Audience
from communicate.contacts.services import REQUEST
from communicate.interfaces import IContacts, IMembers, INotifications
from communicate.principals import member
from communicate.profile.interfaces import IProfiles
from communicate.testing.house import House
from communicate_forums.interfaces import IForums


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("home"), ["forums"], {"language": "en"})
    yield house
    house.close()


@pytest.fixture(scope="module")
def town(house):
    return Town(house)


class Town:
    """Inès, who writes much, Paul, and Rose, whom nobody knows."""

    def __init__(self, house):
        self.house = house
        self.uids = {login: house.member(login) for login in ("ines", "paul", "rose")}

    def forum(self, name, audience):
        self.house.work(
            lambda request: request.find_service(IForums).add_forum(name, name, audience=audience)
        )

    def write(self, login, title, forum="general"):
        """Open a topic; return its id."""
        return self.house.work(
            lambda request: (
                request.find_service(IForums)
                .open_topic(request.site["forums"][forum], self.uids[login], title, "Un mot")
                .id
            )
        )

    def reply(self, login, topic):
        def reply(request):
            found = request.site["forums"].topic(topic)
            request.find_service(IForums).reply(found, self.uids[login], "Oui.")

        self.house.work(reply)

    def news(self, login=None, address="/"):
        """Return the titles of what is new, and the address of the next page."""
        page = self.browser(login).get(address).html
        older = page.select_one("section[aria-labelledby=new] a[rel=next]")
        titles = [a.get_text() for a in page.select("section[aria-labelledby=new] .row-title")]
        return titles, older["href"] if older else None

    def browser(self, login):
        if not hasattr(self, "browsers"):
            self.browsers = {}
        if login not in self.browsers:
            self.browsers[login] = self.house.browser(login)
        return self.browsers[login]


class TestStranger:
    def test_sees_what_this_is_and_may_join(self, town):
        page = town.browser(None).get("/")
        assert "you decide who sees what" in page.text
        assert page.html.select("main a[href='/join']")
        assert page.html.select("main .stair")

    def test_sees_the_latest_that_is_for_everyone_and_nothing_else(self, town):
        town.forum("dedans", MEMBERS)
        town.write("ines", "Pour tous")
        town.write("ines", "Pour les membres", "dedans")
        titles, _older = town.news()
        assert "Pour tous" in titles
        assert "Pour les membres" not in titles
        assert "Pour les membres" in town.news("paul")[0]


class TestNew:
    def test_what_i_wrote_is_no_news_to_me(self, town):
        town.write("paul", "De Paul")
        town.write("ines", "De moi")
        titles, _older = town.news("ines")
        assert "De Paul" in titles
        assert "De moi" not in titles

    def test_a_topic_is_there_once_however_many_reply(self, town):
        topic = town.write("paul", "Le composteur")
        for _ in range(5):
            town.reply("rose", topic)
        town.write("paul", "Autre chose")
        titles, _older = town.news("ines")
        assert titles[:2] == ["Autre chose", "Le composteur"]
        assert titles.count("Le composteur") == 1
        page = town.browser("ines").get("/")
        assert "and 5 more" in page.text

    def test_what_each_says_of_themself_is_one_row(self, town):
        def say(request):
            members, profiles = request.find_service(IMembers), request.find_service(IProfiles)
            for login in ("lea", "marc"):
                for word in ("vélo", "jardin"):
                    given = {"value": word, "audience": MEMBERS}
                    profiles.add(members.by_login(login), "interest", given)

        town.house.member("lea"), town.house.member("marc")
        town.house.work(say)
        page = town.browser("ines").get("/").html
        rows = page.select("section[aria-labelledby=new] li")[:2]
        who = [row.select_one(".meta a").get_text() for row in rows]
        assert sorted(who) == ["lea", "marc"]  # of one millisecond
        assert all("and 1 more" in row.get_text() for row in rows)

    def test_pages_go_on_where_the_last_one_ended_while_new_things_come(self, town):
        for number in range(25):
            town.write("paul", f"Sujet {number}")
        first, older = town.news("ines")
        town.write("paul", "Entre-temps")
        second, further = town.news("ines", older)
        third, _end = town.news("ines", further)
        found = [title for title in (*first, *second, *third) if title.startswith("Sujet")]
        assert found == [f"Sujet {number}" for number in range(24, -1, -1)]

    def test_rights_of_now_count(self, town):
        town.forum("cercle", Audience("chosen", [member(town.uids["ines"])]))
        town.write("paul", "Entre nous", "cercle")
        assert "Entre nous" in town.news("ines")[0]
        assert "Entre nous" not in town.news("rose")[0]
        town.house.work(
            lambda request: request.find_service(IForums).change_forum(
                request.site["forums"]["cercle"], {"audience": Audience("private")}
            )
        )
        assert "Entre nous" not in town.news("ines")[0]

    def test_who_is_blocked_is_not_heard(self, town):
        town.write("rose", "De Rose")
        assert "De Rose" in town.news("ines")[0]
        ask = town.uids["ines"], town.uids["rose"]
        town.house.work(lambda request: request.find_service(IContacts).block(*ask))
        assert "De Rose" not in town.news("ines")[0]
        town.house.work(lambda request: request.find_service(IContacts).unblock(*ask))

    @pytest.mark.parametrize("before", ["x", "0" * 25, "z" * 26, "%C3%A9", "%00"])
    def test_a_place_that_is_none_is_refused(self, town, before):
        town.browser("ines").get(f"/?before={before}", status=400)


class TestWaiting:
    def test_unread_notices_are_there_until_they_are_read(self, town):
        browser = town.browser("rose")
        assert "Nothing waits for you." in browser.get("/").text
        town.house.work(
            lambda request: request.find_service(INotifications).send(
                REQUEST, town.uids["rose"], by=town.uids["paul"], path="/help"
            )
        )
        page = browser.get("/")
        assert "Nothing waits for you." not in page.text
        (link,) = page.html.select("section[aria-labelledby=block-notices] .row-title")
        assert link.get_text() == "paul asks to be your contact."
        browser.get(link["href"])
        assert "Nothing waits for you." in browser.get("/").text


class TestSteps:
    def steps(self, browser):
        rows = browser.get("/").html.select("section[aria-labelledby=first] .rows li")
        return [(li.a["href"], li.select_one(".tag-good") is not None) for li in rows]

    def test_a_new_member_is_shown_three(self, town):
        town.house.member("neuve")
        assert self.steps(town.house.browser("neuve")) == [
            ("/members/neuve", False),
            ("/members", False),
            ("/forums", False),
        ]

    def test_each_is_ticked_once_it_is_done(self, town):
        town.write("paul", "Bonjour")
        done = dict(self.steps(town.browser("paul")))
        assert done["/forums"]
        assert not done["/members"]

    def test_they_are_gone_once_all_are_done(self, town, monkeypatch):
        from communicate.web import steps

        def befriend(request):
            request.find_service(IMembers).by_uid(town.uids["paul"]).contacts.add(1)

        town.house.work(befriend)
        assert len(self.steps(town.browser("paul"))) == 3
        monkeypatch.setattr(steps, "has_profile", lambda _request: True)
        assert self.steps(town.browser("paul")) == []

    def test_they_can_be_put_away(self, town):
        town.house.member("pressee")
        browser = town.house.browser("pressee")
        form = next(f for f in browser.get("/").forms.values() if f.action == "/first-steps")
        form.submit().follow()
        assert self.steps(browser) == []


class TestWhoSees:
    def test_it_counts_the_elements_of_my_space_by_who_sees_them(self, town):
        from communicate.profile.interfaces import IProfiles

        browser = town.browser("ines")
        assert "Who sees what" not in browser.get("/").text

        def say(request):
            profiles = request.find_service(IProfiles)
            ines = request.find_service(IMembers).by_uid(town.uids["ines"])
            for value, audience in (("Quimper", MEMBERS), ("Brest", MEMBERS), ("Ici", PRIVATE)):
                profiles.add(ines, "place", {"value": value, "audience": audience})

        town.house.work(say)
        rows = browser.get("/").html.select("aside .stair li")
        counts = [int(row.select_one(".num").get_text()) for row in rows]
        assert counts == [1, 0, 0, 2, 0]
