"""Who does not sign in is told nothing: who is a member, what a password opens, or opened once."""

import base64
import logging
import statistics
import time

import pytest

from communicate.interfaces import IAppPasswords, IMembers
from communicate.testing.house import PASSWORD

from .besieged import Besieged, told
from .reading_site import Wire

TURNS = 25


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    made = Besieged(
        tmp_path_factory.mktemp("signing"),
        **{
            "email.programs_patience": 60,
            "communicate.limits.gateway_account": "100000/hour",
        },
    )
    yield made
    made.close()


@pytest.fixture
def site(shared):
    return shared.begin()


def of_state(site, login, act):
    """Return the app password of a new member, to whose account *act* was done since."""
    site.uids[login] = site.house.member(login)
    secret = site.secret(login)

    def done(request):
        members = request.find_service(IMembers)
        getattr(members, act)(members.by_uid(site.uids[login]))

    site.house.work(done)
    return secret


def revoked(site):
    secret, uid = site.secret("ines"), site.uids["ines"]

    def done(request):
        apps = request.find_service(IAppPasswords)
        assert apps.revoke(uid, apps.number_of(uid, secret, "mail"))

    site.house.work(done)
    return secret


WRONG = {
    "a login of nobody": lambda site: ("nobody", site.secrets["ines"]),
    "a wrong password": lambda site: ("ines", "x" * 29),
    "that of somebody else": lambda site: ("paul", site.secrets["ines"]),
    "the main one": lambda _site: ("ines", PASSWORD),
    "one for something else": lambda site: ("ines", site.secret("ines", "disk")),
    "one that was taken back": lambda site: ("ines", revoked(site)),
    "of one who is suspended": lambda site: ("susan", of_state(site, "susan", "suspend")),
    "of one whose account is closed": lambda site: ("clara", of_state(site, "clara", "close")),
    "nothing": lambda _site: ("ines", ""),
    "a domain of others": lambda site: ("ines@elsewhere.example", site.secrets["ines"]),
}


def by_imap(site, login, password):
    """Return what is answered, by one way to sign in and the other."""
    wire = site.stranger("imaps")
    plain = base64.b64encode(f"\0{login}\0{password}".encode()).decode()
    answers = {
        wire.ask(f'LOGIN {login} "{password}"')[-1].partition(b" ")[2],
        wire.ask(f"AUTHENTICATE PLAIN {plain}")[-1].partition(b" ")[2],
    }
    assert len(answers) == 1
    return answers.pop()


def by_pop3(site, login, password):
    wire = site.stranger("pop3s")
    plain = base64.b64encode(f"\0{login}\0{password}".encode()).decode()
    assert told(wire, f"USER {login}") == b"+OK And the password?\r\n"
    answers = {told(wire, f"PASS {password}"), told(wire, f"AUTH PLAIN {plain}")}
    assert len(answers) == 1
    return answers.pop()


@pytest.mark.parametrize("why", WRONG)
def test_all_that_is_wrong_is_wrong_alike(site, caplog, why):
    caplog.set_level(logging.DEBUG)
    login, password = WRONG[why](site)
    assert by_imap(site, login, password).startswith(
        b"NO [AUTHENTICATIONFAILED] Sign in with your"
    )
    assert by_pop3(site, login, password).startswith(b"-ERR [AUTH] Sign in with your")
    assert password not in caplog.text or not password


@pytest.mark.parametrize("name", ["imaps", "pop3s"])
def test_a_wrong_login_takes_as_long_as_a_wrong_password(site, name):
    times = {"ines": [], "nobody": []}
    for _ in range(TURNS):
        for login, taken in times.items():
            wire = site.stranger(name)
            if name == "pop3s":
                told(wire, f"USER {login}")
            line = f"a LOGIN {login} wrong-words" if name == "imaps" else "PASS wrong-words"
            begun = time.perf_counter()
            assert b"Sign in with" in told(wire, line)
            taken.append(time.perf_counter() - begun)
            wire.close()
    # The quicker ones of each: what else the machine does makes some slower.
    known, unknown = (statistics.quantiles(taken, n=4)[0] for taken in times.values())
    assert 0.5 < known / unknown < 2


@pytest.mark.parametrize("name", ["imaps", "pop3s"])
def test_the_third_wrong_password_ends_the_connection(site, name):
    wire = site.stranger(name)
    lines = b"a LOGIN ines no\r\n" if name == "imaps" else b"USER ines\r\nPASS no\r\n"
    wire.send(lines * 5)
    said = wire.file.read()
    assert said.count(b"Sign in with") == 2
    assert said.splitlines()[-1].endswith(b"Too many wrong passwords")


@pytest.fixture
def guessed(tmp_path):
    """Return a site that takes few guesses."""
    made = Besieged(
        tmp_path,
        **{
            "email.programs_patience": 60,
            "communicate.limits.gateway_account": "4/hour",
            "communicate.limits.gateway_address": "6/hour",
        },
    )
    yield made
    made.close()


def guess(site, peer, login, password="wrong"):  # noqa: S107
    """Return what is answered to a guess from *peer*."""
    wire = site.open.enter_context(Wire(site.port("imaps"), peer=peer))
    return wire.ask(f"LOGIN {login} {password}")[-1].partition(b" ")[2]


def test_guesses_from_everywhere_end_and_keep_no_member_out(guessed):
    for login in ("ines", "nobody"):
        found = [guess(guessed, f"127.0.0.{number}", login) for number in range(2, 9)]
        assert [b"AUTHENTICATIONFAILED" in one for one in found] == [True] * 4 + [False] * 3
        assert all(b"[LIMIT]" in one for one in found[4:])
    assert guess(guessed, "127.0.0.9", "ines", guessed.secrets["ines"]).startswith(b"OK")


def test_so_do_guesses_at_everybody_from_one_place(guessed):
    found = [guess(guessed, "127.0.0.20", f"member{number}") for number in range(8)]
    assert [b"[LIMIT]" in one for one in found] == [False] * 6 + [True] * 2
    wire = guessed.open.enter_context(Wire(guessed.port("pop3s"), peer="127.0.0.20"))
    told(wire, "USER ines")
    assert b"Too many wrong passwords" in told(wire, "PASS wrong")
    assert guess(guessed, "127.0.0.21", "ines", guessed.secrets["ines"]).startswith(b"OK")


def test_programs_that_signed_in_are_seen_where_app_passwords_are(site):
    site.member("paul")
    page = site.house.browser("paul").get("/account/app-passwords")
    assert "laptop" in page.text

    def used(request):
        return [app["used"] for app in request.find_service(IAppPasswords).of(site.uids["paul"])]

    assert all(site.house.work(used))
