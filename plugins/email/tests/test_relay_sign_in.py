"""A relay that asks who it is: letters leave signed in, and wait where that fails."""

import pytest
from aiosmtpd.smtp import AuthResult

from .outside import LUCE, Outside, raw
from .remotes import Remote

USER, PASSWORD = "communicate", "le tilleul penche"
ENDED = "535 5.7.8 communicate at tilleuls.example has not paid"


@pytest.fixture(scope="module")
def asked():
    """Return what was tried."""
    return []


@pytest.fixture(scope="module")
def machine(certified, asked):
    """Return a relay that takes mail from who signs in, once encrypted."""

    def authenticate(_server, _session, _envelope, mechanism, data):
        given = (data.login.decode(), data.password.decode())
        asked.append((mechanism, *given))
        right = given == (USER, PASSWORD)
        return AuthResult(success=right, handled=right, message=None if right else ENDED)

    made = Remote(certified[0], tls="starttls", authenticator=authenticate, auth_required=True)
    yield made.start()
    made.stop()


@pytest.fixture(scope="module")
def shared(tmp_path_factory, machine, certified):
    made = Outside(
        tmp_path_factory.mktemp("email"),
        **{
            "email.out": "relay",
            "email.relay_port": machine.port,
            "email.relay_ca": certified[1],
            "email.relay_user": USER,
            "email.relay_password": PASSWORD,
        },
    )
    yield made
    made.close()


@pytest.fixture
def outside(shared, asked, machine):
    asked.clear()
    shared.registry.settings["email.relay_password"] = PASSWORD
    yield shared.begin()
    machine.reset()


def test_who_signs_in_sends(outside, machine, asked):
    outside.send(raw(1))
    outside.send_due()
    assert [each[2] for each in machine.letters] == [raw(1)]
    assert asked[-1][1:] == (USER, PASSWORD)
    assert machine.encrypted == 1


def test_a_password_that_is_not_taken_fails_no_letter(outside, machine, asked):
    outside.registry.settings["email.relay_password"] = "the one of last year"
    outside.send(raw(2), LUCE, "zoe@there.example")
    outside.send_due()
    assert {each[2] for each in asked} == {"the one of last year"}
    assert machine.letters == []
    waiting = outside.waiting()
    assert [tries for tries, _why, _count in waiting] == [1, 1]
    for _tries, why, _count in waiting:
        assert "answered 535 to our name and password" in why
        assert "COMMUNICATE_EMAIL_RELAY_PASSWORD" in why
        assert "last year" not in why
    outside.later(hours=5)
    notices = outside.inbox()
    assert [each.get_content_type() for each in notices] == ["multipart/report"] * 2
    assert all("Action: delayed" in each.as_string() for each in notices)
    assert not any("not paid" in each.as_string() for each in notices)  # is for operators
    outside.registry.settings["email.relay_password"] = PASSWORD
    outside.later(hours=5)
    assert len(machine.letters) == 2
    assert outside.waiting() == []


def test_a_relay_that_knows_no_signing_in_is_said_and_gets_nothing(outside, machine):
    machine.options.pop("auth_required")
    machine.options.pop("authenticator")
    machine.options["auth_exclude_mechanism"] = ["PLAIN", "LOGIN"]
    outside.send(raw(3))
    outside.send_due()
    ((_tries, why, _count),) = outside.waiting()
    assert "offers no way to sign in" in why
    assert machine.letters == []
