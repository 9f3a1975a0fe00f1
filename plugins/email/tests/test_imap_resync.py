"""A client that was away learns what it missed, in one answer (RFC 7162)."""

from itertools import count

import pytest

from communicate_email.imap import searching
from communicate_email.store import filing

from .reading_site import Library, letter

NUMBERS = count(1)  # of folders


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    made = Library(tmp_path_factory.mktemp("library"))
    yield made
    made.close()


@pytest.fixture
def wire(shared):
    with shared.wire() as made:
        yield made


@pytest.fixture
def folder(wire):
    """Return a folder with six messages."""
    name = f"f{next(NUMBERS)}"
    wire.ask(f"CREATE {name}")
    put(wire, name, 6)
    return name


def put(wire, folder, number):
    """Append *number* messages."""
    for at in range(number):
        one = letter(f"Lettre {at}")
        assert b" OK " in wire.ask(f"APPEND {folder} (\\Seen) {{{len(one)}}}", one + b"\r\n")[-1]


def opened(wire, folder, more=""):
    """Open *folder*; return its validity, its last modseq, and what is told of messages."""
    lines = wire.ask(f"SELECT {folder}{more}")
    assert b" OK [READ-WRITE]" in lines[-1]
    said = b"".join(lines)
    validity, modseq = (
        int(said.partition(b"[%b " % name)[2].partition(b"]")[0])
        for name in (b"UIDVALIDITY", b"HIGHESTMODSEQ")
    )
    return validity, modseq, [one for one in lines if b"VANISHED" in one or b"FETCH" in one]


def missed(wire, folder, validity, modseq, more=""):
    """Return what a client is told that left *folder* at *modseq*."""
    return opened(wire, folder, f" (QRESYNC ({validity} {modseq}{more}))")[2]


class TestComingBack:
    def test_nothing_is_told_where_nothing_happened(self, wire, folder):
        wire.ask("ENABLE QRESYNC")
        validity, modseq, told = opened(wire, folder)
        assert told == []
        assert missed(wire, folder, validity, modseq) == []

    def test_what_went_and_what_changed_is_told(self, wire, folder):
        assert wire.ask("ENABLE QRESYNC")[0] == b"* ENABLED QRESYNC\r\n"
        validity, modseq, _told = opened(wire, folder)
        wire.ask("STORE 2:3,5 +FLAGS.SILENT (\\Deleted)")
        wire.ask("EXPUNGE")
        wire.ask("UID STORE 4 +FLAGS.SILENT (\\Flagged)")
        put(wire, folder, 1)
        now = opened(wire, folder)[1]
        assert (
            missed(wire, folder, validity, modseq)
            == [
                b"* VANISHED (EARLIER) 2:3,5\r\n",
                b"* 2 FETCH (UID 4 FLAGS (\\Seen \\Flagged) MODSEQ (%d))\r\n" % (now - 1),
                b"* 4 FETCH (UID 7 FLAGS (\\Seen) MODSEQ (%d))\r\n" % now,
            ]
            or missed(wire, folder, validity, modseq) == []
        )
        assert missed(wire, folder, validity, modseq, " 1:2,6") == [b"* VANISHED (EARLIER) 2\r\n"]
        assert missed(wire, folder, validity, now) == []

    def test_of_other_uids_nothing_is_told(self, wire, folder):
        wire.ask("ENABLE QRESYNC")
        validity, _modseq, _told = opened(wire, folder)
        assert missed(wire, folder, validity - 1, 1) == []

    def test_where_it_is_forgotten_what_went_all_that_is_not_there_is_told(
        self, wire, folder, monkeypatch
    ):
        monkeypatch.setattr(filing, "KEPT_LOG", 2)
        monkeypatch.setattr(filing, "RECENT", 1)
        wire.ask("ENABLE QRESYNC")
        validity, modseq, _told = opened(wire, folder)
        for uid in (2, 3, 6):
            wire.ask(f"UID STORE {uid} +FLAGS.SILENT (\\Deleted)")
            wire.ask("EXPUNGE")
        assert missed(wire, folder, validity, modseq) == [b"* VANISHED (EARLIER) 2:3,6\r\n"]
        assert missed(wire, folder, validity, modseq, " 1:5000") == [
            b"* VANISHED (EARLIER) 2:3,6\r\n"
        ]
        assert missed(wire, folder, validity, modseq, " 3:6 (1,2,3 1,4,5)") == [
            b"* VANISHED (EARLIER) 6\r\n"
        ]
        assert missed(wire, folder, validity, modseq, " (1,2 1,3)") == [
            b"* VANISHED (EARLIER) 2:3,6\r\n"
        ]

    @pytest.mark.parametrize(
        "given",
        ["0 1", "1 0", "1", "1 1 *", "1 1 $", "1 1 1:*", "1 1 (1 1", "1 1 (1,2 1)", "1 1 1 (1)"],
    )
    def test_what_cannot_be_is_refused_and_nothing_is_selected(self, wire, folder, given):
        wire.ask("ENABLE QRESYNC")
        assert b" BAD " in wire.ask(f"SELECT {folder} (QRESYNC ({given}))")[-1]
        assert b" BAD " in wire.ask("FETCH 1 FLAGS")[-1]

    def test_it_is_enabled_first(self, wire, folder):
        assert b" BAD " in wire.ask(f"SELECT {folder} (QRESYNC (1 1))")[-1]
        validity, modseq, _told = opened(wire, folder)
        assert b" BAD " in wire.ask("UID FETCH 1:* FLAGS (CHANGEDSINCE 1 VANISHED)")[-1]
        wire.ask("ENABLE QRESYNC")
        assert b" BAD " in wire.ask("FETCH 1:* FLAGS (CHANGEDSINCE 1 VANISHED)")[-1]
        assert b" BAD " in wire.ask("UID FETCH 1:* FLAGS (VANISHED)")[-1]
        assert missed(wire, folder, validity, modseq) == []


