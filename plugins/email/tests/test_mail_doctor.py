"""What the DNS should say of a domain: each fault is named, with the line that puts it right."""

import dataclasses

from communicate_email.sending import doctor
from communicate_email.sending.doctor import Expected
from communicate_email.sending.findings import ADVICE, GOOD, UNKNOWN, WRONG
from communicate_email.sending.resolving import Unanswered

from .remotes import Names

DOMAIN, HOST = "tilleuls.example", "mail.tilleuls.example"
KEY = (f"c1._domainkey.{DOMAIN}", "v=DKIM1; k=rsa; p=AAAA")
WANTED = Expected(DOMAIN, HOST, (KEY,), sends=True)


def right(**changed):
    """Return a DNS in which all is well but what is *changed*."""
    texts = {
        DOMAIN: ["google-site=1", "v=spf1 mx -all"],
        KEY[0]: [KEY[1]],
        f"_dmarc.{DOMAIN}": ["v=DMARC1; p=reject"],
        f"_mta-sts.{DOMAIN}": ["v=STSv1; id=1"],
        f"_smtp._tls.{DOMAIN}": ["v=TLSRPTv1; rua=mailto:x@y"],
        **changed.pop("texts", {}),
    }
    given = {
        "mx": {DOMAIN: [(10, HOST)]},
        "hosts": {HOST: ["192.0.2.1"]},
        "back": {"192.0.2.1": [HOST]},
        "texts": texts,
        **changed,
    }
    return Names(**given)


def found(names, wanted=WANTED):
    """Return the state of each subject, and the lines to put."""
    findings = doctor.examine(wanted, names)
    return {each.subject: each.state for each in findings}, {
        each.subject: each.lines for each in findings
    }


def test_where_all_is_well_nothing_is_to_be_done():
    states, lines = found(right())
    assert set(states.values()) == {GOOD}
    assert not any(lines.values())


def test_a_domain_without_anything_is_told_every_line():
    states, lines = found(Names(hosts={"x.example": []}))
    for subject in ("MX", "SPF", "DKIM", "DMARC", "PTR"):
        assert states[subject] == WRONG, subject
    assert lines["MX"] == (f"{DOMAIN}. IN MX 10 {HOST}.",)
    assert lines["SPF"] == (f'{DOMAIN}. IN TXT "v=spf1 mx -all"',)
    assert lines["DKIM"] == (f'{KEY[0]}. IN TXT "{KEY[1]}"',)
    assert lines["DMARC"][0].startswith(f"_dmarc.{DOMAIN}. IN TXT")
    assert states["MTA-STS"] == states["TLSRPT"] == ADVICE


def test_each_wrong_record_is_named():
    for subject, names in {
        "MX": right(mx={DOMAIN: [(10, "other.example")]}),
        "SPF": right(texts={DOMAIN: ["v=spf1 mx -all", "v=spf1 -all"]}),
        "DKIM": right(texts={KEY[0]: ["v=DKIM1; k=rsa; p=BBBB"]}),
        "DMARC": right(texts={f"_dmarc.{DOMAIN}": ["v=DMARC1; p=often"]}),
        "PTR": right(back={"192.0.2.1": ["dsl-1.provider.example"]}),
    }.items():
        states, _lines = found(names)
        assert {each for each, state in states.items() if state == WRONG} == {subject}


def test_spf_must_name_this_machine_and_nobody_else_may_send():
    for record, state in (
        ("v=spf1 +mx ~all", GOOD),
        (f"v=spf1 a:{HOST} -all", GOOD),
        ("v=spf1 ip4:192.0.2.1 -all", GOOD),
        ("v=spf1 include:relay.example -all", GOOD),
        ("v=spf1 ip4:192.0.2.9 -all", WRONG),
        ("v=spf1 mx +all", WRONG),
        ("v=spf1 mx all", WRONG),
    ):
        states, _lines = found(right(texts={DOMAIN: [record]}))
        assert states["SPF"] == state, record


def test_where_a_relay_sends_the_name_of_the_address_is_advice():
    wanted = dataclasses.replace(WANTED, sends=False)
    states, _lines = found(right(back={"192.0.2.1": []}), wanted)
    assert states["PTR"] == ADVICE


def test_dmarc_that_asks_for_nothing_is_advice_and_no_key_is_wrong():
    states, _lines = found(right(texts={f"_dmarc.{DOMAIN}": ["v=DMARC1; p=none"]}))
    assert states["DMARC"] == ADVICE
    states, _lines = found(right(), dataclasses.replace(WANTED, keys=()))
    assert states["DKIM"] == WRONG


def test_blanks_in_a_key_do_not_count():
    states, _lines = found(right(texts={KEY[0]: ["v=DKIM1; k=rsa; p=AA AA"]}))
    assert states["DKIM"] == GOOD


def test_what_no_name_server_answers_is_not_called_wrong():
    states, _lines = found(right(texts={f"_dmarc.{DOMAIN}": Unanswered("later")}))
    assert states["DMARC"] == UNKNOWN
    assert states["SPF"] == GOOD
