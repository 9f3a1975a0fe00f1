"""What is typed is there again: kept by a button, by a module, for its writer alone."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from urllib.parse import quote

import pytest

from communicate.clock import milliseconds, now
from communicate.interfaces import IClock
from communicate.outbox.runner import run_due
from communicate.testing.kit import form_with
from communicate.writing.drafts import LATE, LONGEST, MOST
from communicate.writing.exporting import bring_back
from communicate.writing.files import File
from communicate.writing.interfaces import IAttachments, IDrafts
from communicate.writing.sweeping import sweep, sweep_some

PLACE = "/forums/general/new"


@pytest.fixture
def drafts(site):
    """Return what does something with the drafts of a request; afterwards there are none."""
    yield lambda func: site.work(lambda request: func(request.find_service(IDrafts)))

    def clear(request):
        request.root_map["drafts"].desks.clear()

    site.work(clear)


@pytest.fixture
def uid(site):
    """Return Claire's number."""
    return site.uids["claire"]


def words_of(opened):
    """Return the words of a draft, None for none."""
    return None if opened is None else dict(opened.words)


class TestKeeping:
    def test_there_is_one_for_a_member_and_a_place(self, site, drafts, uid):
        drafts(lambda d: d.keep(uid, PLACE, {"title": "Un", "body": "deux"}) and None)
        drafts(lambda d: d.keep(uid, PLACE, {"title": "Un", "body": "trois"}) and None)
        assert drafts(lambda d: words_of(d.of(uid, PLACE))) == {"title": "Un", "body": "trois"}
        assert drafts(lambda d: d.of(uid, "/elsewhere")) is None
        assert drafts(lambda d: d.of(site.uids["paul"], PLACE)) is None
        assert drafts(lambda d: d.count(uid)) == 1

    def test_nothing_typed_is_no_draft(self, drafts, uid):
        drafts(lambda d: d.keep(uid, PLACE, {"body": "un"}) and None)
        assert drafts(lambda d: d.keep(uid, PLACE, {"body": " \n"})) is None
        assert drafts(lambda d: d.count(uid)) == 0

    def test_a_form_that_was_sent_takes_its_draft_with_it_and_what_comes_late(
        self, site, drafts, uid
    ):
        drafts(lambda d: d.keep(uid, PLACE, {"body": "un"}, "token1") and None)
        drafts(lambda d: d.drop(uid, PLACE, "token1"))
        assert drafts(lambda d: d.keep(uid, PLACE, {"body": "un"}, "token1")) is None
        assert drafts(lambda d: d.of(uid, PLACE)) is None
        drafts(lambda d: d.keep(uid, PLACE, {"body": "autre"}, "token2") and None)
        assert drafts(lambda d: words_of(d.of(uid, PLACE))) == {"body": "autre"}

    def test_who_goes_back_to_a_form_that_was_sent_is_heard_again(self, drafts, uid):
        def sent_long_ago(service):
            service.drop(uid, PLACE, "token1")
            desk = service.drafts.desks[uid]
            desk.sent[next(iter(desk.sent))] -= LATE + 1

        drafts(sent_long_ago)
        drafts(lambda d: d.keep(uid, PLACE, {"body": "encore"}, "token1") and None)
        assert drafts(lambda d: d.count(uid)) == 1

    def test_a_form_sent_at_the_same_moment_leaves_nothing(self, site, drafts, uid):
        """The draft is saved by a request that began before the form was sent."""
        drafts(lambda d: d.keep(uid, "/other", {"body": "x"}) and None)  # there is a desk
        turns = []

        def save(request):
            service = request.find_service(IDrafts)
            service.of(uid, PLACE)
            found = service.keep(uid, PLACE, {"body": "tard"}, "token3")
            turns.append(found)
            if len(turns) == 1:
                drafts(lambda d: d.drop(uid, PLACE, "token3"))

        site.work(save)
        assert len(turns) == 2
        assert drafts(lambda d: d.of(uid, PLACE)) is None

    def test_a_draft_saved_while_the_form_is_sent_goes_with_it(self, drafts, uid, site):
        """The form is sent by a request that began before the draft was saved."""
        drafts(lambda d: d.keep(uid, "/other", {"body": "x"}) and None)
        turns = []

        def send(request):
            service = request.find_service(IDrafts)
            service.drop(uid, PLACE, "token4")
            turns.append(service)
            if len(turns) == 1:
                drafts(lambda d: d.keep(uid, PLACE, {"body": "tôt"}, "token4") and None)

        site.work(send)
        assert len(turns) == 2
        assert drafts(lambda d: d.of(uid, PLACE)) is None

    def test_beyond_the_most_that_one_may_have_the_oldest_goes(self, drafts, uid):
        def fill(service):
            for number in range(MOST + 1):
                draft = service.keep(uid, f"/{number}", {"body": "x"})
                draft.saved = number
            return [service.of(uid, "/0"), service.count(uid)]

        assert drafts(fill) == [None, MOST]


