import logging
from pathlib import Path

import pytest
from colander import Int, Range

from communicate.settings import (
    OVERRIDES,
    BadSettings,
    FilePath,
    Switch,
    enabled_plugins,
    load,
    node,
)

DEVELOPMENT = {"communicate.mode": "development"}
PRODUCTION = {
    "communicate.mode": "production",
    "communicate.url": "https://communicate.example",
    "communicate.ledger_file": "/srv/ledger/erasures.log",
    "communicate.master_key_file": "/etc/communicate/master.key",
}
HERE = {"here": "/srv/site", "__file__": "/srv/site/site.ini"}
FORUMS = {
    "forums": [
        node(Int(), "page_size", "Write a number from 1.", missing=20, validator=Range(1)),
        node(Switch(), "forums.open", "Write yes or no.", missing=True),
        node(FilePath(), "attic", "Write a path.", missing=None),
    ]
}


def read(ini, environ=None, *, extra=None, enabled=(), overrides=None):
    given = {**HERE, OVERRIDES: overrides or {}}
    return load(given, ini, environ=environ or {}, extra_nodes=extra or {}, enabled=enabled)


def faults(ini, environ=None, **options):
    with pytest.raises(BadSettings) as caught:
        read(ini, environ, **options)
    return {problem.key: str(problem) for problem in caught.value.problems}


class TestDefaults:
    def test_everything_lies_under_var_beside_the_ini_file(self):
        values = read(DEVELOPMENT)
        assert values["communicate.var"] == Path("/srv/site/var")
        assert values["communicate.database"] == "file:///srv/site/var/Data.fs"
        assert values["communicate.catalog"] == "sqlite:////srv/site/var/catalog.sqlite"
        assert values["communicate.keyring"] == "sqlite:////srv/site/var/keyring.sqlite"
        for name in ("blobs", "run", "outbox", "logs"):
            assert values[f"communicate.{name}"] == Path("/srv/site/var") / name

    def test_var_moves_everything_but_the_secrets(self):
        values = read({**DEVELOPMENT, "communicate.var": "data"})
        moved = [v for k, v in values.items() if "/srv/site/" in str(v) and "url" not in k]
        inside = [v for v in moved if "/srv/site/data" in str(v)]
        assert len(inside) == 10
        assert set(moved) - set(inside) == {
            Path("/srv/site/.secrets/master.key"),
            Path("/srv/site/.secrets/erasures.log"),
        }

    def test_no_plugin_at_all_is_valid(self):
        assert read({**DEVELOPMENT, "communicate.plugins": ""})["communicate.plugins"] == []

    def test_a_site_that_says_nothing_of_its_mode_is_one_for_real_people(self):
        assert "communicate.url" in faults({})

    def test_the_address_follows_where_development_listens(self):
        values = read({**DEVELOPMENT, "communicate.listen": "127.0.0.1:7000"})
        assert values["communicate.url"] == "http://127.0.0.1:7000"

    def test_relative_paths_start_at_the_ini_file(self):
        values = read({**DEVELOPMENT, "communicate.ledger_file": "../ledger"})
        assert values["communicate.ledger_file"] == Path("/srv/ledger")


class TestTypes:
    def test_values_are_typed(self):
        values = read(
            {
                **DEVELOPMENT,
                "communicate.plugins": "forums, sample\n  forums",
                "communicate.threads": "8",
                "communicate.max_body": "3 MB",
                "communicate.limits.posting": "5/minute",
                "communicate.url": "http://Communicate.example:8080/",
                "communicate.clock_offset": "3600",
            }
        )
        assert values["communicate.plugins"] == ["forums", "sample"]
        assert values["communicate.threads"] == 8
        assert values["communicate.max_body"] == 3 * 2**20
        assert values["communicate.limits.posting"] == "5/minute"
        assert values["communicate.url"] == "http://communicate.example:8080"
        assert values["communicate.clock_offset"] == 3600.0

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("communicate.mode", "prod"),
            ("communicate.url", "communicate.example"),
            ("communicate.url", "https://communicate.example/forum"),
            ("communicate.url", "ftp://communicate.example"),
            ("communicate.url", "https://user@communicate.example"),
            ("communicate.url", "http://communicate.example:99999"),
            ("communicate.listen", "6543"),
            ("communicate.listen", "localhost:http"),
            ("communicate.joining", "yes"),
            ("communicate.language", "de"),
            ("communicate.widest_audience", "contacts"),
            ("communicate.trusted_proxy", "*"),
            ("communicate.trusted_proxy", "localhost"),
            ("communicate.trusted_proxy", "127.0.0.1, 192.0.2.1"),
            ("communicate.threads", "many"),
            ("communicate.threads", "0"),
            ("communicate.max_body", "ten"),
            ("communicate.max_body", "10 parsecs"),
            ("communicate.max_body", "-1"),
            ("communicate.mail", "pigeon"),
            ("communicate.smtp_port", "70000"),
            ("communicate.smtp_security", "ssl"),
            ("communicate.limits.posting", "often"),
            ("communicate.clock_offset", "an hour"),
        ],
    )
    def test_each_wrong_value_is_named_with_a_cure(self, key, value):
        found = faults({**DEVELOPMENT, key: value})
        assert list(found) == [key]
        assert found[key].startswith(f"{key}: ")
        assert "Write" in found[key]

    def test_a_secret_is_not_repeated(self):
        secret = node(Int(), "pin", "Write a number.", missing=0, secret=True)
        found = faults(
            {**DEVELOPMENT, "bank.pin": "hunter2"}, extra={"bank": [secret]}, enabled=["bank"]
        )
        assert "hunter2" not in found["bank.pin"]


