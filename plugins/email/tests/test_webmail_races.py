"""Pages that have grown old: pressed twice, in two tabs, after what they are about has gone."""

import pytest

from communicate_email.letters import Letter

from .conftest import make_office
from .test_webmail import MULTIPART, act, form_saying, inbox, opened, rows
from .test_webmail_writing import leave, to_write, written


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = make_office(tmp_path_factory.mktemp("races"))
    for login in ("ines", "paul"):
        made.deliver(made.letter("Bienvenue"), login)
    yield made
    made.house.close()


@pytest.fixture(scope="module")
def ines(office):
    return office.house.browser("ines")


@pytest.fixture(scope="module")
def paul(office):
    return office.house.browser("paul")


def got(office, subject, login="paul"):
    """Return how many messages of that subject have come in."""
    leave(office)
    page = inbox(office.house.browser(login))
    return sum(about == subject for _who, about in rows(page))


OURS = {"Origin": "http://localhost"}  # as browsers say


def twice(form, name):
    """Press a button twice; return what the second press is answered with."""
    form.submit(name)
    return form.submit(name)


def test_who_presses_twice_sends_once(office, ines):
    form = form_saying(to_write(ines), "Send")
    form["to"], form["subject"], form["body"] = "paul", "Une fois", "Bonjour"
    page = twice(form, "send").follow()
    assert page.status_int == 200
    assert got(office, "Une fois") == 1


def test_a_draft_pressed_twice_is_sent_once_and_that_is_said(office, ines):
    page = written(to_write(ines), to="paul", subject="Repris", body="Zut").follow()
    page = form_saying(page, "Undo").submit().follow()
    form = form_saying(page, "Send")
    form["body"] = "Mieux"
    page = twice(form, "send").follow()
    assert "Your message is sent." in page
    assert got(office, "Repris") == 1


def test_undo_pressed_twice_does_not_say_that_it_has_left(office, ines):
    page = written(to_write(ines), to="paul", subject="Défait", body="Zut").follow()
    page = twice(form_saying(page, "Undo"), None).follow()
    assert "The message is not sent." in page
    assert "too late" not in page
    assert got(office, "Défait") == 0


def test_a_draft_in_two_tabs_is_not_sent_by_both(office, ines):
    page = written(to_write(ines), to="paul", subject="Onglets", body="Zut").follow()
    page = form_saying(page, "Undo").submit().follow()
    other = ines.get(page.request.url)
    written(page, body="D’ici").follow()
    form = form_saying(other, "Send")
    form["body"] = "Écrit entre-temps dans l’autre onglet."
    late = form.submit("send", headers=OURS, status="*")
    assert "Écrit entre-temps dans l’autre onglet." in late  # nothing that was typed is lost
    assert got(office, "Onglets") == 1


@pytest.mark.parametrize("verb", ["archive", "delete"])
def test_what_is_answered_may_be_put_away_meanwhile(office, ines, verb):
    office.deliver(office.letter(f"Rangé {verb}", From="Paul <paul@tilleuls.example>"))
    page = opened(inbox(ines), f"Rangé {verb}")
    answer = page.click("Reply", index=0)
    act(page, verb)
    written(answer, to="paul", body="Ma réponse").follow()
    assert got(office, f"Re: Rangé {verb}") == 1


def test_what_is_sent_on_may_be_destroyed_meanwhile(office, ines):
    office.deliver(office.letter("À transmettre"))
    page = opened(inbox(ines), "À transmettre")
    onward = page.click("Forward", index=0)
    gone = act(
        opened(act(page, "delete").follow().click("Trash", index=0), "À transmettre"), "delete"
    )
    form_saying(gone, "Delete for good").submit()
    written(onward, to="paul", body="Vois cela").follow()
    assert got(office, "Fwd: À transmettre") == 1


def test_files_of_what_has_gone_are_not_left_out_unsaid(office, ines):
    office.deliver(Letter(MULTIPART, "luce@elsewhere.example"))
    page = opened(inbox(ines), "Le devis de la bâche")
    onward = page.click("Forward", index=0)
    act(page, "archive")
    asked = written(onward, to="paul", body="Vois cela", status=400)
    assert "its files cannot go along" in asked
    assert "Vois cela" in asked
    written(asked, status=303)
    assert got(office, "Fwd: Le devis de la bâche") == 1


def test_who_is_signed_out_while_writing_loses_nothing(office):
    browser = office.house.browser("ines")
    form = form_saying(to_write(browser), "Send")
    form["to"], form["subject"], form["body"] = "paul", "Longue lettre", "Trois pages."
    browser.reset()
    page = form.submit("send", headers=OURS, status="*")
    assert page.status_int in (400, 403)
    assert "Trois pages." in page
    assert "Longue lettre" in page


def test_undoing_a_move_twice_says_no_lie(office, ines):
    office.deliver(office.letter("Aller"))
    page = act(opened(inbox(ines), "Aller"), "archive").follow()
    form = form_saying(page, "Undo")
    form.submit()
    page = form.submit().follow()
    assert "too late" not in page
    assert "Aller" in str(rows(page.click("Inbox", index=0)))


@pytest.mark.parametrize("verb", ["archive", "delete", "seen", "star", "junk"])
def test_what_has_gone_from_a_list_meanwhile_is_said(office, ines, verb):
    office.deliver(office.letter(f"Parti {verb}"))
    page = opened(inbox(ines), f"Parti {verb}")
    act(page, "archive")
    page = act(page, verb, stay="yes").follow()
    assert "not in this folder any more" in page
