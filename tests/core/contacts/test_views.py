"""The pages of contacts: asking, answering, sorting, blocking, and taking back."""

from datetime import timedelta

import pytest

from communicate.clock import milliseconds
from communicate.contacts import undoing
from communicate.contacts.bar import contacts_bar
from communicate.contacts.views import contacts as page
from communicate.interfaces import IClock, IMembers
from communicate.principals import Viewer


def button(browser, act, who=None, path="/contacts"):
    """Press the button *act* beside the member *who* on the page at *path*."""
    answer = browser.get(path)
    for form in answer.forms.values():
        values = [field._value for field in form.fields.get("act", ()) if hasattr(field, "_value")]
        values += [tag.get("value") for tag in form.html.select("button[name=act]")]
        if act in values and who in (
            None,
            form.fields["who"][0].value if "who" in form.fields else None,
        ):
            return form.submit("act", value=act)
    raise AssertionError(f"no button {act} for {who}")


def undo(answer):
    """Press *Undo* on the page after *answer*."""
    shown = answer.follow()
    return next(form for form in shown.forms.values() if "token" in form.fields).submit()


def token_of(browser):
    """Return the token that the forms of *browser* carry."""
    return browser.get("/contacts").html.select_one("input[name=csrf_token]")["value"]


@pytest.fixture
def ines(people):
    return people.browser("ines")


class TestAsking:
    def test_from_the_form_to_the_answer(self, people, ines):
        paul, login = people.browser("paul"), people.login("ines")
        form = ines.get(f"/contacts/ask?who={people.login('paul')}").forms["ask"]
        form["note"] = "Du potager <b>"
        shown = form.submit(status=303).follow()
        assert "on its way" in shown
        assert people.login("paul") in shown
        received = paul.get("/contacts")
        assert "Du potager &lt;b&gt;" in received.text
        assert received.html.select_one(".menu-list .count").text == "1"
        answer = button(paul, "accept", login).follow()
        assert f"{login} is your contact now." in answer
        assert "1 contact" in answer
        assert people.do("are_contacts", "ines", "paul")

    def test_home_shows_what_waits_until_it_is_answered(self, people, ines):
        people.do("request", "paul", "ines")
        assert people.login("paul") in ines.get("/")
        people.do("decline", "ines", "paul")
        assert "Requests to you" not in ines.get("/")

    def test_a_login_of_nobody_is_said_beside_the_field(self, ines):
        form = ines.get("/contacts/ask").forms["ask"]
        form["who"], form["note"] = "nemo", "Bonjour"
        answer = form.submit(status=400)
        assert "Nobody has this login" in answer
        assert answer.forms["ask"]["note"].value == "Bonjour"

    def test_oneself_and_a_long_note_are_refused(self, people, ines):
        for who, note in ((people.login("ines"), ""), (people.login("paul"), "x" * 501)):
            assert people["paul"]
            form = ines.get("/contacts/ask").forms["ask"]
            form["who"], form["note"] = who, note
            form.submit(status=400)
        assert people.do("sent", "ines") == []

    def test_there_are_so_many_a_day(self, make_house):
        house = make_house([], language="en", **{"communicate.limits.contact_requests": "2/day"})
        for login in ("ines", "paul", "lea", "marc"):
            house.member(login)
        ines = house.browser("ines")
        for who, status in (("paul", 303), ("lea", 303), ("marc", 429)):
            form = ines.get("/contacts/ask").forms["ask"]
            form["who"] = who
            form.submit(status=status)

    def test_declined_it_can_be_taken_back_for_a_moment(self, people):
        people.do("request", "paul", "ines", note="Bonjour")
        ines = people.browser("ines")
        answer = button(ines, "decline", people.login("paul"))
        assert people.do("waiting", "ines") == 0
        undo(answer)
        assert [each.note for each in people.do("received", "ines")] == ["Bonjour"]

    def test_declined_for_good_its_note_is_destroyed(self, people):
        people.do("request", "paul", "ines", note="Bonjour")
        button(people.browser("ines"), "decline", people.login("paul"))
        people.house.registry.getUtility(IClock).offset += timedelta(seconds=31)
        people.house.run_jobs()
        people.do("reconsider", "ines", "paul")
        assert [each.note for each in people.do("received", "ines")] == [None]

    def test_withdrawn_it_is_gone(self, people, ines):
        people.do("request", "ines", "paul")
        button(ines, "withdraw", people.login("paul"))
        assert people.do("received", "paul") == []


