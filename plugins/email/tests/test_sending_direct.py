"""Without a relay: the machines that the DNS names, in their order, and none that it does not."""

import pytest

from communicate.disclosure.attempts import Attempts
from communicate.disclosure.guard import watching
from communicate.interfaces import IDisclosures
from communicate_email.sending.resolving import (
    DNSResolver,
    IResolver,
    NoMail,
    Unanswered,
    exchangers,
)

from .conftest import DOMAIN
from .outside import LUCE, Outside, raw, run
from .remotes import Names


@pytest.fixture(scope="module")
def machine(encrypted):
    return encrypted


@pytest.fixture(scope="module")
def shared(tmp_path_factory, machine):
    made = Outside(
        tmp_path_factory.mktemp("email"),
        **{
            "email.out": "direct",
            "email.direct_port": machine.port,
            "email.direct_private": "yes",
            "email.hostname": "mail.tilleuls.example",
        },
    )
    yield made
    made.close()


def knows(outside, **names):
    """Have the DNS say *names*."""
    known = Names(**names)
    outside.registry.registerUtility(known, IResolver)
    return known


GOOD = {"mx": {"elsewhere.example": [(10, "mx.elsewhere.example")]}}
HERE = {"hosts": {"mx.elsewhere.example": ["127.0.0.1"]}}


def test_the_machine_that_the_dns_names_gets_it_encrypted_though_nobody_vouches(outside, remote):
    knows(outside, **GOOD, **HERE)
    outside.send(raw())
    outside.send_due()
    ((_sender, _to, sent),) = remote.letters
    assert sent == raw()
    assert remote.encrypted == 1


def test_both_the_question_and_the_letter_are_told_to_their_author(outside, remote):
    knows(outside, **GOOD, **HERE)
    outside.send(raw(), by="ines")
    told = Attempts()
    with watching(told):  # past the gate nothing gets out
        outside.send_due()
    assert list(told.newest()) == []

    def recipients(request):
        found = request.find_service(IDisclosures).of(outside.uids["ines"])
        return {(one.recipient, tuple(one.fields)) for one in found}

    assert {
        ("email.dns", ("domain",)),
        ("email.servers", ("address", "message", "sender")),
    } <= outside.do(recipients)


def test_the_next_machine_is_asked_where_one_is_away(outside, remote):
    mx = {"elsewhere.example": [(20, "mx.elsewhere.example"), (10, "away.elsewhere.example")]}
    hosts = {**HERE["hosts"], "away.elsewhere.example": ["127.0.0.2"]}
    knows(outside, mx=mx, hosts=hosts)
    outside.send(raw())
    outside.send_due()
    assert len(remote.letters) == 1


def test_a_domain_without_mx_is_asked_itself(outside, remote):
    knows(outside, hosts={"elsewhere.example": ["127.0.0.1"]})
    outside.send(raw())
    outside.send_due()
    assert len(remote.letters) == 1


@pytest.mark.parametrize(
    ("names", "status"),
    [
        ({"mx": {"elsewhere.example": [(0, "")]}}, "5.1.10"),
        ({"mx": {"other.example": [(10, "mx.other.example")]}}, "5.1.2"),
        ({"mx": {"elsewhere.example": [(10, "mail.tilleuls.example")]}}, "5.4.6"),
    ],
)
def test_a_domain_that_takes_no_mail_is_said_to_the_author_at_once(outside, remote, names, status):
    knows(outside, **names)
    outside.send(raw())
    outside.send_due()
    (notice,) = outside.inbox()
    assert f"Status: {status}" in notice.as_string()
    assert outside.waiting() == []
    assert remote.reached["connect"] == 0


def test_name_servers_that_do_not_answer_are_asked_again(outside, remote):
    names = knows(outside, mx={"elsewhere.example": Unanswered("later")}, **HERE)
    outside.send(raw())
    outside.send_due()
    assert [part[0] for part in outside.waiting()] == [1]
    names.exchangers = GOOD["mx"]
    outside.later(minutes=2)
    assert len(remote.letters) == 1


def test_no_machine_of_this_network_is_reached_unless_that_is_allowed(outside, remote):
    private = ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.1.1", "::1", "fd00::1"]
    knows(outside, **GOOD, hosts={"mx.elsewhere.example": private})
    outside.registry.settings["email.direct_private"] = False
    try:
        outside.send(raw())
        outside.send_due()
    finally:
        outside.registry.settings["email.direct_private"] = True
    assert remote.reached["connect"] == 0
    ((_tries, error, _count),) = outside.waiting()
    assert "through the internet" in error


def test_an_offer_of_encryption_that_is_broken_is_as_good_as_none(outside, remote):
    knows(outside, **GOOD, **HERE)
    remote.break_tls = True
    outside.send(raw())
    outside.send_due()
    assert len(remote.letters) == 1
    assert remote.encrypted == 0


def test_where_encryption_is_required_a_certificate_must_be_good(outside, remote):
    knows(outside, **GOOD, **HERE)
    outside.registry.settings["email.direct_tls"] = "required"
    try:
        outside.send(raw())
        outside.send_due()
    finally:
        outside.registry.settings["email.direct_tls"] = "opportunistic"
    assert remote.letters == []
    assert "is not trusted" in outside.waiting()[0][1]


def test_no_more_connections_to_one_domain_than_are_wanted(outside, remote):
    knows(outside, mx={"*": []}, hosts={"a.example": ["127.0.0.1"], "b.example": ["127.0.0.1"]})
    for number in range(8):
        outside.send(raw(number), f"x{number}@a.example")
        outside.send(raw(number), f"x{number}@b.example")
    outside.send_due()
    assert len(remote.letters) == 16
    assert remote.most_at_once <= 4


def test_the_order_of_machines_is_that_of_preference_and_domains_beyond_ascii_are_found():
    names = Names(
        mx={
            "x.example": [(20, "b"), (10, "a"), (30, "me.example"), (40, "never")],
            "xn--bcher-kva.example": [(5, "mx.example")],
        }
    )
    assert run(exchangers(names, "x.example", "me.example")) == ["a", "b"]
    assert run(exchangers(names, "bücher.example", "me.example")) == ["mx.example"]
    with pytest.raises(NoMail):
        run(exchangers(names, "x" * 70 + "é.example", "me.example"))


def test_name_servers_may_be_named_with_a_port():
    resolver = DNSResolver(["127.0.0.1:5353", "192.0.2.1"])._resolver()
    assert list(map(str, resolver.nameservers))[1].startswith("192.0.2.1")
    assert resolver.nameserver_ports == {"127.0.0.1": 5353}


def test_letters_are_signed_where_the_domain_has_a_key(outside, remote):
    from communicate_email.sending.signing import Keys

    knows(outside, **GOOD, **HERE)
    selector = outside.do(lambda r: Keys(r).make(DOMAIN, "ed25519"))
    outside.send(raw(), LUCE)
    outside.send_due()
    outside.do(lambda r: Keys(r).drop(DOMAIN, selector))
    sent = remote.letters[0][2]
    assert sent.startswith(b"DKIM-Signature:")
    assert sent.endswith(raw())
