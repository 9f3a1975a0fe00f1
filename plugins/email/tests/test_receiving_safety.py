"""What strangers may try on the servers of mail that comes in."""

import gc
import logging
import resource
import socket
import ssl
import threading
import time

import pytest

from communicate_email.letters import Outcome
from communicate_email.receiving.body import END, Body, Fault
from communicate_email.receiving.protocol import UNKNOWN
from communicate_email.receiving.reception import TURNED
from communicate_email.receiving.session import ERRORS

from .receiving_site import MESSAGE, Site, Talk, begin

ENDS = [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\n", b"\n.\r", b"\r\n.\r", b"\r\n\0.\r\n"]
SECOND = b"MAIL FROM:<eve@example.net>\r\nRCPT TO:<ines@localhost>\r\nDATA\r\nFrom: eve\r\n\r\n"


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    site = Site(
        tmp_path_factory.mktemp("safety"),
        message_size="1 MB",
        smtp_recipients="100",
        smtp_memory="2 MB",
    )
    yield site
    site.close()


@pytest.fixture
def site(shared):
    for each in (shared.boxes.kept, shared.boxes.outcomes, shared.boxes.fails):
        each.clear()
    shared.gateway.reception._full.clear()
    return shared


# Smuggling


@pytest.mark.parametrize("end", ENDS, ids=repr)
def test_what_only_looks_like_an_end_ends_nothing(site, end):
    with site.talk() as talk:
        begin(talk)
        reply = talk.put(MESSAGE + b"first" + end + SECOND + b"second\r\n.\r\n")
        assert reply.startswith("554 5.6.0"), reply
        assert talk.say("NOOP").startswith("250")
    assert site.boxes.kept == []


@pytest.mark.parametrize("end", ENDS, ids=repr)
def test_nor_where_every_octet_comes_by_itself(end):
    whole = MESSAGE + end + SECOND + b"second" + END
    body, rest = Body(10_000), None
    for place in range(len(whole)):
        assert rest is None
        rest = body.feed(whole[place : place + 1])
    assert rest == b""
    assert body.message() == b""
    assert body.fault in (Fault.BARE, Fault.NUL)


def test_what_is_sent_ahead_is_heard_in_its_turn(site):
    with site.talk() as talk:
        begin(talk)
        first = talk.put(MESSAGE + b".\r\n" + SECOND + b"second\r\n.\r\nQUIT\r\n")
        replies = [first, *(talk.reply() for _each in range(5))]
        assert [each[:3] for each in replies] == ["250", "250", "250", "354", "250", "221"]
    assert [letter.sender for letter, _to in site.boxes.kept] == [
        "ada@example.net",
        "eve@example.net",
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 64])
def test_dots_are_taken_away_wherever_pieces_part(size):
    sent = b"Subject: x\r\n\r\n..\r\n...dots\r\n.\r\nNOOP\r\n"
    body, rest = Body(10_000), None
    for place in range(0, len(sent), size):
        piece = sent[place : place + size]
        rest = body.feed(piece) if rest is None else rest + piece
    assert rest == b"NOOP\r\n"
    assert body.message() == b"Subject: x\r\n\r\n.\r\n..dots\r\n"


def test_an_empty_message_ends_too(site):
    with site.talk() as talk:
        begin(talk)
        assert talk.put(b".\r\n").startswith("250")
    assert [letter.raw for letter, _to in site.boxes.kept] == [b""]


@pytest.mark.parametrize("line", [b"NOOP\n", b"NO\0OP\r\n", b"NOOP\rNOOP\r\n", b"\xff\xfe\r\n"])
def test_a_command_ends_with_both_and_holds_no_nul(site, line):
    with site.talk() as talk:
        assert talk.put(line).startswith("500 5.5")
        assert talk.say("NOOP").startswith("250")


# TLS


def test_nothing_that_was_sent_ahead_of_tls_is_heard(site):
    with site.talk() as talk:
        talk.say("EHLO client")
        reply = talk.put(b"STARTTLS\r\nMAIL FROM:<eve@example.net>\r\n")
        assert reply.startswith("421")
        assert talk.over()


def test_who_one_said_to_be_before_tls_does_not_count(site):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with site.talk() as talk:
        assert "STARTTLS" in talk.say("EHLO client")
        assert talk.say("MAIL FROM:<ada@example.net>").startswith("250")
        assert talk.say("STARTTLS").startswith("220")
        talk.socket = context.wrap_socket(talk.socket)
        talk.file = talk.socket.makefile("rb")
        assert talk.say("RCPT TO:<ines@localhost>").startswith("503")
        assert talk.say("MAIL FROM:<ada@example.net>").startswith("503")
        assert "STARTTLS" not in talk.say("EHLO client")
        assert talk.say("STARTTLS").startswith("503")


