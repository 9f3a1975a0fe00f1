"""The pages of text messages, as members use them without scripts."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from communicate.audience import MEMBERS
from communicate.clock import milliseconds, now
from communicate.interfaces import IMembers, ISeals
from communicate.testing.house import House
from communicate.testing.kit import form_with
from communicate_sms.books import book_of
from communicate_sms.interfaces import INumbers, ITexts
from communicate_sms.queue import Queue
from communicate_sms.reach import ToMember, ToNumber

NUMBERS = {"agathe": "+33611111111", "bruno": "+33622222222"}
OUTSIDE = "+33612345678"
SETTINGS = {
    "language": "en",
    "sms.ways": "un file path=un.jsonl sender=2communicate",
    "sms.prices": "+33 0.045",
    "sms.number_limits": "1000/minute",
    "sms.member_parts": 1000,
    "sms.address_messages": "1000/hour",
    "sms.address_codes": "1000/hour",
}


def prove(request: Any, login: str) -> None:
    """Prove that the number of *login* is theirs, by the code that is on its way there."""
    member = request.find_service(IMembers).by_login(login)
    numbers = request.find_service(INumbers)
    numbers.begin(member, NUMBERS[login])
    queue, open_ = Queue(request), request.find_service(ISeals).text
    sent = {open_(one.number): open_(one.text) for one in queue.tree.messages.values()}
    code = re.findall(r"\b\d{6}\b", sent[NUMBERS[login]])[0]
    assert numbers.prove(member, code)
    book_of(request, member.uid).open_to = MEMBERS


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Yield a site where Agathe and Bruno have numbers that members write to, and Chloé none."""
    made = House(tmp_path_factory.mktemp("site"), ["sms"], SETTINGS)
    made.uids = {login: made.member(login) for login in ("agathe", "bruno", "chloe")}
    for login in NUMBERS:
        made.work(lambda request, login=login: prove(request, login))
    made.browsers = {login: made.browser(login) for login in made.uids}
    yield made
    made.close()


@pytest.fixture
def house(site: House) -> House:
    """Return that site, which its tests share."""
    return site


@pytest.fixture
def agathe(house: House) -> Any:
    """Return Agathe's browser."""
    return house.browsers["agathe"]


@pytest.fixture
def bruno(house: House) -> Any:
    """Return Bruno's browser."""
    return house.browsers["bruno"]


@pytest.fixture
def write(agathe: Any) -> Callable[..., Any]:
    """Return what has Agathe write to somebody, and returns the page of the conversation."""

    def typed(text: str, to: str = "bruno", **more: str) -> Any:
        form = form_with(agathe.get("/members/agathe/sms/new"), "text")
        form["to"], form["text"] = to, text
        for name, value in more.items():
            form[name] = value
        return form.submit("send").follow()

    return typed


def leaving(house: House) -> list[str]:
    """Return the texts of what members have on their way."""

    def found(request: Any) -> list[str]:
        text = request.find_service(ISeals).text
        each = Queue(request).tree.messages.values()
        return [text(one.text) for one in each if one.purpose == "message" and not one.is_gone]

    return house.work(found)


def answer(house: House, text: str, by: str = "bruno") -> None:
    """Have *text* come to Agathe from *by*."""

    def come(request: Any) -> None:
        texts, uids = request.find_service(ITexts), house.uids
        whom = ToMember(uids[by]) if by in uids else ToNumber(by)
        texts.receive(uids["agathe"], whom, text, milliseconds(now(request)))

    house.work(come)


def said(page: Any) -> list[str]:
    """Return what the messages on *page* say."""
    return [one.text for one in page.html.select(".say-text > p")]


