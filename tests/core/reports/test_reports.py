"""From a report to a decision: who sees what of it, and who is told."""

from datetime import UTC, datetime, timedelta

import pytest

from communicate.audience import Audience
from communicate.erasure.services import ErasureService
from communicate.ids import encode
from communicate.interfaces import IClock, INotifications
from communicate.principals import member
from communicate.reports.services import reports_of
from communicate_forums.interfaces import IForums, IRemovals

WORDS = "Vos volets grincent, et vous aussi"
NOTE = "Il écrit cela chaque semaine"
WHY = "On ne parle pas ainsi de ses voisins"
KIND = "forums.post"


class Clock:
    def __init__(self):
        self.present = datetime.now(UTC)

    def now(self):
        return self.present


class Street:
    """Paul writes, Inès and Rose read; Moira and Max moderate; Oscar only operates."""

    def __init__(self, house):
        self.house = house
        house.registry.registerUtility(Clock(), IClock)
        names = {"moira": "moderators", "max": "moderators", "oscar": "operators"}
        people = ("ines", "paul", "rose", *names)
        self.uids = {one: house.member(one, *filter(None, [names.get(one)])) for one in people}
        self.browsers = {}
        self.post = self.write("paul", WORDS)

    def write(self, login, words, forum="general"):
        """Open a topic; return the id of its post."""
        return self.house.work(
            lambda request: (
                request.find_service(IForums)
                .open_topic(request.site["forums"][forum], self.uids[login], "Un titre", words)
                .id
            )
        )

    def edit(self, words):
        def edit(request):
            post = request.site["forums"].post(self.post)
            request.find_service(IForums).edit(post, words)

        self.house.work(edit)

    def browser(self, login):
        if login not in self.browsers:
            self.browsers[login] = self.house.browser(login)
        return self.browsers[login]

    def token(self, login):
        """Return what the forms of *login* carry."""
        page = self.browser(login).get("/help").html
        return page.select_one("input[name=csrf_token]")["value"]

    def address(self, post=None):
        return f"/report/{KIND}/{encode(post or self.post)}"

    def report(self, login="ines", reason="hurtful", note=NOTE, post=None, **terms):
        form = self.browser(login).get(self.address(post)).forms["report"]
        form["reason"], form["note"] = reason, note
        return form.submit("report", **terms)

    def cases(self, login="moira"):
        """Return the addresses of the cases in the queue of *login*."""
        links = self.browser(login).get("/moderate").html.select("main .rows .row-title")
        return [link["href"] for link in links]

    def case(self, login="moira"):
        return self.browser(login).get(self.cases(login)[0])

    def decide(self, decision, why=WHY, login="moira", **terms):
        form = self.case(login).forms["decide"]
        form["decision"], form["why"] = decision, why
        return form.submit("decide", **terms)

    def unread(self, login):
        return self.house.work(
            lambda request: request.find_service(INotifications).unread(self.uids[login])
        )

    def own(self, login):
        return self.browser(login).get("/account/reports").html.find("main").get_text(" ")

    def erase(self, login):
        self.house.work(lambda request: ErasureService(request).start(self.uids[login]))
        while self.house.run_jobs():
            pass

    def kept(self):
        """Return the cases that are kept."""
        return self.house.work(
            lambda request: [
                (case.author, case.judge, sorted(case.reports), case.decision)
                for case in (reports_of(request).cases.values() if reports_of(request) else ())
            ]
        )

    def shown(self, login):
        """Tell whether *login* sees the words on the page of the topic."""
        path = f"/forums/general/{encode(self.post)}"
        page = self.browser(login).get(path, expect_errors=True).maybe_follow(expect_errors=True)
        return WORDS in page.text


@pytest.fixture
def street(make_house):
    return Street(make_house(["forums"], language="en"))


