"""Whoever operates the site finds no number and no text: on no page, in no log, in no figure."""

import logging

import pytest

from communicate_sms import gateway, states
from communicate_sms.queue import Queue
from communicate_sms.transports.passing import Incoming, Receipt, Refused, TryLater, Uncertain

NUMBER, TEXT = "+33612345678", "Le tilleul penche"
PAGES = (
    "/operate",
    "/operate/sms",
    "/operate/sms/test",
    "/operate/sms/more",
    "/operate/health",
    "/operate/jobs",
    "/operate/plugins/sms",
    "/operate/members",
    "/operate/storages",
    "/operate/statistics",
    "/notices",
    "/metrics",
)


def hidden(shown: str) -> bool:
    """Tell whether neither the number nor the text is in what is *shown*."""
    plain = "".join(shown.split()).lower()
    return not any(word in plain for word in ("612345678", "letilleul", "penche"))


@pytest.fixture
def troubled(house, runner, ways, write, caplog):
    """Have messages fail in every way there is, each with an error that quotes them.

    Return all that was logged meanwhile.
    """
    caplog.set_level(logging.DEBUG)
    caplog.clear()
    for kind in (Refused, TryLater, Uncertain, ZeroDivisionError):

        def fail(message, kind=kind):
            raise kind(f"{message.number} {message.text}")

        ways["un"].answer = ways["deux"].answer = fail
        write(NUMBER, TEXT)
        runner.drain()

    def bring(request):
        queue = Queue(request)
        for message in list(queue.uncertain())[:1]:
            queue.receive(message, Receipt(states.FAILED, detail=f"text:{TEXT} to {NUMBER}"))

    house.work(bring)
    return "\n".join(record.getMessage() for record in caplog.get_records("setup"))


def test_no_page_shows_them(site, troubled):
    site.member("oscar", "operators")
    oscar = site.browser("oscar")
    assert any("message" in form.fields for form in oscar.get("/operate/sms").forms.values())
    for path in PAGES:
        assert hidden(oscar.get(path, status="*").text), path


def test_no_log_holds_them(troubled):
    assert "could not be handed over" in troubled
    assert hidden(troubled)


@pytest.mark.parametrize(
    "what", [Incoming(NUMBER, "38000", TEXT, "r1"), Receipt(states.SENT, NUMBER, TEXT)]
)
def test_what_comes_and_belongs_to_nobody_is_not_logged(house, caplog, what):
    caplog.set_level(logging.DEBUG)
    said = ""
    try:
        gateway.tell(house.registry, "un", what)
    except gateway.Unknown as error:
        said = str(error)
    assert hidden(said + caplog.text)
