"""The contract, by the eyes of programs: archives, erasures and backups of what they see."""

import poplib
import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from communicate.backup.events import SiteRestored
from communicate.interfaces import IErasure, IMembers
from communicate.mydata.importing import bring_back
from communicate.reports.interfaces import ISuspensions
from communicate.testing.archives import exported
from communicate_email import signing
from communicate_email.duties import PATHS
from communicate_email.interfaces import IMailStore
from communicate_email.pop3 import gateway as pop3
from communicate_email.store.boxes import office_of
from communicate_email.store.services import MailStore

from .reading_site import Library, Wire, letter, trusting

UID, VALIDITY = re.compile(rb"UID (\d+)"), re.compile(rb"UIDVALIDITY (\d+)")


@pytest.fixture
def library(tmp_path):
    made = Library(tmp_path, **{"email.pop3s": "127.0.0.1:0"})
    made.drops = pop3.start(made.house.registry)
    yield made
    made.drops.stop()
    made.close()


def names_of(library, login="ines"):
    """Return by which names POP3 knows the messages of an inbox."""
    client = poplib.POP3_SSL(
        "127.0.0.1", library.drops.port("pop3s"), context=trusting(), timeout=60
    )
    try:
        client.user(login)
        client.pass_(library.secrets[login])
        return [one.split()[1] for one in client.uidl()[1]]
    finally:
        client.quit()


def seen(library, login):
    """Return what programs see: folders, and of each its messages with marks, without uids."""
    with library.wire(login) as wire:
        found = {"subscribed": wire.ask('LIST (SUBSCRIBED) "" "*"')[:-1]}
        for folder in wire.ask('LIST "" "*"')[:-1]:
            name = folder.rpartition(b'"/" ')[2].strip()
            wire.ask(b"EXAMINE " + name)
            answer = wire.ask("FETCH 1:* (FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE BODY[])")
            found[name] = answer[:-1]
        return found


def test_what_programs_did_comes_back_from_an_archive(library, tmp_path):
    with library.wire() as wire:
        for command in (
            "CREATE Potager/Semis",
            "CREATE &AMk-t&AOk-",
            "UNSUBSCRIBE Potager",
            "SELECT Potager/Semis",
        ):
            assert b" OK " in wire.ask(command)[-1]
        for subject, flags in (("Pois", "\\Seen \\Answered $Forwarded"), ("Ail", "semis $label3")):
            one = letter(subject)
            when = '"03-Feb-2026 11:00:00 +0100"'
            command = f"APPEND Potager/Semis ({flags}) {when} {{{len(one)}}}"
            assert b" OK " in wire.ask(command, one + b"\r\n")[-1]
    before = seen(library, "ines")
    assert any(b"semis" in line for line in before[b"Potager/Semis"])
    path = tmp_path / "ines.zip"
    path.write_bytes(exported(library.house, "ines").data)
    bring_back(library.house.registry, path, login="paul")
    assert seen(library, "paul") == before


def test_after_a_restore_programs_fetch_anew(library):
    """What came after the backup had uids that are given again, to other messages."""
    library.put(letter("Un"), letter("Deux"))

    def known():
        with library.wire() as wire:
            wire.ask("ENABLE CONDSTORE")
            [validity] = VALIDITY.findall(b"".join(wire.ask("SELECT INBOX")))
            status = b"".join(wire.ask("STATUS Trash (UIDVALIDITY)"))
            return int(validity), int(VALIDITY.findall(status)[0]), names_of(library)

    before = known()
    library.house.work(
        lambda request: request.registry.notify(SiteRestored(request, datetime.now(UTC)))
    )
    assert library.house.work(lambda request: office_of(request).restored)
    after = known()
    assert after[0] > before[0]
    assert after[1] > before[1]
    assert len(after[2]) == 2
    assert not set(after[2]) & set(before[2])
    assert known() == after


def test_an_erased_member_is_a_stranger_to_programs(library):
    library.put(letter("Un"), login="paul")
    with library.wire("paul") as open_:
        open_.ask("SELECT INBOX")
        library.house.work(
            lambda request: request.find_service(IErasure).start(library.uids["paul"]) and None
        )
        said = open_.ask("FETCH 1 (BODY.PEEK[])")
        assert not [line for line in said if b"Un mot." in line]
    while library.house.run_jobs():
        pass
    with library.wire(None) as wire:
        gone = wire.ask(f"LOGIN paul {library.secrets['paul']}")[-1].partition(b" ")[2]
        assert gone == wire.ask("LOGIN personne x")[-1].partition(b" ")[2]
    assert library.house.work(lambda request: list(office_of(request).accounts)) in (
        [],
        [library.uids["ines"]],
    )


def test_each_command_asks_whether_the_member_may(library, monkeypatch):
    library.put(letter("Un"))
    port = library.drops.port("pop3s")
    with library.wire() as wire, Wire(port) as fetching:
        assert b" OK " in wire.ask("SELECT INBOX")[-1]
        for line in ("USER ines", f"PASS {library.secrets['ines']}"):
            fetching.send(line.encode() + b"\r\n")
            assert fetching.line().startswith(b"+OK")
        monkeypatch.setattr(signing, "permits", lambda *_asked: False)
        said = b"".join(wire.ask("FETCH 1 (ENVELOPE BODY.PEEK[])"))
        assert b"* BYE " in said
        assert b"Un mot." not in said
        fetching.send(b"RETR 1\r\n")
        assert fetching.line().startswith(b"-ERR")
        assert fetching.line() == b""


def test_the_declared_path_leads_its_member_there_and_nobody_else(library):
    def look(request):
        store, members = request.find_service(IMailStore), request.find_service(IMembers)
        ines, paul = (members.by_uid(library.uids[login]) for login in ("ines", "paul"))
        box = store.opened(ines.uid).box("inbox")
        store.opened(paul.uid)

        def reached(member):
            request.member = member
            return {path.reach(request, box) for path in PATHS if path.name == "mail programs"}

        found = [reached(ines), reached(paul), reached(None)]
        request.find_service(ISuspensions).suspend(ines)
        return [*found, reached(ines)]

    assert library.house.work(look) == [{True}, {False}, {False}, {False}]


def test_a_large_message_lies_in_no_file_in_clear_while_it_comes(library, monkeypatch):
    marker = b"Pervenchequadruple"
    whole = letter("Grand", (marker.decode() + "\r\n") * 150_000)
    found, keep = [], MailStore.append

    def looked(self, *given):
        found.append(open_files(marker))
        return keep(self, *given)

    monkeypatch.setattr(MailStore, "append", looked)
    with library.wire() as wire:
        answer = wire.ask(f"APPEND INBOX {{{len(whole)}}}", whole + b"\r\n")[-1]
        assert b"[APPENDUID " in answer
    assert found == [[]]  # it was whole by then, wherever it was kept
    with (library.house.folder / "clear").open("w+b") as file:
        file.write(marker)
        file.flush()
        (library.house.folder / "clear").unlink()
        assert open_files(marker)


def open_files(marker):
    """Return which open files of this process hold *marker*, those without a name too."""
    found = []
    for one in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # closed meanwhile
            if one.is_file() and marker in one.read_bytes():
                found.append(one.name)
    return found
