"""Python's own client for IMAP, with every command that it has."""

import imaplib
import inspect
import re
import ssl
from datetime import UTC, datetime

import pytest

from .reading_site import letter

ABSENT = {  # what this server does not offer: RFC 4314, annotations, quotas that members set, …
    "deleteacl": ("Chantiers", "paul"),
    "getacl": ("Chantiers",),
    "getannotation": ("Chantiers", '"/comment"', '"value.priv"'),
    "login_cram_md5": ("ines", "x"),
    "myrights": ("Chantiers",),
    "partial": ("1", "RFC822", "1", "10"),
    "proxyauth": ("paul",),
    "setacl": ("Chantiers", "paul", "lr"),
    "setannotation": ("Chantiers", '"/comment"', '("value.priv" "x")'),
    "setquota": ('""', "(STORAGE 1)"),
}
COVERED = {  # by the tests of this module
    *("append", "authenticate", "capability", "check", "close", "copy", "create", "delete"),
    *("enable", "expunge", "fetch", "getquota", "getquotaroot", "list", "login", "logout"),
    *("lsub", "namespace", "noop", "recent", "rename", "response", "search", "select", "sort"),
    *("starttls", "status", "store", "subscribe", "thread", "uid", "unselect", "unsubscribe"),
    "xatom",
}
NO_COMMANDS = {"open", "print_log", "read", "readline", "send", "shutdown", "socket"}


def done(answer):
    """Return what was answered to a command that was carried out."""
    status, data = answer
    assert status == "OK", answer
    return [one for one in data if one is not None]


def whole(answer):
    """Return all that was answered as one line."""
    return b" ".join(b"".join(one) if isinstance(one, tuple) else one for one in done(answer))


@pytest.fixture(params=["imap", "imaps"])
def client(request, served, place):
    """Return a client that knows the site by its certificate and has not signed in."""
    trusting = ssl.create_default_context(cafile=str(place.certificate))
    port = served.port(request.param)
    if request.param == "imaps":
        made = imaplib.IMAP4_SSL("localhost", port, ssl_context=trusting, timeout=60)
    else:
        made = imaplib.IMAP4("localhost", port, timeout=60)
        done(made.starttls(trusting))
    yield made
    if made.state != "LOGOUT":
        made.logout()


def test_what_imaplib_knows_is_all_tried():
    public = {
        name
        for name in vars(imaplib.IMAP4)
        if not name.startswith("_") and inspect.isfunction(getattr(imaplib.IMAP4, name))
    }
    assert public - NO_COMMANDS - {"idle"} == COVERED | ABSENT.keys()


def test_folders_are_named_in_any_letters(client, place):
    done(client.login(place.login, place.secret))
    done(client.enable("UTF8=ACCEPT"))
    done(client.create("Chantiers"))
    done(client.create('"Chantiers/Été à Paris"'))
    done(client.rename('"Chantiers/Été à Paris"', '"Chantiers/L’été"'))
    done(client.subscribe('"Chantiers/L’été"'))
    assert '"Chantiers/L’été"'.encode() in whole(client.list())
    assert "L’été".encode() in whole(client.lsub('""', "Chantiers/%"))
    draft = "Subject: Été\r\n\r\nUn mot (bref).\r\n".encode()
    done(client.append('"Chantiers/L’été"', None, None, draft))
    done(client.select('"Chantiers/L’été"'))
    assert done(client.fetch("1", "(BODY.PEEK[])"))[0][1] == draft
    done(client.unselect())
    done(client.unsubscribe("Chantiers"))
    assert whole(client.lsub('""', "Chantiers")) == b""
    assert done(client.namespace()) == [b'(("" "/")) NIL NIL']
    done(client.create("Bref"))
    done(client.delete("Bref"))
    assert whole(client.list('""', "Bref")) == b""
    assert {"Chantiers", "L’été"} <= place.webmail().folders().keys()


def test_a_program_works_a_day_through(client, place):
    said = f"\0{place.login}\0{place.secret}".encode()
    done(client.authenticate("PLAIN", lambda _challenge: said))
    assert {b"MOVE", b"UIDPLUS", b"SORT", b"THREAD=REFERENCES"} <= set(
        whole(client.capability()).split()
    )
    done(client.xatom("ID", "NIL"))
    assert b"2 Communicate" in client.response("ID")[1][0]
    done(client.create("Chantiers"))
    done(client.create("Chantiers/L&IBk-&AOk-t&AOk-"))
    place.expect(rb"^\S+ STORE 1 \+FLAGS \(\\Seen\) -> \S+ NO ")  # of a folder that is read only
    put_and_read(client)
    mark(client)
    assert place.webmail().marks("Deux", "Chantiers") == {"starred"}
    find(client)
    move(client)
    webmail = place.webmail()
    assert webmail.subjects("Chantiers") == ["Été"]
    assert webmail.subjects("Archives") == ["Deux"]
    assert webmail.subjects("L’été") == ["Un"]
    left_room(client)
    assert client.logout()[0] == "BYE"