class TestErrors:
    def test_all_are_listed_at_once(self):
        found = faults(
            {
                "communicate.threads": "many",
                "communicate.thread": "4",
                "communicate.max_body": "big",
                "forums.page_size": "0",
            },
            extra=FORUMS,
            enabled=["forums"],
        )
        assert set(found) == {
            "communicate.threads",
            "communicate.thread",
            "communicate.max_body",
            "communicate.url",
            "communicate.ledger_file",
            "communicate.master_key_file",
            "forums.page_size",
        }

    @pytest.mark.parametrize(
        ("key", "value", "source"),
        [
            ("communicate.url", "ftp://communicate.example", {"communicate.listen": "6543"}),
            ("communicate.master_key_file", "var/key", {"communicate.mode": "staging"}),
        ],
    )
    def test_a_fault_is_told_though_the_default_hangs_on_another(self, key, value, source):
        assert set(faults({**DEVELOPMENT, **source, key: value})) == {key, *source}

    def test_the_message_names_the_file_and_counts(self):
        with pytest.raises(BadSettings, match=r"^1 setting in /srv/site/site\.ini cannot be used"):
            read({**DEVELOPMENT, "communicate.mail": "pigeon"})

    def test_an_unknown_key_gets_the_nearest_known_one(self):
        assert (
            "Meant communicate.joining?"
            in faults({**DEVELOPMENT, "communicate.joinning": "open"})["communicate.joinning"]
        )

    def test_an_unknown_key_of_an_enabled_plugin_stops(self):
        found = faults({**DEVELOPMENT, "forums.pagesize": "5"}, extra=FORUMS, enabled=["forums"])
        assert "Meant forums.page_size?" in found["forums.pagesize"]

    def test_keys_of_a_plugin_that_is_off_are_kept_unread_with_one_line(self, caplog):
        caplog.set_level(logging.INFO)
        ini = {**DEVELOPMENT, "forums.page_size": "many", "forums.x": "1", "sms.y": "2"}
        values = read(ini)
        assert values["forums.page_size"] == "many"
        (line,) = [r.getMessage() for r in caplog.records]
        assert line.endswith("kept unread: forums.page_size, forums.x, sms.y")

    def test_settings_of_pyramid_pass(self, caplog):
        caplog.set_level(logging.INFO)
        values = read({**DEVELOPMENT, "pyramid.reload_templates": "true"})
        assert values["pyramid.reload_templates"] == "true"
        assert not caplog.records


class TestPlugins:
    def test_their_nodes_are_read_under_their_prefix(self):
        ini = {**DEVELOPMENT, "forums.page_size": "50", "forums.attic": "attic"}
        values = read(ini, extra=FORUMS, enabled=["forums"])
        assert values["forums.page_size"] == 50
        assert values["forums.open"] is True
        assert values["forums.attic"] == Path("/srv/site/attic")

    def test_nodes_of_one_that_is_not_enabled_are_not_read(self):
        assert "forums.page_size" not in read(DEVELOPMENT, extra=FORUMS)

    def test_nodes_are_not_changed_by_reading_them(self):
        for _turn in range(2):
            read(DEVELOPMENT, extra=FORUMS, enabled=["forums"])
        assert FORUMS["forums"][0].name == "page_size"

    def test_their_names_can_be_asked_for_before_anything_else(self):
        ini = {"communicate.plugins": "forums sample", "communicate.threads": "many"}
        assert enabled_plugins(HERE, ini, {}) == ["forums", "sample"]
        assert enabled_plugins(HERE, ini, {"COMMUNICATE_PLUGINS": ""}) == []


