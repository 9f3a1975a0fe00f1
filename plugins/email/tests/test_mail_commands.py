"""``communicate mail``: the records of keys, and what is wrong in a real DNS."""

import subprocess

import pytest

from communicate.testing.server import Server
from communicate_email.sending.resolving import DNSResolver, NoSuchDomain, Unanswered

from .nameserver import NameServer
from .outside import run

HOST = "mail.tilleuls.example"
DOMAIN = "tilleuls.example"


@pytest.fixture
def names():
    made = NameServer(
        {
            (DOMAIN, "MX"): ["10 mail.tilleuls.example."],
            (DOMAIN, "TXT"): ['"v=spf1 " "mx -all"', '"other"'],
            (HOST, "A"): ["192.0.2.1"],
            (HOST, "AAAA"): ["2001:db8::1"],
            ("1.2.0.192.in-addr.arpa", "PTR"): [f"{HOST}."],
            ("null.example", "MX"): ["0 ."],
        }
    )
    yield made
    made.stop()


def test_the_resolver_reads_what_a_name_server_says(names):
    resolver = DNSResolver([f"127.0.0.1:{names.port}"])
    assert run(resolver.mx(DOMAIN)) == [(10, HOST)]
    assert run(resolver.mx("null.example")) == [(0, ".")]
    assert run(resolver.mx(HOST)) == []
    assert run(resolver.addresses(HOST)) == ["2001:db8::1", "192.0.2.1"]
    assert sorted(run(resolver.txt(DOMAIN))) == ["other", "v=spf1 mx -all"]
    assert run(resolver.names("192.0.2.1")) == [HOST]
    with pytest.raises(NoSuchDomain):
        run(resolver.mx("nowhere.example"))
    with pytest.raises(Unanswered):
        run(resolver.mx("x" * 64 + ".example"))


def test_an_operator_makes_a_key_and_is_told_what_the_dns_lacks(tmp_path, names):
    site = Server(
        tmp_path / "site",
        "email",
        **{
            "email.domain": DOMAIN,
            "email.hostname": HOST,
            "email.out": "direct",
            "email.name_servers": f"127.0.0.1:{names.port}",
        },
    )
    first = site.run("mail", "dkim-key", DOMAIN)
    assert first.startswith("; signs\n")
    assert f"._domainkey.{DOMAIN}. IN TXT" in first
    more = site.run("mail", "dkim-key", DOMAIN, "--new", "--algorithm", "ed25519")
    assert more.count("; signs") == 2
    for words in (("mail", "dkim-key", "elsewhere.example"), ("mail", "doctor", DOMAIN)):
        with pytest.raises((subprocess.CalledProcessError, AssertionError, RuntimeError)) as error:
            site.run(*words)
        said = " ".join(map(str, (error.value, getattr(error.value, "stdout", ""))))
        assert "email.domains" in said or "WRONG   DKIM" in said