class TestContacts:
    def test_removed_by_mistake_it_comes_back_with_its_circles(self, people, ines):
        people.meet("ines", "paul")
        number = people.circle("ines", "Potager", "paul")
        answer = button(ines, "remove", people.login("paul"))
        assert not people.do("are_contacts", "paul", "ines")
        undo(answer)
        assert people.do("are_contacts", "paul", "ines")
        assert list(people.do("circle", "ines", number).members) == [people["paul"]]

    @pytest.mark.parametrize("wrong", ["late", "other", "forged", "é"])
    def test_what_takes_it_back_is_for_whom_and_when_it_was_given(
        self, people, ines, wrong, monkeypatch
    ):
        """Else a contact could be made without the other's word."""
        people.meet("ines", "paul")
        shown = button(ines, "remove", people.login("paul")).follow()
        form = next(form for form in shown.forms.values() if "token" in form.fields)
        if wrong == "late":
            now = undoing.clock.now
            monkeypatch.setattr(undoing.clock, "milliseconds", lambda m: milliseconds(m) + 31_000)
            assert now
        elif wrong == "other":
            token = form["token"].value
            other = people.browser("lea")
            other.post(
                "/contacts",
                {"csrf_token": token_of(other), "act": "undo", "token": token},
            )
            assert not people.do("are_contacts", "lea", "paul")
            return
        else:
            form["token"] = (
                form["token"].value.replace("remove:", "remove:1") if wrong == "forged" else wrong
            )
        assert "not there any more" in form.submit().follow()
        assert not people.do("are_contacts", "paul", "ines")

    def test_who_was_none_is_not_made_one_by_taking_back_that_it_ended(self, people, ines):
        """Else anybody could become anybody's contact, and read what contacts read."""
        sent = {"csrf_token": token_of(ines), "act": "remove", "who": people.login("paul")}
        assert people["paul"]
        shown = ines.post("/contacts", sent, status=303).follow()
        assert "not contacts" in shown
        assert not [form for form in shown.forms.values() if "token" in form.fields]
        assert not people.do("are_contacts", "ines", "paul")

    def test_many_are_shown_by_pages_in_order(self, people, ines, monkeypatch):
        monkeypatch.setattr(page, "PAGE", 2)
        for login in ("zoe", "anna", "marc"):
            people.meet("ines", login)
        first = ines.get("/contacts")
        assert [each.text for each in first.html.select(".rows strong")] == [
            people.login("anna"),
            people.login("marc"),
        ]
        second = first.click("Next page")
        assert people.login("zoe") in second
        assert people.login("anna") not in second
        found = ines.get("/contacts?q=MARC")
        assert people.login("marc") in found
        assert people.login("zoe") not in found

    def test_blocked_by_mistake_a_contact_is_one_again(self, people, ines):
        people.meet("ines", "paul")
        number = people.circle("ines", "Potager", "paul")
        answer = button(ines, "block", people.login("paul"))
        assert people.do("blocked", "ines", "paul")
        undo(answer)
        assert not people.do("blocked", "ines", "paul")
        assert list(people.do("circle", "ines", number).members) == [people["paul"]]

    def test_blocked_people_are_listed_and_let_in_again(self, people, ines):
        people.meet("ines", "paul")
        answer = button(ines, "block", people.login("paul"))
        assert "is blocked" in answer.follow()
        assert people.do("blocks", "ines") == [people["paul"]]
        button(ines, "unblock", people.login("paul"))
        assert people.do("blocks", "ines") == []

    @pytest.mark.parametrize(
        "sent",
        [
            {"act": "x"},
            {"act": "make_circle", "who": "paul"},
            {"act": "__class__"},
            {"who": "paul"},
        ],
    )
    def test_what_no_page_sends_is_refused(self, people, ines, sent):
        token = token_of(ines)
        who = {"who": people.login("paul")} if "who" in sent else {}
        assert people["paul"]
        ines.post("/contacts", {"csrf_token": token, **sent, **who}, status=[400, 404])

    def test_they_are_for_members(self, house):
        for path in ("/contacts", "/contacts/ask", "/people?q=a"):
            assert house.browser().get(path, expect_errors=True).status_int == 403


