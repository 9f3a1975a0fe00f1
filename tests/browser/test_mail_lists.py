"""Lists of mail in a real browser: keys, pages that are ticked, labels."""

import pytest

from communicate.testing.house import House
from communicate.testing.server import Server

from .sessions import Sessions

SETTINGS = {"email.domain": "tilleuls.example", "email.page_size": "5", "email.undo": "0"}
PEOPLE = ("ines", "paul", "zoe")


def deliver(request, login, *subjects):
    """Have a letter come in for each of *subjects*."""
    from communicate_email.interfaces import IDelivery
    from communicate_email.letters import Letter

    for subject in subjects:
        raw = f"From: Luce <luce@x.example>\r\nSubject: {subject}\r\n\r\nBonjour\r\n".encode()
        to = [f"{login}@tilleuls.example"]
        request.find_service(IDelivery).deliver(Letter(raw, "luce@x.example"), to)


class Post:
    """A served site on which some have mail."""

    def __init__(self, folder):
        house = House(folder, ["email"], {"communicate.mode": "testing", **SETTINGS})
        for login in PEOPLE:
            house.member(login)
            names = [f"Lettre {number}" for number in range(7)]
            house.work(lambda request, login=login, names=names: deliver(request, login, *names))
        house.close()
        self.server = Server(folder, "email", **SETTINGS).start()
        self.sessions = Sessions(self.server)


@pytest.fixture(scope="module")
def post(tmp_path_factory, chromium):
    made = Post(tmp_path_factory.mktemp("lists"))
    yield made
    made.server.stop()


@pytest.fixture
def window(post, windows):
    """Return what opens the mail of a member in a window."""

    def opened(login, lang="fr", **more):
        page = windows.open(post.server.url, **more)
        page.context.add_cookies(post.sessions.brought(lang, login))
        page.goto("/mail")
        return page

    return opened


def subjects(page):
    """Return the subjects of the list."""
    return page.locator(".mail-rows .row-subject").all_inner_texts()


def going(page, key):
    """Press a key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def test_keys_star_archive_delete_and_lead_back(window):
    page = window("ines")
    page.keyboard.press("j")
    going(page, "s")
    assert page.locator(".mail-rows > li").first.locator(".mail-star").count() == 1
    page.keyboard.press("j")
    going(page, "e")
    assert subjects(page)[0] == "Lettre 5"
    assert "Archives" in page.inner_text(".snack")
    for _ in range(2):
        page.keyboard.press("j")
        page.keyboard.press("x")
    going(page, "#")
    assert subjects(page)[0] == "Lettre 3"
    with page.expect_navigation():
        page.click(".snack button")
    assert set(subjects(page)[:2]) == {"Lettre 5", "Lettre 4"}
    page.keyboard.press("j")
    going(page, "o")
    assert page.locator(".mail-read").count() == 1
    going(page, "s")
    assert page.locator(".mail-read [name=act][value=unstar]").count() == 1
    going(page, "r")
    assert page.locator("[name=body]").count() == 1
    page.go_back()
    going(page, "u")
    assert page.locator(".mail-read").count() == 0
    page.keyboard.press("/")
    assert page.locator("#words").evaluate("field => field === document.activeElement")
    page.keyboard.type("jex#?")
    assert page.input_value("#words") == "jex#?"
    page.locator("#words").blur()
    going(page, "?")
    assert page.locator(".mail-keys kbd").first.inner_text() == "j"


def test_keys_that_are_turned_off_do_nothing(window):
    page = window("zoe")
    with page.expect_navigation():
        page.goto("/account")
    page.select_option("[name=keys]", "off")
    with page.expect_navigation():
        page.locator("form", has=page.locator("[name=keys]")).locator("button").click()
    page.goto("/mail")
    for key in ("j", "x", "/", "?"):
        page.keyboard.press(key)
    assert page.locator(".mail-rows :checked").count() == 0
    assert page.evaluate("document.activeElement === document.body")
    page.goto(f"{page.url.rpartition('/')[0]}/keys")
    assert page.locator(".mail-keys").count() == 1


def test_a_page_is_ticked_then_all_and_labelled(window):
    page = window("paul", "en")
    assert not page.locator(".mail-every").is_visible()
    assert not page.locator(".mail-acts").is_visible()
    page.locator("[data-page]").check()
    assert page.locator(".mail-rows :checked").count() == 5
    page.locator(".mail-rows .form-check-input").first.uncheck()
    assert not page.locator(".mail-every").is_visible()
    page.locator("[data-page]").check()
    page.locator(".mail-every input").check()
    with page.expect_navigation():
        page.locator(".mail-acts [value=star]").click()
    assert "7 messages have a star now." in page.inner_text(".snack")
    page.goto(f"{page.url.rpartition('/')[0]}/labels")
    page.fill("[name=name]", "À trier")
    with page.expect_navigation():
        page.locator("form", has=page.locator("[name=name]")).locator("button").click()
    page.locator(".mail-side").get_by_text("Inbox").click()
    page.locator(".mail-rows .form-check-input").nth(1).check()
    page.locator("#to-list").select_option(label="À trier")
    with page.expect_navigation():
        page.locator(".mail-acts [value=move]").click()
    assert page.locator(".mail-rows > li").nth(1).locator(".tag").inner_text() == "À trier"
    with page.expect_navigation():
        page.locator(".mail-side").get_by_text("À trier").click()
    assert len(subjects(page)) == 1
