"""The page of a thing's audience: its owner chooses there, and the choice counts at once."""

import re

import pytest

from communicate.audience import CONTACTS, MEMBERS, PRIVATE, PUBLIC, Audience
from communicate.contacts.audiences import AudienceChanged
from communicate.content import Content, Folder
from communicate.interfaces import IAudiences, IMembers
from communicate.principals import circle, member

PAGE = "/members/{}/{}/audience"


class Page:
    """The picker of one thing of Inès, in her browser."""

    def __init__(self, people, audience=PRIVATE):
        self.people = people
        self.name = people.note("ines", audience)
        self.browser = people.browser("ines")
        self.path = PAGE.format(people.login("ines"), self.name)

    def choose(self, level, *, status=303, **parts):
        form = self.browser.get(self.path).forms["picker"]
        form["visible"] = level
        for part, value in parts.items():
            if part == "circles":
                for box in form.fields["visible.circles"]:
                    box.checked = box._value in map(str, value)
            else:
                form[f"visible.{part}"] = value
        return form.submit(status=status)

    @property
    def stored(self):
        def look(request):
            return request.find_service(IMembers).by_uid(self.people["ines"])[self.name].audience

        return self.people.house.work(look)


@pytest.fixture
def page(people):
    return Page(people)


class TestChoosing:
    def test_it_opens_on_the_present_value_and_counts_people(self, people):
        people.meet("ines", "paul")
        page = Page(people, CONTACTS)
        answer = page.browser.get(page.path)
        assert answer.forms["picker"]["visible"].value == "contacts"
        assert "Your one contact." in answer
        assert re.search(r"The \d+ accounts of this site\.", answer.text)

    @pytest.mark.parametrize("level", ["contacts", "members", "private"])
    def test_a_choice_is_stored_and_counts_at_the_next_request(self, people, page, level):
        people.meet("ines", "paul")
        page.choose(level)
        assert page.stored.level == level
        assert people.reads("paul", "ines", page.name) == (level != "private")
        assert people.finds("paul") == (level != "private")
        assert people.reads("lea", "ines", page.name) == (level == "members")
        assert people.finds("lea") == (level == "members")

    def test_chosen_people_and_circles_are_named(self, people, page):
        people.meet("ines", "lea")
        number = people.circle("ines", "Potager", "lea")
        people["paul"], people["marc"]
        paul, marc = people.login("paul"), people.login("marc")
        page.choose("chosen", people=f"{paul.title()}, @{marc}", circles=[number])
        named = [member(people["paul"]), member(people["marc"]), circle(number)]
        assert page.stored == Audience("chosen", named)
        assert people.reads("lea", "ines", page.name)
        again = page.browser.get(page.path)
        assert again.forms["picker"]["visible.people"].value == f"{marc}, {paul}"
        assert again.forms["picker"]["visible.circles"].checked
        assert "Who exactly? 3 people" in again
        who = again.click("Who exactly")
        assert "Potager" in who
        assert f"/members/{marc}" in who
        assert f"/members/{paul}" in who
        assert f"/members/{people.login('lea')}" in who

    def test_saved_unchanged_it_stays_as_it_was(self, people):
        for audience in (PUBLIC, CONTACTS, Audience("chosen", [member(people["paul"])])):
            page = Page(people, audience)
            page.browser.get(page.path).forms["picker"].submit(status=303)
            assert page.stored == audience

    @pytest.mark.parametrize(
        ("level", "parts", "sentence"),
        [
            ("chosen", {"people": "nemo"}, "Nobody has the login nemo."),
            ("chosen", {}, "Name at least one person or circle."),
            ("chosen", {"people": "eva"}, "You have blocked "),
            ("public", {}, "Tick the box"),
        ],
    )
    def test_what_cannot_be_chosen_is_said_and_nothing_lost(
        self, people, page, level, parts, sentence
    ):
        people.do("block", "ines", "eva")
        if parts.get("people") == "eva":
            parts = {"people": people.login("eva")}
        answer = page.choose(level, status=400, **parts)
        assert sentence in answer
        assert answer.forms["picker"]["visible"].value == level
        assert answer.forms["picker"]["visible.people"].value == parts.get("people", "")
        assert page.stored == PRIVATE

    def test_what_becomes_public_is_confirmed_once(self, page):
        page.choose("public", sure=True)
        assert page.stored == PUBLIC
        again = page.browser.get(page.path)
        assert "visible.sure" not in again.forms["picker"].fields

    @pytest.mark.parametrize("sent", ["5", "x", "circle:5", str(2**70)])
    def test_another_s_circle_is_refused(self, people, page, sent):
        people.meet("ines", "paul")
        number = people.circle("paul", "Lecture", "ines")
        people.circle("ines", "Potager", "paul")
        form = page.browser.get(page.path).forms["picker"]
        for wrong in (sent, str(number)):
            kept = [(name, form[name].value) for name in ("csrf_token", "once")]
            fields = [*kept, ("visible", "chosen"), ("visible.circles", wrong)]
            assert "Choose one of the answers." in page.browser.post(page.path, fields, status=400)
        assert page.stored == PRIVATE

    def test_it_leads_back_to_where_one_came_from_here(self, page):
        answer = page.browser.get(f"{page.path}?back=/help%3Fa%3D1").forms["picker"].submit()
        assert answer.location == "/help?a=1"
        answer = page.browser.get(f"{page.path}?back=//evil.example").forms["picker"].submit()
        assert answer.location == f"/members/{page.people.login('ines')}"


class TestRights:
    @pytest.mark.parametrize("view", ["audience", "who"])
    def test_it_is_the_owner_s_alone(self, people, page, view):
        page.choose("members")
        path = page.path.replace("audience", view)
        oscar = people.login("oscar")
        people.house.member(oscar, "operators", "moderators")
        for browser in (people.browser("paul"), people.house.browser(oscar)):
            browser.get(path, status=[403, 404])
            browser.post(path, {"visible": "public"}, status=[403, 404])
        people.house.browser().get(path, status=[303, 403, 404])

    def test_what_follows_other_rules_has_none(self, people, page):
        for view in ("audience", "who"):
            page.browser.get(f"/members/{people.login('ines')}/{view}", status=404)


class TestNarrower:
    @pytest.fixture
    def house(self, make_house):
        return make_house([], language="en", widest_audience="members")

    def test_what_the_site_narrows_is_said(self, people):
        page = Page(people, PUBLIC)
        answer = page.browser.get(page.path)
        assert "lets fewer people see it" in answer
        assert answer.forms["picker"]["visible"].value == "public"
        assert "Members only, as long as" in answer

    def test_nothing_is_said_where_nothing_is_narrower(self, people):
        page = Page(people, MEMBERS)
        assert "lets fewer people" not in page.browser.get(page.path)


class TestService:
    def test_subscribers_are_told_of_a_change_and_of_nothing_else(self, people, house):
        told = []
        house.registry.registerHandler(
            lambda event: told.append((event.before, event.after)), (AudienceChanged,)
        )
        page = Page(people)
        page.choose("private")
        page.choose("members")
        assert told == [(PRIVATE, MEMBERS)]

    def test_what_inherits_and_is_saved_unchanged_goes_on_inheriting(self, people, house):
        def inherit(request):
            service = request.find_service(IAudiences)
            folder = Folder(people["ines"], MEMBERS)
            folder["thing"] = Content(people["ines"])
            service.choose(folder["thing"], MEMBERS)
            return folder["thing"].audience

        assert house.work(inherit) is None