class TestVanishing:
    def test_uids_are_told_instead_of_numbers(self, shared, wire, folder):
        wire.ask("ENABLE QRESYNC")
        opened(wire, folder)
        wire.ask("STORE 2:3,5 +FLAGS.SILENT (\\Deleted)")
        gone, done = wire.ask("EXPUNGE")
        assert gone == b"* VANISHED 2:3,5\r\n"
        assert b" OK [HIGHESTMODSEQ " in done
        assert b"[HIGHESTMODSEQ " not in wire.ask("EXPUNGE")[-1]
        moved = wire.ask("MOVE 1 Archive")
        assert moved[1] == b"* VANISHED 1\r\n"
        assert b" OK [HIGHESTMODSEQ " in moved[-1]

    def test_what_went_since_is_told_with_a_fetch(self, shared, wire, folder):
        wire.ask("ENABLE QRESYNC")
        modseq = opened(wire, folder)[1]
        wire.ask("UID STORE 2,5 +FLAGS.SILENT (\\Deleted)")
        wire.ask("EXPUNGE")
        wire.ask("UID STORE 4 +FLAGS.SILENT (\\Flagged)")
        with shared.wire() as other:
            other.ask(f"SELECT {folder}")
            other.ask("UID STORE 6 +FLAGS.SILENT (\\Deleted)")
            other.ask("EXPUNGE")
        lines = wire.ask(f"UID FETCH 1:* (FLAGS) (CHANGEDSINCE {modseq} VANISHED)")
        assert lines[0] == b"* VANISHED (EARLIER) 2,5\r\n"
        assert lines[1].startswith(b"* 3 FETCH (UID 4 FLAGS (\\Seen \\Flagged) MODSEQ (")
        assert lines[2] == b"* VANISHED 6\r\n"
        assert len(lines) == 4

    def test_what_cannot_be_told_yet_is_not_said_to_be_known(self, shared, wire, folder):
        wire.ask("ENABLE QRESYNC")
        modseq = opened(wire, folder)[1]
        with shared.wire() as other:
            other.ask(f"SELECT {folder}")
            other.ask("UID STORE 6 +FLAGS.SILENT (\\Deleted)")
            other.ask("EXPUNGE")
            other.ask("UID STORE 1 +FLAGS (\\Flagged)")
        lines = wire.ask("FETCH 2 FLAGS")
        told = b"".join(lines)
        assert b"VANISHED" not in told
        assert b"* 1 FETCH (UID 1 FLAGS (\\Seen \\Flagged) MODSEQ (%d))" % (modseq + 3) in told
        assert b"* OK [HIGHESTMODSEQ %d]" % modseq in told
        assert wire.ask("NOOP")[0] == b"* VANISHED 6\r\n"
        assert b"HIGHESTMODSEQ" not in b"".join(wire.ask("FETCH 2 FLAGS"))

    def test_nothing_goes_while_numbers_are_looked_for(self, shared, wire, folder):
        opened(wire, folder)
        with shared.wire() as other:
            other.ask(f"SELECT {folder}")
            other.ask("STORE 6 +FLAGS.SILENT (\\Deleted)")
            other.ask("EXPUNGE")
        assert wire.ask("UID SEARCH NOT 2:3")[:-1] == [b"* SEARCH 1 4 5\r\n"]
        assert wire.ask("UID SEARCH ALL")[:-1] == [b"* SEARCH 1 2 3 4 5\r\n", b"* 6 EXPUNGE\r\n"]