class TestReporting:
    def test_what_i_may_read_i_may_report(self, street):
        assert WORDS in street.browser("ines").get(street.address()).text
        page = street.report().follow().maybe_follow()
        assert "A moderator will look at it" in page.text
        assert len(street.cases()) == 1

    @pytest.mark.parametrize("who", ["paul", None])
    def test_not_what_is_mine_nor_as_a_stranger(self, street, who):
        browser = street.browser(who) if who else street.house.browser()
        assert browser.get(street.address(), expect_errors=True).status_int in (303, 403, 404)

    def test_not_what_i_may_not_read(self, street):
        only = Audience("chosen", [member(street.uids["rose"])])
        street.house.work(
            lambda r: r.find_service(IForums).add_forum("cercle", "Cercle", audience=only) and None
        )
        post = street.write("paul", "Entre nous", "cercle")
        for login in ("ines", "moira", "oscar"):
            street.browser(login).get(street.address(post), status=404)
            token = street.token(login)
            values = {"csrf_token": token, "reason": "other"}
            street.browser(login).post(street.address(post), values, status=404)
        street.browser("rose").get(street.address(post), status=200)

    @pytest.mark.parametrize(
        "address",
        ["forums.post/0000000000000", "forums.post/x", "x/0000000000000"],
    )
    def test_what_is_not_there_is_nothing(self, street, address):
        street.browser("ines").get(f"/report/{address}", status=404)

    def test_it_is_counted_once_for_each_reporter(self, street):
        street.report()
        page = street.browser("ines").get(street.address())
        assert "You have reported this" in page.text
        assert "report" not in page.forms
        street.report("rose", "other", "")
        assert len(street.cases()) == 1
        text = street.case().text
        assert text.count(WORDS) == 1
        assert "ines" in text
        assert "rose" in text

    def test_there_is_a_limit(self, street):
        posts = [street.write("paul", f"Encore {number}") for number in range(21)]
        for post in posts[:20]:
            street.report(post=post)
        street.report(post=posts[20], status=429)

    def test_a_reason_that_is_none_is_refused(self, street):
        form = street.browser("ines").get(street.address()).forms["report"]
        form["note"] = NOTE
        form.submit("report", status=400)
        assert street.kept() == []

    def test_nothing_of_it_lies_in_clear(self, street):
        street.report()
        street.decide("warn")
        tree = (street.house.folder / "var" / "Data.fs").read_bytes()
        assert b"communicate.reports.content" in tree
        for words in (WORDS, NOTE, WHY):
            assert words.encode() not in tree


class TestQueue:
    @pytest.mark.parametrize("who", ["ines", "paul", "oscar", None])
    def test_it_is_for_moderators_alone(self, street, who):
        street.report()
        (address,) = street.cases()
        browser = street.browser(who) if who else street.house.browser()
        for path in ("/moderate", address):
            assert browser.get(path, expect_errors=True).status_int in (303, 403)

    def test_it_shows_the_words_as_they_were_reported(self, street):
        street.report()
        street.edit("Bonjour")
        assert WORDS in street.case().text
        street.report("rose")
        assert "Bonjour" in street.case().text

    def test_the_words_of_a_narrow_thing_are_all_that_is_seen_of_it(self, street):
        only = Audience("chosen", [member(street.uids["ines"]), member(street.uids["paul"])])
        street.house.work(
            lambda r: r.find_service(IForums).add_forum("cercle", "Cercle", audience=only) and None
        )
        post = street.write("paul", "Entre nous", "cercle")
        street.report(post=post)
        page = street.case()
        assert "Entre nous" in page.text
        assert "decide by the words that were reported" in page.text
        assert "cercle" not in page.text.lower()

    def test_its_count_is_in_the_menu_of_moderators(self, street):
        street.report()
        menu = street.browser("moira").get("/help").html.select_one("a[href='/moderate'] .count")
        assert menu.get_text() == "1"
        assert not street.browser("ines").get("/help").html.select("a[href='/moderate']")
        assert "Reports that wait" in street.browser("moira").get("/").text

    def test_nobody_sees_or_decides_a_report_about_themself(self, street):
        street.report(post=street.write("moira", "Du calme"))
        assert street.cases("moira") == []
        (address,) = street.cases("max")
        browser = street.browser("moira")
        browser.get(address, status=404)
        token = street.token("moira")
        browser.post(address, {"csrf_token": token, "decision": "keep"}, status=404)
        assert not browser.get("/help").html.select("a[href='/moderate'] .count")
        assert street.kept()[0][3] is None

    @pytest.mark.parametrize("path", ["/moderate/x", "/moderate/0000000000000"])
    def test_a_case_that_is_none_is_nothing(self, street, path):
        street.browser("moira").get(path, status=404)
        street.browser("moira").get("/moderate?after=x", status=400)


