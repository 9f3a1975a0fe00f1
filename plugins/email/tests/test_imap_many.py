"""Many mail programs at once: what each that waits takes, and how long others are held up."""

import tracemalloc

import pytest

from .reading_site import Library, letter

WAITING = 40
EACH = 90 * 1024  # octets that a client which waits may take, of both its ends in this process


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    made = Library(tmp_path_factory.mktemp("many"), **{"email.programs_per_member": "200"})
    yield made
    made.close()


def waiting(library):
    """Return a client that waits for news of its inbox."""
    wire = library.wire()
    wire.ask("SELECT INBOX")
    wire.send(b"i IDLE\r\n")
    assert wire.line().startswith(b"+ ")
    return wire


def test_a_client_that_waits_takes_little_memory(library):
    waiting(library).close()
    tracemalloc.start()
    try:
        before, _most = tracemalloc.get_traced_memory()
        clients = [waiting(library) for _ in range(WAITING)]
        after, _most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    for client in clients:
        client.close()
    assert (after - before) / WAITING < EACH


def test_who_asks_for_news_where_nothing_was_committed_opens_no_transaction(library):
    counted = []
    with library.wire() as wire, library.wire() as other:
        wire.ask("SELECT INBOX")
        wire.ask("NOOP")
        work = library.gateway.desk.work
        library.gateway.desk.work = lambda func, *turn: counted.append(func) or work(func, *turn)
        try:
            for _ in range(5):
                assert len(wire.ask("NOOP")) == 1
            assert not counted
            library.put(letter("Neu"))
            assert b"* 1 EXISTS\r\n" in wire.ask("NOOP")
            assert len(counted) == 1
            other.ask("SELECT INBOX")
            other.ask("STORE 1 +FLAGS.SILENT (\\Deleted)")
            assert b"* 1 EXPUNGE\r\n" in other.ask("EXPUNGE")
            assert not [line for line in wire.ask("SEARCH ALL") if b"EXPUNGE" in line]
            assert b"* 1 EXPUNGE\r\n" in wire.ask("NOOP")
        finally:
            library.gateway.desk.work = work
