"""mutt and neomutt, driven as by hand: marks, copies, moves, deletes, drafts, searches."""

import pytest

from communicate.testing.programs import needed

from .reading_site import letter

PROGRAMS = [("mutt", "imaps"), ("mutt", "imap"), ("neomutt", "imaps"), ("neomutt", "imap")]
BOTH = pytest.mark.parametrize(
    ("name", "way"),
    [
        *PROGRAMS[1:3],
        *(pytest.param(*one, marks=pytest.mark.slow) for one in (PROGRAMS[0], PROGRAMS[3])),
    ],
)
CONF = """
set folder = "{way}://{login}@localhost:{port}/"
set spoolfile = "+INBOX"
set record = "+Sent"
set postponed = "+Drafts"
set imap_pass = "{secret}"
set ssl_starttls = yes
set ssl_force_tls = yes
set certificate_file = "{certificate}"
set ssl_verify_host = no
set imap_check_subscribed = yes
set imap_condstore = yes
set imap_qresync = yes
set charset = "utf-8"
set wait_key = no
set confirmappend = no
set confirmcreate = no
set delete = yes
set mark_old = no
set quit = yes
set sleep_time = 0
set editor = "/bin/true"
set abort_unmodified = no
set sendmail = "/bin/true"
set copy = yes
set include = no
set fast_reply = yes
set editor = "/bin/true"
set abort_unmodified = no
set sendmail = "/bin/true"
set copy = yes
set header_cache = "{home}/cache"
set message_cachedir = "{home}/cache"
push '{keys}'
"""


@pytest.fixture
def mutt(served, place, name, way):
    """Return what has the program press keys and leave."""
    program = needed(name)

    def press(keys):
        conf = place.write("muttrc", CONF, way=way, port=served.port(way), keys=keys)
        return place.run("/usr/bin/script", "-qec", f"{program} -n -F {conf}", "/dev/null")

    return press


@BOTH
def test_mail_is_marked_copied_moved_and_deleted(place, mutt):
    place.put(*(letter(f"Lettre {number}") for number in range(6)))
    with place.wire() as wire:
        wire.ask("CREATE &AMk-t&AOk-")
    mutt(
        '<tag-pattern>~s"Lettre [12]"<enter><tag-prefix><flag-message><untag-pattern>.<enter>'
        '<limit>~s"Lettre 3"<enter><copy-message>=Été<enter>'
        '<limit>~s"Lettre 4"<enter><save-message>=Archive<enter>'
        '<limit>~A<enter><delete-pattern>~s"Lettre 0"<enter>'
        '<limit>~s"Lettre 5"<enter><display-message><exit><limit>~A<enter><sync-mailbox><quit>'
    )
    webmail = place.webmail()
    assert set(webmail.subjects()) == {f"Lettre {at}" for at in (1, 2, 3, 5)}
    assert webmail.marks("Lettre 1") == webmail.marks("Lettre 2") == {"unread", "starred"}
    assert webmail.marks("Lettre 5") == set()
    assert webmail.subjects("Été") == ["Lettre 3"]
    assert webmail.subjects("Archives") == ["Lettre 4"]


@BOTH
def test_what_the_webmail_did_is_seen_and_found(place, mutt):
    place.put(*(letter(f"Lettre {number}", f"Mot {number}.") for number in range(4)))
    mutt("<quit>")  # all is in its cache
    webmail = place.webmail()
    webmail.press("Lettre 1", "star")
    webmail.act("Lettre 2", "delete")
    place.put(letter("Nouvelle"))
    mutt(
        "<tag-pattern>~F<enter><tag-prefix><save-message>=Archive<enter>"
        '<limit>=b "Mot 3"<enter><flag-message><limit>~A<enter><sync-mailbox><quit>'
    )
    assert set(webmail.subjects()) == {"Lettre 0", "Lettre 3", "Nouvelle"}
    assert webmail.subjects("Archives") == ["Lettre 1"]
    assert webmail.subjects("Corbeille") == ["Lettre 2"]
    assert webmail.marks("Lettre 3") == {"unread", "starred"}


@BOTH
def test_what_is_written_lies_among_the_drafts_or_what_was_sent(place, mutt):
    place.put(letter("Lettre", Message_ID="<1@elsewhere.example>"))
    mutt(
        "<mail>ana@elsewhere.example<enter>Sous le tilleul, l’été<enter><postpone-message>"
        "<mail>ana@elsewhere.example<enter>À jeudi<enter><send-message>"
        "<reply><send-message><sync-mailbox><quit>"
    )
    webmail = place.webmail()
    assert webmail.subjects("Brouillons") == ["Sous le tilleul, l’été"]
    assert set(webmail.subjects("Envoyés")) == {"À jeudi", "Re: Lettre"}
    assert place.found("INBOX", "ANSWERED") == 1


@pytest.mark.parametrize(("name", "way"), PROGRAMS[:1])
def test_a_folder_is_made_when_something_is_put_there(place, mutt):
    place.expect(rb'"Printemps/L\S+t\S+".* -> \S+ NO \[(NONEXISTENT|TRYCREATE)\]')
    place.put(letter("Lettre"))
    mutt("<copy-message>=Printemps/L’été<enter><quit>")
    assert place.webmail().subjects("L’été") == ["Lettre"]
