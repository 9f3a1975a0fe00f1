"""Programs of members hand in what they send: encrypted, signed in, in their own name only."""

import base64
import smtplib
import ssl
import subprocess
from datetime import UTC, datetime

import pytest

from communicate.accounts.content import ACTIVE, SUSPENDED
from communicate.interfaces import IAppPasswords, IFactors, IMembers
from communicate.testing.programs import needed
from communicate.tls import making
from communicate_email.sending.submission import gateway as gateways
from communicate_email.sending.submission.protocol import Submitting, SubmittingTLS

from .conftest import DOMAIN
from .outside import LUCE, Outside, raw
from .receiving_site import Talk


class Desk(Outside):
    """A post office with submission, by which ines sends."""

    def __init__(self, folder, **settings):
        files = folder / "var" / "tls"
        files.mkdir(parents=True)
        secret, public = making.make(making.HERE, datetime.now(UTC))
        (files / "site.key").write_bytes(secret)
        (files / "site.crt").write_bytes(public)
        super().__init__(
            folder,
            **{
                "email.submission": "127.0.0.1:0",
                "email.submissions": "127.0.0.1:0",
                "email.smtp_per_address": "100",
                "email.smtp_connects": "100000/hour",
                "email.smtp_messages": "100000/hour",
                **settings,
            },
        )
        self.secret = self.do(
            lambda r: r.find_service(IAppPasswords).make(self.uids["ines"], "laptop", ["mail"])
        )
        self.gateway = gateways.start(self.registry)

    def client(self, *, implicit=False, tls=True):
        """Return smtplib's client, encrypted."""
        context = trusting()
        if implicit:
            port = self.gateway.port(SubmittingTLS)
            return smtplib.SMTP_SSL("127.0.0.1", port, context=context, timeout=60)
        client = smtplib.SMTP("127.0.0.1", self.gateway.port(Submitting), timeout=60)
        if tls:
            client.starttls(context=context)
        return client

    def close(self):
        self.gateway.stop()
        super().close()


def trusting():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@pytest.fixture(scope="module")
def shared(tmp_path_factory, machine):
    made = Desk(
        tmp_path_factory.mktemp("desk"),
        **{
            "email.out": "relay",
            "email.relay_port": machine.port,
            "email.relay_security": "none",
            "email.send_recipients": "3",
        },
    )
    yield made
    made.close()


@pytest.fixture
def desk(shared):
    return shared.begin()


@pytest.mark.parametrize("implicit", [False, True])
def test_what_a_program_hands_in_leaves_as_it_was_written(desk, remote, implicit):
    with desk.client(implicit=implicit) as client:
        client.login("ines", desk.secret)
        client.sendmail(f"ines@{DOMAIN}", [LUCE, f"paul@{DOMAIN}"], raw())
    desk.send_due()
    ((sender, to, sent),) = remote.letters
    assert (sender, to) == (f"ines@{DOMAIN}", (LUCE,))
    first, _end, rest = sent.partition(b"\r\n\t")
    assert first.startswith(b"Received: by localhost with ESMTPSA id ")
    assert rest.partition(b"\r\n")[2] == raw()
    assert b"127.0.0.1" not in sent  # not where its author is
    assert len(desk.inbox("paul")) == 1


def test_the_address_is_as_good_as_the_login(desk):
    with desk.client() as client:
        assert client.login(f"ines@{DOMAIN}", desk.secret)[0] == 235


def test_nothing_is_asked_in_clear_text(desk):
    with desk.client(tls=False) as client:
        client.ehlo()
        assert not client.has_extn("auth")
        plain = base64.b64encode(f"\0ines\0{desk.secret}".encode()).decode()
        assert client.docmd("AUTH", f"PLAIN {plain}")[0] == 538
        assert client.docmd("MAIL", f"FROM:<ines@{DOMAIN}>")[0] == 530


def test_without_signing_in_nothing_is_taken(desk):
    with desk.client() as client:
        client.ehlo()
        assert client.has_extn("auth")
        assert client.docmd("MAIL", f"FROM:<ines@{DOMAIN}>")[0] == 530
        assert client.docmd("HELO", "me")[0] == 502


@pytest.mark.parametrize("way", ["PLAIN", "LOGIN"])
def test_a_wrong_password_opens_nothing_and_ends_the_connection_soon(desk, way):
    def tried(client, password):
        client.user, client.password = "ines", password
        try:
            return client.auth(way, getattr(client, f"auth_{way.lower()}"))[0]
        except smtplib.SMTPAuthenticationError as error:
            return error.smtp_code

    with desk.client() as client:
        client.ehlo()
        assert [tried(client, f"wrong{attempt}") for attempt in range(3)] == [535, 535, 421]


def test_an_app_password_for_something_else_opens_nothing(desk):
    other = desk.do(
        lambda r: r.find_service(IAppPasswords).make(desk.uids["paul"], "laptop", ["other"])
    )
    with desk.client() as client, pytest.raises(smtplib.SMTPAuthenticationError):
        client.login("paul", other)