class TestDecisions:
    @pytest.mark.parametrize(
        ("decision", "told", "stays"),
        [
            ("keep", "It stays as it is.", True),
            ("warn", "this is a warning", True),
            ("hide", "It is hidden.", False),
            ("delete", "It is deleted.", False),
        ],
    )
    def test_is_done_and_told_to_the_author_with_the_reason(self, street, decision, told, stays):
        street.report()
        street.decide(decision)
        assert street.shown("ines") is stays
        assert street.unread("paul") == 1
        text = street.own("paul")
        assert told in text
        assert WHY in text
        assert WORDS in text
        for name in ("ines", "moira"):
            assert name not in text
        assert street.cases() == []

    def test_the_reporter_is_told_that_it_was_handled_and_nothing_else(self, street):
        street.report()
        assert "waiting" in street.own("ines")
        street.decide("hide")
        assert street.unread("ines") == 1
        text = street.own("ines")
        assert "handled" in text
        for words in (WHY, WORDS, "hidden", "moira"):
            assert words not in text

    def test_others_are_told_nothing(self, street):
        street.report()
        street.decide("hide")
        assert street.unread("rose") == 0
        assert "Nothing was reported" in street.own("rose")

    @pytest.mark.parametrize("decision", ["warn", "hide", "delete"])
    def test_what_takes_something_away_needs_a_reason(self, street, decision):
        street.report()
        street.decide(decision, why="", status=400)
        assert street.kept()[0][3] is None
        assert street.shown("ines")

    def test_the_second_of_two_moderators_changes_nothing(self, street):
        street.report()
        page = street.case("max")
        street.decide("keep")
        form = page.forms["decide"]
        form["decision"], form["why"] = "delete", "Trop tard"
        form.submit("decide", status=409)
        assert street.shown("ines")
        assert "Trop tard" not in street.own("paul")

    def test_what_is_gone_meanwhile_can_be_decided_all_the_same(self, street):
        street.report()

        def destroy(request):
            request.find_service(IRemovals).destroy(request.site["forums"].post(street.post))

        street.house.work(destroy)
        street.decide("delete")
        assert street.cases() == []

    def test_it_can_be_reported_again_afterwards(self, street):
        street.report()
        street.decide("keep")
        street.report()
        assert len(street.cases()) == 1


class TestErasure:
    def test_of_the_author_takes_the_case_and_the_words(self, street):
        street.report()
        street.erase("paul")
        assert street.kept() == []
        assert street.cases() == []

    def test_of_the_reporter_takes_the_report(self, street):
        street.report()
        street.report("rose")
        street.erase("ines")
        assert street.kept() == [(street.uids["paul"], None, [street.uids["rose"]], None)]
        street.erase("rose")
        assert street.kept() == []
        assert street.cases() == []

    def test_of_the_moderator_leaves_the_decision_without_a_name(self, street):
        street.report()
        street.decide("warn")
        street.erase("moira")
        ines, paul = street.uids["ines"], street.uids["paul"]
        assert street.kept() == [(paul, None, [ines], "warn")]
        assert WHY in street.own("paul")

    def test_nobody_is_left_in_the_index(self, street):
        street.report()
        street.decide("warn")
        for login in ("paul", "ines", "moira"):
            street.erase(login)
        left = street.house.work(lambda request: list(reports_of(request).people))
        assert left == []

    def test_after_half_a_year_a_decision_is_forgotten(self, street):
        clock = street.house.registry.getUtility(IClock)
        street.report()
        street.decide("warn")
        clock.present += timedelta(days=179)
        street.house.run_jobs()
        assert len(street.kept()) == 1
        clock.present += timedelta(days=2)
        street.house.run_jobs()
        assert street.kept() == []


