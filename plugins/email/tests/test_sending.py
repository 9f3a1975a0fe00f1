"""A member's letter reaches the server of another site: nothing leaves but what was written."""

import pytest

from communicate.interfaces import IDisclosures, IQuota
from communicate.quota import QuotaExceeded
from communicate.quota.proof import drifts
from communicate_email.errors import Refused
from communicate_email.interfaces import ISending
from communicate_email.letters import Letter
from communicate_email.sending.queue import Queue
from communicate_email.sending.runner import send_due
from communicate_email.sending.settling import give_up

from .conftest import DOMAIN, make_office
from .remotes import Remote, server_context

RAW = (
    b"Message-ID: <un@tilleuls.example>\r\n"
    b"Date: Mon, 30 Nov 2026 08:00:00 +0000\r\n"
    b"From: =?utf-8?q?In=C3=A8s?= <ines@tilleuls.example>\r\n"
    b"To: luce@elsewhere.example\r\n"
    b"Subject: Le tilleul\r\n"
    b"\r\n"
    b"Il penche.\r\n"
    b".\r\n"
    b"..deux points\r\n"
)


@pytest.fixture(scope="module")
def relay(tmp_path_factory):
    context, authority = server_context(tmp_path_factory.mktemp("relay"))
    remote = Remote(context, tls="starttls").start()
    remote.authority = authority
    yield remote
    remote.stop()


@pytest.fixture(scope="module")
def office(tmp_path_factory, relay):
    made = make_office(
        tmp_path_factory.mktemp("email"),
        **{
            "email.out": "relay",
            "email.relay_port": relay.port,
            "email.relay_ca": relay.authority,
        },
    )
    yield made
    made.house.close()


def send(office, raw, *to, by="ines", after=0, sender=None):
    """Send *raw* from *by*; return the number of what waits."""
    letter = Letter(raw, sender or f"{by}@{DOMAIN}", author=office.uids[by])
    return office.do(lambda request: request.find_service(ISending).send(letter, to, after=after))


def test_a_letter_reaches_the_other_site_byte_for_byte(office, relay):
    relay.letters.clear()
    assert send(office, RAW, "luce@elsewhere.example")
    assert relay.letters == []  # it leaves once the transaction is there
    assert send_due(office.house.registry) == 1
    assert relay.letters == [(f"ines@{DOMAIN}", ("luce@elsewhere.example",), RAW)]
    assert send_due(office.house.registry) == 0


def test_what_leaves_is_told_to_its_author(office, relay):
    send(office, RAW, "luce@elsewhere.example")
    send_due(office.house.registry)

    def told(request):
        found = request.find_service(IDisclosures).of(office.uids["ines"])
        return [(one.recipient, sorted(one.fields)) for one in found]

    assert ("email.relay", ["address", "message", "sender"]) in office.do(told)


def test_bcc_goes_and_what_a_message_must_have_comes(office, relay):
    relay.letters.clear()
    raw = (
        b"From: ines@tilleuls.example\r\n"
        b"BCC: paul@elsewhere.example,\r\n zoe@elsewhere.example\r\n"
        b"Subject: Secret\r\n\r\nBonjour\r\n"
    )
    send(office, raw, "paul@elsewhere.example")
    send_due(office.house.registry)
    ((_sender, _to, sent),) = relay.letters
    assert b"@elsewhere" not in sent
    head = sent.partition(b"\r\n\r\n")[0].split(b"\r\n")
    names = [line.partition(b":")[0] for line in head]
    assert names == [b"From", b"Subject", b"Message-ID", b"Date"]


def test_one_writes_in_ones_own_name_only(office):
    for raw, sender in (
        (RAW, f"paul@{DOMAIN}"),
        (RAW.replace(b"<ines@", b"<paul@"), f"ines@{DOMAIN}"),
        (RAW.replace(b"<ines@", b"<paul@tilleuls.example>, <ines@"), f"ines@{DOMAIN}"),
        (RAW.replace(b"From:", b"X-From:"), f"ines@{DOMAIN}"),
    ):
        with pytest.raises(Refused):
            send(office, raw, "luce@elsewhere.example", sender=sender)


def test_what_is_taken_back_in_time_never_leaves(office, relay):
    relay.letters.clear()
    number = send(office, RAW, "luce@elsewhere.example", f"paul@{DOMAIN}", after=600)

    def take_back(login):
        return office.do(lambda r: r.find_service(ISending).take_back(office.uids[login], number))

    assert send_due(office.house.registry) == 0
    assert not take_back("paul")
    assert take_back("ines")
    office.pass_time(seconds=660)
    assert send_due(office.house.registry) == 0
    assert relay.letters == []
    assert office.rows("paul") == []


def test_members_here_have_it_in_the_same_transaction_and_nothing_leaves(office, relay):
    relay.letters.clear()
    assert send(office, RAW, f"zoe@{DOMAIN}") == 0
    assert len(office.rows("zoe")) == 1
    assert send_due(office.house.registry) == 0
    assert relay.letters == []


def test_what_waits_takes_its_authors_room(fresh_office):
    office = fresh_office(quota="64 KB", **{"email.out": "direct", "email.hostname": "x.example"})
    uid = office.uids["ines"]
    raw = b"From: ines@tilleuls.example\r\n\r\n" + b"Le tilleul penche.\r\n" * 1800

    def used(request):
        counted = request.find_service(IQuota).used(uid)
        assert list(drifts(request, uid)) == []
        return counted

    send(office, raw, "paul@elsewhere.example", "zoe@there.example")
    assert office.do(used) > 30_000
    with pytest.raises(QuotaExceeded):
        send(office, raw, "paul@elsewhere.example", "zoe@there.example")
    office.do(lambda r: [give_up(r, part) for part in Queue(r).all()])
    assert office.do(used) < 10_000  # two notices