def put_and_read(client):
    """Put three messages, one in UTF-8, and read them back."""
    when = datetime(2026, 2, 2, 10, tzinfo=UTC)
    texts = [letter("Un"), letter("Deux", References="<1@x.example>"), letter("Été", "Là.")]
    for flags, raw in zip((r"(\Seen)", r"(\Seen $Forwarded)", None), texts, strict=True):
        assert b"APPENDUID" in whole(client.append("Chantiers", flags, when, raw))
    assert whole(client.status("Chantiers", "(MESSAGES UNSEEN)")).endswith(
        b"(MESSAGES 3 UNSEEN 1)"
    )
    assert done(client.select("Chantiers")) == [b"3"]
    ((_said, raw), _end) = done(client.fetch("3", "(BODY.PEEK[])"))
    assert raw == texts[2]
    told = whole(client.uid("FETCH", "1:*", "(FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)"))
    assert told.count(b" 2-Feb-2026 10:00:00 +0000") == 3
    assert b"$Forwarded" in told
    done(client.recent())
    done(client.noop())
    done(client.check())


def mark(client):
    """Set flags and take them away, in both ways."""
    assert b"\\Flagged" in whole(client.store("2", "+FLAGS", r"(\Flagged)"))
    assert whole(client.store("1", "FLAGS.SILENT", r"(\Answered)")) == b""
    assert b"FLAGS (\\Draft)" in whole(client.uid("STORE", "1", "FLAGS", r"(\Draft)"))
    done(client.store("1", "-FLAGS.SILENT", r"(\Draft)"))


def find(client):
    """Search, sort, thread."""
    assert whole(client.search(None, "FLAGGED")) == b"2"
    client.literal = "Là".encode()
    assert whole(client.uid("SEARCH", "CHARSET", "UTF-8", "BODY")) == b"3"
    assert whole(client.sort("(REVERSE SUBJECT)", "UTF-8", "ALL")) == b"1 3 2"
    assert whole(client.thread("REFERENCES", "UTF-8", "ALL")) == b"(1)(2)(3)"


def move(client):
    """Copy, move, delete, and leave the folder in both ways."""
    assert b"COPYUID" in client.copy("1", "Chantiers/L&IBk-&AOk-t&AOk-")[1][0]
    done(client.uid("MOVE", "2", "Archive"))
    client.response("EXPUNGE")
    done(client.store("1", "+FLAGS", r"(\Deleted)"))
    assert done(client.expunge()) == [b"1"]
    done(client.close())
    assert done(client.select("Chantiers", readonly=True)) == [b"1"]
    assert client.store("1", "+FLAGS", r"(\Seen)")[0] == "NO"
    done(client.unselect())
    with pytest.raises(imaplib.IMAP4.error, match="illegal in state AUTH"):
        client.fetch("1", "(FLAGS)")


def left_room(client):
    """Ask how much room there is."""
    root, quota = done(client.getquotaroot("INBOX"))
    assert re.fullmatch(rb'INBOX ""', root[0])
    assert re.fullmatch(rb'"" \(STORAGE \d+ \d+\)', quota[0])
    assert done(client.getquota('""')) == quota


def test_what_is_not_offered_is_refused_and_nothing_else_suffers(client, place):
    place.expect(rb"")
    done(client.login(place.login, place.secret))
    done(client.create("Chantiers"))
    for name, args in ABSENT.items():
        if name not in ("login_cram_md5", "partial"):  # of before and after
            with pytest.raises(imaplib.IMAP4.error, match="BAD"):
                getattr(client, name)(*args)
    done(client.select())
    with pytest.raises(imaplib.IMAP4.error, match="BAD"):
        client.partial(*ABSENT["partial"])
    done(client.noop())


@pytest.mark.parametrize("name", ["login", "login_cram_md5"])
def test_a_wrong_password_is_refused(client, place, name):
    place.expect(rb"")
    with pytest.raises(imaplib.IMAP4.error):
        getattr(client, name)(place.login, "faux")
    done(client.login(place.login, place.secret))
