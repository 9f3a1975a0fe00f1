"""One member's programs hold up nobody else's: long searches, and clients that read nothing."""

import gc
import threading
import time

import pytest

from communicate_email import mime
from communicate_email.imap import answers, fetching, reading, searching, session, writing
from communicate_email.imap.answers import No
from communicate_email.imap.searching import Searcher

from .besieged import Besieged, ended, until
from .reading_site import letter


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    made = Besieged(tmp_path_factory.mktemp("fair"), **{"email.programs_patience": 3})
    yield made
    made.close()


@pytest.fixture
def site(shared):
    return shared.begin()


@pytest.fixture
def endless(monkeypatch):
    """Have searches go on until that is set; return the event, and what tells how many do."""
    event, going = threading.Event(), []

    def find(_searcher, _key):
        going.append(1)
        event.wait(60)
        return []

    monkeypatch.setattr(Searcher, "find", find)
    yield event, going
    event.set()


def test_searches_of_many_keep_nobody_from_anything_else(site, endless):
    event, going = endless
    at_it = [site.member(login) for login in ("ines", "paul") for _ in range(6)]
    for wire in at_it:
        wire.ask("SELECT INBOX")
        wire.send(b"s SEARCH ALL\r\n")
    until(lambda: going)
    with site.wire("paul") as other:
        assert b" OK " in other.ask("SELECT INBOX")[-1]
        assert b" OK " in other.ask("STATUS Drafts (MESSAGES)")[-1]
    assert site.fetcher("paul")
    event.set()
    for wire in at_it:
        assert wire.line() == b"* SEARCH\r\n"


def test_a_large_message_that_waits_for_searches_holds_up_nothing_else(site, endless):
    event, going = endless
    site.uids["zoe"] = site.house.member("zoe")
    site.secrets["zoe"] = site.secret("zoe")
    for login in ("ines", "paul"):
        wire = site.member(login)
        wire.ask("SELECT INBOX")
        wire.send(b"s SEARCH ALL\r\n")
    until(lambda: len(going) == 2)
    large = letter(text="x" * 2_000_000)
    wire, other = site.member("zoe"), site.member("zoe")
    wire.send(b"a APPEND INBOX {%d+}\r\n%b\r\n" % (len(large), large))
    until(lambda: list(site.house.folder.rglob("spool-*")))
    time.sleep(0.5)  # for it to wait
    begun = time.monotonic()
    assert b" OK " in other.ask("CREATE Voyages")[-1]
    assert time.monotonic() - begun < 30
    event.set()
    assert wire.line().startswith(b"a OK [APPENDUID")


def test_a_search_that_takes_too_long_is_given_up(site, monkeypatch):
    site.put(letter())
    monkeypatch.setattr(searching, "SECONDS", -1.0)
    wire = site.member()
    wire.ask("SELECT INBOX")
    assert b"NO [LIMIT]" in wire.ask("SEARCH BODY mot")[-1]


def test_one_who_reads_nothing_is_told_no_more_than_fits(site, monkeypatch):
    site.put(*[letter(text="x" * 300_000)] * 40, login="paul")
    work, told = site.gateway.desk.work, []
    monkeypatch.setattr(site.gateway.desk, "work", lambda *args: told.append(args) or work(*args))
    readers = [site.member("paul") for _ in range(8)]
    for wire in readers:
        wire.ask("SELECT INBOX")
        wire.send(b"f FETCH 1:* BODY.PEEK[]\r\n")
    with site.wire() as other:
        for _ in range(20):
            assert b" OK " in other.ask("SELECT INBOX")[-1]
    until(lambda: len(site.desk("imap").guests) == 0)  # nobody is waited for without end
    slices = len(told) - 2 * 8 - 20
    assert slices < 8 * 40, "all of it was read, though nobody takes it"
    for wire in readers:
        assert b"f OK" not in ended(wire.sock)


@pytest.mark.slow
def test_who_reads_slowly_gets_all_of_it(site):
    one = letter(text="x" * 2_000_000)
    (uid,) = site.put(one)
    wire = site.member()
    wire.ask("SELECT INBOX")
    begun = time.monotonic()
    wire.send(b"f UID FETCH %d BODY.PEEK[]\r\n" % uid)
    found = b""
    while not found.endswith(b"f OK FETCH is done\r\n"):
        found += wire.sock.recv(32_768)
        time.sleep(0.06)  # all of it takes longer than one is waited for
    assert one in found
    assert time.monotonic() - begun > 3


