"""Large messages go out and come in piece by piece: each octet right, never whole in memory."""

import email.policy
import os
import re
import threading
import time
import tracemalloc
from email.message import EmailMessage
from io import BytesIO
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communicate_email.imap import streaming
from communicate_email.imap.spooling import Spooled
from communicate_email.interfaces import IMailStore

from .reading_site import Library

MEGA = 1024 * 1024
FILE = os.urandom(2 * MEGA)
AT_ONCE = 8
NUMBERS = count(1)  # of folders


def wait_until(holds):
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    made = Library(folder)
    made.folder = folder
    yield made
    made.close()


@pytest.fixture(scope="module")
def raw(library):
    """Return a message of three megabytes, which is the first in the inbox."""
    made = EmailMessage(policy=email.policy.SMTP)
    made["From"], made["To"], made["Subject"] = "luce@x.example", "ines@example.org", "Film"
    made.set_content("Le film.\n")
    made.add_attachment(FILE, maintype="video", subtype="mp4", filename="film.mp4")
    octets = made.as_bytes()
    library.put(octets)
    return octets


@pytest.fixture
def wire(library, raw):
    with library.wire() as made:
        made.ask("SELECT INBOX")
        yield made


def fetched(wire, item):
    """Return what is told of the first message as *item*."""
    told, done = wire.ask(f"FETCH 1 (UID {item} FLAGS)")
    assert b" OK " in done
    found = re.match(rb"\* 1 FETCH \(UID 1 [^ ]+(?: \(.*?\)\])? ~?\{(\d+)\}\r\n", told)
    assert told[found.end() + int(found[1]) :].startswith(b" FLAGS (")
    return told[found.end() :][: int(found[1])]


class TestFetch:
    @pytest.mark.parametrize("item", ["BODY.PEEK[]", "RFC822", "BODY[]"])
    def test_the_whole_is_told(self, wire, raw, item):
        assert fetched(wire, item) == raw

    def test_parts_are_told(self, wire, raw):
        head, _blank, text = raw.partition(b"\r\n\r\n")
        assert fetched(wire, "BODY.PEEK[TEXT]") == text
        assert fetched(wire, "BODY.PEEK[HEADER]") == head + b"\r\n\r\n"
        encoded = fetched(wire, "BODY.PEEK[2]")
        assert encoded in raw
        assert len(encoded) > 2 * MEGA

    @pytest.mark.parametrize("start", [0, 5, MEGA, 2 * MEGA + 7])
    @pytest.mark.parametrize("most", [1, 300_000, MEGA, 9 * MEGA])
    def test_a_range_is_told(self, wire, raw, start, most):
        assert fetched(wire, f"BODY.PEEK[]<{start}.{most}>") == raw[start : start + most]

    @pytest.mark.parametrize("size", [9, 2 * MEGA])
    def test_nul_of_old_mail_is_told_as_another_octet(self, library, wire, size):
        head = b"Subject: alt\r\nX: a\0b\r\n\r\n"
        (uid,) = library.put(head + b"\0" * size + b"\r\n", role="drafts")
        wire.ask("SELECT Drafts")
        for item in ("BODY.PEEK[]", "RFC822", "BODY.PEEK[HEADER]", "BODY.PEEK[HEADER.FIELDS (X)]"):
            told = wire.ask(f"UID FETCH {uid} {item}")[0]
            assert b"\0" not in told
            assert b"~{" not in told
            assert b"X: a\x80b\r\n" in told
        assert b"\0" * size in wire.ask(f"UID FETCH {uid} BINARY.PEEK[1]")[0]

    def test_a_part_is_told_without_its_encoding(self, wire):
        assert fetched(wire, "BINARY.PEEK[2]") == FILE
        assert fetched(wire, f"BINARY.PEEK[2]<7.{MEGA}>") == FILE[7 : MEGA + 7]
        assert b"BINARY.SIZE[2] %d" % len(FILE) in wire.ask("FETCH 1 BINARY.SIZE[2]")[0]

    def test_several_that_are_large_follow_each_other(self, library, wire, raw):
        library.put(raw, b"Subject: klein\r\n\r\nKurz.\r\n", raw)
        wire.ask("NOOP")
        *told, done = wire.ask("FETCH 1:* BODY.PEEK[]")
        assert b" OK " in done
        assert [raw in line for line in told] == [True, True, False, True]

    def test_where_the_message_goes_meanwhile_the_connection_ends(self, library, raw, monkeypatch):
        (uid,) = library.put(raw)
        read, pieces = streaming._piece, []

        def destroy(request):
            store = request.find_service(IMailStore)
            store.expunge(store.opened(library.uids["ines"]).box("inbox"), [uid])

        def piece(*words):
            pieces.append(words)
            if len(pieces) == 3:
                library.house.work(destroy)
            return read(*words)

        monkeypatch.setattr(streaming, "_piece", piece)
        with library.wire() as wire:
            wire.ask("SELECT INBOX")
            wire.send(b"a UID FETCH %d BODY.PEEK[]\r\n" % uid)
            found = wire.file.read()
        assert streaming.PIECE < len(found) < len(raw)
        assert raw[: streaming.PIECE] in found


