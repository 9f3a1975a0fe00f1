"""Operators are told where mail programs are not let in, and before their certificate ends."""

import socket
from datetime import UTC, datetime, timedelta

import pytest

from communicate.serving.sockets import listen_for_commands
from communicate.tls import making
from communicate_email.imap.health import HEALTH
from communicate_email.pop3 import gateway as pop3

from .reading_site import Library

[CHECK] = HEALTH


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    made = Library(tmp_path_factory.mktemp("health"), **{"email.pop3s": "127.0.0.1:0"})
    made.drops = pop3.start(made.house.registry)
    settings = made.house.registry.settings
    for name in ("imap", "imaps"):
        settings[f"email.{name}"] = f"127.0.0.1:{made.gateway.port(name)}"
    settings["email.pop3s"] = f"127.0.0.1:{made.drops.port('pop3s')}"
    yield made
    made.drops.stop()
    made.close()


@pytest.fixture
def served(library):
    """Have the site be one that is served, as far as others can see."""
    run = library.house.registry.settings["communicate.run"]
    run.mkdir(exist_ok=True)
    with listen_for_commands(run) as control:
        yield library.house.registry
    assert control.fileno() == -1


def said(registry):
    return str(CHECK.run(registry) or "")


def test_where_all_is_well_nothing_is_said(served):
    assert said(served) == ""


def test_nor_where_no_program_is_to_be_let_in(library, monkeypatch):
    registry = library.house.registry
    for name in ("imap", "imaps", "pop3", "pop3s"):
        monkeypatch.setitem(registry.settings, f"email.{name}", "")
    library.certificate.rename(library.certificate.with_suffix(".away"))
    assert said(registry) == ""
    library.certificate.with_suffix(".away").rename(library.certificate)


@pytest.mark.parametrize("name", ["imap", "imaps", "pop3s"])
def test_who_does_not_answer_is_named(served, monkeypatch, name):
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    monkeypatch.setitem(served.settings, f"email.{name}", f"127.0.0.1:{port}")
    found = CHECK.run(served)
    assert found.mapping == {"name": name, "address": f"127.0.0.1:{port}"}


def test_while_the_site_is_stopped_nobody_is_expected_to_answer(library, monkeypatch):
    monkeypatch.setitem(library.house.registry.settings, "email.imaps", "127.0.0.1:1")
    assert said(library.house.registry) == ""


def test_so_is_where_nobody_else_is_let_in(served, library, monkeypatch):
    monkeypatch.setattr(library.gateway.desk.guests, "each", 0)
    assert CHECK.run(served).mapping["name"] == "imap"


def test_a_certificate_that_ends_soon_or_is_not_there_is_told(served, library):
    begun = datetime.now(UTC) - timedelta(days=making.DAYS - 3)
    _secret, public = making.make(making.HERE, begun)
    before = library.certificate.read_bytes()
    library.certificate.write_bytes(public)
    assert "ends on" in said(served)
    library.certificate.unlink()
    assert "communicate tls self-signed" in said(served)
    library.certificate.write_bytes(before)
    assert said(served) == ""
