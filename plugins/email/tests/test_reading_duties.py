"""Mail's place in the site: the home page, help, what is reported, who is kept away."""

import pytest

from communicate.ids import encode
from communicate.interfaces import IContacts
from communicate.testing.kit import form_with
from communicate_email.interfaces import IMailStore, ISending
from communicate_email.letters import OUTSIDE, Letter
from communicate_email.manual import PAGES

from .conftest import DOMAIN, make_office
from .test_webmail import inbox, opened, rows


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = make_office(tmp_path_factory.mktemp("place"))
    yield made
    made.house.close()


@pytest.fixture(scope="module")
def ines(office):
    return office.house.browser("ines")


def written(office, subject, body="Tu es une honte.", by="paul", to="ines"):
    """Have a member write to another on the site."""
    letter = office.letter(subject, body, From=f"{by}@{DOMAIN}")
    own = Letter(letter.raw, f"{by}@{DOMAIN}", author=office.uids[by])
    office.do(lambda r: r.find_service(ISending).send(own, [f"{to}@{DOMAIN}"]))


def lies(office, subject, login="ines"):
    """Return in which folders of *login* messages with that subject lie."""

    def look(request, account):
        store = request.find_service(IMailStore)
        found = []
        for box in account.boxes.values():
            listed = store.reading(account).page(box)
            found += [box.role for one in listed if one.head.subject == subject]
        return found

    return office.look(login, look)


def button(page, words):
    """Return the form of *page* whose button says *words*."""
    return next(form for form in page.forms.values() if words in form.text)


class TestHome:
    def test_shows_what_waits_and_nothing_once_it_is_read(self, office):
        zoe = office.house.browser("zoe")
        assert "unread message" not in zoe.get("/")
        for number in range(4):
            office.deliver(office.letter(f"Attend {number}"), "zoe")
        page = zoe.get("/")
        assert "4 unread messages in your mail" in page
        assert [f"Attend {number}" in page for number in range(4)] == [False, True, True, True]
        for number in range(4):
            opened(inbox(zoe), f"Attend {number}")
        assert "unread message" not in zoe.get("/")

    def test_shows_nobody_elses(self, office):
        office.deliver(office.letter("À Zoé seule"), "zoe")
        for login in ("ines", "oscar", "moira"):
            assert "Zoé seule" not in office.house.browser(login).get("/")
        assert "Zoé seule" not in office.house.browser().get("/", expect_errors=True)


def test_there_is_a_page_of_help_in_both_languages(ines):
    assert "Who a message is really from" in ines.get("/help/mail")
    assert "/help/mail" in ines.get("/help")
    english, french = (PAGES[0].text[language].count("\n## ") for language in ("en", "fr"))
    assert english == french == 7


class TestSearch:
    def test_of_the_site_leads_to_that_of_mail_with_the_same_words(self, office, ines):
        office.deliver(office.letter("Nénuphar", body="Les nénuphars & les joncs."))
        page = ines.get("/search", {"q": "joncs & nénuphars"})
        assert "Nénuphar" not in page.html.select_one("main").text
        found = page.click("Look for it in your mail")
        assert found.request.GET["q"] == "joncs & nénuphars"
        assert "Nénuphar" in str(rows(found))

    def test_leads_nowhere_for_who_has_no_mail_or_is_not_signed_in(self, office):
        for browser in (office.house.browser("moira"), office.house.browser()):
            assert "in your mail" not in browser.get("/search", {"q": "joncs"})
        assert "in your mail" not in office.house.browser("ines").get("/search")