class TestOldSite:
    def test_one_that_has_no_place_for_reports_yet_gets_it_with_the_first(self, street):
        street.house.work(lambda request: request.root_map.__delitem__("reports"))
        assert street.cases() == []
        assert "Nothing was reported" in street.own("paul")
        street.report()
        assert len(street.cases()) == 1


class TestAppeal:
    PLEA = "C'était de l'humour"

    def decided(self, street, decision="hide"):
        street.report()
        street.decide(decision)
        return street.browser("paul").get("/account/reports")

    def appeal(self, street):
        page = street.browser("paul").get("/account/reports")
        link = page.html.select_one("main a[href^='/account/reports/']")["href"]
        form = street.browser("paul").get(link).forms["appeal"]
        form["words"] = self.PLEA
        assert form.submit("appeal").status_int == 303
        return link

    def answer(self, street, login, outcome="heard"):
        page = street.browser(login).get("/moderate").html
        link = page.select_one("section .row-title")["href"]
        page = street.browser(login).get(link)
        assert self.PLEA in page.text
        if "answer" not in page.forms:
            return None
        form = page.forms["answer"]
        form["outcome"], form["why"] = outcome, "Vu de près"
        return form.submit("answer")

    def test_somebody_else_decides_and_what_was_hidden_shows_again(self, street):
        self.decided(street)
        assert not street.shown("ines")
        self.appeal(street)
        assert self.answer(street, "moira") is None
        assert self.answer(street, "max").status_int == 303
        assert street.shown("ines")
        own = street.own("paul")
        assert "granted" in own
        assert "Vu de près" in own
        assert "max" not in own

    def test_refused_it_stays_hidden(self, street):
        self.decided(street)
        self.appeal(street)
        self.answer(street, "max", "refused")
        assert not street.shown("ines")
        assert "refused" in street.own("paul")

    def test_once_only_by_the_author_and_in_time(self, street):
        self.decided(street)
        link = self.appeal(street)
        street.browser("paul").get(link, status=404)
        street.browser("ines").get(link, status=404)
        assert "/account/reports/" not in street.browser("ines").get("/account/reports").text

    def test_not_after_a_month_nor_against_what_does_not_hurt(self, street):
        self.decided(street, "keep")
        assert "/account/reports/" not in street.browser("paul").get("/account/reports").text
        street.report()
        street.decide("warn")
        assert "/account/reports/" in street.browser("paul").get("/account/reports").text
        street.house.registry.getUtility(IClock).present += timedelta(days=31)
        street.browsers = {}
        assert "/account/reports/" not in street.browser("paul").get("/account/reports").text

    def test_it_is_kept_until_the_appeal_is_decided_and_as_long_after(self, street):
        self.decided(street)
        self.appeal(street)
        street.house.run_jobs()
        clock = street.house.registry.getUtility(IClock)
        clock.present += timedelta(days=200)
        street.house.run_jobs()
        street.browsers = {}
        assert len(street.kept()) == 1
        self.answer(street, "max", "refused")
        clock.present += timedelta(days=170)
        street.house.run_jobs()
        assert len(street.kept()) == 1
        clock.present += timedelta(days=20)
        street.house.run_jobs()
        assert street.kept() == []

    def test_the_time_is_set_by_operators(self, make_house):
        street = Street(make_house(["forums"], language="en", report_days=10))
        self.decided(street)
        street.house.run_jobs()
        street.house.registry.getUtility(IClock).present += timedelta(days=12)
        street.house.run_jobs()
        assert street.kept() == []

    def test_who_moderated_leaves_no_name(self, street):
        self.decided(street)
        self.appeal(street)
        self.answer(street, "max", "refused")
        street.erase("max")

        def judges(request):
            return [one.appeal.judge for one in reports_of(request).cases.values()]

        assert street.house.work(judges) == [None]
