"""A suspension: who may, for how long, what is left to the member, and how it ends."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from communicate.interfaces import IClock, IMembers
from communicate.reports.suspensions import suspensions_of
from communicate.testing.archives import exported
from communicate.testing.house import PASSWORD

WHY = "Trois menaces en une semaine"
PLEA = "Je ne l'ai pas écrit"


class Clock:
    def __init__(self):
        self.present = datetime.now(UTC)

    def now(self):
        return self.present


class Court:
    """Paul is suspended by Moira; Max moderates too, Oscar operates."""

    def __init__(self, house):
        self.house, self.clock = house, Clock()
        house.registry.registerUtility(self.clock, IClock)
        groups = {"moira": "moderators", "max": "moderators", "oscar": "operators"}
        people = ("paul", "ines", *groups)
        self.uids = {one: house.member(one, *filter(None, [groups.get(one)])) for one in people}
        self.browsers = {}

    def browser(self, login):
        if login not in self.browsers:
            self.browsers[login] = self.house.browser(login)
        return self.browsers[login]

    def later(self, **span):
        self.clock.present += timedelta(**span)
        self.browsers = {}

    def day(self, days):
        return (self.clock.present + timedelta(days=days)).date().isoformat()

    def suspend(self, by="moira", login="paul", days=3):
        form = self.browser(by).get("/moderate/suspend").forms["suspend"]
        form["login"], form["why"], form["until"] = login, WHY, self.day(days)
        return form.submit("suspend", expect_errors=True)

    def state(self, login="paul"):
        return self.house.work(lambda r: r.find_service(IMembers).by_login(login).state)

    def appeal(self):
        form = self.browser("paul").get("/suspended").forms["appeal"]
        form["words"] = PLEA
        return form.submit("appeal")

    def answer(self, by, outcome, why="Vu les pièces"):
        page = self.browser(by).get("/moderate/suspended/paul")
        if "answer" not in page.forms:
            return None
        form = page.forms["answer"]
        form["outcome"], form["why"] = outcome, why
        return form.submit("answer")

    def mail(self, login="paul"):
        self.house.run_jobs()
        found = self.house.letters()
        return [one for one in found if f"{login}@example.org" in one]


@pytest.fixture
def house_plugins():
    return ["forums"]


@pytest.fixture
def court(house):
    return Court(house)


class TestWhoMay:
    @pytest.mark.parametrize(
        ("by", "login"),
        [("moira", "moira"), ("moira", "oscar"), ("moira", "max"), ("moira", "nobody")],
    )
    def test_nobody_themself_and_no_moderator_staff(self, court, by, login):
        assert court.suspend(by, login).status_int == 400

    @pytest.mark.parametrize("days", [-2, 4000])
    def test_until_a_day_to_come_within_what_is_allowed(self, court, days):
        assert court.suspend(days=days).status_int == 400
        assert court.state() == "active"

    def test_members_do_not(self, court):
        for address in ("/moderate/suspend", "/moderate/suspended", "/moderate/suspended/paul"):
            assert court.browser("ines").get(address, expect_errors=True).status_int == 403


class TestAlone:
    def test_nobody_answers_the_own_decision_by_suspending_the_others(self, court):
        def promote(request):
            request.find_service(IMembers).by_login("oscar").groups = ("operators", "moderators")

        court.house.work(promote)
        court.suspend("oscar")
        court.appeal()
        for login in ("moira", "max"):
            assert court.suspend("oscar", login).status_int == 303
        assert court.answer("oscar", "refused") is None


class TestSuspended:
    def test_sessions_end_and_one_page_is_left(self, court):
        paul = court.browser("paul")
        court.suspend()
        assert paul.get("/account", expect_errors=True).status_int == 403
        court.browsers.pop("paul")
        paul = court.browser("paul")
        page = paul.get("/suspended")
        assert WHY in page.text
        assert "moira" not in page.html.main.get_text(" ")
        assert paul.get("/login").location == "/suspended"
        for address in ("/account", "/account/erase", "/contacts", "/forums/general/new"):
            assert paul.get(address, expect_errors=True).status_int == 403

    def test_the_page_is_nobody_elses(self, court):
        for browser in (court.browser("ines"), court.house.browser()):
            for address in ("/suspended", "/suspended/erase"):
                assert browser.get(address, expect_errors=True).status_int == 404

    def test_can_leave(self, court):
        court.suspend()
        form = court.browser("paul").get("/suspended/erase").forms["erase"]
        form["present"] = "wrong words"
        assert form.submit("erase", expect_errors=True).status_int == 400
        form["present"] = PASSWORD
        assert "/erased" in form.submit("erase").location
        court.house.run_jobs()
        assert court.house.work(lambda r: len(suspensions_of(r).by_uid)) == 0
        assert court.browser("moira").get("/moderate/suspended").status_int == 200

    def test_who_decided_takes_that_along_and_not_about_whom(self, court):
        court.suspend("moira")
        court.appeal()
        court.answer("max", "refused")
        found = {one: exported(court.house, one) for one in ("moira", "max", "paul")}
        rows = {one: each.records("communicate", "moderation") for one, each in found.items()}
        told = {one: [(r["about"], r["decision"]) for r in rows[one]] for one in rows}
        suspended, refused = ("suspension", "suspend"), ("appeal", "refused")
        assert told == {"moira": [suspended], "max": [refused], "paul": []}
        assert not any("paul" in found[one].text for one in ("moira", "max"))

    def test_can_take_the_data_along_with_the_reason_in_it(self, court):
        court.suspend()
        court.appeal()
        paul = court.browser("paul")
        assert next(iter(paul.get("/suspended/export").forms.values()))
        start = [
            one for one in paul.get("/suspended/export").forms.values() if "start" in one.fields
        ]
        start[0].submit("start")
        while court.house.run_jobs():
            pass
        form = paul.get("/suspended/export").forms["download"]
        form["present"] = "wrong words"
        assert form.submit("download", expect_errors=True).status_int == 400
        form["present"] = PASSWORD
        answer = form.submit("download")
        assert answer.content_type == "application/zip"
        with ZipFile(BytesIO(answer.body)) as archive:
            text = archive.read("data/communicate/suspension.json").decode()
        assert WHY in text
        assert PLEA in text
        for browser in (court.browser("ines"), court.house.browser()):
            browser.get("/suspended/export", status=404)

    def test_is_told_by_mail_without_the_reason(self, court):
        court.suspend()
        (letter,) = court.mail()
        assert "suspend" in letter
        assert WHY not in letter


class TestEnd:
    def test_by_itself_at_the_next_sign_in(self, court):
        court.suspend(days=1)
        court.later(days=3)
        assert court.browser("paul").get("/account").status_int == 200
        assert court.state() == "active"

    def test_by_itself_without_anybody(self, court):
        court.suspend(days=1)
        court.house.run_jobs()
        court.later(hours=3)
        court.house.run_jobs()
        assert court.state() == "suspended"
        court.later(days=3)
        court.house.run_jobs()
        assert court.state() == "active"
        assert court.house.work(lambda r: len(suspensions_of(r).by_uid)) == 0

    def test_by_a_moderator(self, court):
        court.suspend()
        page = court.browser("max").get("/moderate/suspended/paul")
        form = next(one for one in page.forms.values() if "end" in one.fields)
        form.submit("end")
        assert court.state() == "active"


class TestAppeal:
    def test_another_moderator_decides_and_the_member_reads_why(self, court):
        court.suspend()
        court.appeal()
        assert PLEA in court.browser("moira").get("/moderate/suspended/paul").text
        assert court.answer("moira", "heard") is None
        court.answer("max", "refused")
        page = court.browser("paul").get("/suspended")
        assert "Vu les pièces" in page.text
        assert "max" not in page.html.main.get_text(" ").split()
        assert "appeal" not in page.forms
        assert court.state() == "suspended"

    def test_granted_it_ends(self, court):
        court.suspend()
        court.appeal()
        court.answer("max", "heard")
        assert court.state() == "active"
        assert len(court.mail()) == 2

    def test_a_lone_moderator_decides_too(self, court):
        court.suspend()
        court.appeal()

        def leave(request):
            request.find_service(IMembers).by_login("max").groups = ()

        court.house.work(leave)
        assert court.answer("moira", "heard").status_int == 303

    def test_who_suspended_cannot_answer_by_hand(self, court):
        court.suspend()
        court.appeal()
        token = court.browser("moira").get("/help").html.select_one("input[name=csrf_token]")
        values = {"csrf_token": token["value"], "outcome": "refused", "why": "x", "answer": "1"}
        answer = court.browser("moira").post(
            "/moderate/suspended/paul", values, expect_errors=True
        )
        assert answer.status_int == 403