@pytest.mark.parametrize("words", ["PLAIN !!!", "PLAIN =", "PLAIN AAAA", "LOGIN !!!", "CRAM-MD5"])
def test_what_cannot_be_read_is_refused_and_the_connection_goes_on(desk, words):
    with desk.client() as client:
        client.ehlo()
        assert client.docmd("AUTH", words)[0] in (501, 504)
        assert client.login("ines", desk.secret)[0] == 235
        assert client.docmd("AUTH", "PLAIN")[0] == 503


def test_one_hands_in_in_ones_own_name_only(desk, remote):
    with desk.client() as client:
        client.login("ines", desk.secret)
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            client.sendmail(f"paul@{DOMAIN}", [LUCE], raw())
        assert refused.value.recipients[LUCE][0] == 553
        me, he = f"ines@{DOMAIN}", f"paul@{DOMAIN}"
        for sender in (
            he,
            f"{me}, {he}",
            f"{me}\r\nSender: {he}",
            f"{me}\r\nResent-From: Paul <{he}>",
            f"{me}\r\nResent-Sender: (x) {he}\r\nResent-Sender: {me}",
        ):
            with pytest.raises(smtplib.SMTPDataError) as error:
                client.sendmail(f"ines@{DOMAIN}", [LUCE], raw(sender=sender))
            assert error.value.smtp_code == 550
            assert f"paul@{DOMAIN}" in error.value.smtp_error.decode()
    assert desk.send_due() == 0
    assert remote.letters == []


def test_who_is_suspended_or_has_ended_a_password_hands_in_nothing_more(desk, remote):
    def be(state):
        def turn(request):
            request.find_service(IMembers).by_uid(desk.uids["ines"]).state = state

        desk.do(turn)

    secret = desk.do(
        lambda r: r.find_service(IAppPasswords).make(desk.uids["ines"], "phone", ["mail"])
    )
    with desk.client() as client:
        client.login("ines", secret)
        client.mail(f"ines@{DOMAIN}")
        client.rcpt(LUCE)
        be(SUSPENDED)
        assert client.data(raw())[0] == 535
        be(ACTIVE)
        client.sendmail(f"ines@{DOMAIN}", [LUCE], raw())

        def end(request):
            held = request.find_service(IFactors).of(desk.uids["ines"])
            held.apps.pop(held.apps.maxKey())

        desk.do(end)
        with pytest.raises(smtplib.SMTPDataError) as error:
            client.sendmail(f"ines@{DOMAIN}", [LUCE], raw())
        assert error.value.smtp_code == 535
    desk.send_due()
    assert len(remote.letters) == 1


def test_nobody_here_and_too_many_are_said_at_once(desk):
    with desk.client() as client:
        client.login("ines", desk.secret)
        client.mail(f"ines@{DOMAIN}")
        assert client.rcpt(f"nobody.here@{DOMAIN}")[0] == 550
        assert [client.rcpt(f"x{n}@elsewhere.example")[0] for n in range(4)] == [250] * 3 + [452]


def test_what_follows_starttls_in_clear_text_is_not_taken(desk):
    with Talk(desk.gateway.port(Submitting)) as talk:
        talk.say("EHLO me")
        reply = talk.put(b"STARTTLS\r\nEHLO injected\r\n")
        assert reply.startswith("421")
        assert talk.over()


def test_hidden_recipients_stay_hidden(desk, remote):
    message = raw().replace(b"To:", b"Bcc: zoe@elsewhere.example\r\nTo:")
    with desk.client() as client:
        client.login("ines", desk.secret)
        client.sendmail(f"ines@{DOMAIN}", [LUCE, "zoe@elsewhere.example"], message)
    desk.send_due()
    assert all(b"zoe" not in sent for _sender, _to, sent in remote.letters)
    assert remote.letters[0][1] == (LUCE, "zoe@elsewhere.example")


def test_msmtp_sends(desk, remote, tmp_path):
    """As a program that takes a message and its recipients from its command line."""
    msmtp = needed("msmtp")
    settings = tmp_path / "msmtprc"
    settings.write_text(
        "account default\nhost 127.0.0.1\n"
        f"port {desk.gateway.port(Submitting)}\ntls on\ntls_starttls on\n"
        "tls_certcheck off\nauth plain\nuser ines\n"
        f"password {desk.secret}\nfrom ines@{DOMAIN}\ntimeout 60\n"
    )
    settings.chmod(0o600)
    done = subprocess.run(
        [msmtp, f"--file={settings}", LUCE],
        input=raw(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    desk.send_due()
    ((_sender, to, sent),) = remote.letters
    assert to == (LUCE,)
    assert sent.endswith(raw())


def test_swaks_sends_by_tls_from_the_first_octet(desk, remote):
    swaks = needed("swaks")
    done = subprocess.run(
        [
            *(swaks, "--server", "127.0.0.1", "--port", str(desk.gateway.port(SubmittingTLS))),
            *("--tls-on-connect", "--auth", "LOGIN", "--auth-user", "ines"),
            *("--auth-password", desk.secret, "--timeout", "60", "--to", LUCE),
            *(
                "--from",
                f"ines@{DOMAIN}",
                "--header",
                "Subject: Le banc",
                "--body",
                "Sous le tilleul.",
            ),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    desk.send_due()
    assert b"Subject: Le banc" in remote.letters[0][2]