def test_what_is_no_tls_ends_the_connection(site):
    with site.talk() as talk:
        talk.say("EHLO client")
        talk.say("STARTTLS")
        talk.socket.sendall(b"GET / HTTP/1.0\r\n\r\n" * 10)
        talk.socket.settimeout(60)
        while talk.socket.recv(4096):
            pass
    assert site.send().startswith("250")


# How much, how often


def test_a_message_that_is_too_large_is_refused_when_it_says_so(site):
    with site.talk() as talk:
        talk.say("EHLO client")
        assert talk.say("MAIL FROM:<a@example.net> SIZE=1048577").startswith("552 5.3.4")
        assert talk.say("MAIL FROM:<a@example.net> SIZE=1000").startswith("250")


def test_and_when_it_does_not(site):
    reply = site.send(MESSAGE + b"x" * 998 * 1100 + b"\r\n")
    assert reply.startswith("552 5.3.4")
    with site.talk() as talk:
        begin(talk)
        assert talk.flood(b"x" * 65_536, 200) in ("", Fault.LARGE.value + "\r\n")
    assert site.boxes.kept == []


def test_floods_take_little_memory(site):
    sockets = []
    try:
        before = peak()
        for _each in range(20):
            talk = site.talk()
            begin(talk)
            sockets.append(talk)
        for talk in sockets:
            talk.socket.settimeout(60)
            talk.put_some = (MESSAGE + b"y" * 900_000, talk)
        threads = [threading.Thread(target=pour, args=talk.put_some) for talk in sockets]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        room = site.gateway.reception.room
        assert room.taken <= room.most
        replies = [talk.put(b"\r\n.\r\n")[:9] for talk in sockets]
        assert "452 4.3.1" in replies
        assert set(replies) <= {"452 4.3.1", "250 2.0.0"}
        gc.collect()
        assert peak() - before < 40 * 2**20
    finally:
        for talk in sockets:
            talk.__exit__()
    assert site.gateway.reception.room.taken == 0
    assert site.send().startswith("250")


