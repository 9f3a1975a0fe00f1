"""The page of one's number: it is shown as understood, proven by a code, changed, and removed."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from webtest import TestApp

from communicate.cli import Console
from communicate.interfaces import IMembers
from communicate.privacy.interfaces import IConsents
from communicate.testing.house import PASSWORD, House
from communicate_sms.announcing import ANNOUNCEMENTS, NoConsent, announce
from communicate_sms.books import book_of
from communicate_sms.commands import sms
from communicate_sms.interfaces import INumbers
from communicate_sms.queue import Queue, exchange_of

from .test_numbering import MINE, YOURS, Phones

HOME = "/account/sms"
SHOWN = "+33 6 12 34 56 78"


@pytest.fixture(scope="module")
def browsers(site: House) -> dict[str, Any]:
    """Return the browsers of two members."""
    for login in ("louise", "marcel"):
        site.member(login)
    return {login: site.browser(login) for login in ("louise", "marcel")}


@pytest.fixture
def louise(house: House, browsers: dict[str, Any]) -> Iterator[Any]:
    """Yield the browser of somebody without a number."""
    yield browsers["louise"]

    def clear(request: Any) -> None:
        for login in browsers:
            member = request.find_service(IMembers).by_login(login)
            request.find_service(INumbers).remove(member)
            exchange_of(request).spent.pop(member.uid, None)

    house.work(clear)


@pytest.fixture
def phones(house: House) -> Phones:
    """Return the telephones."""
    return Phones(house)


def ask(browser: Any, written: str = "06 12 34 56 78", **more: str) -> Any:
    """Have a code sent to the number *written*; return the page that asks for it."""
    page = browser.get(f"{HOME}/number")
    form = page.forms["number"]
    form["number"] = written
    form = form.submit("go").forms["sure"]
    for name, value in more.items():
        form[name] = value
    return form.submit("send").follow()


def test_a_number_is_shown_as_it_is_understood_before_it_is_used(
    louise: Any, phones: Phones
) -> None:
    form = louise.get(HOME).forms["number"]
    form["number"] = "0033 (0)6.12.34.56.78"
    page = form.submit("go")
    assert SHOWN in page
    assert "France" in page
    assert phones.texts(MINE) == []  # nothing is sent before the member says so
    page = page.forms["sure"].submit("send").follow()
    assert SHOWN in page
    form = page.forms["code"]
    form["code"] = phones.code(MINE)
    assert SHOWN in form.submit("prove").follow()
    assert phones.of("louise") == MINE


def test_a_number_that_cannot_be_used_is_refused_with_the_reason(louise: Any) -> None:
    form = louise.get(f"{HOME}/number").forms["number"]
    form["number"] = "01 42 68 53 00"
    page = form.submit("go", status=400)
    assert "mobile" in page.html.find(class_="invalid-feedback").text
    assert page.forms["number"]["number"].value == "01 42 68 53 00"


def test_wrong_codes_count_though_they_are_answered_with_400(louise: Any, phones: Phones) -> None:
    page = ask(louise)
    right = phones.code(MINE)
    for number in range(5):
        form = page.forms["code"]
        form["code"] = f"{(int(right) + number + 1) % 10**6:06}"
        page = form.submit("prove", status=303 if number == 4 else 400)
    form["code"] = right
    form.submit("prove").follow()
    assert phones.of("louise") is None


def test_many_guesses_at_once_are_five_tries(louise: Any, phones: Phones) -> None:
    form = ask(louise).forms["code"]
    right = int(phones.code(MINE))
    fields = [(name, value) for name, value in form.submit_fields("prove") if name != "code"]

    def guess(number: int) -> Any:
        browser = TestApp(phones.house.app, extra_environ={"HTTP_HOST": "localhost"})
        for name, value in louise.cookies.items():
            browser.set_cookie(name, value)
        code = f"{(right + 1 + number) % 10**6:06}"
        return browser.post(f"{HOME}/code", [*fields, ("code", code)], expect_errors=True)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(guess, range(24)))
    looked_at = [one for one in answers if one.status_int == 400]
    assert len(looked_at) == 4  # the fifth is told, as all others, that it was one too many
    assert phones.prove("louise", f"{right:06}") is False


def test_nobody_learns_that_a_number_is_anothers(
    louise: Any, browsers: dict[str, Any], phones: Phones
) -> None:
    phones.has("marcel")
    phones.rested("marcel")
    page, other = ask(louise), ask(browsers["marcel"], YOURS, present=PASSWORD)
    form, wrong = page.forms["code"], other.forms["code"]
    form["code"] = phones.code(MINE)
    wrong["code"] = f"{(int(phones.code(YOURS)) + 1) % 10**6:06}"
    said, also = form.submit("prove", status=400), wrong.submit("prove", status=400)
    feedback = [one.html.find(class_="invalid-feedback").text for one in (said, also)]
    assert feedback[0] == feedback[1] != ""
    assert phones.of("louise") is None
    assert "marcel" not in said


def test_a_change_asks_for_the_password_and_tells_the_old_number(
    louise: Any, phones: Phones
) -> None:
    phones.has("louise")
    phones.rested("louise")
    form = louise.get(f"{HOME}/number").forms["number"]
    form["number"] = YOURS
    form = form.submit("go").forms["sure"]
    form["present"] = "not mine"
    form.submit("send", status=400)
    assert phones.texts(YOURS) == []
    form = ask(louise, YOURS, present=PASSWORD).forms["code"]
    assert phones.of("louise") == MINE  # until the new one is proven
    form["code"] = phones.code(YOURS)
    form.submit("prove").follow()
    assert phones.of("louise") == YOURS
    assert "ne sert plus" in phones.texts(MINE)[-1]


def test_a_number_is_removed_with_the_password(louise: Any, phones: Phones) -> None:
    phones.has("louise")
    form = louise.get(f"{HOME}/remove").forms["remove"]
    form["present"] = "not mine"
    form.submit("remove", status=400)
    assert phones.of("louise") == MINE
    form["present"] = PASSWORD
    form.submit("remove").follow()
    assert phones.of("louise") is None


def test_the_member_says_who_sees_it_and_who_may_write(
    louise: Any, browsers: dict[str, Any], phones: Phones
) -> None:
    phones.has("louise")

    def may(request: Any) -> tuple[Any, ...]:
        one, other = (phones.member(request, login) for login in ("marcel", "louise"))
        service = request.find_service(INumbers)
        book = book_of(request, other.uid)
        return service.may_text(
            one.uid, other.uid
        ), book and book.number and book.number.shown_to.level

    assert phones.house.work(may) == (False, "private")
    form = louise.get(HOME).forms["choices"]
    form["who"], form["people"] = "chosen", "marcel"
    form.set("shown", "members")
    assert SHOWN not in browsers["marcel"].get("/members/louise")
    form.submit("save").follow()
    assert phones.house.work(may) == (True, "members")
    assert SHOWN in browsers["marcel"].get("/members/louise")
    assert SHOWN not in phones.house.browser().get("/members/louise")
    form = louise.get(HOME).forms["choices"]
    assert form["people"].value == "marcel"
    form["people"] = "personne"
    form.submit("save", status=400)


def test_announcements_need_a_consent_that_can_be_withdrawn(louise: Any, phones: Phones) -> None:
    phones.has("louise")
    work = phones.house.work

    def tell(request: Any) -> bool:
        return announce(request, phones.member(request, "louise").uid, "Coupure à 18 h.")

    with pytest.raises(NoConsent):
        work(tell)
    form = next(f for f in louise.get(HOME).forms.values() if "give" in f.fields)
    form.submit("give").follow()
    assert work(tell)
    assert phones.texts(MINE)[-1] == "2 Communicate: Coupure à 18 h."
    acts = work(lambda r: r.find_service(IConsents).history(phones.member(r, "louise").uid))
    assert [(act.purpose, act.given) for act in acts] == [(ANNOUNCEMENTS, True)]
    assert acts[0].when > 0
    form = next(f for f in louise.get(HOME).forms.values() if "withdraw" in f.fields)
    form.submit("withdraw").follow()
    with pytest.raises(NoConsent):
        work(tell)


def test_who_takes_the_consent_back_has_no_announcement_that_still_waits(
    louise: Any, phones: Phones
) -> None:
    phones.has("louise")

    def leaving(request: Any, act: str) -> list[str]:
        uid = phones.member(request, "louise").uid
        request.find_service(IConsents).give(uid, ANNOUNCEMENTS)
        announce(request, uid, f"Panne, {act}")
        getattr(request.find_service(IConsents), act)(uid, ANNOUNCEMENTS)
        return [errand.text for errand in Queue(request).take("test", 100, timedelta(minutes=1))]

    assert "2 Communicate: Panne, give" in phones.house.work(lambda r: leaving(r, "give"))
    assert phones.house.work(lambda r: leaving(r, "withdraw")) == []


def test_operators_announce_to_those_who_consent(louise: Any, phones: Phones) -> None:
    house = phones.house
    phones.has("louise")
    phones.has("marcel", YOURS)
    console = Console(None, house.folder, house.registry)  # type: ignore[arg-type]

    def consent(request: Any, act: str) -> None:
        uid = phones.member(request, "louise").uid
        getattr(request.find_service(IConsents), act)(uid, ANNOUNCEMENTS)

    def run(*words: str) -> str:
        return CliRunner().invoke(sms, ["announce", "Coupure à 18 h.", *words], obj=console).output

    assert run("--send").startswith("Messages that wait to be sent: 0\n")
    house.work(lambda request: consent(request, "give"))
    assert run().startswith("Members who would have it: 1\n")
    assert "Coupure" not in phones.texts(MINE)[-1]
    assert run("--send").startswith("Messages that wait to be sent: 1\n")
    assert phones.texts(MINE)[-1] == "2 Communicate: Coupure à 18 h."
    assert "Coupure" not in phones.texts(YOURS)[-1]
    house.work(lambda request: consent(request, "withdraw"))
    assert run("--send").startswith("Messages that wait to be sent: 0\n")