class TestEnvironment:
    def test_it_overrides_the_ini_file(self):
        environ = {
            "COMMUNICATE_THREADS": "2",
            "COMMUNICATE_LIMITS_SIGN_IN_ACCOUNT": "3/hour",
            "COMMUNICATE_FORUMS_PAGE_SIZE": "7",
            "COMMUNICATE_PLUGINS": "",
        }
        ini = {**DEVELOPMENT, "communicate.threads": "9", "communicate.plugins": "forums"}
        values = read(ini, environ, extra=FORUMS, enabled=["forums"])
        assert values["communicate.threads"] == 2
        assert values["communicate.limits.sign_in_account"] == "3/hour"
        assert values["forums.page_size"] == 7
        assert values["communicate.plugins"] == []

    def test_the_command_line_overrides_it(self):
        environ = {"COMMUNICATE_VAR": "/from/environment"}
        values = read(DEVELOPMENT, environ, overrides={"communicate.var": "/from/option"})
        assert values["communicate.var"] == Path("/from/option")

    def test_a_misspelt_variable_is_logged_with_the_nearest(self, caplog):
        read(DEVELOPMENT, {"COMMUNICATE_DATABSE": "x", "COMMUNICATE_REQUIRE_BROWSER": "1"})
        assert [r.getMessage() for r in caplog.records] == [
            "COMMUNICATE_DATABSE names no setting. Meant COMMUNICATE_DATABASE?"
        ]

    def test_a_wrong_value_in_it_is_a_fault_too(self):
        found = faults({**DEVELOPMENT, "communicate.mode": "x"}, {"COMMUNICATE_THREADS": "many"})
        assert '"many" is not a number (in COMMUNICATE_THREADS).' in found["communicate.threads"]
        assert "COMMUNICATE" not in found["communicate.mode"]

    def test_what_resembles_no_setting_gets_no_hint(self, caplog):
        read(DEVELOPMENT, {"COMMUNICATE_FORUMS_PAGE_SIZE": "7"})
        assert [r.getMessage() for r in caplog.records] == [
            "COMMUNICATE_FORUMS_PAGE_SIZE names no setting."
        ]

    def test_the_master_key_never_becomes_a_setting(self):
        values = read(DEVELOPMENT, {"COMMUNICATE_MASTER_KEY": "c2VjcmV0"})
        assert "c2VjcmV0" not in map(str, values.values())


class TestProduction:
    def test_what_is_required_suffices(self):
        values = read(PRODUCTION)
        assert values["communicate.mail"] == "smtp"
        assert values["communicate.mail_from"] == "noreply@communicate.example"

    @pytest.mark.parametrize("key", sorted(set(PRODUCTION) - {"communicate.mode"}))
    def test_each_is_required(self, key):
        ini = {k: v for k, v in PRODUCTION.items() if k != key}
        assert list(faults(ini)) == [key]
        assert list(faults({**ini, key: ""})) == [key]

    def test_the_key_may_come_from_the_environment(self):
        ini = {k: v for k, v in PRODUCTION.items() if k != "communicate.master_key_file"}
        assert read(ini, {"COMMUNICATE_MASTER_KEY": "x"})["communicate.master_key_file"] is None

    def test_the_clock_may_not_be_moved(self):
        found = faults({**PRODUCTION, "communicate.clock_offset": "60"})
        assert "refused in production" in found["communicate.clock_offset"]

    @pytest.mark.parametrize("key", ["communicate.ledger_file", "communicate.master_key_file"])
    def test_secrets_do_not_lie_where_the_data_lies(self, key):
        found = faults({**PRODUCTION, "communicate.var": "/srv/var", key: "/srv/var/x/secret"})
        assert "outside communicate.var" in found[key]

    def test_a_mail_password_does_not_cross_the_network_in_clear(self):
        ini = {
            **PRODUCTION,
            "communicate.smtp_host": "mail.example",
            "communicate.smtp_user": "site",
        }
        assert "in clear" in faults(ini)["communicate.smtp_security"]
        read({**ini, "communicate.smtp_security": "starttls"})
        read({**ini, "communicate.smtp_host": "localhost"})
