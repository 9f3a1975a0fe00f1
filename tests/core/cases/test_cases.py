"""A case: who opens it, what it opens and for how long, what is written down, who is told."""

import json
from datetime import UTC, datetime, timedelta
from email import message_from_string
from io import BytesIO
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from pyrage import decrypt, x25519

from communicate.accounts.tokens import DELETION, Tokens
from communicate.audience import PRIVATE, Audience
from communicate.cases import strangers
from communicate.cases.exporting import export
from communicate.cases.health import unanswered
from communicate.cases.interfaces import ICases
from communicate.cases.reading import cases_of
from communicate.cases.services import page_of
from communicate.cli.case import case
from communicate.cli.console import Console
from communicate.ids import decode, encode
from communicate.interfaces import IClock, IErasure, IMembers
from communicate.mydata.exporting import export as export_all
from communicate.permissions import EDIT, VIEW
from communicate.principals import Viewer, member
from communicate.profile.interfaces import IProfiles
from communicate.reports.interfaces import ISuspensions
from communicate.security import decide
from communicate.testing.archives import exported
from communicate_forums.interfaces import IForums

POST = "forums.post"
SECRET = "La clef est sous le pot de menthe"
PHRASE = "Ma lettre du 3 mars"
WHY = "Plainte de la voisine"


class Clock:
    def __init__(self):
        self.present = datetime.now(UTC)

    def now(self):
        return self.present


class Street:
    """Inès writes where only Paul reads; Oscar and Olga operate, Moira moderates."""

    def __init__(self, house):
        self.house = house
        self.clock = Clock()
        house.registry.registerUtility(self.clock, IClock)
        groups = {"oscar": "operators", "olga": "operators", "moira": "moderators"}
        people = ("ines", "paul", *groups)
        self.uids = {one: house.member(one, *filter(None, [groups.get(one)])) for one in people}
        self.browsers = {}
        self.post = house.work(self.write)
        self.element = house.work(self.say)

    def write(self, request):
        words = request.find_service(IForums)
        two = Audience("chosen", [member(self.uids["paul"]), member(self.uids["ines"])])
        forum = words.add_forum("cour", "La cour", audience=two)
        return words.open_topic(forum, self.uids["ines"], "Les clefs", SECRET).id

    def say(self, request, audience=PRIVATE):
        ines = request.find_service(IMembers).by_uid(self.uids["ines"])
        given = {"value": PHRASE, "audience": audience}
        return request.find_service(IProfiles).add(ines, "place", given).id

    def browser(self, login):
        if login not in self.browsers:
            self.browsers[login] = self.house.browser(login)
        return self.browsers[login]

    def day(self, days):
        return (self.clock.present + timedelta(days=days)).date().isoformat()

    def later(self, **span):
        self.clock.present += timedelta(**span)
        self.browsers = {}

    def ask(self, by="oscar", *kinds, days=3, **values):
        """Ask for a case on Inès; return the answer."""
        form = self.browser(by).get("/operate/cases/new").forms["case"]
        given = {"login": "ines", "reason": WHY, "ends": self.day(days), **values}
        for name, value in given.items():
            form[name] = value
        for kind in kinds:
            form[f"kind_{kind}"] = True
        return form.submit("ask", expect_errors=True)

    def open(self, *kinds, by="oscar", approved_by="olga", **values):
        """Have a case on Inès opened and approved; return its address."""
        place = self.ask(by, *(kinds or ("forums_post",)), **values).location
        place = place.removeprefix("http://localhost")
        if approved_by:
            assert self.press(approved_by, place, "approve").status_int == 303
        return place

    def press(self, login, place, button):
        page = self.browser(login).get("/help").html
        token = page.select_one("input[name=csrf_token]")["value"]
        values = {"csrf_token": token, button: "1"}
        return self.browser(login).post(place, values, expect_errors=True)

    def see(self, login, address):
        return self.browser(login).get(address, expect_errors=True)

    def thing(self, place, kind=POST, item=None):
        return f"{place}/things/{kind}/{encode(item or self.post)}"

    def log(self):
        """Return who read which thing, by every case."""

        def read(request):
            return [
                (one.who, one.kind, one.item)
                for case in cases_of(request).cases.values()
                for one in case.reads.values()
            ]

        return self.house.work(read)

    def told(self, login="ines"):
        """Return what the notices of *login* say."""
        rows = self.browser(login).get("/notices").html.select("main .rows > li")
        return " ".join(row.get_text(" ", strip=True) for row in rows)

    def suspend(self, login, by, act="suspend"):
        token = self.browser(by).get("/help").html.select_one("input[name=csrf_token]")["value"]
        self.browsers.pop(login, None)  # what was open ends with it
        values = {"csrf_token": token, "login": login, act: "1"}
        return self.browser(by).post("/operate/members", values)

    def group(self, login, *groups):
        def change(request):
            request.find_service(IMembers).by_login(login).groups = groups

        self.house.work(change)


