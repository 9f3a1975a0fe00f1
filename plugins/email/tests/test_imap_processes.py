"""Two processes serve one site: who waits at one is told what is done at the other."""

import time
from contextlib import ExitStack, closing

import pytest

from communicate.testing import postgres

from .reading_site import Wire, letter
from .served_mail import PATIENCE, Served


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """Return the settings of three databases, and of what two processes share besides."""
    shared = tmp_path_factory.mktemp("shared")
    with ExitStack() as made:
        server = made.enter_context(postgres.running())
        tree, catalog, ring = (
            made.enter_context(postgres.database(server, name))
            for name in ("tree", "catalog", "keyring")
        )
        yield {
            "database": tree,
            "catalog": catalog.replace("postgresql:", "postgresql+psycopg:"),
            "keyring": ring.replace("postgresql:", "postgresql+psycopg:"),
            "blobs": shared / "blobs",
            "master_key_file": shared / "master.key",
        }


@pytest.fixture(scope="module")
def both(tmp_path_factory, settings):
    """Return two that serve the same site."""
    one, two = (Served(tmp_path_factory.mktemp(name) / "site", **settings) for name in "ab")
    one.people()
    two.uids, two.secrets = one.uids, one.secrets
    try:
        yield one.start(), two.start()
    finally:
        for served in (one, two):
            served.server.stop()


def waiting(wire, folder="INBOX"):
    """Have *wire* wait for news of *folder*."""
    assert b" OK" in wire.ask(f"SELECT {folder}")[-1]
    wire.send(b"i IDLE\r\n")
    while not wire.line().startswith(b"+"):
        pass


def told(wire, words):
    """Return how long it takes until *wire* is told *words*."""
    begun = time.monotonic()
    while words not in (line := wire.line()):
        assert line
    return time.monotonic() - begun


@pytest.mark.slow
class TestTwoProcesses:
    def test_who_waits_is_told_what_is_done_at_the_other(self, both):
        one, two = both
        with one.wire() as here, two.wire() as there, two.wire() as other:
            waiting(here)
            waiting(other)
            there.ask(f"APPEND INBOX {{{len(letter())}}}", letter() + b"\r\n")
            assert told(other, b" EXISTS") < PATIENCE
            assert told(here, b" EXISTS") < PATIENCE
            there.ask("SELECT INBOX")
            there.ask("STORE 1 +FLAGS.SILENT (\\Deleted)")
            told(here, b"\\Deleted")
            there.ask("EXPUNGE")
            told(here, b"* 1 EXPUNGE")

    def test_that_takes_a_second_or_so(self, both):
        one, two = both
        with one.wire() as here, two.wire() as there:
            waiting(here)
            spans = []
            for _time in range(5):
                there.ask(f"APPEND INBOX {{{len(letter())}}}", letter() + b"\r\n")
                spans.append(told(here, b" EXISTS"))
            assert min(spans) < 3

    def test_what_was_answered_by_one_is_there_for_the_other(self, both):
        one, two = both
        with one.wire("paul") as here, two.wire("paul") as there:
            for wire in (here, there):
                wire.ask("SELECT INBOX")
            for count in range(1, 6):
                here.ask(f"APPEND INBOX {{{len(letter())}}}", letter() + b"\r\n")
                assert any(b"* %d EXISTS" % count in line for line in there.ask("NOOP"))

    def test_a_folder_that_is_removed_at_the_other_ends_who_waits(self, both):
        one, two = both
        with closing(Wire(one.imaps)) as here, two.wire() as there:
            here.sign_in("ines", one.secrets["ines"])
            there.ask("CREATE parti")
            waiting(here, "parti")
            there.ask("DELETE parti")
            told(here, b"* BYE")
