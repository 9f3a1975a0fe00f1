"""The bell, the page of notices, and the settings of their mail."""

from urllib.parse import quote

import pytest

from communicate.audience import PRIVATE
from communicate.interfaces import INotifications
from communicate.testing.house import PASSWORD


@pytest.fixture
def browser(shelf):
    return shelf.house.browser("ines", PASSWORD)


def bell(page):
    """Return the count on the bell, empty where there is none."""
    found = page.html.select_one("a.tool-notices .count")
    return found.get_text() if found else ""


def rows(page):
    """Return the sentences on the page, those that are unread with a mark before them."""
    return [
        ("* " if "unread" in (li.get("class") or ()) else "") + li.a.get_text()
        for li in page.html.select("main .rows > li")
    ]


def form_to(page, action):
    return next(form for form in page.forms.values() if form.action == action)


class TestBell:
    def test_it_counts_what_is_unread_on_every_page(self, shelf, browser):
        assert bell(browser.get("/help")) == ""
        shelf.tell()
        shelf.tell(about="lampe")
        assert bell(browser.get("/help")) == "2"

    def test_strangers_have_none(self, shelf):
        assert shelf.house.browser().get("/help").html.select("a.tool-notices") == []

    def test_a_hundred_are_many(self, shelf, browser):
        for number in range(100):
            shelf.tell(about=None, path=f"/{number}")
        assert bell(browser.get("/help")) == "99+"


class TestPage:
    def test_it_is_for_members(self, shelf):
        assert shelf.house.browser().get("/notices", status="*").status_int in (303, 403)

    def test_it_says_what_happened_the_newest_first(self, shelf, browser):
        shelf.tell()
        shelf.tell("shelf.quote", by=shelf.rose)
        assert rows(browser.get("/notices")) == ["* rose quoted you.", "* paul replied."]

    def test_who_is_not_named_is_not_pictured(self, shelf, browser):
        shelf.tell("shelf.hidden")
        shelf.tell()
        for path in ("/notices", "/"):
            named, hidden = browser.get(path).html.select("main .rows > li.unread")
            assert named.select_one(".av")
            assert not hidden.select_one(".av")
            assert "paul" not in str(hidden).lower()

    def test_another_members_are_not_there(self, shelf, browser):
        shelf.tell(to=shelf.paul, by=shelf.rose)
        assert rows(browser.get("/notices")) == []

    def test_pages_follow_each_other_while_new_ones_come(self, shelf, browser):
        for number in range(45):
            shelf.tell(about=None, path=f"/{number}", by=shelf.rose if number % 2 else shelf.paul)
        first = browser.get("/notices")
        shelf.tell()
        second = browser.get(first.html.select_one("a[rel=next]")["href"])
        assert len(rows(first)) == 30
        assert len(rows(second)) == 15
        assert second.html.select("a[rel=next]") == []

    @pytest.mark.parametrize("before", ["x", "zzzzzzzzzzzzz", "%FF", "../.."])
    def test_a_page_that_cannot_be_is_refused(self, browser, before):
        browser.get(f"/notices?before={before}", status=400)

    def test_all_can_be_marked_as_read(self, shelf, browser):
        shelf.tell()
        shelf.tell(about="lampe")
        page = form_to(browser.get("/notices"), "/notices").submit().follow()
        assert rows(page) == ["paul replied.", "paul replied."]
        assert bell(page) == ""
        assert shelf.unread() == 0

    def test_what_may_not_be_told_any_more_is_gone_from_page_and_bell(self, shelf, browser):
        shelf.tell()
        shelf.tell(about="lampe")
        shelf.limit("vase", PRIVATE)
        assert len(rows(browser.get("/notices"))) == 1
        assert bell(browser.get("/help")) == "1"

    def test_it_comes_back_with_the_right(self, shelf, browser):
        shelf.tell()
        audience = shelf.house.work(lambda request: request.site["shelf"]["vase"].audience)
        shelf.limit("vase", PRIVATE)
        assert rows(browser.get("/notices")) == []
        shelf.limit("vase", audience)
        assert rows(browser.get("/notices")) == ["paul replied."]

    def test_who_was_blocked_meanwhile_is_not_heard(self, shelf, browser):
        shelf.tell()
        shelf.block(shelf.ines, shelf.paul)
        assert rows(browser.get("/notices")) == []


class TestFollow:
    def address(self, browser):
        return browser.get("/notices").html.select_one("main .rows a")["href"]

    def test_it_leads_to_the_thing_and_is_read(self, shelf, browser):
        shelf.tell()
        assert browser.get(self.address(browser)).location.endswith("/shelf/vase")
        assert shelf.unread() == 0

    def test_it_leads_where_the_login_is_now(self, shelf, browser):
        shelf.tell(about=None, path="/members/rose?a=b#c")
        assert browser.get(self.address(browser)).location.endswith("/members/rose?a=b#c")

    def test_what_is_gone_is_said_to_be_gone(self, shelf, browser):
        shelf.tell()
        address = self.address(browser)
        shelf.limit("vase", PRIVATE)
        page = browser.get(address).follow()
        assert page.request.path == "/notices"
        assert "no longer for you to see" in page.text

    def test_nobody_follows_that_of_another(self, shelf, browser):
        shelf.tell()
        address = self.address(browser)
        shelf.house.browser("paul", PASSWORD).get(address, status=404)
        assert shelf.unread() == 1
        assert shelf.house.browser().get(address, status="*").status_int in (303, 403)

    @pytest.mark.parametrize("name", ["x", "0000000000000", "zzzzzzzzzzzzz", "é"])
    def test_one_that_is_not_there_is_nothing(self, browser, name):
        browser.get(f"/notices/{quote(name)}", status=404)


class TestSettings:
    def test_each_kind_has_a_choice_that_is_kept(self, shelf, browser, clock):
        form = browser.get("/account/notices").forms["mail"]
        assert form["shelf-quote"].value == "daily"
        form["shelf-quote"] = "now"
        page = form.submit().follow()
        assert page.forms["mail"]["shelf-quote"].value == "now"
        shelf.tell("shelf.quote")
        clock.move(minutes=2)
        assert len(shelf.mails()) == 1

    def test_what_waits_goes_out_by_the_new_choice(self, shelf, browser, clock):
        shelf.tell("shelf.quiet")
        form = browser.get("/account/notices").forms["mail"]
        form["shelf-quiet"] = "daily"
        form.submit()
        clock.move(days=1)
        assert "came by" in shelf.mails()[0].get_content()

    def test_only_what_is_offered_is_taken(self, shelf, browser):
        form = browser.get("/account/notices").forms["mail"]
        form["shelf-quote"].force_value("hourly")
        form.submit(status=400)

    def test_who_wants_none_gets_none_of_kinds_to_come_either(self, shelf, browser):
        form = browser.get("/account/notices").forms["mail"]
        for name in form.fields:
            if name and name.startswith("shelf"):
                form[name] = "never"
        other = [name for name in form.fields if name and form[name].tag == "select"]
        for name in other:
            form[name] = "never"
        form.submit()
        choices = shelf.house.work(
            lambda request: dict(request.root_map["notices"].inboxes[shelf.ines].choices)
        )
        assert choices == {"*": "never"}


class TestSeen:
    def test_a_page_that_shows_the_thing_makes_the_bell_quiet(self, shelf, browser):
        shelf.tell()
        shelf.house.work(
            lambda r: r.find_service(INotifications).seen(shelf.ines, r.site["shelf"]["vase"])
        )
        assert bell(browser.get("/help")) == ""