def test_a_message_is_told_of_so_many_times_over_and_no_more(site):
    one = letter(text="x" * 200_000)
    (uid,) = site.put(one)
    wire = site.member()
    wire.ask("SELECT INBOX")
    parts = " ".join(f"BODY.PEEK[]<{start}.2000000>" for start in range(100))
    assert b"NO [LIMIT]" in wire.ask(f"UID FETCH {uid} ({parts})")[-1]
    several = "BODY.PEEK[] BODY.PEEK[TEXT] BODY.PEEK[HEADER] BINARY.PEEK[1] BODYSTRUCTURE"
    assert one in b"".join(wire.ask(f"UID FETCH {uid} ({several})"))


def test_a_message_is_copied_so_often_and_no_more(site, monkeypatch):
    """Copies take no room, and each of many takes longer to destroy."""
    monkeypatch.setattr(writing, "PLACES", 10)
    wire = site.member()
    wire.ask("CREATE Copies")
    site.put(letter())
    wire.ask("SELECT INBOX")
    assert b" OK " in wire.ask("COPY * Copies")[-1]
    wire.ask("SELECT Copies")
    for _ in range(3):
        assert b" OK " in wire.ask("COPY 1:* Copies")[-1]
    assert b"NO [LIMIT]" in wire.ask("COPY 1:* Copies")[-1]
    assert b" OK " in wire.ask("COPY 1 Copies")[-1]
    assert b"NO [LIMIT]" in wire.ask("COPY 1 INBOX")[-1]
    assert b" OK " in wire.ask("MOVE 1 Copies")[-1]
    assert b" OK " in wire.ask("MOVE 1:* Trash")[-1]


def test_what_is_asked_of_a_message_in_many_ways_is_read_once(site, monkeypatch):
    (uid,) = site.put(letter(text="x" * 1_000_000, Content_Transfer_Encoding="base64"))
    wire = site.member()
    wire.ask("SELECT INBOX")
    read, decoded = [], []
    fields, stream = mime.Fields, mime.stream
    monkeypatch.setattr(mime, "Fields", lambda block: read.append(1) or fields(block))
    monkeypatch.setattr(mime, "stream", lambda *args: decoded.append(1) or stream(*args))
    heads = " ".join(f"BODY.PEEK[HEADER.FIELDS (X{at})]" for at in range(90))
    assert b" OK " in wire.ask(f"UID FETCH {uid} ({heads})")[-1]
    assert len(read) == 1
    parts = " ".join(f"BINARY.SIZE[1] BINARY.PEEK[1]<{at}.1>" for at in range(40))
    assert b" OK " in wire.ask(f"UID FETCH {uid} ({parts})")[-1]
    assert len(decoded) == 1 + 40  # its size, and what is told of it


def test_what_takes_its_time_is_told_in_many_transactions(site, monkeypatch):
    site.put(*[letter()] * 5)
    monkeypatch.setattr(fetching, "SECONDS", -1.0)
    wire = site.member()
    wire.ask("SELECT INBOX")
    count = int(wire.ask("STATUS INBOX (MESSAGES)")[0].split()[-1].rstrip(b")"))
    work, told = site.gateway.desk.work, []
    monkeypatch.setattr(site.gateway.desk, "work", lambda *args: told.append(args) or work(*args))
    assert len(wire.ask("FETCH 1:* ENVELOPE")) == count + 1
    assert len(told) == count


def test_what_is_refused_is_not_kept(site):
    """An exception that is raised again and again keeps every frame that it came through."""
    assert not any(isinstance(value, No) for value in vars(answers).values())
    wire = site.member()
    for _ in range(3):
        assert b"[NONEXISTENT]" in wire.ask("SELECT nulle-part")[-1]
    gc.collect()
    assert not [one for one in gc.get_objects() if isinstance(one, No)]


def test_what_is_long_is_understood_and_told_in_a_thread(site, monkeypatch):
    seen = []

    def noting(module, name):
        does = getattr(module, name)

        def noted(*args, **named):
            seen.append((name, threading.current_thread().name.rstrip("0123456789")))
            return does(*args, **named)

        monkeypatch.setattr(module, name, noted)

    site.put(letter())
    with site.member("ines") as wire:
        wire.ask("SELECT INBOX")
        noting(session, "read")
        noting(reading, "results")
        noting(writing, "written")
        wire.ask("NOOP")
        assert wire.ask(f"SEARCH {'1,' * 3_000}1")[0] == b"* SEARCH 1\r\n"
        wire.ask("COPY 1 Archive")
    in_threads = ["communicate-imap_", "communicate-imap-long_"]
    assert seen[0] == ("read", "communicate-imap")
    assert seen[1] == ("read", in_threads[0])
    assert seen[2] == ("results", in_threads[1])
    assert [one for one in seen if one[0] == "written"] == 2 * [("written", in_threads[0])]