class TestReports:
    def test_disclose_that_message_to_moderators_and_nothing_else(self, office, ines):
        written(office, "Ta façade", "Tu es une honte.")
        written(office, "Autre", "Un mot qui reste ici.")
        page = opened(inbox(ines), "Ta façade")
        form = form_with(page.click("Report it to the moderators"), "reason")
        form["reason"], form["note"] = "hurtful", "Regardez."
        page = form.submit("report").follow()
        assert "A moderator will look at it" in page
        assert "Ta façade" in page.html.select_one("h1").text

        moira = office.house.browser("moira")
        [link] = moira.get("/moderate").html.select(".rows .row-title")
        case = moira.get(link["href"])
        said = case.html.select_one("main").text
        for words in ("Ta façade", "Tu es une honte.", "Regardez."):
            assert words in said
        assert "Un mot qui reste ici." not in said
        moira.get(page.request.path, status=404)

        form = form_with(case, "decision")
        form["decision"], form["why"] = "delete", "On ne parle pas ainsi."
        form.submit("decide")
        assert lies(office, "Ta façade") == ["trash"]

    def test_are_made_by_who_received_it_only(self, office, ines):
        written(office, "À moi", "Bonjour.")
        address = opened(inbox(ines), "À moi").html.select_one("a[href^='/report/']")["href"]
        ines.get(address)
        for login in ("paul", "zoe", "moira", "oscar"):
            office.house.browser(login).get(address, status=404)
        office.house.browser().get(address, expect_errors=True).mustcontain(no="Bonjour.")

    def test_are_not_for_what_comes_from_elsewhere_or_from_oneself(self, office, ines):
        office.deliver(Letter(office.letter("Dehors").raw, way=OUTSIDE))
        written(office, "Mémo", by="ines")
        for subject in ("Dehors", "Mémo"):
            assert not opened(inbox(ines), subject).html.select("a[href^='/report/']")

        def numbers(_request, account):
            return [encode(number) for number in account.mails]

        reported = [
            number
            for number in office.look("ines", numbers)
            if ines.get(f"/report/email.message/{number}", expect_errors=True).status_int == 200
        ]
        assert len(reported) == sum(
            len(lies(office, subject)) for subject in ("Ta façade", "Autre", "À moi")
        )


class TestKeepingAway:
    def test_a_member_is_blocked_from_a_message(self, office, ines):
        written(office, "Un de trop")
        page = opened(inbox(ines), "Un de trop")
        page = button(page, "Block paul").submit("act", value="block").follow()
        assert "paul is blocked, and is not told." in page
        written(office, "Encore lui")
        assert lies(office, "Encore lui") == []
        uids = office.uids
        office.do(lambda r: r.find_service(IContacts).unblock(uids["ines"], uids["paul"]))

    def test_what_a_stranger_writes_goes_to_the_junk_from_then_on(self, office, ines):
        office.deliver(office.letter("Soldes", From="Shop <shop@soldes.example>"))
        page = opened(inbox(ines), "Soldes")
        page = button(page, "Always to the junk").submit().follow()
        assert "What shop@soldes.example writes goes to the junk from now on" in page
        assert lies(office, "Soldes") == ["junk"]
        office.deliver(office.letter("Soldes 2", From="SHOP@soldes.example"))
        office.deliver(office.letter("Luce écrit"))
        assert lies(office, "Soldes 2") == ["junk"]
        assert lies(office, "Luce écrit") == ["inbox"]
        page = button(page, "Undo").submit().follow()
        office.deliver(office.letter("Soldes 3", From="shop@soldes.example"))
        assert lies(office, "Soldes 3") == ["inbox"]
        assert "Soldes 3" in str(rows(inbox(ines)))

    @pytest.mark.parametrize("author", [f"ines@{DOMAIN}", "nobody", "a@x.example, b@x.example"])
    def test_oneself_and_nobody_are_not_sent_there(self, office, ines, author):
        subject = f"Pas {author[:3]}"
        office.deliver(office.letter(subject, From=author))
        page = opened(inbox(ines), subject)
        token = page.html.select_one("[name=csrf_token]")["value"]
        path = page.request.path.replace("/read/", "/banish/")
        ines.post(path, {"csrf_token": token}, status=400)
        assert lies(office, subject) == ["inbox"]


def test_nobody_borrows_the_picture_of_a_member_by_a_name(office, ines, monkeypatch):
    monkeypatch.setattr("communicate.web.people.picture_of", lambda *_args: "/portrait.webp")
    office.deliver(office.letter("Faux Paul", From="paul <paul@elsewhere.example>"))
    assert "portrait.webp" not in str(ines.get("/").html.select_one("main"))
    page = opened(inbox(ines), "Faux Paul")
    assert "portrait.webp" not in str(page.html.select_one(".mail-read"))
    written(office, "Vrai Paul")
    page = opened(inbox(ines), "Vrai Paul")
    assert "portrait.webp" in str(page.html.select_one(".mail-from"))
