"""Reporting: what is disclosed is exactly what the reporter ticks, in this site's own copy."""

from communicate.ids import encode
from communicate.interfaces import IContacts
from communicate.testing.kit import form_with
from communicate_messages.interfaces import IMessages


def report(place, login, number, message, *ticked):
    """Report a message with the ones *ticked*."""
    address = f"{place.path(number, 'report')}?message={encode(message)}"
    form = form_with(place.browser(login).get(address), "reason")
    form["reason"], form["note"] = "hurtful", "Regardez."
    for each in ticked:
        form[f"show-{encode(each)}"] = "true"
    return form.submit("report", status=303)


def queue(place):
    """Return the pages of all cases that wait."""
    listed = place.browser("moira").get("/moderate")
    links = [link["href"] for link in listed.html.select(".rows .row-title")]
    return [place.browser("moira").get(link) for link in links]


def test_moderators_see_what_was_ticked_and_nothing_else(place):
    number, kind = place.start("ines", "paul", body="Bonjour Paul.")
    before = place.say(number, "paul", "Tu te trompes toujours.")
    secret = place.say(number, "ines", "Un secret qui reste ici.")
    bad = place.say(number, "paul", "Tu es une honte.")
    report(place, "ines", number, bad, before, kind)

    [page] = queue(place)
    shown = page.html.select_one("main").text
    for words in ("Tu es une honte.", "Tu te trompes toujours.", "Bonjour Paul.", "Regardez."):
        assert words in shown
    assert "Un secret qui reste ici." not in shown
    assert "See it where it stands" not in shown
    for address in (place.path(number), place.path(number, secret), place.path(number, bad)):
        assert place.status("moira", address) == 404

    form = form_with(page, "decision")
    form["decision"], form["why"] = "delete", "On ne parle pas ainsi."
    form.submit("decide", status=303)
    assert "Tu es une honte." not in place.read("ines", number)
    words = place.do(lambda r, held: r.find_service(IMessages).body(held.line(bad)))
    assert words is None


def test_nobody_reports_what_they_do_not_read_or_wrote_themselves(place):
    number, message = place.start("ines", "paul")
    query = f"?message={encode(message)}"
    assert place.status("zoe", place.path(number, "report") + query) == 404
    assert place.status("ines", place.path(number, "report") + query) == 404
    assert place.status("paul", place.path(number, "report") + query) == 200
    assert place.status("paul", place.path(number, "report")) == 404


def test_who_has_blocked_somebody_among_several_reads_none_of_their_words_there(place):
    number, first = place.start("zoe", "ines", "paul", body="À tous les deux.")
    apart = place.say(number, "paul", "Parole de Paul.")
    place.do(
        lambda r, _held: r.find_service(IContacts).block(place.uids["ines"], place.uids["paul"])
    )
    try:
        page = place.browser("ines").get(f"{place.path(number, 'report')}?message={encode(first)}")
        assert "À tous les deux." in page
        assert "Parole de Paul." not in page
        query = f"?message={encode(apart)}"
        assert place.status("ines", place.path(number, "report") + query) == 404
        assert place.status("zoe", place.path(number, "report") + query) == 200
    finally:
        place.do(
            lambda r, _held: r.find_service(IContacts).unblock(
                place.uids["ines"], place.uids["paul"]
            )
        )
        place.befriend("ines", "paul")


def test_a_hidden_message_is_hidden_from_all_and_can_be_shown_again(place):
    number, message = place.start("ines", "paul", body="À cacher.")
    place.remove(message, "set_hidden", True)
    for login in ("ines", "paul"):
        page = place.read(login, number)
        assert "À cacher." not in page
        assert "Message hidden by a moderator" in page
    place.remove(message, "set_hidden", False)
    assert "À cacher." in place.read("paul", number)
