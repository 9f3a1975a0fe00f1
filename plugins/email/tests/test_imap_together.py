"""Several clients on one mailbox: none is told what is not so, nothing is lost or doubled."""

import re
import time
from contextlib import ExitStack, contextmanager

import pytest

from communicate_email.store import proof
from communicate_email.store.boxes import account_of

from .imap_crowd import Client, Ledger, agree
from .mail_crowd import Deliverer, Reader
from .reading_site import Library, letter

CLIENTS = 6


@contextmanager
def library_in(folder):
    made = Library(folder, language="en")
    try:
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    with library_in(tmp_path_factory.mktemp("together")) as made:
        yield made


def steps(count):
    yield from range(count)


def until(last):
    while time.monotonic() < last:
        yield


@contextmanager
def crowd(library, left, seed, login, others=()):
    """Have clients, and *others*, take as many steps as *left* yields for each.

    Yield the clients and the ledger.
    """
    ledger = Ledger()
    with ExitStack() as wires:
        clients = [
            Client(wires.enter_context(library.wire(login)), ledger, seed * CLIENTS + each, left())
            for each in range(CLIENTS)
        ]
        more = [other(library, ledger, login, seed, left()) for other in others]
        for one in (*clients, *more):
            one.start()
        for one in (*clients, *more):
            one.join(600)
            assert not one.is_alive()
        for one in (*clients, *more):
            if one.raised is not None:
                raise one.raised
            assert one.steps > 0
        yield clients, ledger


def check(library, clients, ledger, login):
    with library.wire(login) as wire:
        agree(clients, ledger, wire)
    uid = library.uids[login]
    assert library.house.work(lambda request: list(proof.faults(account_of(request, uid)))) == []


def test_six_clients_agree_with_what_is_there(library):
    with crowd(library, lambda: steps(25), 1, "ines") as (clients, ledger):
        check(library, clients, ledger, "ines")


@pytest.mark.slow
def test_six_clients_agree_after_a_minute(tmp_path):
    with library_in(tmp_path) as library:
        last = time.monotonic() + 60
        with crowd(library, lambda: until(last), 2, "ines") as (clients, ledger):
            check(library, clients, ledger, "ines")


@pytest.mark.slow
def test_six_clients_agree_while_mail_comes_in_and_its_owner_reads_it(tmp_path):
    with library_in(tmp_path) as library:
        last = time.monotonic() + 30
        others = (Deliverer, Reader)
        with crowd(library, lambda: until(last), 3, "ines", others) as (clients, ledger):
            check(library, clients, ledger, "ines")


class TestTwo:
    """What one does is told to the other, whatever that one does at the same time."""

    @pytest.fixture
    def two(self, library):
        with library.wire() as one, library.wire() as other:
            one.ask("CREATE deux")
            one.ask(f"APPEND deux {{{len(letter())}}}", letter() + b"\r\n")
            for wire in (one, other):
                wire.ask("ENABLE CONDSTORE")
                wire.ask("SELECT deux")
            yield one, other
            one.ask("STORE 1:* +FLAGS.SILENT (\\Deleted)")
            one.ask("CLOSE")
            one.ask("DELETE deux")

    def test_a_silent_change_does_not_hide_what_the_other_has_changed(self, two):
        one, other = two
        other.ask("STORE 1 +FLAGS (\\Flagged)")
        told = one.ask("STORE 1 +FLAGS.SILENT (\\Answered)")
        assert any(b"\\Answered \\Flagged" in line for line in told)
        (alone, _done) = one.ask("STORE 1 +FLAGS.SILENT (\\Draft)")
        assert b"FLAGS" not in alone

    def test_who_reads_is_told_the_number_of_that_change(self, two):
        one, _other = two
        told = b"".join(one.ask("FETCH 1 (BODY[TEXT])"))
        modseq = re.search(rb"MODSEQ \((\d+)\)", told)[1].decode()
        assert b"\\Seen" in told
        assert b"MODIFIED" not in one.ask(f"STORE 1 (UNCHANGEDSINCE {modseq}) +FLAGS (a)")[-1]

    def test_who_changes_flags_of_what_has_gone_changes_nothing(self, two):
        one, other = two
        other.ask("UID STORE 1 +FLAGS (\\Deleted)")
        other.ask("EXPUNGE")
        told = one.ask("STORE 1 +FLAGS (\\Flagged)")
        assert not any(b"FETCH" in line for line in told)
        assert one.ask("NOOP")[0] == b"* 1 EXPUNGE\r\n"

    def test_of_two_who_move_the_same_one_does(self, two):
        one, other = two
        first, second = (wire.ask("UID MOVE 1 Trash") for wire in (one, other))
        assert b"COPYUID" in first[0]
        assert not any(b"COPYUID" in line for line in second)
        assert b" OK" in second[-1]
