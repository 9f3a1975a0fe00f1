"""Nothing crosses a network in clear, or to somebody whose name was not checked."""

import doctest

import pytest
from pyramid.config import Configurator

from communicate import links, settings
from communicate.links import Link, LinkUnprotected, faults, links_of, postgresql
from communicate.settings import BadSettings

FAR = "postgresql://ada:secret@db.example.org:5432/site"


def test_the_examples():
    assert doctest.testmod(links).failed == 0


class TestPostgresql:
    @pytest.mark.parametrize(
        ("url", "environ"),
        [
            ("postgresql://ada@localhost/site", {}),
            ("postgresql://ada@127.0.0.1:5433/site", {}),
            ("postgresql://[::1]:5433/site", {}),
            ("postgresql:///site?host=/run/postgresql", {}),
            ("postgresql://ada@%2Frun%2Fpostgresql/site", {}),
            ("postgresql:///site", {}),
            (f"{FAR}?sslmode=verify-full", {}),
            (FAR, {"PGSSLMODE": "verify-full"}),
        ],
    )
    def test_what_is_protected(self, url, environ):
        assert postgresql("x", url, environ).fault is None

    @pytest.mark.parametrize(
        ("url", "environ"),
        [
            (FAR, {}),
            (f"{FAR}?sslmode=require", {}),
            (f"{FAR}?sslmode=verify-ca", {}),
            ("postgresql://localhost,db2.example.org/site", {}),
            ("postgresql://localhost/site?hostaddr=10.0.0.7", {}),
            ("postgresql:///site?host=db.example.org", {}),
            ("postgresql:///site", {"PGHOST": "db.example.org"}),
            ("postgresql:///site?service=other", {}),
            (f"{FAR}?sslmode=prefer", {"PGSSLMODE": "verify-full"}),
        ],
    )
    def test_what_is_not(self, url, environ):
        fault = postgresql("x", url, environ).fault
        assert "verified TLS" in fault
        assert "secret" not in fault


class TestCore:
    @pytest.mark.parametrize(
        ("given", "faulty"),
        [
            ({"database": FAR}, "database"),
            ({"catalog": FAR.replace("postgresql:", "postgresql+psycopg:")}, "catalog"),
            ({"keyring": FAR.replace("postgresql:", "postgresql+psycopg:")}, "keyring"),
            ({"mail": "smtp", "smtp_host": "relay.example.org"}, "smtp_security"),
        ],
    )
    def test_production_does_not_start(self, tmp_path, given, faulty):
        ini = {
            "communicate.mode": "production",
            "communicate.url": "https://example.org",
            "communicate.ledger_file": "ledger",
            "communicate.master_key_file": "key",
            **{f"communicate.{name}": value for name, value in given.items()},
        }

        def load(mode):
            values = {**ini, "communicate.mode": mode}
            return settings.load(
                {"here": str(tmp_path)}, values, environ={}, extra_nodes={}, enabled=()
            )

        with pytest.raises(BadSettings) as error:
            load("production")
        assert [one.key for one in error.value.problems] == [f"communicate.{faulty}"]
        assert [link.setting for link in links_of(load("testing"), {}) if link.fault] == [
            f"communicate.{faulty}"
        ]

    def test_mail_that_stays_here_crosses_nothing(self):
        assert list(links_of({"communicate.mail": "file", "communicate.smtp_host": "far"})) == []


class TestPlugins:
    def link(self, **changes):
        given = {"host": "10.0.0.3", "verified": False, **changes}
        return Link("antispam.url", "rspamd", cure="Write https://.", **given)

    def config(self, mode):
        config = Configurator(settings={"communicate.mode": mode})
        config.include("communicate.links")
        return config

    def test_one_that_is_unprotected_is_refused_in_production(self):
        config = self.config("production")
        with pytest.raises(LinkUnprotected, match=r"antispam.url: .* rspamd on 10.0.0.3"):
            config.add_link(self.link())
        config.add_link(self.link(verified=True))
        config.add_link(self.link(host="127.0.0.1"))

    def test_elsewhere_doctor_names_it(self):
        config = self.config("development")
        config.add_link(self.link())
        (fault,) = faults(config.registry)
        assert fault.endswith("verified TLS. Write https://.")
