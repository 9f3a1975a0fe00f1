"""Who may not come in any more does not stay either: what is connected ends within a moment."""

import asyncio
import threading
import time

import pytest

from communicate.interfaces import IAppPasswords, IMembers
from communicate_email.imap import members
from communicate_email.interfaces import IMailStore

from .besieged import Besieged, ended, told, until
from .reading_site import letter

SOON = 30  # seconds: a moment, on a machine that is busy with something else


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    made = Besieged(tmp_path_factory.mktemp("ended"), **{"email.programs_patience": 60})
    yield made
    made.close()


@pytest.fixture
def site(shared):
    return shared.begin()


@pytest.fixture
def newcomer(site, request):
    """Return the login of a new member with an app password."""
    login = f"zoe{len(site.uids)}"
    site.uids[login] = site.house.member(login)
    site.secrets[login] = site.secret(login)
    return login


def revoke(site, login):
    """Take the app password of *login* back."""

    def done(request):
        apps, uid = request.find_service(IAppPasswords), site.uids[login]
        assert apps.revoke(uid, apps.number_of(uid, site.secrets[login], "mail"))

    site.house.work(done)


def suspend(site, login):
    def done(request):
        found = request.find_service(IMembers)
        found.suspend(found.by_uid(site.uids[login]))

    site.house.work(done)


def close(site, login):
    def done(request):
        found = request.find_service(IMembers)
        found.close(found.by_uid(site.uids[login]))

    site.house.work(done)


TOLD = b"* BYE Your app password, or your account, is not valid any more\r\n"
WAYS = pytest.mark.parametrize("end", [revoke, suspend, close])


@WAYS
def test_who_waits_is_told_and_hung_up_on(site, newcomer, end):
    wire = site.member(newcomer)
    wire.ask("SELECT INBOX")
    wire.send(b"i IDLE\r\n")
    assert wire.line().startswith(b"+")
    begun = time.monotonic()
    end(site, newcomer)
    assert ended(wire.sock) in (TOLD, b"* BYE the account is closed\r\n")
    assert time.monotonic() - begun < SOON


@WAYS
def test_so_is_who_does_nothing(site, newcomer, end):
    wire, drop = site.member(newcomer), site.fetcher(newcomer)
    end(site, newcomer)
    assert ended(wire.sock).startswith(b"* BYE Your app password")
    assert ended(drop.sock).startswith(b"-ERR Your app password")


def test_who_reads_nothing_is_broken_off(site, newcomer):
    site.put(*[letter(text="x" * 500_000)] * 8, login=newcomer)
    wire = site.member(newcomer)
    wire.ask("SELECT INBOX")
    wire.send(b"f FETCH 1:* BODY.PEEK[]\r\n")
    until(lambda: len(site.desk("imap").guests) == 1)
    begun = time.monotonic()
    revoke(site, newcomer)
    until(lambda: not len(site.desk("imap").guests))
    assert time.monotonic() - begun < SOON


def test_others_stay(site, newcomer):
    with site.wire(None) as wire, site.wire(newcomer) as gone:
        wire.sign_in(newcomer, site.secret(newcomer))
        wire.send(b"i IDLE\r\n")
        assert wire.line().startswith(b"+")
        revoke(site, newcomer)
        assert ended(gone.sock)
        wire.send(b"DONE\r\n")
        assert wire.line().startswith(b"i OK")
        assert wire.ask("SELECT INBOX")[-1].startswith(b"t2 OK")


def test_who_comes_in_while_that_is_asked_stays(site, newcomer, monkeypatch):
    asked, go_on = threading.Event(), threading.Event()
    valid = members.valid

    def slow(*args):
        found = valid(*args)
        asked.set()
        go_on.wait(60)
        return found

    with site.wire(newcomer) as first:
        monkeypatch.setattr(members, "valid", slow)
        site.secrets[newcomer] = site.secret(newcomer)  # a change of what the member has
        revoke(site, newcomer)
        assert asked.wait(60)
        site.secrets[newcomer] = site.secret(newcomer)
        with site.wire(newcomer) as wire:
            monkeypatch.undo()
            go_on.set()
            time.sleep(0.5)  # for whoever would end it
            assert b" OK " in wire.ask("SELECT INBOX")[-1]
            assert b" OK " in first.ask("SELECT INBOX")[-1]


def test_whose_password_is_taken_back_while_it_opens_does_not_stay(site, newcomer, monkeypatch):
    desk = site.desk("imap")
    sign_in = desk.sign_in

    async def slow(*args):
        found = await sign_in(*args)
        await desk.apart(lambda: revoke(site, newcomer))
        await asyncio.sleep(1)  # for whoever looks at what a member may, and sees others only
        return found

    with site.wire(newcomer):
        site.secrets[newcomer] = site.secret(newcomer)
        monkeypatch.setattr(desk, "sign_in", slow)
        with site.wire(newcomer) as wire:
            assert ended(wire.sock) == TOLD


def test_what_was_to_be_deleted_at_the_end_stays(site, newcomer):
    site.put(letter(), login=newcomer)
    drop = site.fetcher(newcomer)
    assert told(drop, "DELE 1").startswith(b"+OK")
    revoke(site, newcomer)
    assert ended(drop.sock)

    def count(request):
        store = request.find_service(IMailStore)
        return store.opened(site.uids[newcomer]).box("inbox").count

    assert site.house.work(count) == 1