@pytest.fixture
def house_plugins():
    return ["forums"]


@pytest.fixture
def street(house):
    return Street(house)


class TestOpening:
    def test_needs_another_operator_where_there_is_one(self, street):
        place = street.ask("oscar", "forums_post").location
        assert street.see("oscar", f"{place}/things").status_int == 404
        assert "approve" not in street.see("oscar", place).forms
        street.press("oscar", place, "approve")
        assert street.see("oscar", f"{place}/things").status_int == 404
        assert "/operate/cases" in street.see("olga", "/").text
        street.press("olga", place, "approve")
        assert street.see("oscar", f"{place}/things").status_int == 200

    def test_a_lone_operator_is_enough_and_the_member_reads_so(self, street):
        street.group("olga")
        place = street.open(approved_by=None)
        assert street.see("oscar", f"{place}/things").status_int == 200
        assert "le seul opérateur" in street.see("ines", "/account/privacy/cases").text

    def test_nobody_is_alone_by_suspending_the_other(self, street):
        assert street.suspend("olga", by="oscar").status_int == 303
        place = street.ask("oscar", "forums_post").location
        assert street.see("oscar", f"{place}/things").status_int == 404
        street.suspend("olga", by="oscar", act="resume")
        street.press("olga", place, "approve")
        assert street.see("oscar", f"{place}/things").status_int == 200

    def test_who_was_suspended_on_the_machine_is_waited_for_no_more(self, street):
        street.house.work(
            lambda r: r.find_service(ISuspensions).suspend(
                r.find_service(IMembers).by_login("olga")
            )
        )
        place = street.open(approved_by=None)
        assert street.see("oscar", f"{place}/things").status_int == 200

    def test_the_one_concerned_neither_approves_nor_sees_nor_counts_as_another(self, street):
        street.group("ines", "operators")
        place = street.open(approved_by=None)
        assert street.see("ines", place).status_int == 404
        assert street.press("ines", place, "approve").status_int == 404
        assert street.press("ines", place, "close").status_int == 404
        street.group("olga")
        assert street.see("oscar", f"{street.open(approved_by=None)}/things").status_int == 200

    @pytest.mark.parametrize(
        "given",
        [
            {"login": "oscar"},
            {"login": "nobody"},
            {"reader": "paul"},
            {"reader": "ines"},
            {"days": -2},
            {"days": 40},
            {"silent": "2030-01-01"},
            {"silent": "9999-12-31", "order": "n° 3"},
            {"ends": "9999-12-31"},
            {"things": "/forums/general"},
            {"reason": ""},
        ],
        ids=str,
    )
    def test_what_makes_no_sense_is_refused_with_a_sentence(self, street, given):
        answer = street.ask("oscar", "forums_post", **given)
        assert answer.status_int == 400
        assert answer.html.select_one("[role=alert] p")

    def test_a_case_without_a_scope_is_refused(self, street):
        assert street.ask("oscar").status_int == 400

    @pytest.mark.parametrize("login", ["moira", "paul"])
    def test_only_operators_open_one(self, street, login):
        assert street.see(login, "/operate/cases/new").status_int == 403


