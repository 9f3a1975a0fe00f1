"""What the DNS says to mail programs: what is missing or wrong is named, with the line to put."""

import dataclasses

from communicate_email.programs.records import NOWHERE, Record, wanted
from communicate_email.programs.servers import NONE, servers
from communicate_email.sending import doctor
from communicate_email.sending.alone import alone
from communicate_email.sending.findings import ADVICE, GOOD, WRONG
from communicate_email.sending.resolving import DNSResolver

from .nameserver import NameServer
from .test_mail_doctor import DOMAIN, WANTED, right
from .test_programs import ALL

HOST, WEB = "mail.example.org", f"www.{DOMAIN}"
SERVED = servers({**ALL, "email.imap": "", "email.pop3": "", "email.pop3s": ""})
RECORDS = {one.name: [tuple(one)[1:]] for one in wanted(DOMAIN, SERVED, WEB)}


def found(services, programs=SERVED, web=WEB, **changed):
    """Return what is said of programs, the DNS holding *services*."""
    names = right(services=services, **changed)
    expected = dataclasses.replace(WANTED, programs=programs, web=web)
    return [one for one in doctor.examine(expected, names) if one.subject == "programs"]


def hosts(*more):
    """Return addresses of machines, *more* of them."""
    there = {WANTED.host: ["192.0.2.1"], **{name: ["192.0.2.2"] for name in more}}
    return {"hosts": there}


def test_where_all_stands_there_nothing_is_to_be_done():
    (one,) = found(RECORDS, **hosts(f"autoconfig.{DOMAIN}"))
    assert (one.state, one.lines) == (GOOD, ())


def test_where_nothing_stands_every_line_is_told_those_for_what_is_off_too():
    first, second = found({})
    assert first.lines == (f"autoconfig.{DOMAIN}. IN CNAME {WEB}.",)
    assert (first.state, second.state) == (ADVICE, ADVICE)
    assert second.lines == (
        f"_imaps._tcp.{DOMAIN}. IN SRV 0 1 993 {HOST}.",
        f"_imap._tcp.{DOMAIN}. IN SRV 0 0 0 .",
        f"_pop3s._tcp.{DOMAIN}. IN SRV 0 0 0 .",
        f"_pop3._tcp.{DOMAIN}. IN SRV 0 0 0 .",
        f"_submissions._tcp.{DOMAIN}. IN SRV 0 1 465 {HOST}.",
        f"_submission._tcp.{DOMAIN}. IN SRV 10 1 587 {HOST}.",
        f"_autodiscover._tcp.{DOMAIN}. IN SRV 0 1 443 {WEB}.",
    )


def test_whoever_is_led_elsewhere_is_told_where():
    stray = {f"_imaps._tcp.{DOMAIN}": [(0, 1, 993, "imap.provider.example")]}
    off = {f"_pop3._tcp.{DOMAIN}": [(0, 1, 110, HOST)]}
    gone = {f"_submission._tcp.{DOMAIN}": [(0, 0, 0, NOWHERE)]}
    port = {f"_imaps._tcp.{DOMAIN}": [(0, 1, 143, HOST)]}
    for wrong in (stray, off, gone, port):
        (one,) = found({**RECORDS, **wrong}, **hosts(f"autoconfig.{DOMAIN}"))
        assert one.state == WRONG
        (name,) = wrong
        assert one.lines == (
            next(each.line for each in wanted(DOMAIN, SERVED) if each.name == name),
        )


def test_case_and_order_do_not_count():
    near = {f"_imaps._tcp.{DOMAIN}": [(7, 3, 993, HOST.upper())]}
    (one,) = found({**RECORDS, **near}, **hosts(f"autoconfig.{DOMAIN}"))
    assert one.state == GOOD


def test_a_site_that_serves_no_programs_is_told_of_what_leads_astray_only():
    assert found({}, NONE) == []
    (one,) = found({f"_imaps._tcp.{DOMAIN}": [(0, 1, 993, "imap.provider.example")]}, NONE)
    assert one.state == WRONG


def test_where_the_site_is_at_the_domain_itself_thunderbird_needs_no_other_name():
    (one,) = found({**RECORDS, f"_autodiscover._tcp.{DOMAIN}": [(0, 1, 443, DOMAIN)]}, web=DOMAIN)
    assert one.state == GOOD


def test_a_name_server_is_asked_for_them():
    server = NameServer(
        {
            ("_imaps._tcp.a.example", "SRV"): ["0 1 993 mail.a.example."],
            ("_imap._tcp.a.example", "SRV"): ["0 0 0 ."],
        }
    )
    try:
        names = DNSResolver([f"127.0.0.1:{server.port}"])
        assert alone(names.srv("_imaps._tcp.a.example")) == [(0, 1, 993, "mail.a.example")]
        (one,) = alone(names.srv("_imap._tcp.a.example"))
        assert Record("x", *one).place == NOWHERE
    finally:
        server.stop()