class TestDiscarding:
    def test_hides_at_once_and_can_be_taken_back_for_a_moment(self, drafts, uid):
        drafts(lambda d: d.keep(uid, PLACE, {"body": "un"}) and None)
        assert drafts(lambda d: d.discard(uid, PLACE))
        assert drafts(lambda d: d.of(uid, PLACE)) is None
        assert drafts(lambda d: d.restore(uid, PLACE))
        assert drafts(lambda d: words_of(d.of(uid, PLACE))) == {"body": "un"}

    def test_then_it_is_destroyed(self, site, drafts, uid):
        drafts(lambda d: d.keep(uid, PLACE, {"body": "un"}) and None)
        drafts(lambda d: d.discard(uid, PLACE))
        site.registry.getUtility(IClock).offset += timedelta(seconds=11)
        run_due(site.registry)
        assert not drafts(lambda d: d.restore(uid, PLACE))
        assert not drafts(lambda d: list(d.drafts.desks[uid].drafts))


class TestAtTheSameMoment:
    """One of two requests starts again, and sees what the other one did."""

    @pytest.fixture
    def thrown_away(self, site, drafts, uid):
        """Throw a draft away, and let its ten seconds pass."""
        drafts(lambda d: d.keep(uid, PLACE, {"body": "un"}) and None)
        drafts(lambda d: d.discard(uid, PLACE))
        site.registry.getUtility(IClock).offset += timedelta(seconds=11)

    def meanwhile(self, site, act, other):
        """Return what *act* returned in each of its turns; *other* happens in the first."""
        turns = []

        def work(request):
            turns.append(act(request))
            if len(turns) == 1:
                other()

        site.work(work)
        return turns

    def test_what_is_being_destroyed_is_not_said_to_be_back(self, site, thrown_away, uid):
        turns = self.meanwhile(
            site,
            lambda request: request.find_service(IDrafts).restore(uid, PLACE),
            lambda: run_due(site.registry),
        )
        assert turns == [True, False]

    def test_who_goes_on_writing_loses_nothing(self, site, thrown_away, drafts, uid):
        turns = self.meanwhile(
            site,
            lambda request: request.find_service(IDrafts).keep(uid, PLACE, {"body": "deux"}),
            lambda: run_due(site.registry),
        )
        assert len(turns) == 2
        assert drafts(lambda d: words_of(d.of(uid, PLACE))) == {"body": "deux"}

    def test_what_is_written_next_does_not_bring_its_files_back(self, site, drafts, uid):
        def attach(request):
            file = File("a.txt", "text/plain", b"a")
            request.find_service(IAttachments).keep(uid, PLACE, file)

        def names(d):
            draft = d.draft(uid, PLACE)
            return len(draft.attached()), words_of(d.of(uid, PLACE))

        for write in (lambda d: d.keep(uid, PLACE, {"body": "deux"}) and None, None):
            drafts(lambda d: d.keep(uid, PLACE, {"body": "un"}) and None)
            site.work(attach)
            drafts(lambda d: d.discard(uid, PLACE))
            drafts(write) if write else site.work(attach)
            assert drafts(names) == ((0, {"body": "deux"}) if write else (1, {}))
            drafts(lambda d: d.drop(uid, PLACE, ""))
        assert site.work(lambda request: request.find_service(IAttachments).count(uid)) == 0

    def test_a_file_does_not_stay_with_a_draft_that_is_gone(self, site, drafts, uid):
        drafts(lambda d: d.keep(uid, PLACE, {"body": "un"}) and None)

        def attach(request):
            attachments = request.find_service(IAttachments)
            attachments.keep(uid, PLACE, File("a.txt", "text/plain", b"a"))

        turns = self.meanwhile(
            site,
            lambda request: request.find_service(IDrafts).drop(uid, PLACE, "token5"),
            lambda: site.work(attach),
        )
        assert len(turns) == 2
        assert site.work(lambda request: request.find_service(IAttachments).count(uid)) == 0

    def test_a_desk_is_not_forgotten_under_what_is_laid_on_it(self, site, drafts, uid):
        drafts(lambda d: d.keep(uid, PLACE, {"body": "un"}) and None)
        drafts(lambda d: d.keep(uid, PLACE, {"body": ""}))
        turns = self.meanwhile(
            site,
            lambda request: sweep_some(-1, request),
            lambda: drafts(lambda d: d.keep(uid, PLACE, {"body": "deux"}) and None),
        )
        assert len(turns) == 2
        assert drafts(lambda d: words_of(d.of(uid, PLACE))) == {"body": "deux"}