class TestReading:
    def test_opens_exactly_its_kinds_and_logs_and_tells(self, street):
        place = street.open("forums_post")
        assert "notifications" not in street.told()
        listed = street.see("oscar", f"{place}/things")
        assert SECRET not in listed.text
        assert street.log() == []
        page = street.see("oscar", street.thing(place))
        assert SECRET in page.text
        assert street.log() == [(street.uids["oscar"], POST, street.post)]
        assert "lu" in street.told()
        other = street.thing(place, "communicate.element", street.element)
        assert street.see("oscar", other).status_int == 404
        assert len(street.log()) == 1
        own = street.see("ines", "/account/privacy/cases")
        assert WHY in own.text
        assert "oscar" in own.text

    def test_opens_exactly_the_named_thing(self, street):
        other = street.house.work(
            lambda r: (
                r.find_service(IForums)
                .reply(r.site["forums"].topic(street.post), street.uids["ines"], "Autre")
                .id
            )
        )
        place = street.open("forums_topic")
        assert street.see("oscar", street.thing(place)).status_int == 404
        place = street.ask(
            "oscar", things=f"/forums/cour/{encode(street.post)}-les-clefs"
        ).location
        place = place.removeprefix("http://localhost")
        street.press("olga", place, "approve")
        assert SECRET in street.see("oscar", street.thing(place)).text
        assert street.see("oscar", street.thing(place, item=other)).status_int == 404

    def test_nobody_but_its_reader_reads_by_it(self, street):
        place = street.open(reader="moira")
        assert SECRET in street.see("moira", street.thing(place)).text
        for login in ("oscar", "olga", "paul"):
            assert street.see(login, street.thing(place)).status_int in (403, 404)
            assert street.see(login, f"{place}/things").status_int in (403, 404)
        assert street.log() == [(street.uids["moira"], POST, street.post)]

    def test_what_another_member_wrote_stays_closed(self, street):
        answer = street.house.work(
            lambda r: (
                r.find_service(IForums)
                .reply(r.site["forums"].topic(street.post), street.uids["paul"], "Je la garde")
                .id
            )
        )
        place = street.open()
        assert street.see("oscar", street.thing(place, item=answer)).status_int == 404

    def test_what_is_deleted_stays_closed(self, street):
        from communicate_forums.interfaces import IRemovals

        place = street.open()
        street.house.work(
            lambda r: r.find_service(IRemovals).delete(r.site["forums"].post(street.post))
        )
        assert street.see("oscar", street.thing(place)).status_int == 404
        assert street.log() == []

    @pytest.mark.parametrize("how", ["expired", "closed", "demoted", "suspended", "gone"])
    def test_ends_at_once(self, street, how):
        place = street.open()
        if how == "expired":
            street.later(days=5)
        elif how == "closed":
            street.press("olga", place, "close")
        elif how == "demoted":
            street.group("oscar")
        elif how == "suspended":
            street.house.work(
                lambda r: r.find_service(IMembers).suspend(
                    r.find_service(IMembers).by_login("oscar")
                )
            )
        else:
            street.house.work(lambda r: r.find_service(IErasure).start(street.uids["ines"]))
        answer = street.see("oscar", street.thing(place))
        assert answer.status_int in (403, 404)
        assert SECRET not in answer.text
        assert street.log() == []

    def test_no_other_page_knows_of_it(self, street):
        place = street.open("forums_post", "communicate_element")
        street.see("oscar", street.thing(place))
        topic = f"/forums/cour/{encode(street.post)}-les-clefs"
        seen_as = "/members/ines?as=stranger"
        for address in (
            topic,
            "/members/ines",
            seen_as,
            f"{topic}/feed",
            "/search?q=menthe",
            "/",
            "/forums",
            "/notices",
        ):
            assert SECRET not in street.see("oscar", address).text
            assert PHRASE not in street.see("oscar", address).text
        assert len(street.log()) == 1

    def test_only_reading(self, street):
        street.open()

        def look(request):
            from communicate.cases.glass import Glass

            case = next(iter(cases_of(request).cases.values()))
            post = request.site["forums"].post(street.post)
            oscar = request.find_service(IMembers).by_login("oscar")
            eye = Viewer(oscar, request.site["members"])
            before = bool(decide(eye, post, VIEW))
            eye.glass = Glass(request, case, oscar.uid)
            return before, bool(decide(eye, post, VIEW)), bool(decide(eye, post, EDIT))

        assert street.house.work(look) == (False, True, False)


