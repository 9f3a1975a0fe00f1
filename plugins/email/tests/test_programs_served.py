"""What a member is told opens the mailbox: asked, and followed, as a mail program does it."""

import imaplib
import poplib
from datetime import UTC, datetime

import pytest
from cryptography import x509
from defusedxml.ElementTree import fromstring

from communicate.testing.house import PASSWORD
from communicate.tls import making
from communicate_email.pop3 import gateway as pop3
from communicate_email.programs.health import HEALTH, bears

from .reading_site import DOMAIN, Library, letter, trusting

PAGE = "/members/ines/mail/programs"
[CHECK] = HEALTH


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    settings = {"email.pop3s": "127.0.0.1:0", "email.programs_host": "127.0.0.1"}
    made = Library(tmp_path_factory.mktemp("served"), **settings)
    drops = pop3.start(made.house.registry)
    made.house.registry.settings["email.programs_ports"] = {
        "imaps": made.gateway.port("imaps"),
        "imap": made.gateway.port("imap"),
        "pop3s": drops.port("pop3s"),
    }
    made.put(letter())
    yield made
    drops.stop()
    made.close()


def test_a_program_that_knows_an_address_and_the_app_password_reads(library):
    browser = library.house.browser("ines")
    form = next(one for one in browser.get(PAGE).forms.values() if "present" in one.fields)
    form["present"] = PASSWORD
    secret = form.submit().follow().html.select_one(".secret").text
    address = f"ines@{DOMAIN}"
    asked = library.house.browser().get(
        f"/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress={address}"
    )
    found = fromstring(asked.body).findall("emailProvider/incomingServer")
    assert [one.get("type") for one in found] == ["imap", "imap", "pop3"]
    for one in found:
        said = {each.tag: each.text for each in one}
        name = said["username"].replace("%EMAILADDRESS%", address)
        place = (said["hostname"], int(said["port"]))
        assert reads(one.get("type"), said["socketType"], place, name, secret) == 1
    rows = browser.get(PAGE).html.select_one("[aria-labelledby=password] .rows").text
    assert "utilisé le" in rows


def reads(kind, security, place, name, secret):
    """Return how many messages a program finds that does as it was told."""
    if kind == "pop3":
        program = poplib.POP3_SSL(*place, context=trusting(), timeout=60)
        program.user(name)
        program.pass_(secret)
        count = program.stat()[0]
        program.quit()
        return count
    if security == "SSL":
        program = imaplib.IMAP4_SSL(*place, ssl_context=trusting(), timeout=60)
    else:
        program = imaplib.IMAP4(*place, timeout=60)
        program.starttls(trusting())
    program.login(name, secret)
    count = int(program.select("INBOX", readonly=True)[1][0])
    program.logout()
    return count


def test_operators_are_told_where_the_certificate_is_for_another_name(library, monkeypatch):
    registry = library.house.registry
    assert CHECK.run(registry) is None
    monkeypatch.setitem(registry.settings, "email.programs_host", "mail.example.org")
    assert CHECK.run(registry).mapping == {"name": "mail.example.org"}
    for name in ("imap", "imaps", "pop3s"):
        monkeypatch.setitem(registry.settings, f"email.{name}", "")
    assert CHECK.run(registry) is None  # no program comes


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("mail.example.org", True),
        ("MAIL.example.org", True),
        ("imap.jardin.example", True),
        ("a.imap.jardin.example", False),
        ("jardin.example", False),
        ("example.org", False),
        ("192.0.2.1", True),
        ("192.0.2.2", False),
    ],
)
def test_a_certificate_bears_its_names_and_those_of_its_star(certificate, name, known):
    assert bears(certificate, name) is known


@pytest.fixture(scope="module")
def certificate():
    names = ["mail.example.org", "*.jardin.example", "192.0.2.1"]
    return x509.load_pem_x509_certificate(making.make(names, datetime.now(UTC))[1])