class TestForgetting:
    def test_which_forms_were_sent(self, site, drafts, uid):
        drafts(lambda d: d.drop(uid, PLACE, "token6"))
        site.work(lambda request: sweep(request, {}))
        assert uid in drafts(lambda d: set(d.drafts.desks))  # what comes late still is late
        site.registry.getUtility(IClock).offset += timedelta(milliseconds=LATE + 1)
        site.work(lambda request: sweep(request, {}))
        assert uid not in drafts(lambda d: set(d.drafts.desks))

    def test_untouched_for_as_long_as_the_setting_says(self, site, drafts, uid):
        days = site.registry.settings["communicate.draft_days"]

        def age(request):
            service = request.find_service(IDrafts)
            moment = milliseconds(now(request))
            for place, old in (("/old", days + 1), ("/young", days - 1)):
                draft = service.keep(uid, place, {"body": place})
                draft.saved = moment - old * 86_400_000

        site.work(age)
        site.work(lambda request: sweep(request, {}))
        assert drafts(lambda d: [each.place for each in d.all(uid)]) == ["/young"]


def save(browser, place=PLACE, status=200, **words):
    """Save a draft as the module does."""
    page = browser.get("/account").html
    values = {"csrf_token": page.find(attrs={"name": "csrf_token"})["value"], "place": place}
    values |= {f"words.{name}": text for name, text in words.items()}
    return browser.post("/account/drafts", values, status=status)


class TestAutosave:
    def test_says_when(self, claire, drafts, uid):
        assert "enregistré à" in save(claire, body="Bonsoir").json["said"]
        assert drafts(lambda d: words_of(d.of(uid, PLACE))) == {"body": "Bonsoir"}
        assert save(claire, body="").json == {"said": ""}

    @pytest.mark.parametrize(
        "place",
        [
            "",
            "//evil.example",
            "https://evil.example",
            "/" + "x" * 2000,
        ],
    )
    def test_only_for_forms_of_this_site(self, claire, drafts, place):
        save(claire, place, 400, body="x")

    def test_none_of_an_archive_leads_elsewhere(self, drafts, uid):
        class Archive:
            place = ""

            def records(self, _kind, most):
                return [{"path": self.place, "saved": None, "words": {"body": "x"}}][:most]

            def text(self, text, _most):
                return text

            def moment(self, _text):
                return datetime(2026, 11, 1, tzinfo=UTC)

        for Archive.place in ("javascript:alert(1)", "//evil.example", "/\t/evil.example"):
            with pytest.raises(ValueError, match="a path of the site"):
                drafts(
                    lambda d: bring_back(SimpleNamespace(uid=uid, request=d.request), Archive())
                )
            assert drafts(lambda d: d.of(uid, Archive.place)) is None

    def test_needs_our_own_token(self, claire):
        claire.post("/account/drafts", {"place": PLACE, "words.body": "x"}, status=400)

    def test_what_is_too_long_is_not_cut(self, claire, drafts, uid):
        save(claire, body="x" * (LONGEST + 1))
        assert drafts(lambda d: d.of(uid, PLACE)) is None

    def test_is_nobody_else_s(self, claire, paul, drafts):
        save(claire, body="canari des brouillons")
        assert "canari" in claire.get("/account/drafts")
        assert "canari" not in paul.get("/account/drafts")
        for path in ("/search?q=canari", "/", "/members/claire"):
            assert "des brouillons" not in paul.get(path)

    def test_lies_sealed(self, site, claire, drafts):
        save(claire, place="/forums/canari-secret", body="canari-secret")

        raw = b"".join(path.read_bytes() for path in site.folder.rglob("*") if path.is_file())
        assert b"canari-secret" not in raw


