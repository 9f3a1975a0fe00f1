"""Viruses and junk: what clamd and rspamd say, and what happens while they are away."""

import http.server
import json
import socketserver
import struct
import threading

import pytest

from communicate_email.interfaces import IMailStore
from communicate_email.receiving import duties
from communicate_email.receiving.checking import VIRUS
from communicate_email.store import rows

from .receiving_site import MESSAGE, Site

EICAR = b"Subject: test\r\n\r\nEICAR-STANDARD-ANTIVIRUS-TEST-FILE\r\n"


class Served:
    """A server in a thread, on a free port of this machine."""

    def __init__(self, kind, handler):
        self.server = kind(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.server.told = self
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Clamd(socketserver.StreamRequestHandler):
    """Speaks as clamd does (clamd(8))."""

    def handle(self):
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0")
            return
        assert command == b"zINSTREAM\0"
        data = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            data += self.rfile.read(size)
        if self.server.told.broken:
            return
        found = b"Eicar-Test FOUND" if b"EICAR" in data else b"OK"
        self.wfile.write(b"stream: " + found + b"\0")


class Rspamd(http.server.BaseHTTPRequestHandler):
    """Speaks as rspamd does over HTTP."""

    def do_GET(self):
        self._answer({})

    def do_POST(self):
        told = self.server.told
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        told.asked.append((self.path, dict(self.headers), raw))
        if told.broken == "hangs":
            told.release.wait(30)
        if told.broken == "odd":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>")
            return
        action = "add header" if b"GTUBE" in raw else "no action"
        self._answer({"action": action, "score": 15.0 if b"GTUBE" in raw else 0.5})

    def _answer(self, what):
        body = json.dumps(what).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        pass


@pytest.fixture
def make(tmp_path):
    """Return what makes a site with both scanners."""
    made = []

    def make(boxes=True, **settings):
        clamd = Served(socketserver.ThreadingTCPServer, Clamd)
        rspamd = Served(http.server.ThreadingHTTPServer, Rspamd)
        for each in (clamd, rspamd):
            each.broken, each.asked, each.release = "", [], threading.Event()
        given = {"clamav": clamd.address, "rspamd": rspamd.address}
        site = Site(tmp_path, boxes, **{**given, "rspamd_learn": rspamd.address, **settings})
        site.clamd, site.rspamd = clamd, rspamd
        made.append(site)
        return site

    yield make
    for site in made:
        site.close()
        site.rspamd.release.set()
        site.clamd.close()
        site.rspamd.close()


def health(site):
    return [check.run(site.house.registry) for check in duties.HEALTH]


def test_a_virus_is_refused_and_junk_comes_into_its_folder(make):
    site = make(boxes=False)
    uid = site.house.member("ines")
    assert site.send(EICAR).startswith(VIRUS)
    assert site.send(MESSAGE + b"GTUBE\r\n").startswith("250")
    assert site.send(MESSAGE).startswith("250")
    [junk], [fine] = site.inbox(uid, "junk"), site.inbox(uid)
    assert b"\r\nX-Communicate-Spam: yes, score=15.0\r\n" in junk
    assert b"\r\nX-Communicate-Spam: no, score=0.5\r\n" in fine
    path, headers, raw = site.rspamd.asked[-1]
    assert (path, raw) == ("/checkv2", MESSAGE)
    assert (headers["From"], headers["Helo"]) == ("ada@example.net", "client.example.net")
    assert (headers["Rcpt"], headers["IP"]) == ("ines@localhost", "127.0.0.1")
    assert health(site) == [None, None, None]


@pytest.mark.parametrize("how", ["away", "odd", "hangs"])
def test_who_does_not_answer_lets_messages_through_with_a_mark(make, how):
    site = make()
    if how == "away":
        checker = site.gateway.reception.checker
        checker.settings["email.clamav"] = checker.settings["email.rspamd"] = "127.0.0.1:9"
    site.clamd.broken = site.rspamd.broken = how
    assert site.send(b"X-Communicate-Unchecked: forged\r\n" + EICAR).startswith("250")
    [(letter, _to)] = site.boxes.kept
    assert [line for line in letter.headers if line.startswith(b"X-")] == [
        b"X-Communicate-Unchecked: viruses\r\n",
        b"X-Communicate-Unchecked: junk\r\n",
    ]
    assert (letter.raw, letter.junk) == (EICAR, False)
    if how == "away":
        assert [bool(each) for each in health(site)] == [False, True, True]


def test_what_is_moved_into_junk_and_out_of_it_is_learnt(make):
    site = make(boxes=False, rspamd="off", clamav="off", rspamd_password="tilleul")
    uid = site.house.member("ines")
    for body in (b"one", b"two"):
        site.send(MESSAGE + body + b"\r\n")

    def move(source, target):
        def moving(request):
            store = request.find_service(IMailStore)
            account = store.account(uid)
            uids = [row.uid for row in rows.every(account.box(source))]
            store.move(account.box(source), uids, account.box(target))

        site.house.work(moving)
        site.house.run_jobs()
        learnt = [(path, raw.splitlines()[-1]) for path, _headers, raw in site.rspamd.asked]
        assert all(headers["Password"] == "tilleul" for _p, headers, _r in site.rspamd.asked)
        site.rspamd.asked.clear()
        return sorted(learnt)

    assert move("inbox", "junk") == [("/learnspam", b"one"), ("/learnspam", b"two")]
    assert move("junk", "archive") == [("/learnham", b"one"), ("/learnham", b"two")]
    assert move("archive", "trash") == []
    assert move("trash", "junk") == [("/learnspam", b"one"), ("/learnspam", b"two")]
    assert move("junk", "trash") == []
