"""Programs that fetch the inbox by POP3, and delete what they have fetched."""

import poplib
import threading
import time

import pytest

from communicate_email.imap.wire.framing import Sizes
from communicate_email.pop3 import gateway as gateways
from communicate_email.pop3 import maildrop
from communicate_email.pop3.maildrop import stuffed

from .reading_site import Library, Wire, letter, trusting


class Drop(Library):
    """A site whose inboxes are fetched."""

    def __init__(self, folder):
        super().__init__(folder, **{"email.pop3": "127.0.0.1:0", "email.pop3s": "127.0.0.1:0"})
        self.drops = gateways.start(self.house.registry)
        self.clients = []

    def fetcher(self, login="ines"):
        """Return the standard library's client, signed in."""
        port = self.drops.port("pop3s")
        client = poplib.POP3_SSL("127.0.0.1", port, context=trusting(), timeout=60)
        self.clients.append(client)
        client.user(login)
        client.pass_(self.secrets[login])
        return client

    def count(self):
        """Return how many messages a program finds, once none is at it any more."""
        last = time.monotonic() + 60
        while self.drops.desk.drops and time.monotonic() < last:
            time.sleep(0.01)
        client = self.fetcher()
        found = client.stat()[0]
        client.quit()
        return found

    def close(self):
        self.drops.stop()
        super().close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    made = Drop(tmp_path_factory.mktemp("drop"))
    yield made
    made.close()


@pytest.fixture
def drop(shared):
    with shared.wire() as wire:
        wire.ask("SELECT INBOX")
        wire.ask("STORE 1:* +FLAGS.SILENT (\\Deleted)")
        wire.ask("EXPUNGE")
    yield shared
    for client in shared.clients:
        client.close()
    shared.clients.clear()


def lines(wire, *said):
    """Say lines, one after the other; return the first line of each answer.

    Where the server hangs up, nothing is the last one.
    """
    found = []
    for one in said:
        try:
            wire.send(one.encode() + b"\r\n")
            found.append(wire.file.readline())
        except OSError:
            found.append(b"")
        if not found[-1]:
            break
    return found


def test_messages_are_fetched_octet_by_octet_and_deleted_at_the_end(drop):
    letters = [letter("Un", "Un point :\r\n.\r\n..deux\r\nfin"), letter("Deux")]
    drop.put(*letters)
    client = drop.fetcher()
    assert client.stat() == (2, sum(map(len, letters)))
    _answer, found, _octets = client.retr(1)
    assert b"\r\n".join(found) + b"\r\n" == letters[0]
    assert client.top(1, 1)[1][-1] == b"Un point :"
    client.dele(1)
    with pytest.raises(poplib.error_proto):
        client.retr(1)
    names = [one.split()[1] for one in client.uidl()[1]]
    client.quit()
    assert drop.count() == 1
    again = drop.fetcher()
    assert [one.split()[1] for one in again.uidl()[1]] == names
    again.quit()


def test_who_hangs_up_without_taking_leave_deletes_nothing(drop):
    drop.put(letter("Un"))
    client = drop.fetcher()
    client.dele(1)
    client.close()
    assert drop.count() == 1


def test_an_inbox_is_fetched_by_one_at_a_time(drop):
    first = drop.fetcher()
    with pytest.raises(poplib.error_proto, match="IN-USE"):
        drop.fetcher()
    drop.fetcher("paul").quit()
    first.quit()
    for _time in range(10):
        drop.fetcher().quit()  # who has taken leave is in nobody's way


def test_a_large_message_is_made_ready_apart(drop, monkeypatch):
    where = []
    monkeypatch.setattr(
        maildrop,
        "stuffed",
        lambda *args: where.append(threading.current_thread()) or stuffed(*args),
    )
    drop.put(letter("Un"))
    client = drop.fetcher()
    client.retr(1)
    client.top(1, 999_999_999)
    assert len(where) == 2
    assert not {drop.drops._thread} & {*where}


def test_what_was_deleted_elsewhere_is_said_to_be_gone(drop):
    drop.put(letter("Un"), letter("Deux"))
    client = drop.fetcher()
    with drop.wire() as wire:
        wire.ask("SELECT INBOX")
        wire.ask("STORE 1 +FLAGS.SILENT (\\Deleted)")
        wire.ask("EXPUNGE")
    with pytest.raises(poplib.error_proto, match="meanwhile"):
        client.retr(1)
    client.dele(1)
    client.dele(2)
    client.quit()
    assert drop.count() == 0


def test_nobody_signs_in_without_tls_and_capabilities_tell_the_truth(drop):
    client = poplib.POP3("127.0.0.1", drop.drops.port("pop3"), timeout=60)
    drop.clients.append(client)
    assert "STLS" in client.capa()
    assert "USER" not in client.capa()
    with pytest.raises(poplib.error_proto, match="STLS"):
        client.user("ines")
    client.stls(trusting())
    assert "STLS" not in client.capa()
    assert client.capa()["SASL"] == ["PLAIN"]
    client.user("ines")
    client.pass_(drop.secrets["ines"])
    client.quit()


def test_what_follows_stls_in_clear_text_ends_it(drop):
    with Wire(drop.drops.port("pop3"), tls=False) as wire:
        wire.send(b"STLS\r\nCAPA\r\n")
        assert wire.file.readline().startswith(b"-ERR")
        assert wire.file.readline() == b""


def test_wrong_words_are_refused_and_too_many_end_it(drop):
    with Wire(drop.drops.port("pop3s")) as wire:
        assert all(
            one.startswith(b"-ERR") for one in lines(wire, "STAT", "RETR 1", "\0", "USER"[:2])
        )
        (wrong,) = lines(wire, "PASS x")
        assert b"USER first" in wrong
        found = lines(wire, *["NOPE"] * 30)
        assert found[-1] == b""
    with Wire(drop.drops.port("pop3s")) as wire:
        found = lines(wire, *["USER ines", "PASS no"] * 3)
        assert found[1] != found[5]
        assert wire.file.readline() == b""
    with Wire(drop.drops.port("pop3s")) as wire:
        wire.send(b"x" * (Sizes().text + 2))
        assert wire.file.readline().startswith(b"-ERR a line is too long")


def test_dots_at_the_beginning_of_lines_are_doubled():
    assert stuffed(b".a\r\n\r\n.\r\nb\r\n") == b"..a\r\n\r\n..\r\nb\r\n.\r\n"
    assert stuffed(b"a: b\r\n\r\none\r\ntwo\r\n", 1) == b"a: b\r\n\r\none\r\n.\r\n"
    assert stuffed(b"a: b\r\n", 0) == b"a: b\r\n.\r\n"
    assert stuffed(b"\r\none\r\n\r\ntwo\r\n", 1) == b"\r\none\r\n.\r\n"  # a header of nothing


def test_a_mailbox_that_cannot_be_opened_is_let_go_of(drop, monkeypatch):
    def broken(_uid, _request):
        raise RuntimeError

    with Wire(drop.drops.port("pop3s")) as wire:
        monkeypatch.setattr(maildrop, "opened", broken)
        (_name, answer) = lines(wire, "USER ines", f"PASS {drop.secrets['ines']}")
        assert answer.startswith(b"-ERR [SYS/TEMP]")
        monkeypatch.undo()
        drop.fetcher().quit()