class TestSuspended:
    """Who is suspended sees one page only, and is told there and by mail."""

    def test_is_told_all_the_same(self, street):
        street.suspend("ines", by="oscar")
        street.see("oscar", street.thing(street.open()))
        page = street.see("ines", "/suspended")
        assert WHY in page.html.find(id="access").parent.get_text()
        street.later(minutes=5)
        street.house.run_jobs()
        street.house.run_jobs()
        found = [message_from_string(one) for one in street.house.letters()]
        letters = [str(one["Subject"]) for one in found if one["To"] == "ines@example.org"]
        assert any("notifications" in subject for subject in letters), letters

    def test_not_of_what_an_order_hides_still(self, street):
        street.suspend("ines", by="oscar")
        street.see("oscar", street.thing(street.open(silent=street.day(10), order="n° 1")))
        page = street.see("ines", "/suspended")
        assert page.html.find(id="access") is None
        assert WHY not in page.text


class TestOrder:
    def test_the_member_is_told_from_the_date_on(self, street):
        place = street.open(silent=street.day(10), order="Ordonnance 12")
        street.see("oscar", street.thing(place))
        own = street.see("ines", "/account/privacy/cases").text
        assert WHY not in own
        assert "oscar" not in own
        street.house.run_jobs()
        assert street.told() == ""
        street.later(days=11)
        street.house.run_jobs()
        assert "Ordonnance 12" in street.see("ines", "/account/privacy/cases").text
        assert "lu" in street.told()


class TestHelp:
    def grant(self, street, span="day"):
        form = street.see("ines", "/account/privacy/cases").forms["help"]
        form["kind_forums_post"], form["span"] = True, span
        assert form.submit("grant").status_int == 303
        (link,) = street.see("oscar", "/operate/cases").html.select("main .rows .row-title")
        return link["href"]

    def test_lets_staff_read_and_nobody_else(self, street):
        place = self.grant(street)
        assert SECRET in street.see("moira", street.thing(place)).text
        assert street.see("paul", street.thing(place)).status_int == 403
        other = street.thing(place, "communicate.element", street.element)
        assert street.see("oscar", other).status_int == 404
        assert street.log() == [(street.uids["moira"], POST, street.post)]
        assert "moira" in street.see("ines", "/account/privacy/cases").text

    def test_is_withdrawn_at_once(self, street):
        place = self.grant(street)
        form = street.see("ines", "/account/privacy/cases").forms
        one = next(one for one in form.values() if "withdraw" in one.fields)
        one.submit("withdraw")
        assert street.see("moira", street.thing(place)).status_int == 404

    def test_ends_by_itself(self, street):
        place = self.grant(street, "hour")
        street.later(hours=2)
        assert street.see("moira", street.thing(place)).status_int == 404

    def test_nobody_withdraws_a_case_of_staff(self, street):
        place = street.open()
        answer = street.press("ines", "/account/privacy/cases", "withdraw")
        assert answer.status_int == 404
        token = street.browser("ines").get("/help").html.select_one("input[name=csrf_token]")
        values = {"csrf_token": token["value"], "withdraw": "1", "case": place.rpartition("/")[2]}
        answer = street.browser("ines").post("/account/privacy/cases", values, expect_errors=True)
        assert answer.status_int == 404


