"""Machines that answer as no machine should: nothing is sent twice for it, and nothing stays."""

import socket
import threading
from contextlib import suppress
from datetime import timedelta

import pytest

from communicate.interfaces import IDisclosures, IErasure, IMembers
from communicate_email.sending.queue import HOUR, Queue

from .conftest import DOMAIN
from .outside import LUCE, Outside, raw

OTHER = "marc@elsewhere.example"


class Rude:
    """A machine that says *answers* by the first word of a command, octet by octet."""

    def __init__(self):
        self.answers, self.taken = {}, []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                channel, _peer = self._server.accept()
            except OSError:
                return
            with suppress(OSError), channel, channel.makefile("rb") as lines:
                self._talk(channel, lines)

    def _talk(self, channel, lines):
        channel.sendall(b"220 rude\r\n")
        for line in lines:
            word = line[:4].upper().strip()
            if word == b"EHLO":
                channel.sendall(
                    self.answers.get(b"EHLO", b"250-x\r\n250-SMTPUTF8\r\n250 8BITMIME\r\n")
                )
            elif word == b"DATA":
                channel.sendall(b"354 go\r\n")
                read = b""
                while not read.endswith(b"\r\n.\r\n"):
                    read += lines.readline()
                self.taken.append(read[:-3])
                found = self.answers.get(b"end", b"250 ok\r\n")
                channel.sendall(found() if callable(found) else found)
            elif word == b"QUIT":
                channel.sendall(b"221 bye\r\n")
                return
            else:
                found = self.answers.get(line.strip(), self.answers.get(word, b"250 ok\r\n"))
                channel.sendall(found() if callable(found) else found)

    def close(self):
        self._server.close()


@pytest.fixture(scope="module")
def machine():
    """Return the machine that carries mail on."""
    made = Rude()
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory, machine):
    """Return a post office whose mail goes there."""
    made = Outside(
        tmp_path_factory.mktemp("email"),
        **{
            "email.out": "relay",
            "email.relay_host": "127.0.0.1",
            "email.relay_port": machine.port,
            "email.relay_security": "none",
        },
    )
    yield made
    made.close()


@pytest.fixture
def remote(machine):
    """Return the machine as it is by itself."""
    machine.answers.clear()
    machine.taken.clear()
    return machine


@pytest.fixture
def outside(shared):
    """Return the post office with nothing on its way."""
    return shared.begin()


@pytest.mark.parametrize("words", [b"5\xe9\xff \xf0", b"no \x00\x01\x1b[31m", b"x" * 400])
def test_whatever_a_refusal_says_who_took_the_letter_has_it_once(outside, remote, words):
    remote.answers[f"RCPT TO:<{LUCE}>".encode()] = b"550 5.1.1 " + words + b"\r\n"
    outside.send(raw(1), LUCE, OTHER)
    outside.send_due()
    outside.later(hours=1)
    assert len(remote.taken) == 1
    assert outside.waiting() == []
    assert len(outside.inbox()) == 1


@pytest.mark.parametrize(
    "subject",
    [b"=?utf-8?b?a?=", b"\xe9t\xe9", b"=?nonsense?q?=FF?=", b"=?utf-8?q?=ED=A0=80?=", b""],
)
def test_whatever_a_subject_holds_its_author_is_told_once(outside, remote, subject):
    remote.answers[b"end"] = b"554 5.6.0 no\r\n"
    outside.send(raw(2, subject="SUBJECT").replace(b"SUBJECT", subject), LUCE)
    outside.send_due()
    outside.later(hours=1)
    assert len(remote.taken) == 1
    assert outside.waiting() == []
    assert len(outside.inbox()) == 1


def failing(monkeypatch, times):
    """Have what is said of a failure fail so many *times*."""
    left = [times]

    def tell(*_arguments):
        if left[0]:
            left[0] -= 1
            raise RuntimeError("no notice")

    monkeypatch.setattr("communicate_email.sending.notices.tell", tell)


def test_who_has_a_letter_is_forgotten_though_the_rest_cannot_be_written_down(
    outside, remote, monkeypatch
):
    remote.answers[f"RCPT TO:<{LUCE}>".encode()] = b"550 5.1.1 no\r\n"
    failing(monkeypatch, 1)
    outside.send(raw(3), LUCE, OTHER)
    outside.send_due()
    ((tries, error, count),) = outside.waiting()
    assert (tries, count) == (1, 1)
    assert "RuntimeError" in error
    outside.later(minutes=2)
    assert outside.waiting() == []
    assert len(remote.taken) == 1