class TestTheEntry:
    def test_says_how_to_begin_to_who_has_no_number(self, house):
        chloe = house.browsers["chloe"]
        for path in ("/texting", "/texting/new?to=bruno"):
            assert 'href="/account/sms"' in chloe.get(path)

    def test_an_address_of_ones_own_leads_there_too_and_tells_others_nothing(self, house, agathe):
        chloe = house.browsers["chloe"]
        assert chloe.get("/members/chloe/sms").location == "/texting"
        for login in ("agathe", "bruno"):
            assert chloe.get(f"/members/{login}/sms", status=404)
        assert agathe.get("/members/chloe/sms", status=404)
        for login in ("agathe", "chloe"):
            assert house.browser().get(f"/members/{login}/sms", status=403)

    def test_leads_whoever_has_one_to_their_own(self, agathe):
        page = agathe.get("/texting").follow()
        assert page.request.path == "/members/agathe/sms"
        page = agathe.get("/texting/new?to=bruno").follow()
        assert form_with(page, "text")["to"].value == "bruno"

    def test_what_was_begun_to_one_is_not_offered_to_another(self, agathe):
        form = form_with(agathe.get("/members/agathe/sms/new?to=bruno"), "text")
        form["text"] = "Pour Bruno seul."
        form.submit("preview")
        assert "Pour Bruno" in agathe.get("/members/agathe/sms/new?to=bruno")
        for other in ("?to=chloe", ""):
            assert "Pour Bruno" not in agathe.get(f"/members/agathe/sms/new{other}")

    def test_is_in_the_menu_and_marked_where_one_is(self, agathe):
        entry = '.services a[href="/texting"]'
        assert "aria-current" not in agathe.get("/").html.select_one(entry).attrs
        own = agathe.get("/members/agathe/sms/new")
        assert "aria-current" in own.html.select_one(entry).attrs

    def test_nobody_else_is_led_there(self, house, bruno):
        bruno.get("/members/agathe/sms", status=404)
        nowhere = house.browser().get("/members/agathe/sms/nowhere", status=403)
        assert house.browser().get("/members/agathe/sms", status=403).html.h1 == nowhere.html.h1


class TestWritingToAMember:
    def test_it_leaves_with_the_login_first_and_no_number_is_shown(self, house, write):
        page = write("La clé est chez Farid.")
        assert page.request.path.startswith("/members/agathe/sms/")
        assert said(page)[-1] == "La clé est chez Farid."
        assert "agathe: La clé est chez Farid." in leaving(house)
        assert "622222222" not in re.sub(r"\s", "", page.text)

    def test_the_space_of_the_other_offers_it(self, house, agathe):
        page = agathe.get("/members/bruno")
        assert page.html.select('a[href="/texting/new?to=bruno"]')
        assert "/texting/new" not in agathe.get("/members/agathe")

    def test_who_takes_none_is_refused_with_the_reason(self, agathe):
        form = form_with(agathe.get("/members/agathe/sms/new"), "text")
        form["to"], form["text"] = "chloe", "Bonjour"
        refused = form.submit("send", status=400)
        assert "chloe takes no text messages from you" in refused
        assert "Bonjour" in refused  # nothing is lost

    def test_a_login_of_nobody_is_refused(self, agathe):
        form = form_with(agathe.get("/members/agathe/sms/new"), "text")
        form["to"], form["text"] = "personne", "Bonjour"
        assert "Nobody has the login personne" in form.submit("send", status=400)


class TestWritingToANumber:
    def test_it_is_shown_as_it_is_understood_before_anything_leaves(self, house, agathe):
        form = form_with(agathe.get("/members/agathe/sms/new"), "text")
        form["to"], form["text"] = "06 12 34 56 78", "Je suis en bas."
        before = leaving(house)
        page = form.submit("send")
        preview = page.html.select_one("#preview").text
        assert "+33 6 12 34 56 78" in preview
        assert "agathe: Je suis en bas.\n" in preview
        assert "STOP" in preview
        assert leaving(house) == before
        page = form_with(page, "text").submit("send").follow()
        assert page.html.select_one("#with").text == "+33 6 12 34 56 78"
        assert len(leaving(house)) == len(before) + 1
        assert "612345678" not in page.request.url

    def test_another_number_than_was_shown_is_shown_anew(self, house, agathe):
        form = form_with(agathe.get("/members/agathe/sms/new"), "text")
        form["to"], form["text"], form["seen"] = "06 12 34 56 79", "Non.", OUTSIDE
        before = leaving(house)
        assert "+33 6 12 34 56 79" in form.submit("send").html.select_one("#preview").text
        assert leaving(house) == before

    def test_what_can_have_none_is_refused_beside_the_field(self, agathe):
        form = form_with(agathe.get("/members/agathe/sms/new"), "text")
        form["to"], form["text"] = "0899 00 00 00", "Bonjour"
        assert form.submit("send", status=400).html.select("#to-error")

    def test_a_module_is_told_whom_it_means(self, agathe):
        page = agathe.get("/members/agathe/sms/new")
        token = form_with(page, "text")["csrf_token"].value
        piece = agathe.post(
            "/members/agathe/sms/reach", {"to": "06 12 34 56 78", "csrf_token": token}
        )
        told = piece.html.select_one("[data-told]")
        assert told["data-seen"] == OUTSIDE
        assert "France" in told.text
        wrong = agathe.post("/members/agathe/sms/reach", {"to": "12", "csrf_token": token})
        assert not wrong.html.select("[data-told]")
        assert "<html" not in wrong.text