class TestErasure:
    def test_a_member_takes_the_cases_along(self, street):
        street.see("oscar", street.thing(street.open()))
        street.house.work(lambda r: r.find_service(IErasure).start(street.uids["ines"]))
        street.house.run_jobs()
        assert street.house.work(lambda r: len(cases_of(r).cases)) == 0
        assert street.house.work(lambda r: len(cases_of(r).people)) == 0

    def test_staff_leave_what_was_read_without_their_name(self, street):
        street.see("oscar", street.thing(street.open()))
        street.house.work(lambda r: r.find_service(IErasure).start(street.uids["oscar"]))
        street.house.run_jobs()
        assert street.log() == [(None, POST, street.post)]
        assert street.see("ines", "/account/privacy/cases").status_int == 200

    def test_nor_is_it_kept_of_who_has_helped(self, street):
        street.see("moira", street.thing(TestHelp().grant(street)))
        street.house.work(lambda r: r.find_service(IErasure).start(street.uids["moira"]))
        street.house.run_jobs()
        assert street.log() == [(None, POST, street.post)]

    def test_a_case_that_goes_is_forgotten_for_all_who_read(self, street):
        street.see("moira", street.thing(TestHelp().grant(street)))
        street.house.work(lambda r: r.find_service(IErasure).start(street.uids["ines"]))
        street.house.run_jobs()
        assert street.house.work(lambda r: len(cases_of(r).people)) == 0

    def test_what_is_over_for_a_year_goes(self, street):
        street.see("oscar", street.thing(street.open()))
        street.later(days=300)
        street.house.run_jobs()
        assert len(street.log()) == 1
        street.later(days=100)
        street.house.run_jobs()
        assert street.log() == []


class TestPaging:
    def test_things_of_one_id_stay_on_one_page(self, street):
        place = street.open("forums_post", "forums_topic")
        assert place

        def look(request):
            case = next(iter(cases_of(request).cases.values()))
            request.member = request.find_service(IMembers).by_login("oscar")
            found = request.find_service(ICases).readable(case)
            page, more = page_of(found, 1)
            return [kind.kind for kind, _thing in page], more

        assert street.house.work(look) == (["forums.post", "forums.topic"], False)

    def test_pages_go_on_where_the_last_one_ended(self, street):
        def fill(request):
            topic = request.site["forums"].topic(street.post)
            for number in range(70):
                request.find_service(IForums).reply(topic, street.uids["ines"], f"{number}")

        street.house.work(fill)
        place = street.open()
        seen, address = set(), f"{place}/things"
        while address:
            page = street.see("oscar", address).html
            seen |= {link["href"] for link in page.select("main .rows .row-title")}
            older = page.select_one("main nav a[rel=next]")
            address = older["href"] if older else None
        assert len(seen) == 71


