"""A certificate for trials: made once, for the right names, its key for nobody else's eyes."""

import os
import socket
import ssl
import stat
import threading
from datetime import UTC, datetime

import pytest
from cryptography import x509

from communicate.cli import run
from communicate.tls import making
from communicate.tls.serving import NoCertificate, files_of, server_context

NOW = datetime.now(UTC)


@pytest.fixture
def site(tmp_path):
    """Return a folder with an ini file of a site on vue.example."""
    (tmp_path / "site.ini").write_text(
        "[app:main]\npaste.app_factory = communicate:main\ncommunicate.mode = testing\n"
        "communicate.url = https://vue.example:8443\n"
    )
    return tmp_path


def command(site, *words):
    """Return the exit code of ``communicate tls self-signed`` with *words*."""
    return run.start(["tls", "self-signed", "--config", "site.ini", *words], site)


def certificate(site):
    """Return the certificate that was made."""
    return x509.load_pem_x509_certificate((site / "var/tls/site.crt").read_bytes())


def names(certificate):
    """Return hosts and addresses of *certificate*."""
    found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [
        *found.get_values_for_type(x509.DNSName),
        *map(str, found.get_values_for_type(x509.IPAddress)),
    ]


class TestCommand:
    def test_it_makes_both_for_the_names_of_the_site(self, site, capsys):
        before = os.umask(0)
        try:
            assert command(site, "--name", "ftp.vue.example", "--name", "10.0.0.7") == 0
        finally:
            os.umask(before)
        made = certificate(site)
        wanted = ["vue.example", "ftp.vue.example", "localhost", "10.0.0.7", "127.0.0.1", "::1"]
        assert names(made) == wanted
        assert stat.S_IMODE((site / "var/tls/site.key").stat().st_mode) == 0o600
        assert stat.S_IMODE((site / "var/tls").stat().st_mode) == 0o700
        said = capsys.readouterr().out
        assert making.fingerprint((site / "var/tls/site.crt").read_bytes()) in said
        assert "Nobody vouches for it" in said
        assert "ftp.vue.example" in said

    def test_what_is_there_stays_unless_it_is_renewed(self, site, capsys):
        assert command(site) == 0
        first, key = certificate(site), (site / "var/tls/site.key").read_bytes()
        assert command(site) != 0
        assert "--renew" in capsys.readouterr().err
        assert certificate(site) == first
        (site / "var/tls/site.crt").unlink()
        assert command(site) != 0  # a key of somebody else's certificate, perhaps
        assert (site / "var/tls/site.key").read_bytes() == key
        assert command(site, "--renew", "--days", "7") == 0
        made = certificate(site)
        assert made != first
        assert 6 <= (made.not_valid_after_utc - NOW).days <= 7
        assert stat.S_IMODE((site / "var/tls/site.key").stat().st_mode) == 0o600
        assert sorted(path.name for path in (site / "var/tls").iterdir()) == [
            "site.crt",
            "site.key",
        ]

    def test_a_link_planted_in_the_place_of_the_key_is_not_followed(self, site, tmp_path):
        (site / "var/tls").mkdir(parents=True)
        elsewhere = tmp_path / "elsewhere"
        (site / "var/tls/site.key").symlink_to(elsewhere)
        assert command(site) != 0
        assert not elsewhere.exists()


class TestServing:
    def test_a_renewed_certificate_is_used_without_a_restart(self, site):
        assert command(site) == 0
        key, public = site / "var/tls/site.key", site / "var/tls/site.crt"
        context = server_context(public, key, look=0)
        assert shown(context) == public.read_bytes()
        secret, renewed = making.make(["vue.example"], NOW)
        making.put(public, renewed, mode=0o644, replace=True)
        assert shown(context) != renewed  # its key is not there yet: the old one is still used
        making.put(key, secret, mode=0o600, replace=True)
        assert shown(context) == renewed

    def test_what_cannot_be_used_is_said_once(self, site, caplog):
        command(site)
        files = site / "var/tls/site.crt", site / "var/tls/site.key"
        context = server_context(*files, look=0)
        (site / "var/tls/site.key").unlink()
        assert context() is context()
        assert len(caplog.records) == 1

    def test_without_files_it_is_said_how_to_make_them(self, site):
        settings = {
            "communicate.tls_certificate": site / "none.crt",
            "communicate.tls_key": site / "none.key",
        }
        with pytest.raises(NoCertificate, match="communicate tls self-signed"):
            files_of(settings)


def shown(context):
    """Return the certificate, as PEM, that a server with *context* shows."""
    ours, theirs = socket.socketpair()

    def serve():
        with ours, context().wrap_socket(ours, server_side=True) as channel:
            channel.recv(1)

    thread = threading.Thread(target=serve)
    thread.start()
    asking = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    asking.check_hostname, asking.verify_mode = False, ssl.CERT_NONE
    with theirs, asking.wrap_socket(theirs) as channel:
        found = channel.getpeercert(binary_form=True)
        channel.sendall(b"x")
    thread.join()
    return ssl.DER_cert_to_PEM_cert(found).encode()
