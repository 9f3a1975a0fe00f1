"""Clients that wait are told at once what comes, and cost nothing while nothing does."""

import time

import pytest

from communicate_email.imap import idling
from communicate_email.interfaces import IMailStore
from communicate_email.store.services import Incoming

from .reading_site import Library, letter


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    made = Library(tmp_path_factory.mktemp("library"), **{"email.programs_per_member": 100})
    yield made
    made.close()


@pytest.fixture
def idler(shared):
    """Return what makes a client that waits in a folder."""
    made = []

    def idler(folder, login="ines"):
        wire = shared.wire(login)
        made.append(wire)
        assert b" OK " in wire.ask(f"SELECT {folder}")[-1]
        wire.send(b"i IDLE\r\n")
        assert wire.line().startswith(b"+")
        return wire

    yield idler
    for wire in made:
        wire.close()


@pytest.fixture
def wire(shared):
    with shared.wire() as made:
        yield made


def done(wire):
    """End what *wire* waits for; return what it was told before."""
    wire.send(b"DONE\r\n")
    return list(iter(wire.line, b"i OK IDLE is done\r\n"))


def store(shared, act):
    """Do *act* with the store and the account of ines, as a page or a delivery does."""

    def do(request):
        found = request.find_service(IMailStore)
        return act(found, found.opened(shared.uids["ines"]))

    return shared.house.work(do)


def until(true):
    last = time.monotonic() + 60
    while not true():
        assert time.monotonic() < last
        time.sleep(0.01)


class TestWhatIsTold:
    """Nobody looks for what other processes do here: whatever is told has rung."""

    def test_what_others_append_flag_and_destroy(self, wire, idler):
        wire.ask("CREATE tout")
        waiting = idler("tout")
        wire.ask(f"APPEND tout {{{len(letter())}}}", letter() + b"\r\n")
        assert waiting.line() == b"* 1 EXISTS\r\n"
        assert waiting.line() == b"* 0 RECENT\r\n"
        assert waiting.line() == b"* 1 FETCH (UID 1 FLAGS ())\r\n"
        wire.ask("SELECT tout")
        wire.ask("STORE 1 +FLAGS.SILENT (\\Deleted)")
        assert waiting.line() == b"* 1 FETCH (UID 1 FLAGS (\\Deleted))\r\n"
        wire.ask("EXPUNGE")
        assert waiting.line() == b"* 1 EXPUNGE\r\n"
        assert done(waiting) == []

    def test_what_a_page_or_a_delivery_puts_there(self, shared, idler):
        waiting = idler("INBOX")
        shared.put(letter())
        assert waiting.line() == b"* 1 EXISTS\r\n"

    def test_that_the_folder_was_removed(self, wire, idler):
        wire.ask("CREATE parti")
        waiting = idler("parti")
        wire.ask("DELETE parti")
        assert waiting.line() == b"* BYE The folder was removed\r\n"

    def test_what_happened_while_the_client_began_to_wait(self, wire, shared, idler, monkeypatch):
        wire.ask("CREATE entre")
        hung = shared.gateway.desk.rounds.told

        def late(oids, event):
            store(shared, put_in("entre"))
            return hung(oids, event)

        monkeypatch.setattr(shared.gateway.desk.rounds, "told", late)
        assert idler("entre").line() == b"* 1 EXISTS\r\n"

    def test_that_much_came_in_one_look(self, shared, wire, idler, monkeypatch):
        wire.ask("CREATE foule")
        monkeypatch.setattr(idling, "PACE", 3_600)
        waiting = idler("foule")
        for _time in range(20):
            store(shared, put_in("foule"))
        told = [line for line in done(waiting) if line.endswith(b" EXISTS\r\n")]
        assert told[-1] == b"* 20 EXISTS\r\n"
        assert len(told) <= 2  # the first look may be later than the first of them


def put_in(name):
    def put(store, account):
        store.append(store.boxes(account).at(name), [Incoming(letter())])

    return put


def counting(shared, monkeypatch):
    """Return a list that grows with each transaction of the server."""
    desk = shared.gateway.desk
    work, made = desk.work, []

    async def counted(func, *turn):
        made.append(func)
        return await work(func, *turn)

    monkeypatch.setattr(desk, "work", counted)
    return made


@pytest.fixture
def quiet(shared, monkeypatch):
    """Return what waits until no transaction is made any more, and a list with one for each."""
    rounds, looks = shared.gateway.desk.rounds, []
    look = rounds._bells.look
    monkeypatch.setattr(rounds, "poll", 0.01)
    monkeypatch.setattr(rounds._bells, "look", lambda: looks.append(look()))
    made = counting(shared, monkeypatch)

    def quiet():
        before, last = -1, time.monotonic() + 60
        while before != len(made):
            assert time.monotonic() < last
            before, enough = len(made), len(looks) + 30
            until(lambda enough=enough: len(looks) >= enough)

    quiet.made = made
    return quiet


class TestWhatItCosts:
    def test_no_transaction_for_any_of_those_who_wait(self, shared, idler, quiet):
        for login in ("ines", "paul"):
            for _client in range(20):
                idler("INBOX", login)
        until(lambda: shared.gateway.desk.rounds.waiting >= 40)
        quiet()

    def test_what_changes_elsewhere_wakes_nobody(self, shared, wire, idler, quiet):
        wire.ask("CREATE ailleurs")
        waiting = idler("INBOX", "paul")
        quiet()
        before = len(quiet.made)
        store(shared, put_in("ailleurs"))
        shared.put(letter(), login="paul")
        assert waiting.line() == b"* 1 EXISTS\r\n"
        assert len(quiet.made) == before + 1

    def test_when_the_last_one_leaves_nothing_is_looked_for(self, shared, idler):
        rounds = shared.gateway.desk.rounds
        until(lambda: rounds.waiting == 0)
        waiting = idler("INBOX")
        until(lambda: rounds.waiting == 2)  # for news, and for whether it may stay
        assert rounds._task is not None
        done(waiting)
        until(lambda: rounds.waiting == 1)
        waiting.close()
        until(lambda: rounds._task is None)
        assert rounds._bells._hung == {}