def peak():
    """Return the most memory that this process ever took, in octets."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def pour(octets, talk):
    """Send *octets* as quickly as they are taken."""
    talk.socket.sendall(octets)


def test_three_thousand_recipients_are_a_hundred(site):
    with site.talk() as talk:
        talk.say("EHLO client")
        talk.say("MAIL FROM:<ada@example.net>")
        taken = []
        for number in range(3000):
            try:
                reply = talk.say(f"RCPT TO:<ines+{number}@localhost>")
            except ConnectionError:
                break
            taken.append(reply[:9])
            if not reply or reply.startswith("421"):
                break
        assert taken.count("250 2.1.5") == 100
        assert taken.count("452 4.5.3") <= ERRORS
        assert len(taken) < 130


def test_by_lmtp_each_of_a_hundred_is_answered(site):
    with site.talk(site.lmtp_port) as talk:
        talk.say("LHLO relay")
        talk.say("MAIL FROM:<>")
        for number in range(100):
            talk.say(f"RCPT TO:<ines+{number}@localhost>")
        talk.say("DATA")
        replies = [talk.put(MESSAGE + b".\r\n"), *(talk.reply() for _each in range(99))]
        assert {each[:9] for each in replies} == {"250 2.0.0"}
        assert talk.say("NOOP").startswith("250")


@pytest.mark.parametrize(
    "head",
    [
        b"X: y\r\n" * 10_000,
        b"X: " + b"y" * 900_000 + b"\r\n",
        b"X: " + b"\r\n ".join([b"y" * 60] * 9_000) + b"\r\n",
    ],
    ids=["fields", "line", "folded"],
)
def test_a_header_has_an_end(site, head):
    assert site.send(head + MESSAGE).startswith("554 5.6.0")
    assert site.boxes.kept == []


@pytest.mark.parametrize(
    "head",
    [
        b"Authentication-Results: " + b"(" * 100_000 + b"x\r\n",
        b"Authentication-Results: " + b"\\" * 100_000 + b"\r\n",
        b"Authentication-Results: " + b"()" * 100_000 + b"\r\n",
        b" " * 100_000 + b":" * 100_000 + b"\r\n",
        b"Delivered-To: " + b"a@" * 100_000 + b"\r\n",
    ],
    ids=["open", "escapes", "empty", "colons", "to"],
)
def test_odd_headers_take_no_time(site, head):
    begun = time.process_time()
    assert site.send(head + MESSAGE).startswith("250")
    assert time.process_time() - begun < 5


def test_who_makes_many_mistakes_is_sent_away(site):
    with site.talk() as talk:
        replies = []
        while len(replies) <= ERRORS + 1 and (reply := talk.say("HELP")):
            replies.append(reply[:3])
        assert replies == ["500"] * ERRORS + ["421"]
        assert talk.over()


def test_a_line_without_an_end_is_not_kept(site):
    with site.talk() as talk:
        assert talk.flood(b"A" * 65_536, 64)[:3] in ("", "421")


# Who is here


def test_who_asks_for_many_who_are_not_here_learns_of_nobody(tmp_path):
    site = Site(tmp_path, smtp_unknown="25/hour")
    try:
        replies = []
        for _connection in range(4):
            with site.talk() as talk:
                talk.say("EHLO client")
                talk.say("MAIL FROM:<eve@example.net>")
                for number in range(UNKNOWN + 1):
                    replies.append(talk.say(f"RCPT TO:<nobody{number}@localhost>")[:3])
        assert replies.count("550") + replies.count("421") == 25
        with site.talk() as talk:
            talk.say("EHLO client")
            talk.say("MAIL FROM:<eve@example.net>")
            assert talk.say("RCPT TO:<ines@localhost>").startswith("450 4.7.1")
            assert talk.say("RCPT TO:<nobody@localhost>").startswith("450 4.7.1")
            assert talk.say("VRFY ines").startswith("252")
            assert talk.say("EXPN ines").startswith("500")
        with site.talk(site.lmtp_port) as talk:
            talk.say("LHLO relay")
            talk.say("MAIL FROM:<>")
            assert talk.say("RCPT TO:<ines@localhost>").startswith("250")
    finally:
        site.close()


def test_mail_for_others_is_not_carried_on(site):
    with site.talk() as talk:
        talk.say("EHLO client")
        talk.say("MAIL FROM:<ines@localhost>")
        for address in ("ada@example.net", "ines%example.net@example.org", "@x", "a@[127.0.0.1]"):
            assert talk.say(f"RCPT TO:<{address}>")[:3] in ("550", "553")
        assert talk.say("RCPT TO:<@relay.example:ines@localhost>").startswith("250")
        assert talk.say("RCPT TO:<postmaster>").startswith("250")


def test_there_are_so_many_connections_and_no_more(tmp_path):
    site = Site(tmp_path, smtp_connections="6", smtp_per_address="3", smtp_connects="20/hour")
    try:
        held = [site.talk() for _each in range(3)]
        with site.talk() as talk:
            assert talk.greeting.startswith("421 4.7.0")
            assert talk.over()
        for talk in held:
            talk.__exit__()
        until(lambda: site.gateway.reception.crowd.count == 0)
        greetings = []
        for _each in range(20):
            with site.talk() as talk:
                greetings.append(talk.greeting[:3])
            until(lambda: site.gateway.reception.crowd.count == 0)
        assert greetings == ["220"] * 16 + ["421"] * 4
    finally:
        site.close()


def test_who_is_turned_away_in_crowds_is_told_nothing(tmp_path):
    site = Site(tmp_path, smtp_connections="1")
    try:
        held = [site.talk()]
        greetings = []
        for _each in range(TURNED + 10):  # they listen, and stay
            talk = Talk.__new__(Talk)
            talk.socket = socket.create_connection(("127.0.0.1", site.port), 60)
            talk.file = talk.socket.makefile("rb")
            held.append(talk)
            try:
                greetings.append(talk.file.readline()[:3])
            except ConnectionResetError:
                greetings.append(b"")
        assert site.gateway.reception.turned <= TURNED
        assert set(greetings) <= {b"421", b""}
        assert greetings[:10] == [b"421"] * 10
    finally:
        for talk in held:
            talk.__exit__()
        site.close()


def until(holds):
    """Wait for what *holds* tells, a minute at most."""
    last = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < last
        time.sleep(0.01)


def test_who_is_silent_is_not_waited_for(tmp_path):
    site = Site(tmp_path, smtp_patience="3", smtp_message_time="5")
    try:
        with site.talk() as talk:
            assert talk.reply().startswith("421 4.4.2")
            assert talk.over()
        with site.talk() as talk:
            begin(talk)
            talk.socket.sendall(MESSAGE)
            assert talk.reply().startswith("421 4.4.2")
        with site.talk() as talk:  # one octet after the other, never silent for long
            begin(talk)
            talk.socket.settimeout(0.3)
            reply, last = b"", time.monotonic() + 60
            while not reply and time.monotonic() < last:
                talk.socket.sendall(b"x")
                try:
                    reply = talk.socket.recv(100)
                except TimeoutError:
                    continue
            assert reply.startswith(b"421 4.4.2")
        assert site.boxes.kept == []
        until(lambda: not site.gateway.reception.sessions)
        assert site.send().startswith("250")
    finally:
        site.close()


# What fails


def test_what_fails_here_is_said_without_its_words(site, caplog):
    site.boxes.fails.append(lambda _letter: True)
    with caplog.at_level(logging.DEBUG):
        reply = site.send()
    assert reply == "451 4.3.0 Something went wrong here: try again later\r\n"
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert "ada@example.net" not in said
    assert "ines@localhost" not in said


def test_one_that_fails_takes_none_of_the_others_along(site):
    site.boxes.fails.append(lambda letter: letter.sender == "eve@example.net")
    site.boxes.gate.clear()
    replies, threads = {}, []
    for number in range(12):
        sender = "eve@example.net" if number == 5 else f"ada{number}@example.net"

        def send(sender=sender):
            replies[sender] = site.send(sender=sender)[:3]

        threads.append(threading.Thread(target=send))
        threads[-1].start()
    until(lambda: len(site.gateway.reception.at_work) == 12)
    site.boxes.gate.set()
    for thread in threads:
        thread.join()
    assert replies.pop("eve@example.net") == "451"
    assert set(replies.values()) == {"250"}


def test_a_message_for_several_is_kept_for_all_or_for_nobody(site):
    site.boxes.outcomes["paul@localhost"] = Outcome.FULL
    both = ("ines@localhost", "paul@localhost")
    assert site.send(to=both).startswith("452 4.2.2")
    with site.talk() as talk:  # as it is sent again: who was full is told first
        talk.say("EHLO client")
        talk.say("MAIL FROM:<ada@example.net>")
        assert talk.say("RCPT TO:<ines@localhost>").startswith("250")
        assert talk.say("RCPT TO:<paul@localhost>").startswith("452 4.2.2")
        talk.say("DATA")
        assert talk.put(MESSAGE + b".\r\n").startswith("250")


def test_what_has_been_here_or_goes_round_is_refused(site):
    assert site.send(b"Delivered-To: Ines@localhost\r\n" + MESSAGE).startswith("554 5.4.6")
    assert site.send(b"Delivered-To: paul@localhost\r\n" + MESSAGE).startswith("250")
    hops = b"Received: from a by b; Mon, 30 Nov 2026 08:00:00 +0000\r\n"
    assert site.send(hops * 49 + MESSAGE).startswith("250")
    assert site.send(hops * 50 + MESSAGE).startswith("554 5.4.6")


def test_what_only_we_may_say_is_taken_away(site):
    head = (
        b"Return-Path: <eve@example.net>\r\n"
        b"Authentication-Results: localhost; dmarc=pass\r\n"
        b"authentication-results: (a (b)\r\n c) LOCALHOST 1; spf=pass\r\n"
        b'Authentication-Results: "localhost"; dkim=pass\r\n'
        b"X-Communicate-Unchecked: nothing\r\n"
        b"Authentication-Results: mx.elsewhere.example; spf=fail\r\n"
    )
    assert site.send(head + MESSAGE).startswith("250")
    [(letter, _to)] = site.boxes.kept
    assert letter.raw == (b"Authentication-Results: mx.elsewhere.example; spf=fail\r\n" + MESSAGE)


def test_addresses_beyond_ascii_are_asked_for_by_name(site):
    site.boxes.people["zoé"] = 9
    with site.talk() as talk:
        assert "SMTPUTF8" in talk.say("EHLO client")
        talk.say("MAIL FROM:<ada@example.net>")
        assert talk.say("RCPT TO:<zoé@localhost>").startswith("553 5.6.7")
        talk.say("RSET")
        talk.say("MAIL FROM:<ada@example.net> SMTPUTF8 BODY=8BITMIME")
        assert talk.say("RCPT TO:<zoé@bücher.example>").startswith("250")
        assert talk.say("RCPT TO:<\udcff@localhost>").startswith("553")
        talk.say("DATA")
        assert talk.put(MESSAGE + b".\r\n").startswith("250")


def test_a_stop_finishes_what_is_on_its_way(tmp_path):
    site = Site(tmp_path)
    idle, port = site.talk(), site.port
    with site.talk() as talk:
        begin(talk)
        talk.socket.sendall(MESSAGE)
        stop = threading.Thread(target=site.gateway.stop)
        stop.start()
        assert idle.reply().startswith("421 4.3.2")
        assert talk.put(b".\r\n").startswith("250")
        stop.join()
    idle.__exit__()
    site.house.close()
    assert len(site.boxes.kept) == 1
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), 5)


def test_a_browser_that_a_page_makes_send_mail_is_sent_away(site):
    site.boxes.kept.clear()
    for port, hello in ((site.port, "EHLO"), (site.lmtp_port, "LHLO")):
        words = f"{hello} x\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<ines@localhost>\r\nDATA\r\n"
        with site.talk(port) as talk:
            reply = talk.put(f"POST / HTTP/1.1\r\n{words}Subject: x\r\n\r\nx\r\n.\r\n".encode())
            assert reply.startswith("421 5.7.0")
            assert talk.over()
    assert site.boxes.kept == []