class TestAConversation:
    def test_what_comes_is_counted_until_it_is_read(self, house, agathe, write):
        write("Qui vient ?")
        answer(house, "Moi !")
        assert agathe.get("/").html.select(".services .count")
        block = agathe.get("/").html.select_one("#sms, [data-block=sms]") or agathe.get("/").html
        assert "1 unread text message" in block.text
        rows = agathe.get("/members/agathe/sms").html.select(".pane-rows .unread")
        assert "Moi !" in rows[0].text
        page = agathe.get(rows[0].a["href"])
        assert said(page)[-1] == "Moi !"
        assert not agathe.get("/members/agathe/sms").html.select(".pane-rows .unread")

    def test_an_answer_is_sent_from_its_page(self, house, write):
        page = write("Un.")
        form = form_with(page, "text")
        form["text"] = "Deux."
        page = form.submit("send").follow()
        assert said(page)[-2:] == ["Un.", "Deux."]

    def test_a_preview_sends_nothing(self, house, write):
        page = write("Trois.")
        form = form_with(page, "text")
        form["text"] = "Un œuf."
        before = leaving(house)
        page = form.submit("preview")
        assert "agathe: Un œuf." in page.html.select_one("#preview").text
        assert "With œ, an SMS holds 70 characters rather than 160." in page
        assert leaving(house) == before

    def test_pages_of_a_long_one(self, house, agathe, write):
        page = write("Début.")
        path = page.request.path
        for count in range(55):
            answer(house, f"Ligne {count}")
        page = agathe.get(path)
        assert said(page)[-1] == "Ligne 54"
        assert len(said(page)) == 50
        page = page.click("Earlier messages")
        assert "Ligne 4" in said(page)
        assert "Ligne 5" not in said(page)
        assert said(page.click("To the end"))[-1] == "Ligne 54"


class TestLater:
    def test_it_waits_can_be_changed_and_taken_out(self, house, agathe, write):
        form = form_with(agathe.get("/members/agathe/sms/new"), "text")
        form["to"], form["text"], form["later"] = "bruno", "Rappel.", soon(house, days=2)
        page = form.submit("send").follow()
        later = page.html.select(".say-later")[-1]
        assert "Rappel." in later.text
        assert "Leaves" in later.text
        page = page.click(href=later.select_one('a[href$="/change"]')["href"])
        form = form_with(page, "text")
        assert form["text"].value == "Rappel."
        form["text"] = "Rappel : à 9 h."
        page = form.submit("save").follow()
        later = page.html.select(".say-later")[-1]
        assert "Rappel : à 9 h." in later.text
        before = len(leaving(house))
        action = later.select_one("form")["action"]
        gone = next(one for one in page.forms.values() if one.action == action).submit().follow()
        assert "Rappel" not in gone.html.select_one(".talk").text
        assert len(leaving(house)) == before - 1

    def test_a_moment_that_is_over_is_refused(self, house, agathe):
        form = form_with(agathe.get("/members/agathe/sms/new"), "text")
        form["to"], form["text"], form["later"] = "bruno", "Trop tard.", soon(house, days=-1)
        assert "This moment is over" in form.submit("send", status=400)


def soon(house: House, **when: Any) -> str:
    """Return a moment as a browser's picker has it."""
    there = house.work(now) + timedelta(**when)
    return there.strftime("%Y-%m-%dT%H:%M")


class TestDeleting:
    def test_a_message_is_gone_at_once_and_comes_back_by_undo(self, house, write):
        page = write("Une bêtise.")
        last = page.html.select(".say")[-1]
        action = last.select_one("form")["action"]
        page = next(one for one in page.forms.values() if one.action == action).submit().follow()
        assert "Une bêtise." not in page
        undo = next(one for one in page.forms.values() if one.action.endswith("/undo"))
        assert "Une bêtise." in undo.submit().follow()

    def test_a_conversation_goes_with_all_that_is_in_it(self, house, agathe, write):
        page = write("Tout ceci.")
        path = page.request.path
        form = next(one for one in page.forms.values() if one.action == f"{path}/delete")
        page = form.submit().follow()
        assert page.request.path == "/members/agathe/sms"
        assert "Tout ceci." not in page
        agathe.get(path, status=404)
        undo = next(one for one in page.forms.values() if one.action.endswith("/undo"))
        assert "Tout ceci." in undo.submit().follow()
