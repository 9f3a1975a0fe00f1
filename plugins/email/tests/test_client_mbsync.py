"""mbsync keeps a copy of all mail on a disk, and both alike."""

import pytest

from communicate.testing.programs import needed

from .client_site import ways
from .maildir import Maildir
from .reading_site import letter

CONF = """
IMAPAccount here
Host localhost
Port {port}
User {login}
Pass "{secret}"
SSLType {tls}
CertificateFile {certificate}

IMAPStore far
Account here

MaildirStore near
SubFolders Verbatim
Path {home}/mail/
Inbox {home}/mail/INBOX

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Remove Both
Expunge Both
Sync All
SyncState *
"""
SUMMER = "&AMk-t&AOk-"  # as programs write Été


class Copy:
    """The copy of a member's mail, and what brings it up to date."""

    def __init__(self, served, place, way):
        self.place, self.program = place, needed("mbsync")
        self.root = place.home / "mail"
        self.root.mkdir()
        tls = "IMAPS" if way == "imaps" else "STARTTLS"
        self.conf = place.write("mbsyncrc", CONF, port=served.port(way), tls=tls)

    def __getitem__(self, name):
        return Maildir(self.root / name)

    def sync(self):
        """Bring both up to date; return what was said."""
        return self.place.run(self.program, "-c", self.conf, "-a")


@pytest.fixture
def copy(served, place, way):
    return Copy(served, place, way)


@ways("imap")
def test_what_happens_here_happens_there(place, copy):
    place.put(*(letter(f"Lettre {number}") for number in range(20)))
    copy.sync()
    assert len(copy["INBOX"].files()) == 20
    assert {"Drafts", "Sent", "Archive", "Junk", "Trash"} <= {
        path.name for path in copy.root.iterdir()
    }
    webmail = place.webmail()
    webmail.press("Lettre 1", "star")
    webmail.act("Lettre 2", "archive")
    webmail.act("Lettre 3", "delete")
    with place.wire() as wire:
        wire.ask(f"CREATE {SUMMER}")
        wire.ask("SELECT INBOX")
        wire.ask(f"UID MOVE 5 {SUMMER}")
        wire.ask("UID STORE 6 +FLAGS (\\Answered \\Seen)")
    copy.sync()
    inbox = copy["INBOX"].flags()
    assert len(inbox) == 17
    assert (inbox["Lettre 1"], inbox["Lettre 5"]) == ({"F"}, {"R", "S"})
    assert copy["Archive"].flags() == {"Lettre 2": {"S"}}
    assert copy["Trash"].flags() == {"Lettre 3": {"S"}}
    assert list(copy[SUMMER].files()) == ["Lettre 4"]


@ways("imaps")
def test_what_happens_there_happens_here(place, copy):
    place.put(*(letter(f"Lettre {number}") for number in range(8)))
    copy.sync()
    near = copy["INBOX"]
    near.mark("Lettre 1", "FS")
    near.mark("Lettre 2", "RS")
    near.mark("Lettre 3", "ST")
    near.put(letter("Du bureau", "L’été."))
    copy["Archive"].put(near.remove("Lettre 4"))
    copy[SUMMER].make().put(letter("Plage"), flags="FS")
    copy.sync()
    webmail = place.webmail()
    assert set(webmail.subjects()) == {*(f"Lettre {at}" for at in (0, 1, 2, 5, 6, 7)), "Du bureau"}
    assert webmail.marks("Lettre 1") == {"starred"}
    assert webmail.marks("Lettre 0") == {"unread"}
    assert place.found("INBOX", "ANSWERED SEEN SUBJECT Lettre") == 1
    assert webmail.subjects("Archives") == ["Lettre 4"]
    assert webmail.marks("Plage", "Été") == {"starred"}
    assert "L’été." in webmail.read("Du bureau").text


@ways("imap")
def test_both_change_and_nothing_is_lost_or_doubled(place, copy):
    place.put(*(letter(f"Lettre {number}") for number in range(6)))
    copy.sync()
    webmail = place.webmail()
    webmail.press("Lettre 0", "star")
    webmail.act("Lettre 1", "delete")
    place.put(letter("D’ici"))
    copy["INBOX"].mark("Lettre 0", "RS")
    copy["INBOX"].mark("Lettre 1", "FS")
    copy["INBOX"].remove("Lettre 2")
    copy["INBOX"].put(letter("De là"))
    copy.sync()
    copy.sync()
    both = {"Lettre 0", "Lettre 3", "Lettre 4", "Lettre 5", "D’ici", "De là"}
    assert copy["INBOX"].files().keys() == both == set(webmail.subjects())
    assert copy["INBOX"].flags()["Lettre 0"] == {"F", "R", "S"}
    assert webmail.subjects("Corbeille") == ["Lettre 1"]
    before = {path: path.stat().st_mtime_ns for path in copy.root.rglob("*") if path.is_file()}
    copy.sync()
    after = {path: path.stat().st_mtime_ns for path in copy.root.rglob("*") if path.is_file()}
    assert before.keys() == after.keys()


@pytest.mark.slow
@pytest.mark.parametrize("way", ["imaps"])
def test_hundreds_go_both_ways(place, copy):
    place.put(*(letter(f"Lettre {number}") for number in range(500)))
    copy["Chantiers"].make()
    for number in range(500):
        copy["Chantiers"].put(letter(f"Plan {number}"), flags="FS" if number % 2 else "S")
    copy.sync()
    near = copy["INBOX"]
    files = near.files()
    assert len(files) == place.found("Chantiers") == 500
    assert place.found("Chantiers", "FLAGGED") == 250
    with place.wire() as wire:
        wire.ask("SELECT INBOX")
        wire.ask("STORE 1:150 +FLAGS.SILENT (\\Flagged \\Seen)")
        wire.ask("MOVE 151:300 Archive")
    for number in range(300, 500):
        files[f"Lettre {number}"].unlink()
    copy.sync()
    assert len(near.files()) == place.found("INBOX") == 150
    assert all(flags == {"F", "S"} for flags in near.flags().values())
    assert len(copy["Archive"].files()) == place.found("Archive") == 150