def test_what_is_our_own_fault_comes_to_its_end_with_a_word(outside, remote, monkeypatch):
    def broken(*_arguments):
        raise RuntimeError("our fault")

    monkeypatch.setattr("communicate_email.sending.signing.Keys.sign", broken)
    outside.send(raw(4))
    outside.send_due()
    assert [part[0] for part in outside.waiting()] == [1]
    outside.later(hours=5)
    outside.later(days=6)
    assert outside.waiting() == []
    assert len(outside.inbox()) == 2  # that it is late, that it did not arrive
    assert remote.taken == []


def test_a_machine_that_answers_now_and_then_holds_nobody_for_long(outside, remote):
    """Each answer comes in time, all of them together do not."""
    over = threading.Event()
    remote.answers[b"RCPT"] = lambda: (over.wait(2), b"250 ok\r\n")[1]
    many = [f"luce{n}@elsewhere.example" for n in range(20)]
    outside.send(raw(5), *many)
    outside.send_due(whole=1)
    over.set()
    ((tries, error, count),) = outside.waiting()
    assert (tries, count) == (1, 20)
    assert "broke off: TimeoutError" in error
    assert remote.taken == []


def test_who_writes_to_machines_that_do_not_answer_holds_up_nobody_else(outside, remote):
    def on_their_way(most, way):
        def take(request):
            return Queue(request).take("me", most, 2, 3, way, timedelta(minutes=1))

        return outside.do(take)

    for number in range(6):
        outside.send(raw(number), f"luce@slow{number}.example")
    outside.send(raw(7, sender=f"paul@{DOMAIN}"), by="paul")
    first = on_their_way(6, ())
    assert [part.author for part in first] == [*3 * [outside.uids["ines"]], outside.uids["paul"]]
    assert on_their_way(6, first) == []
    assert len(on_their_way(6, first[:1] + first[3:])) == 2


def test_very_many_that_have_to_wait_hide_nobody(outside, monkeypatch):
    monkeypatch.setattr("communicate_email.sending.queue.LOOKED_AT", 4)
    for number in range(6):
        outside.send(raw(number), f"luce{number}@busy.example")
    outside.send(raw(7))

    def take(request):
        return [part.domain for part in Queue(request).take("me", 9, 1, 9, (), HOUR)]

    assert outside.do(take) == ["busy.example"]
    assert outside.do(take) == ["busy.example", "elsewhere.example"]


def test_why_a_letter_waits_is_sealed(outside, remote):
    remote.answers[b"end"] = b"451 4.3.0 later\r\n"
    outside.send(raw(8))
    outside.send_due()
    assert "the message was answered" in outside.waiting()[0][1]
    assert outside.do(lambda r: "answered" not in repr(Queue(r).all()[0].__getstate__()))


@pytest.mark.parametrize("answer", [b"250 ok\r\n", b"451 4.3.0 later\r\n", b"554 5.6.0 no\r\n"])
def test_who_is_erased_while_a_letter_is_on_its_way_leaves_nothing(outside, remote, answer):
    login = f"rose{answer[0]}"
    uid = outside.uids[login] = outside.office.house.member(login)
    begun, erased = threading.Event(), threading.Event()

    def end():
        begun.set()
        erased.wait(120)
        return answer

    remote.answers[b"end"] = end
    outside.send(raw(9, sender=f"{login}@{DOMAIN}"), by=login)
    outside.send(raw(10, sender=f"{login}@{DOMAIN}"), "luce@there.example", by=login, after=600)
    sending = threading.Thread(target=outside.send_due)
    sending.start()
    assert begun.wait(120)
    outside.do(lambda r: r.find_service(IErasure).start(uid))
    outside.office.run_all()
    assert outside.do(lambda r: r.find_service(IMembers).by_uid(uid, closed=True)) is None
    erased.set()
    sending.join(120)
    assert not sending.is_alive()
    assert outside.waiting() == []
    assert outside.do(lambda r: len(Queue(r).tree)) == 0
    assert outside.do(lambda r: list(r.find_service(IDisclosures).of(uid))) == []
    outside.later(hours=1)
    assert len(remote.taken) == 1