class TestModseqs:
    @pytest.mark.parametrize(
        "command",
        [
            "STATUS INBOX (HIGHESTMODSEQ)",
            "FETCH 1 (MODSEQ)",
            "FETCH 1 FLAGS (CHANGEDSINCE 1)",
            "SEARCH MODSEQ 1",
            "UID SORT (DATE) UTF-8 OR NOT MODSEQ 1 SEEN",
            "STORE 1 (UNCHANGEDSINCE 1) +FLAGS (\\Seen)",
            "ENABLE CONDSTORE",
            "ENABLE QRESYNC",
        ],
    )
    def test_who_asks_once_is_told_from_then_on(self, shared, wire, folder, command):
        modseq = opened(wire, folder)[1]
        assert b"* OK [HIGHESTMODSEQ %d]" % modseq in b"".join(wire.ask(command))
        assert b"HIGHESTMODSEQ %d]" % modseq not in b"".join(wire.ask(command))
        with shared.wire() as other:
            other.ask(f"SELECT {folder}")
            other.ask("STORE 2 +FLAGS (\\Flagged)")
        assert wire.ask("NOOP")[0] == (
            b"* 2 FETCH (UID 2 FLAGS (\\Seen \\Flagged) MODSEQ (%d))\r\n" % (modseq + 1)
        )

    def test_what_is_found_has_its_highest(self, wire, folder):
        modseq = opened(wire, folder)[1]
        assert wire.ask(f"SEARCH MODSEQ {modseq - 1}")[1] == (
            b"* SEARCH 5 6 (MODSEQ %d)\r\n" % modseq
        )
        assert wire.ask(f"SEARCH MODSEQ {modseq + 1}")[0] == b"* SEARCH\r\n"
        assert wire.ask(f"UID SORT (REVERSE ARRIVAL) UTF-8 MODSEQ {modseq - 1} 1:5")[0] == (
            b"* SORT 5 (MODSEQ %d)\r\n" % (modseq - 1)
        )
        for returns, told in (
            ("ALL", b"ALL 4:6 MODSEQ %d" % modseq),
            ("MIN", b"MIN 4 MODSEQ %d" % (modseq - 2)),
            ("MIN MAX", b"MIN 4 MAX 6 MODSEQ %d" % modseq),
            ("MIN COUNT", b"MIN 4 COUNT 3 MODSEQ %d" % modseq),
        ):
            found = wire.ask(f"SEARCH RETURN ({returns}) MODSEQ {modseq - 2}")[0]
            assert found.endswith(b") " + told + b"\r\n")

    def test_silence_tells_of_modseqs_alone(self, shared, wire, folder):
        modseq = opened(wire, folder, " (CONDSTORE)")[1]
        assert wire.ask("STORE 3 +FLAGS.SILENT (\\Flagged)")[0] == (
            b"* 3 FETCH (UID 3 MODSEQ (%d))\r\n" % (modseq + 1)
        )
        lines = wire.ask(f"STORE 2:3 (UNCHANGEDSINCE {modseq}) +FLAGS.SILENT (\\Answered)")
        assert lines[0] == b"* 2 FETCH (UID 2 MODSEQ (%d))\r\n" % (modseq + 2)
        assert b"OK [MODIFIED 3]" in lines[1]

    def test_silence_hides_nothing_that_others_did(self, shared, wire, folder):
        opened(wire, folder)
        with shared.wire() as other:
            other.ask(f"SELECT {folder}")
            other.ask("STORE 1 +FLAGS (\\Flagged)")
        assert wire.ask("STORE 1:2 +FLAGS.SILENT (\\Answered)")[:-1] == [
            b"* 1 FETCH (UID 1 FLAGS (\\Seen \\Answered \\Flagged))\r\n"
        ]

    def test_who_reads_is_told_of_it_with_its_modseq(self, wire, folder):
        modseq = opened(wire, folder, " (CONDSTORE)")[1]
        wire.ask("STORE 1:2 -FLAGS.SILENT (\\Seen)")
        told = wire.ask("FETCH 1 BODY[TEXT]")
        assert told[0].endswith(b" FLAGS (\\Seen) UID 1 MODSEQ (%d))\r\n" % (modseq + 2))
        assert len(told) == 2
        assert b"MODSEQ (%d)" % (modseq + 2) in wire.ask("FETCH 1 MODSEQ")[0]


def test_what_min_and_max_find_is_what_is_saved(wire, folder):
    opened(wire, folder)
    for returns, saved in (
        ("SAVE", b" 2 3 4"),
        ("SAVE MIN", b" 2"),
        ("SAVE MAX MIN", b" 2 4"),
        ("SAVE MIN COUNT", b" 2 3 4"),
        ("SAVE ALL", b" 2 3 4"),
    ):
        wire.ask(f"SEARCH RETURN ({returns}) 2:4")
        assert wire.ask("SEARCH $")[0] == b"* SEARCH%b\r\n" % saved


def test_nothing_is_saved_where_a_search_could_not_be_made(wire, folder, monkeypatch):
    opened(wire, folder)
    for command in ("SEARCH RETURN (SAVE) SUBJECT x", "SORT RETURN (SAVE) (SUBJECT) UTF-8 ALL"):
        wire.ask("SEARCH RETURN (SAVE) 2:4")
        assert b" BAD " in wire.ask("SEARCH RETURN (SAVE) NONSENSE")[-1]
        assert wire.ask("SEARCH $")[0] == b"* SEARCH 2 3 4\r\n"
        with monkeypatch.context() as patch:
            patch.setattr(searching, "SECONDS", -1.0)
            assert b" NO " in wire.ask(command)[-1]
        assert wire.ask("SEARCH $")[0] == b"* SEARCH\r\n"
