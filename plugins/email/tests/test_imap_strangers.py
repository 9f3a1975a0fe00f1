"""What strangers say before they sign in, whatever it is, over the real socket: nothing breaks."""

import contextlib
import logging
import threading
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communicate_email.imap.connection import STRANGER

from .besieged import Besieged, told, until
from .test_imap_parsing import HOSTILE

EXAMPLES = 60
EACH = 96 * 1024  # octets that one stranger may have us keep, of both ends in this process
CROWD = 60


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = Besieged(tmp_path_factory.mktemp("strangers"), **{"email.programs_patience": 30})
    yield made
    made.close()


TAGS = st.sampled_from([b"a", b"a1", b"*", b"+", b"", b"a b", b"\xc3\xa9", b"x" * 70])
WORDS = [
    *b"CAPABILITY NOOP LOGOUT STARTTLS AUTHENTICATE LOGIN ENABLE SELECT EXAMINE CREATE".split(),
    *b"DELETE RENAME SUBSCRIBE LIST NAMESPACE STATUS APPEND IDLE CLOSE UNSELECT EXPUNGE".split(),
    *b"SEARCH FETCH STORE COPY MOVE UID ID SORT THREAD GETQUOTA PLAIN USER PASS STLS".split(),
    *b"AUTH CAPA QUIT STAT LIST RETR TOP DELE RSET UIDL * +".split(),
    *b"() (( NIL {4}\r\nabcd {4+}\r\nabcd ~{2}\r\n\0\0 {0} {99999999999} {9000+}\r\n {x} {".split(
        b" "
    ),
    b'"x"',
    b'"',
    b'"\\"',
    b"&AAA",
    b"\0",
    b"\r",
    b"\n",
    b"\r\n",
    b"\xff\xfe",
    b"=",
    b"AGluZXMAeA==",
    b"%*%*%*%*%*b",
    b"1:*",
    b"BODY[1.2.",
]
COMMANDS = st.builds(
    lambda tag, words, blank, end: tag + blank + blank.join(words) + end,
    TAGS,
    st.lists(st.one_of(st.sampled_from(WORDS), st.binary(max_size=12)), max_size=8),
    st.sampled_from([b" ", b" ", b" ", b"  ", b"", b"\t"]),
    st.sampled_from([b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r", b""]),
)


def answered(sock):
    """Return what is said until nothing more is, after which nobody is heard."""
    found = b""
    with contextlib.suppress(ConnectionError):
        while octets := sock.recv(65_536):
            found += octets
    return found


@pytest.mark.parametrize("name", ["imap", "pop3"])
def test_whatever_comes_is_answered_or_ends_it(site, caplog, name):
    caplog.set_level(logging.WARNING)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(COMMANDS, min_size=1, max_size=6), st.integers(1, 40))
    def said(commands, step):
        with site.raw(name) as sock:
            stream = b"".join(commands)
            with contextlib.suppress(OSError):
                for at in range(0, len(stream), step):
                    sock.sendall(stream[at : at + step])
                sock.shutdown(1)
            found = answered(sock)
        lines = found.split(b"\r\n")
        assert lines[0].startswith((b"* OK ", b"+OK "))
        assert b"SERVERBUG" not in found
        assert b"SYS/TEMP" not in found
        assert all(32 <= octet < 127 or octet in b"\r\n" for octet in found)

    said()
    assert [one.getMessage() for one in caplog.records] == []
    other = site.stranger(name)
    assert told(other, "a NOOP" if name == "imap" else "CAPA")


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_what_others_died_of_is_refused(site, caplog, hostile):
    caplog.set_level(logging.WARNING)
    with site.raw("imap") as sock:
        sock.sendall(hostile + b"\r\nlast NOOP\r\nlast LOGOUT\r\n")
        sock.shutdown(1)
        found = answered(sock)
    assert b"SERVERBUG" not in found
    assert b"last OK" in found or b"* BYE" in found
    assert caplog.records == []


@pytest.mark.parametrize("name", ["imap", "pop3"])
def test_who_says_much_at_once_is_heard_so_often_and_holds_up_nobody(site, name):
    site.begin()
    flood, other = site.stranger(name), site.stranger(name)
    nothing = b"a NOOP\r\n" if name == "imap" else b"CAPA\r\n"

    def pour():
        with contextlib.suppress(OSError):
            flood.sock.sendall(nothing * 100_000)

    sending = threading.Thread(target=pour)
    sending.start()
    for _ in range(10):
        assert told(other, "b NOOP" if name == "imap" else "NOPE")
    sending.join()
    heard = answered(flood.sock)
    assert heard.count(b"a OK" if name == "imap" else b"+OK") <= STRANGER
    until(lambda: len(site.desk(name).guests) <= 1)


@pytest.mark.parametrize("name", ["imap", "pop3"])
def test_what_a_stranger_sends_takes_little_memory(site, name):
    """Each begins what is as large as may be, sends far more, and ends it never."""
    begun = b"a LOGIN {4000+}\r\n" + b"x" * 3_999 if name == "imap" else b"USER " + b"x" * 8_000
    site.begin()
    site.stranger(name).close()
    tracemalloc.start()
    try:
        before, _most = tracemalloc.get_traced_memory()
        held = [site.raw(name) for _ in range(CROWD)]
        for sock in held:
            sock.sendall(begun)
        until(lambda: len(site.desk(name).guests) == CROWD)
        for sock in held:
            assert sock.recv(4)  # the greeting
        after, _most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (after - before) / CROWD < EACH
    site.begin()


def test_a_crowd_of_strangers_keeps_no_member_out(tmp_path):
    made = Besieged(
        tmp_path,
        **{
            "email.programs_patience": 60,
            "email.programs_connections": "20",
            "email.programs_per_address": "12",
        },
    )
    try:
        held = [made.raw("imaps", peer=f"127.0.0.{2 + number // 10}") for number in range(20)]
        until(lambda: len(made.desk("imaps").guests) == 20)
        with made.wire() as wire:
            assert b" OK " in wire.ask("SELECT INBOX")[-1]
            assert len(made.desk("imaps").guests) == 20
            first = held[0]
            with contextlib.suppress(ConnectionError):
                assert first.recv(1) == b""
            for number in range(13):
                made.raw("imap", peer=f"127.0.0.{4 + number}")
            with made.wire("paul") as another:
                assert b" OK " in another.ask("NOOP")[-1]
            assert b" OK " in wire.ask("NOOP")[-1]
    finally:
        made.close()


def answered_once(sock):
    """Return the first line that comes."""
    found = b""
    while not found.endswith(b"\n") and (octets := sock.recv(1)):
        found += octets
    return found


def test_who_connects_too_often_is_not_let_in(tmp_path):
    made = Besieged(tmp_path, **{"email.programs_connects": "5/hour"})
    try:
        found = [answered_once(made.raw("imap")) for _ in range(7)]
        assert [one.startswith(b"* OK") for one in found] == [True] * 5 + [False] * 2
        assert answered_once(made.raw("imap", peer="127.0.0.2")).startswith(b"* OK")
    finally:
        made.close()
