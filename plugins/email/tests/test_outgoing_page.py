"""Operators see how the queue does and settle what waits; nothing of anybody's words."""

import pytest

from communicate.sealing.content import Sealed
from communicate_email.sending import health
from communicate_email.sending.queue import Queue

from .conftest import DOMAIN
from .outside import Outside, raw


@pytest.fixture(scope="module")
def shared(tmp_path_factory, machine):
    made = Outside(
        tmp_path_factory.mktemp("email"),
        **{
            "email.out": "relay",
            "email.relay_port": machine.port,
            "email.relay_security": "none",
        },
    )
    made.operator = made.office.house.browser("oscar")
    yield made
    made.close()


@pytest.fixture
def outside(shared, remote):
    shared.begin()
    remote.script["data"] = "451 4.3.0 the secret of this machine"
    shared.send(raw(subject="Secret"), "luce@elsewhere.example", "max@other.example")
    shared.send_due()
    return shared


def press(page, name, which=0):
    """Press a button of the page."""
    forms = [form for form in page.forms.values() if name in form.fields]
    return forms[which].submit(name)


def test_what_waits_is_shown_by_domain_with_why_and_no_words(outside):
    page = outside.operator.get("/outgoing")
    for shown in ("elsewhere.example", "other.example", "451 4.3.0", "1 try", "1 address"):
        assert shown in page.text
    for hidden in ("luce", "max@", "ines", "Secret", "the secret of", "Il penche"):
        assert hidden not in page.text


def test_nobody_else_sees_it(outside):
    for login in ("ines", "moira"):
        assert outside.office.house.browser(login).get("/outgoing", status="*").status_int in (
            403,
            404,
        )


def test_it_is_tried_again_when_an_operator_says_so(outside, remote):
    remote.script.clear()
    press(outside.operator.get("/outgoing"), "retry").follow()
    outside.send_due()
    assert len(remote.letters) == 1
    press(outside.operator.get("/outgoing"), "retry")
    outside.send_due()
    assert len(remote.letters) == 2


def test_all_of_it_is_tried_again(outside, remote):
    remote.script.clear()
    press(outside.operator.get("/outgoing"), "all")
    outside.send_due()
    assert len(remote.letters) == 2


def test_what_an_operator_drops_is_told_to_its_author(outside, remote):
    page = press(outside.operator.get("/outgoing"), "drop").follow()
    assert "told" in page.text
    assert len(outside.waiting()) == 1
    (notice,) = outside.inbox()
    assert "took it out of the queue" in notice.get_body().get_content()


def test_what_is_not_there_any_more_is_said(outside):
    page = outside.operator.get("/outgoing")
    outside.begin()
    form = next(form for form in page.forms.values() if "retry" in form.fields)
    assert form.submit("retry", status=400)


def test_health_names_what_has_waited_for_hours(outside):
    assert health.queue_moves(outside.registry) is None
    outside.later(hours=7)
    assert "/outgoing" in str(health.queue_moves(outside.registry))


def test_nothing_of_a_letter_lies_in_clear(outside):
    def states(request):
        queue = Queue(request)
        letters = [each for number, each in queue.tree.letters.items() if number]
        return [{**vars(each)} for each in [*letters, *queue.all()]]

    found = outside.do(states)
    assert found
    for state in found:
        for name in ("raw", "sender", "to", "said"):
            if state.get(name) is not None:
                assert isinstance(state[name], Sealed)
                assert state[name].uid == outside.uids["ines"]
        plain = repr({key: value for key, value in state.items() if key != "letter"})
        for word in ("luce", "elsewhere", DOMAIN, "Secret", "penche"):
            assert word not in plain


def test_the_erasure_of_its_author_takes_a_letter_along(outside):
    from communicate.interfaces import IErasure

    uid = outside.office.house.member("leaving")
    outside.uids["leaving"] = uid
    outside.begin()
    outside.send(raw(sender=f"leaving@{DOMAIN}"), by="leaving")
    outside.do(lambda r: r.find_service(IErasure).start(uid))
    while outside.office.house.run_jobs():
        continue
    assert outside.waiting() == []
    assert outside.send_due() == 0


def test_why_it_waits_is_said_in_the_language_of_who_reads(outside):
    page = outside.operator.get("/outgoing", headers={"Accept-Language": "fr"})
    assert "the recipient was answered with" in page or "the message was answered with" in page
    outside.operator.set_cookie("lang", "fr")
    try:
        page = outside.operator.get("/outgoing")
    finally:
        outside.operator.set_cookie("lang", "en")
    assert "message\u00a0: la réponse a été 451" in page
