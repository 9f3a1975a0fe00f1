"""A browser shows attacks, cleaned and not: it asks nobody for anything."""

import pytest

from communicate_email.cleaning import clean, page, policy

from .attacks import EVIL, LINKS, LOADS, SCRIPTS

ALL = [*SCRIPTS, *LOADS, *LINKS]
HERE = "https://mail.example/"
SETTLE = 30  # ms: what a page asks for at once is asked for by then


class Frames:
    """Shows documents, and keeps what they ask for."""

    def __init__(self, browser):
        self.context = browser.new_context()
        self.window = self.context.new_page()
        self.window.route("**/*", self.answer)
        self.asked = []
        self.document, self.headers = "", {}

    def answer(self, route):
        if route.request.url == HERE:
            route.fulfill(body=self.document, content_type="text/html", headers=self.headers)
            return
        if not route.request.url.startswith("data:"):
            self.asked.append(route.request.url)
        route.abort()

    def show(self, document, rules=""):
        self.asked.clear()
        self.document = document
        self.headers = {"content-security-policy": rules} if rules else {}
        self.window.goto(HERE, wait_until="load")
        self.window.wait_for_timeout(SETTLE)
        return list(self.asked)


@pytest.fixture(scope="module")
def frames(chromium):
    found = Frames(chromium)
    yield found
    found.context.close()


def test_without_either_defence_they_would_load(frames):
    assert frames.show(f"<img src={EVIL}/p.gif>") == [f"{EVIL}/p.gif"]
    assert f"{EVIL}/ran" in frames.show(SCRIPTS[0])


def test_cleaned_they_ask_nobody_even_without_a_policy(frames):
    assert frames.show(page("".join(clean(attack).html for attack in ALL))) == []
    assert frames.window.evaluate("window.pwned") is None


@pytest.mark.slow
def test_cleaned_and_alone_they_ask_nobody_either(frames):
    for attack in ALL:
        assert frames.show(page(clean(attack).html)) == [], attack
        assert frames.window.evaluate("window.pwned") is None, attack


@pytest.mark.slow
def test_under_the_policy_they_ask_nobody_even_uncleaned(frames):
    leave = [attack for attack in ALL if "http-equiv=refresh" not in attack]
    for attack in leave:
        assert frames.show(attack, policy()) == [], attack


def test_pictures_that_were_asked_for_are_loaded_and_nothing_else(frames):
    html = f"<img src={EVIL}/p.gif><p style='background:url({EVIL}/q.gif)'>x{SCRIPTS[0]}"
    cleaned = clean(html, remote=lambda address: address).html
    assert frames.show(page(cleaned), policy(remote=[EVIL])) == [f"{EVIL}/p.gif"]


def test_nor_are_pictures_of_hosts_that_were_not_asked_for(frames):
    html = f'<img src="{EVIL}/p.gif"><img src="https://other.example/q.gif">'
    assert frames.show(page(html), policy(remote=[EVIL])) == [f"{EVIL}/p.gif"]


def test_where_a_link_goes_is_shown_before_the_keyboard_follows_it(frames):
    frames.show(page(clean(f'<a href="{EVIL}/x?y=1">ici</a>').html), policy())
    shown = "getComputedStyle(document.querySelector('a'), '::after').content"
    assert frames.window.evaluate(shown) == "none"
    frames.window.keyboard.press("Tab")
    assert f"{EVIL}/x?y=1" in frames.window.evaluate(shown)


def test_where_a_link_goes_cannot_be_hidden_by_what_stands_around_it(frames):
    style = "font-size:0;line-height:0;color:#fff;background:#8a1f11;letter-spacing:9px"
    link = f'<a href="{EVIL}" style="font-size:16px">https://bank.example</a>'
    frames.show(page(clean(f'<p style="{style}">{link}</p>').html), policy())
    goes = frames.window.locator(".goes")
    assert goes.inner_text() == "→ evil.example"
    look = goes.evaluate(
        "e => (s => [s.fontSize, s.color, s.backgroundColor])(getComputedStyle(e))"
    )
    assert look == ["14px", "rgb(138, 31, 17)", "rgb(255, 255, 255)"]
