"""An operator sends a test message and sees what became of it."""

import time

import pytest

from communicate.ids import encode
from communicate_sms import gateway
from communicate_sms.numbering import Numbering
from communicate_sms.queue import Queue, exchange_of
from communicate_sms.transports.passing import Refused, TryLater

PAGE = "/operate/sms/test"
NUMBER = "+33612345678"


@pytest.fixture(scope="module")
def oscar(site):
    """Return the browser of an operator, in English."""
    site.oscar = site.member("oscar", "operators")
    browser = site.browser("oscar")
    browser.set_cookie("lang", "en")
    return browser


@pytest.fixture
def own(monkeypatch):
    """Let every member have proven a number."""
    monkeypatch.setattr(Numbering, "of", lambda _self, _uid: "+33687654321")
    return "+33687654321"


def write(browser, number, way=""):
    """Fill in the first step; return the second one."""
    form = browser.get(PAGE).forms["number"]
    form["number"], form["way"] = number, way
    return form.submit("go", status="*")


def sent(browser, number, way=""):
    """Send a test; return the page that says what became of it."""
    return write(browser, number, way).forms["sure"].submit("send").follow()


class TestSending:
    def test_the_number_is_shown_before_it_is_used(self, house, oscar, runner, ways):
        page = write(oscar, "06 12 34 56 78")
        for shown in ("+33 6 12 34 56 78", "France", "1 part", "Text messages arrive."):
            assert shown in page.text
        runner.drain()
        assert ways["un"].taken == []
        page = page.forms["sure"].submit("send").follow()
        assert "It waits to be sent." in page.text
        runner.drain()
        (message,) = ways["un"].taken
        assert (message.number, message.text) == (
            NUMBER,
            "2 Communicate: this is a test. Text messages arrive.",
        )

    def test_it_is_the_operators_own_and_of_use_for_minutes(self, house, oscar, own):
        sent(oscar, "")

        def look(request):
            (message,) = exchange_of(request).messages.values()
            queue = Queue(request)
            assert message.id in queue.tree.fleeting
            return message.author, message.purpose, message.until - message.queued

        author, purpose, lasts = house.work(look)
        assert (author, purpose) == (house.oscar, "test")
        assert 590_000 < lasts <= 600_000

    def test_it_goes_to_the_operators_own_number_where_none_is_written(
        self, oscar, own, runner, ways
    ):
        sent(oscar, "")
        runner.drain()
        assert [message.number for message in ways["un"].taken] == [own]

    def test_it_goes_by_the_way_that_is_chosen_and_by_no_other(self, house, oscar, runner, ways):
        def out_of_order(_message):
            raise TryLater("deux has no session")

        ways["deux"].answer = out_of_order
        page = sent(oscar, NUMBER, "deux")
        runner.drain()
        assert (len(ways["un"].taken), len(ways["deux"].taken)) == (0, 1)
        page = oscar.get(page.request.path_qs)
        assert "deux has no session" in page.text

    def test_a_way_that_is_gone_meanwhile_is_none(self, house, oscar, runner, monkeypatch):
        page = sent(oscar, NUMBER, "deux")
        (un, _deux) = house.registry.settings["sms.ways"]
        monkeypatch.setitem(house.registry.settings, "sms.ways", (un,))
        runner.drain()
        assert "no way goes there" in page.click("Look again").text

    @pytest.mark.parametrize(
        ("written", "said"),
        [
            ("", "you have proven none"),
            ("bonjour", "no telephone number"),
            ("+33 1 23 45 67 89", "not the number of a mobile"),
            ("+7 912 345 67 89", "this country"),
        ],
    )
    def test_what_cannot_have_one_is_said(self, house, oscar, written, said):
        page = write(oscar, written)
        if "sure" in page.forms:  # what the site does not pay for is said once it is sent
            page = page.forms["sure"].submit("send", status="*")
        assert page.status_int == 400
        assert said in page.text
        assert house.work(lambda request: len(exchange_of(request).messages)) == 0

    def test_so_many_an_hour(self, site, oscar, monkeypatch):
        monkeypatch.setitem(site.registry.settings, "sms.tests", "1/hour")
        sent(oscar, NUMBER)
        answer = write(oscar, NUMBER).forms["sure"].submit("send", status=429)
        assert "Retry-After" in answer.headers


def test_the_gateway_of_the_site_sends_it_and_says_how_the_way_does(house, oscar):
    page = sent(oscar, NUMBER)
    file = house.registry.settings["communicate.var"] / "un.jsonl"
    served = gateway.start(house.registry)
    try:
        last = time.monotonic() + 60
        while not file.exists() or NUMBER not in file.read_text():
            assert time.monotonic() < last
            time.sleep(0.02)
    finally:
        served.stop()
    assert "The operator of telephones has taken it." in page.click("Look again").text
    (un, _deux) = oscar.get("/operate/sms").html.select("#ways ~ ul li")
    assert "last message taken" in un.get_text()
    assert "in order" in un.get_text()


class TestWhatBecameOfIt:
    def test_it_is_told(self, oscar, runner, ways):
        page = sent(oscar, NUMBER)
        runner.drain()
        page = page.click("Look again")
        assert "The operator of telephones has taken it." in page.text
        assert "by un" in page.html.get_text()
        assert "612345678" not in page.text.replace(" ", "")

    def test_why_not_is_told_without_what_it_quotes(self, oscar, runner, ways):
        def no(message):
            raise Refused(f"un refuses the message: {message.number} {message.text}")

        ways["un"].answer = no
        page = sent(oscar, NUMBER)
        runner.drain()
        page = page.click("Look again")
        assert "It was not sent." in page.text
        assert "un refuses the message: …" in page.text

    def test_of_others_messages_nothing_is_told(self, house, oscar, write):
        mine = write(NUMBER, "Bonjour", purpose="test")  # of another member
        for name in (encode(mine), "zzz", "*"):
            oscar.get(f"{PAGE}?sent={name}", status=404)

    def test_nobody_else_sends_any(self, site):
        for browser in (site.browser("ines"), site.browser()):
            assert browser.get(PAGE, expect_errors=True).status_int in (302, 303, 403)
