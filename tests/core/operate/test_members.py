"""Operators find members, suspend them, and see nothing that others would not."""

from datetime import timedelta

import pytest

from communicate.interfaces import IClock, IMembers
from communicate.operate import people
from communicate.profile.interfaces import IProfiles


def logins(page):
    return [row.get_text(strip=True) for row in page.html.select("main .rows .row-title")]


@pytest.fixture
def many(house):
    """Make a few members; return what changes one of them."""
    for login in ("ada", "adele", "bruno", "chloe"):
        house.member(login)

    def change(login, **values):
        def change(request):
            member = request.find_service(IMembers).by_login(login)
            for name, value in values.items():
                setattr(member, name, value)

        house.work(change)

    return change


class TestFinding:
    def test_by_the_beginning_of_the_login_whatever_its_case(self, many, claire):
        assert logins(claire.get("/operate/members?q=AD")) == ["ada", "adele"]
        assert logins(claire.get("/operate/members")) == [
            "ada", "adele", "bruno", "chloe", "claire",
        ]  # fmt: skip

    def test_by_state_and_by_the_day_of_joining(self, house, many, claire):
        present = house.registry.getUtility(IClock).now()
        many("bruno", state="suspended")
        many("ada", created=int((present - timedelta(days=400)).timestamp() * 1000))
        assert logins(claire.get("/operate/members?state=suspended")) == ["bruno"]
        since = (present - timedelta(days=30)).date()
        found = logins(claire.get(f"/operate/members?since={since}"))
        assert found == ["adele", "bruno", "chloe", "claire"]

    def test_pages_go_on_where_the_last_one_ended(self, many, claire, monkeypatch):
        monkeypatch.setattr(people, "PAGE", 2)
        page, seen = claire.get("/operate/members?state=active"), []
        while True:
            seen += logins(page)
            link = page.html.select_one("a[rel=next]")
            if link is None:
                break
            page = claire.get(link["href"])
        assert seen == ["ada", "adele", "bruno", "chloe", "claire"]

    def test_a_filter_that_fits_few_does_not_read_everybody_for_one_page(
        self, many, claire, monkeypatch
    ):
        monkeypatch.setattr(people, "LOOKED_AT", 3)
        many("chloe", state="suspended")
        page = claire.get("/operate/members?state=suspended")
        assert logins(page) == []
        assert logins(claire.get(page.html.select_one("a[rel=next]")["href"])) == ["chloe"]

    def test_a_closed_account_is_not_there(self, house, many, claire):
        house.work(
            lambda r: r.find_service(IMembers).close(r.find_service(IMembers).by_login("ada"))
        )
        assert logins(claire.get("/operate/members?q=ada")) == []

    def test_a_last_visit_shows_only_where_its_member_shows_it(self, house, many, claire):
        ada = house.browser("ada")
        many("ada", seen=738_000)
        assert "dernière visite le" not in claire.get("/operate/members?q=ada")
        house.work(lambda request: shown(request, "ada"))
        assert ada.get("/").status_int == 200
        assert "dernière visite le" in claire.get("/operate/members?q=ada")

    def test_no_address_of_a_member_is_on_the_page(self, many, claire):
        assert "@" not in claire.get("/operate/members").html.main.get_text()

    def test_a_day_that_is_none_is_refused(self, claire):
        claire.get("/operate/members?since=yesterday", status=400)


def shown(request, login):
    """Let members see the last visit of *login*."""
    from communicate.audience import MEMBERS

    member = request.find_service(IMembers).by_login(login)
    element = request.find_service(IProfiles).stand(member, "seen")
    element.audience = MEMBERS


class TestSuspending:
    def form(self, page, login):
        return next(
            form for form in page.forms.values() if "login" in form.fields
            and form["login"].value == login
        )  # fmt: skip

    def test_it_ends_the_sessions_at_once_and_can_be_taken_back(self, house, many, claire):
        ada = house.browser("ada")
        page = self.form(claire.get("/operate/members?q=ada"), "ada").submit("suspend").follow()
        assert page.request.path_qs == "/operate/members?q=ada"
        assert "Le compte ada est suspendu." in page.html.get_text()
        ada.get("/account", status=403)
        self.form(page, "ada").submit("resume")
        house.browser("ada").get("/account")

    def test_nobody_suspends_themself(self, many, claire):
        page = claire.get("/operate/members?q=ada")
        form = self.form(page, "ada")
        form["login"].force_value("claire")
        form.submit("suspend", status=400)

    def test_it_leads_back_to_the_list_only(self, many, claire):
        form = self.form(claire.get("/operate/members?q=ada"), "ada")
        form["back"].force_value("//evil.example/operate/members")
        assert form.submit("suspend").location.endswith("/operate/members")

    def test_a_moderator_and_a_member_are_refused(self, house, rose):
        house.member("momo", "moderators")
        for login in ("momo", "rose"):
            browser = house.browser(login)
            for page in ("members", "invitations", "storages", "health", "plugins", "jobs"):
                browser.get(f"/operate/{page}", status=403)