class TestCircles:
    def circle_form(self, browser, act):
        forms = browser.get("/contacts").forms.values()
        return next(form for form in forms if form.html.select(f"button[value={act}]"))

    def make(self, browser, name, status=303):
        form = self.circle_form(browser, "make")
        form["name"] = name
        return form.submit("act", value="make", status=status)

    def test_they_are_made_filled_renamed_and_deleted(self, people, ines):
        people.meet("ines", "paul")
        self.make(ines, "Potager <b>")
        [circle] = people.do("circles", "ines")
        form = next(
            form for form in ines.get("/contacts").forms.values() if form.action.endswith("sort")
        )
        form["circles"] = True
        form.submit(status=303)
        assert list(people.do("circles", "ines")[0].members) == [people["paul"]]
        shown = ines.get(f"/contacts?circle={circle.id}")
        assert "Potager &lt;b&gt;" in shown.text
        assert people.login("paul") in shown
        form = self.circle_form(ines, "rename")
        form["name"] = "Le potager"
        form.submit("act", value="rename", status=303)
        assert people.do("circles", "ines")[0].name == "Le potager"
        self.circle_form(ines, "delete").submit("act", value="delete", status=303)
        assert people.do("circles", "ines") == []

    @pytest.mark.parametrize("name", ["", "x" * 61, "POTAGER"])
    def test_a_bad_name_is_said_and_not_lost(self, people, ines, name):
        people.circle("ines", "Potager")
        answer = self.make(ines, name, status=400)
        assert self.circle_name(answer) == name
        assert len(people.do("circles", "ines")) == 1

    def circle_name(self, answer):
        return answer.html.select_one("#new-circle")["value"]

    def test_another_s_circle_cannot_be_touched(self, people, ines):
        people.meet("paul", "ines")
        number = people.circle("paul", "Lecture", "ines")
        token = token_of(ines)
        for act in ("rename", "delete"):
            sent = {"csrf_token": token, "act": act, "circle": str(number), "name": "x"}
            ines.post("/contacts/circles", sent, status=400)
        sent = {"csrf_token": token, "who": people.login("paul"), "circles": str(number)}
        ines.post("/contacts/sort", sent, status=400)
        assert people.do("circle", "paul", number).name == "Lecture"


class TestBar:
    def bar(self, people, viewer, login="paul"):
        """Return what *viewer* sees on the space of *login*."""
        uid, other = None if viewer is None else people[viewer], people[login]

        def make(request):
            members = request.find_service(IMembers)
            request.member = None if uid is None else members.by_uid(uid)
            request.viewer = Viewer(request.member, request.site["members"])
            request.page.bare = True  # no session: the token of forms is of no matter here
            return str(contacts_bar(request, members.by_uid(other)))

        return people.house.work(make)

    def acts(self, html):
        return [
            act
            for act in ("accept", "decline", "withdraw", "remove", "block", "unblock")
            if f'value="{act}"' in html
        ]

    def test_offers_what_can_be_done_now(self, people):
        assert self.bar(people, None) == self.bar(people, "paul") == ""
        assert self.acts(self.bar(people, "ines")) == ["block"]
        assert "/contacts/ask" in self.bar(people, "ines")
        people.do("request", "ines", "paul")
        assert self.acts(self.bar(people, "ines")) == ["withdraw", "block"]
        assert self.acts(self.bar(people, "paul", "ines")) == ["accept", "decline", "block"]
        people.do("accept", "paul", "ines")
        assert self.acts(self.bar(people, "ines")) == ["remove", "block"]
        people.do("block", "ines", "paul")
        assert self.acts(self.bar(people, "ines")) == ["unblock"]

    def test_who_is_blocked_sees_nothing_of_it(self, people):
        before = self.bar(people, "paul", "ines")
        people.do("block", "ines", "paul")
        strip = lambda html: html.partition('name="once"')[0]  # noqa: E731
        assert strip(self.bar(people, "paul", "ines")) == strip(before)