def peak(act):
    """Return how many octets more are in use at most while *act* is done by eight at once."""
    threads = [threading.Thread(target=act, args=(number,)) for number in range(AT_ONCE)]
    tracemalloc.start()
    try:
        before, _most = tracemalloc.get_traced_memory()
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def test_eight_that_fetch_what_is_large_take_the_memory_of_pieces(library, raw):
    clients = [library.wire() for _ in range(AT_ONCE)]
    taken = [0] * AT_ONCE

    def fetch(number):
        wire = clients[number]
        wire.ask("SELECT INBOX")
        wire.send(b"a FETCH 1 BODY.PEEK[]\r\n")
        while not (octets := wire.sock.recv(65_536)).endswith(b"FETCH is done\r\n"):
            taken[number] += len(octets)

    most = peak(fetch)
    for wire in clients:
        wire.close()
    assert min(taken) > len(raw) - MEGA
    assert most < 0.5 * AT_ONCE * len(raw)


@pytest.fixture
def folder(wire):
    """Return the name of a new folder."""
    name = f"f{next(NUMBERS)}"
    assert b" OK " in wire.ask(f"CREATE {name}")[-1]
    return name


def kept(wire, folder):
    """Return the messages of *folder*."""
    wire.ask(f"SELECT {folder}")
    told = wire.ask("FETCH 1:* BODY.PEEK[]")[:-1]
    return [line.partition(b"}\r\n")[2].removesuffix(b")\r\n") for line in told]


def spools(library):
    """Return the files of messages that are coming."""
    return list(library.folder.rglob("spool-*"))


class TestAppend:
    def test_a_large_message_is_kept_as_it_came(self, wire, raw, folder, library):
        assert b"[APPENDUID " in wire.ask(f"APPEND {folder} {{{len(raw)}}}", raw + b"\r\n")[-1]
        assert kept(wire, folder) == [raw]
        assert fetched(wire, "BINARY.PEEK[2]") == FILE
        assert not spools(library)

    def test_line_ends_become_those_of_mail(self, wire, raw, folder):
        lines = raw.replace(b"\r\n", b"\n")
        assert b" OK " in wire.ask(f"APPEND {folder} {{{len(lines)}}}", lines + b"\r\n")[-1]
        assert kept(wire, folder) == [raw]

    def test_several_of_any_size_come_with_one_command(self, wire, raw, folder):
        small = b"Subject: klein\r\n\r\nKurz.\r\n"
        cut = raw[: 2 * MEGA]
        sizes = [len(small), len(raw), len(cut)]
        command = f"APPEND {folder} {{{sizes[0]}+}}\r\n".encode() + small
        command += b" (\\Seen) {%d+}\r\n%b {%d+}\r\n%b" % (sizes[1], raw, sizes[2], cut)
        assert b" OK " in wire.ask(command)[-1]
        assert kept(wire, folder) == [small, raw, cut.removesuffix(b"\r") + b"\r\n"]

    def test_many_that_are_not_large_are_not_in_memory_together(self, wire, raw, folder, library):
        messages = [b"Subject: %d\r\n\r\n" % at + raw[: MEGA - 99] + b"\r\n" for at in range(6)]
        messages.append(b"Subject: klein\r\n\r\nKurz.\r\n")
        wire.send(f"a APPEND {folder}".encode())
        for one in messages:
            wire.send(b" {%d+}\r\n%b" % (len(one), one))
        wait_until(lambda: len(spools(library)) == 2)  # of the first six four are held
        wire.send(b"\r\n")
        assert b"a OK [APPENDUID" in wire.line()
        assert kept(wire, folder) == messages
        assert not spools(library)

    def test_nul_is_refused(self, wire, raw, folder, library):
        bad = raw[:MEGA] + b"\0" + raw[MEGA:]
        answer = wire.ask(f"APPEND {folder} ~{{{len(bad)}}}", bad + b"\r\n")[-1]
        assert b" NO [UNKNOWN-CTE]" in answer  # RFC 3516, 4.4
        assert b" NO [TRYCREATE]" in wire.ask(f"APPEND no {{{len(raw)}}}", raw + b"\r\n")[-1]
        assert kept(wire, folder) == []
        assert not spools(library)

    def test_what_breaks_off_leaves_nothing(self, library, raw, folder):
        with library.wire() as other:
            other.send(b"a APPEND %b {%d+}\r\n" % (folder.encode(), len(raw)) + raw[:MEGA])
            wait_until(lambda: spools(library))
        wait_until(lambda: not spools(library))


@given(st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b"a", b"bc\r\n"]), max_size=12))
def test_line_ends_are_seen_wherever_pieces_are_cut(pieces):
    found = Spooled(BytesIO(), None)
    for piece in pieces:
        found._write(piece)
    whole = b"".join(pieces)
    plain = whole.replace(b"\r\n", b"")
    right = b"\r" not in plain and b"\n" not in plain and whole.endswith(b"\r\n")
    assert found.is_plain == right


def test_eight_that_bring_what_is_large_take_the_memory_of_few(library, raw):
    clients = [library.wire() for _ in range(AT_ONCE)]
    whole = b"a APPEND INBOX {%d+}\r\n%b\r\n" % (len(raw), raw)
    answers = []

    def bring(number):
        clients[number].send(whole)
        answers.append(clients[number].line())

    most = peak(bring)
    for wire in clients:
        wire.close()
    assert all(b" OK [APPENDUID" in answer for answer in answers)
    assert len(answers) == AT_ONCE
    assert most < 0.75 * AT_ONCE * len(raw)
    assert not spools(library)