class TestListOfDrafts:
    def test_shows_them_and_leads_to_their_forms(self, claire, drafts):
        save(claire, title="Le tilleul", body="Il penche un peu.")
        row = claire.get("/account/drafts").html.select_one(".rows li .row-title")
        assert row["href"] == PLACE
        assert row.get_text() == "Le tilleul – Il penche un peu."

    def test_names_the_files_where_nothing_is_written(self, site, claire, drafts, uid):
        def attach(request):
            attachments = request.find_service(IAttachments)
            attachments.keep(uid, PLACE, File("plan.txt", "text/plain", b"a"))

        site.work(attach)
        row = claire.get("/account/drafts").html.select_one(".rows li .row-title")
        assert row.get_text() == "plan.txt"
        number = site.work(lambda request: request.find_service(IAttachments).of(uid)[0].__name__)
        claire.get(f"/account/drafts/files/{number}", status=200)
        drafts(lambda d: d.discard(uid, PLACE))
        claire.get(f"/account/drafts/files/{number}", status=404)

    def test_all_of_one_can_be_read_also_where_its_form_is_gone(self, site, claire, paul, uid):
        text = "Il penche. " * 100
        save(claire, place="/nowhere/reply", title="Le tilleul", body=text, language="pt-BR")

        def attach(request):
            attachments = request.find_service(IAttachments)
            attachments.keep(uid, "/nowhere/reply", File("plan.txt", "text/plain", b"a"))

        site.work(attach)
        whole = claire.get("/account/drafts").html.select_one(".rows li .meta a")["href"]
        page = claire.get(whole)
        shown = [area.text.strip() for area in page.html.select("main textarea[readonly]")]
        assert shown == ["Le tilleul", text.strip()]
        claire.get(page.html.select_one("main .attached-files a")["href"], status=200)
        paul.get(whole, status=404)
        for key in ("x", "-1", "0", str(2**63), "9" * 40, "\uff11"):
            claire.get(f"/account/drafts/words/{quote(key)}", status=404)
        form_with(page, "place").submit("listed", value="yes")
        claire.get(whole, status=404)

    @pytest.mark.parametrize(
        "place", ["", "//a.example", "/\\a.example", "/\t/a.example", "/x\r\nA: b", "/é☃", "x"]
    )
    def test_none_is_kept_or_led_to_elsewhere(self, claire, place):
        save(claire, place=place, status=400, body="Il penche.")
        page = claire.get("/account").html
        token = page.find(attrs={"name": "csrf_token"})["value"]
        sent = {"csrf_token": token, "place": place}
        claire.post("/account/drafts/discard", sent, status=400)

    def test_one_is_discarded_and_taken_back(self, claire, drafts):
        save(claire, body="Il penche.")
        page = claire.get("/account/drafts")
        page = form_with(page, "place").submit("listed", value="yes").follow()
        assert "Il penche." not in page
        page = form_with(page, "undo").submit().follow()
        assert "Il penche." in page
