"""Debian's clamd and rspamd look at what comes in, and learn from what is moved."""

import json
import socket
from http.client import HTTPConnection

import pytest

from communicate_email.interfaces import IMailStore
from communicate_email.receiving import checking, duties, rspamd
from communicate_email.receiving.checking import VIRUS
from communicate_email.store import rows

from . import scanners
from .receiving_site import MESSAGE, Site

pytestmark = pytest.mark.slow
WORDS = (
    b"Gagnez une montre sans attendre, la montre en or est pour vous seulement ce soir, "
    b"cliquez vite sur la montre et la fortune viendra chez vous demain matin.\r\n"
)


@pytest.fixture(scope="module", autouse=True)
def patience():
    """Wait for them for as long as a busy machine takes."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rspamd, "PATIENCE", 100.0)
        patched.setattr(checking, "SCANNING", 100.0)
        patched.setattr(checking, "PATIENCE", 200.0)
        yield


@pytest.fixture(scope="module")
def spam():
    made, worker, controller = scanners.spam()
    yield worker, controller
    made.stop()


@pytest.fixture(scope="module")
def site(tmp_path_factory, spam):
    clamd, address = scanners.clamd()
    made = Site(
        tmp_path_factory.mktemp("site"),
        boxes=False,
        clamav=address,
        rspamd=spam[0],
        rspamd_learn=spam[1],
    )
    made.uid = made.house.member("ines")
    yield made
    made.close()
    clamd.stop()


def learnt(controller):
    """Return how many messages rspamd says that it has learnt."""
    connection = HTTPConnection("localhost")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(controller)
    connection.request("GET", "/stat")
    found = json.loads(connection.getresponse().read())
    connection.close()
    return found["learned"]


def test_a_virus_is_refused_wherever_it_lies_in_a_message(site):
    attached = (
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nBonjour\r\n--b\r\n'
        b"Content-Type: application/octet-stream\r\n"
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        + scanners.EICAR.replace(b"=", b"=3D")
        + b"\r\n--b--\r\n"
    )
    for raw in (MESSAGE + scanners.EICAR + b"\r\n", b"From: ada@example.net\r\n" + attached):
        assert site.send(raw).startswith(VIRUS)
    assert site.send().startswith("250")
    assert b"X-Communicate-Unchecked" not in site.inbox(site.uid)[-1]
    assert [each.run(site.house.registry) for each in duties.HEALTH] == [None, None, None]


def test_what_rspamd_takes_for_junk_lies_there_and_other_mail_does_not(site):
    before = len(site.inbox(site.uid))
    assert site.send(MESSAGE + scanners.GTUBE + b"\r\n").startswith("250")
    assert site.send().startswith("250")
    assert b"\r\nX-Communicate-Spam: yes, score=15.0\r\n" in site.inbox(site.uid, "junk")[-1]
    assert b"\r\nX-Communicate-Spam: no, score=" in site.inbox(site.uid)[-1]
    assert len(site.inbox(site.uid)) == before + 1


def test_what_is_moved_is_learnt_once_and_known_again(site, spam):
    _worker, controller = spam
    before = learnt(controller)
    assert site.send(MESSAGE + WORDS).startswith("250")

    def move(source, target):
        def moving(request):
            store = request.find_service(IMailStore)
            account = store.account(site.uid)
            last = [row.uid for row in rows.every(account.box(source))][-1]
            store.move(account.box(source), [last], account.box(target))

        site.house.work(moving)
        while site.house.run_jobs():
            pass
        return learnt(controller) - before

    assert move("inbox", "junk") == 1
    raw = site.inbox(site.uid, "junk")[-1]
    rspamd.learn(controller, raw, junk=True)  # once more: no error
    assert learnt(controller) == before + 1
    assert move("junk", "archive") == 2
