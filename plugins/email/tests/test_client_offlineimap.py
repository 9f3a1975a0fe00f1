"""OfflineIMAP keeps a copy of all mail on a disk, and both alike."""

import pytest

from communicate.testing.programs import needed

from .client_site import ways
from .maildir import Maildir
from .reading_site import letter

CONF = """
[general]
accounts = here
metadata = {home}/state
ui = quiet

[Account here]
localrepository = near
remoterepository = far

[Repository near]
type = Maildir
localfolders = {home}/mail
sep = /
utf8foldernames = yes

[Repository far]
type = IMAP
remotehost = localhost
remoteport = {port}
remoteuser = {login}
remotepass = {secret}
ssl = {ssl}
starttls = {starttls}
sslcacertfile = {certificate}
maxconnections = 2
"""


@pytest.fixture
def sync(served, place, way):
    """Return what brings the copy and the mailbox up to date."""
    program = needed("offlineimap")
    encrypted = way == "imaps"
    conf = place.write(
        "offlineimaprc",
        CONF,
        port=served.port(way),
        ssl="yes" if encrypted else "no",
        starttls="no" if encrypted else "yes",
    )
    return lambda: place.run(program, "-o", "-c", conf)


@ways("imap")
def test_mail_goes_both_ways_with_flags_folders_and_what_is_deleted(place, sync):
    place.put(*(letter(f"Lettre {number}") for number in range(10)))
    with place.wire() as wire:
        wire.ask("CREATE &AMk-t&AOk-")
    sync()
    near = Maildir(place.home / "mail" / "INBOX")
    assert len(near.files()) == 10
    near.remove("Lettre 1")
    near.mark("Lettre 2", "FS")
    near.mark("Lettre 3", "RS")
    near.put(letter("Du bureau"))
    folder = next(path for path in (place.home / "mail").iterdir() if path.name.endswith("t&AOk-"))
    Maildir(folder).put(near.remove("Lettre 4"))
    Maildir(place.home / "mail" / "Chantiers").make().put(letter("Plan"))
    webmail = place.webmail()
    webmail.press("Lettre 5", "star")
    webmail.act("Lettre 6", "archive")
    sync()
    subjects = {*(f"Lettre {at}" for at in (0, 2, 3, 5, 7, 8, 9)), "Du bureau"}
    assert set(webmail.subjects()) == subjects == near.files().keys()
    assert webmail.marks("Lettre 2") == {"starred"}
    assert place.found("INBOX", "ANSWERED SEEN") == 1
    assert webmail.subjects("Été") == ["Lettre 4"]
    assert webmail.subjects("Chantiers") == ["Plan"]
    assert near.flags()["Lettre 5"] == {"F"}
    assert Maildir(place.home / "mail" / "Archive").files().keys() == {"Lettre 6"}


@pytest.mark.parametrize("way", ["imap", "imaps"])
def test_no_tickets_come_while_the_program_writes(served, way):
    with served.wire(None, name=way) as wire:
        if way == "imap":
            wire.ask("STARTTLS")
            wire.encrypt()
        assert wire.sock.version() == "TLSv1.3"
        wire.ask("NOOP")
        assert not wire.sock.session.has_ticket