class TestExport:
    def test_is_encrypted_logged_and_told_and_opens_exactly_the_scope(self, street, tmp_path):
        identity = x25519.Identity.generate()
        place, path = street.open(), tmp_path / "case.age"
        name = place.rpartition("/")[2]
        words = ["export", name, str(path), "--to", str(identity.to_public())]
        console = Console(None, tmp_path, street.house.registry)
        done = CliRunner().invoke(case, words, obj=console)
        assert done.exit_code == 0, done.output
        assert "1 things, 1 readings" in done.output
        assert SECRET.encode() not in path.read_bytes()
        lines = [json.loads(one) for one in decrypt(path.read_bytes(), [identity]).splitlines()]
        assert lines[0]["reason"] == WHY
        assert lines[1]["words"] == SECRET
        assert lines[2]["by"] == "the machine's console"
        assert PHRASE not in json.dumps(lines, ensure_ascii=False)
        assert street.log() == [(0, POST, street.post)]
        assert "lu" in street.told()
        assert "sur la machine" in street.see("ines", "/account/privacy/cases").text
        assert CliRunner().invoke(case, words, obj=console).exit_code == 1

    def test_a_case_that_is_over_gives_its_log_only(self, street, tmp_path):
        place, path = street.open(), tmp_path / "case.age"
        street.see("oscar", street.thing(place))
        street.later(days=5)
        identity = x25519.Identity.generate()
        assert export(
            street.house.registry,
            decode(place.rpartition("/")[2]),
            path,
            [identity.to_public()],
        ) == (0, 1)
        assert SECRET.encode() not in decrypt(path.read_bytes(), [identity])

    @pytest.mark.parametrize(
        "words", [["0000000000000", "x", "--to", "age1"], ["nothing", "x"], ["x"]]
    )
    def test_what_makes_no_sense_is_refused(self, street, tmp_path, words):
        console = Console(None, tmp_path, street.house.registry)
        assert CliRunner().invoke(case, ["export", *words], obj=console).exit_code
        assert list(tmp_path.glob("x")) == []

    def test_cases_are_listed(self, street, tmp_path):
        place = street.open()
        console = Console(None, tmp_path, street.house.registry)
        done = CliRunner().invoke(case, ["list"], obj=console)
        assert f"{place.rpartition('/')[2]}\topen\tines" in done.output


class TestArchive:
    def archived(self, street, login="ines"):
        out = BytesIO()
        export_all(street.house.registry, street.uids[login], out)
        with ZipFile(out) as archive:
            parts = ("access", "reading")
            texts = [archive.read(f"data/communicate/{one}.json") for one in parts]
            return [json.loads(text)["items"] for text in texts]

    def test_holds_each_case_and_each_reading(self, street):
        street.see("oscar", street.thing(street.open()))
        (access,), (reading,) = self.archived(street)
        assert access["reason"] == WHY
        assert access["who"] == ["oscar"]
        assert (reading["who"], reading["kind"]) == ("oscar", POST)
        assert street.see("ines", "/account/privacy").status_int == 200

    def test_holds_what_staff_did_and_not_about_whom(self, street):
        street.see("oscar", street.thing(street.open()))
        archive = exported(street.house, "oscar")
        (access,) = archive.records("communicate", "staff-access")
        assert (access["opened"], access["approved"], access["reads"]) == (True, False, True)
        (reading,) = archive.records("communicate", "staff-reading")
        assert (reading["who"], reading["kind"]) == ("oscar", POST)
        assert exported(street.house, "olga").records("communicate", "staff-access")[0]["approved"]
        for word in ("ines", WHY, SECRET):
            assert word not in archive.text

    def test_not_what_an_order_hides_still(self, street):
        street.see("oscar", street.thing(street.open(silent=street.day(10), order="n° 1")))
        assert self.archived(street) == [[], []]
        street.later(days=11)
        assert len(self.archived(street)[1]) == 1


class TestHealth:
    def test_says_that_somebody_has_waited_for_nearly_a_month(self, street):
        street.house.work(self.wish)
        assert unanswered(street.house.registry) is None
        street.later(days=26)
        assert unanswered(street.house.registry).startswith("1 requests")

    @staticmethod
    def wish(request):
        given = {"what": "x", "where": "y", "why": "z", "address": "a@b.fr", "language": "fr"}
        strangers.confirm(request, Tokens(request).make(DELETION, given))


class TestAtTheSameMoment:
    def test_what_is_closed_meanwhile_shows_nothing_and_logs_nothing(self, street):
        """A look that began before the case was closed does not end after."""
        place = street.open()
        number = decode(place.rpartition("/")[2])

        def look(request):
            request.member = request.find_service(IMembers).by_login("oscar")
            service = request.find_service(ICases)
            found = service.read(service.case(number), POST, street.post)
            if not tries:
                tries.append(found)
                street.press("olga", place, "close")
            return found

        tries = []
        assert street.house.work(look) is None
        assert tries[0] is not None
        assert street.log() == []
