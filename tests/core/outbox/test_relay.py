"""Handing mail to a real relay, a process of its own, in clear and encrypted."""

import json
import os
import select
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email import message_from_string
from email.policy import default
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from communicate.disclosure.services import DisclosureService
from communicate.interfaces import IGate, IMailer
from communicate.outbox.mail.smtp import RELAY
from communicate.outbox.runner import run_due
from communicate.outbox.services import OutboxService

UID = 4711
TO = "rose@tilleuls.example"
SENDER = "noreply@tilleuls.example"
SUBJECT = "Votre compte : confirmez l’adresse"
TEXT = "Bonjour Rose,\n\nouvrez https://tilleuls.example/confirm/abc\n"


def queue(site, to=TO, **details):
    return site.work(
        lambda request: request.find_service(IMailer).queue(to, SUBJECT, TEXT, **details)
    )


def aside(site):
    return site.work(lambda request: [job.error for job in OutboxService(request).set_aside()])


def waiting(site):
    return site.work(
        lambda request: [
            j.error for j in request.root_map["outbox"].jobs.values() if not j.periodic
        ]
    )


def disclosed(site):
    return site.work(lambda request: list(DisclosureService(request).of(UID)))


class Relay:
    """A relay process, and the settings that lead to it."""

    def __init__(self, mode, certificate, password=None):
        environment = {**os.environ, **({"RELAY_PASSWORD": password} if password else {})}
        pair = certificate if mode != "plain" else ()
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-W",
                "ignore",
                str(Path(__file__).with_name("smtp_server.py")),
                mode,
                *pair,
            ],
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        )
        self.settings = {
            "communicate.mail": "smtp",
            "communicate.smtp_host": "localhost",
            "communicate.smtp_port": int(self.process.stdout.readline()),
            "communicate.smtp_security": "none" if mode == "plain" else mode,
            "communicate.smtp_user": "site" if password else "",
            "communicate.smtp_password": password or "",
        }

    def received(self):
        """Return the next mail that the relay accepted."""
        ready, _, _ = select.select([self.process.stdout], [], [], 10)
        assert ready, "the relay accepted no mail"
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Return the paths of a self-signed certificate for localhost and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(
            name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1)
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("certificate")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return str(folder / "cert.pem"), str(folder / "key.pem")


@pytest.fixture
def trusted(monkeypatch, certificate):
    """Trust the relay's certificate as a machine trusts its authorities."""
    monkeypatch.setenv("SSL_CERT_FILE", certificate[0])


@pytest.fixture
def relay(certificate):
    made = []

    def make(mode, password=None):
        made.append(Relay(mode, certificate, password))
        return made[-1]

    yield make
    for one in made:
        one.close()


class TestRelay:
    def test_a_mail_arrives_and_is_counted_at_the_gate(self, make_site, relay):
        server = relay("plain")
        site = make_site(**server.settings)
        queue(site)
        run_due(site.registry)
        arrived = server.received()
        assert arrived["to"] == [TO]
        read = message_from_string(arrived["text"], policy=default)
        assert read["Subject"] == SUBJECT
        assert waiting(site) == []
        assert site.work(lambda request: request.find_service(IGate).passed()) == {
            (RELAY, "mail"): 1
        }

    def test_its_member_is_shown_that_the_relay_has_it(self, make_site, relay):
        site = make_site(**relay("plain").settings)
        site.keyring.create(UID)
        queue(site, owner=UID)
        run_due(site.registry)
        (seen,) = disclosed(site)
        assert (seen.recipient, seen.fields) == (RELAY, ("address", "subject", "text"))

    def test_a_refused_mail_has_left_all_the_same(self, make_site, relay):
        site = make_site(**relay("plain").settings)
        site.keyring.create(UID)
        queue(site, to="never@tilleuls.example", owner=UID)
        run_due(site.registry)
        assert len(disclosed(site)) == 1

    def test_put_off_it_waits(self, make_site, relay):
        site = make_site(**relay("plain").settings)
        queue(site, to="later@tilleuls.example")
        run_due(site.registry)
        assert waiting(site) == ["the mail relay does not take the recipient now: code 451"]
        assert aside(site) == []

    def test_refused_for_good_it_is_set_aside_without_the_name(self, make_site, relay):
        site = make_site(**relay("plain").settings)
        queue(site, to="never@tilleuls.example")
        run_due(site.registry)
        assert aside(site) == ["the mail relay refuses the recipient for good, with code 550"]

    def test_refused_after_its_text_it_is_set_aside(self, make_site, relay):
        site = make_site(**relay("plain").settings)
        site.work(lambda request: request.find_service(IMailer).queue(TO, "virus", "virus"))
        run_due(site.registry)
        assert aside(site) == ["the mail relay refuses the mail for good, with code 554"]

    def test_a_relay_that_is_away_is_tried_again(self, make_site, relay):
        server = relay("plain")
        site = make_site(**server.settings)
        server.close()
        queue(site)
        run_due(site.registry)
        assert len(waiting(site)) == 1
        assert "cannot be used: ConnectionRefusedError; see the settings" in waiting(site)[0]

    def test_what_found_no_relay_has_not_left(self, make_site, relay):
        server = relay("plain")
        site = make_site(**server.settings)
        site.keyring.create(UID)
        server.close()
        queue(site, owner=UID)
        run_due(site.registry)
        assert disclosed(site) == []
        assert aside(site) == []

    @pytest.mark.parametrize("mode", ["starttls", "tls"])
    def test_encrypted_and_signed_in(self, make_site, relay, trusted, mode):
        server = relay(mode, password="ouvre-toi")
        site = make_site(**server.settings)
        queue(site)
        run_due(site.registry)
        arrived = server.received()
        assert (arrived["encrypted"], arrived["user"]) == (True, "site")

    @pytest.mark.parametrize("mode", ["starttls", "tls"])
    def test_a_certificate_that_nobody_vouches_for_gets_nothing(self, make_site, relay, mode):
        site = make_site(**relay(mode).settings)
        queue(site)
        run_due(site.registry)
        (error,) = waiting(site)
        assert error.startswith("the certificate of the mail relay localhost:")
        assert "self-signed" in error or "self signed" in error

    def test_encryption_that_was_asked_for_is_never_given_up(self, make_site, relay):
        site = make_site(**relay("plain").settings | {"communicate.smtp_security": "starttls"})
        queue(site)
        run_due(site.registry)
        assert "SMTPNotSupportedError" in waiting(site)[0]

    def test_a_wrong_password_waits_for_the_operator(self, make_site, relay, trusted):
        server = relay("starttls", password="ouvre-toi")
        site = make_site(**server.settings | {"communicate.smtp_password": "sesame"})
        queue(site)
        run_due(site.registry)
        assert "SMTPAuthenticationError 535" in waiting(site)[0]

    def test_an_address_beyond_ascii_needs_a_relay_that_can(self, make_site, relay, trusted):
        able = relay("starttls")
        site = make_site(**able.settings)
        queue(site, to="zoé@tilleuls.example")
        run_due(site.registry)
        assert (waiting(site), aside(site)) == ([], [])
        assert able.received()["to"] == ["zoé@tilleuls.example"]

    def test_and_is_set_aside_where_it_cannot(self, make_site, relay):
        site = make_site(**relay("plain").settings)
        queue(site, to="zoé@tilleuls.example")
        run_due(site.registry)
        assert aside(site) == ["the mail relay takes only addresses in ASCII (no SMTPUTF8)"]
