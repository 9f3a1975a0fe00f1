"""Mail programs read mail by IMAP: signed in, folder by folder, and what each command does."""

from itertools import count

import pytest

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
        made.folder = f"f{next(NUMBERS)}"
        assert b" OK " in made.ask(f"CREATE {made.folder}")[-1]
        yield made


def appended(wire, *letters, folder=None):
    """Put *letters* into a folder by APPEND; return the answers."""
    return [
        wire.ask(f"APPEND {folder or wire.folder} (\\Seen) {{{len(one)}}}", one + b"\r\n")[-1]
        for one in letters
    ]


class TestSigningIn:
    def test_nobody_signs_in_without_tls(self, shared):
        with shared.wire(None, name="imap") as wire:
            assert b"LOGINDISABLED STARTTLS" in wire.greeting
            assert b"[PRIVACYREQUIRED]" in wire.ask(f"LOGIN ines {shared.secrets['ines']}")[-1]
            assert b"OK" in wire.ask("STARTTLS")[-1]
            wire.encrypt()
            assert b"AUTH=PLAIN" in wire.ask("CAPABILITY")[0]
            assert b"OK" in wire.ask(f"LOGIN ines {shared.secrets['ines']}")[-1]

    def test_what_follows_starttls_in_clear_text_ends_it(self, shared):
        with shared.wire(None, name="imap") as wire:
            wire.send(b"a STARTTLS\r\nb NOOP\r\n")
            assert b"BYE" in wire.file.readline()
            assert wire.file.readline() == b""

    def test_a_wrong_password_is_like_a_wrong_login(self, shared):
        with shared.wire(None) as wire:
            wrong = wire.ask("LOGIN ines no")[-1].partition(b" ")[2]
            assert wire.ask("LOGIN nobody no")[-1].partition(b" ")[2] == wrong

    def test_the_main_password_opens_nothing(self, shared):
        with shared.wire(None) as wire:
            assert b"NO [AUTHENTICATIONFAILED]" in wire.ask("LOGIN ines password")[-1]


class TestMessages:
    def test_what_is_appended_is_read_octet_by_octet(self, wire):
        one = letter("Un")
        assert b"[APPENDUID " in appended(wire, one)[0]
        wire.ask(f"SELECT {wire.folder}")
        (told, _done) = wire.ask("UID FETCH 1 (FLAGS BODY.PEEK[] RFC822.SIZE)")
        assert one in told
        assert b"FLAGS (\\Seen)" in told
        assert b"RFC822.SIZE %d" % len(one) in told

    def test_flags_are_stored_and_told_to_others(self, shared, wire):
        appended(wire, letter("Un"), letter("Deux"))
        wire.ask(f"SELECT {wire.folder}")
        with shared.wire() as other:
            other.ask(f"SELECT {wire.folder}")
            assert b"FETCH (UID 2 FLAGS (\\Flagged perso))" in b"".join(
                wire.ask("STORE 2 FLAGS (\\Flagged perso)")
            )
            assert b"* 2 FETCH (UID 2 FLAGS (\\Flagged perso))\r\n" in other.ask("NOOP")

    def test_what_goes_for_one_goes_for_others_when_they_may_be_told(self, shared, wire):
        appended(wire, *(letter(str(number)) for number in range(5)))
        wire.ask(f"SELECT {wire.folder}")
        with shared.wire() as other:
            other.ask(f"SELECT {wire.folder}")
            wire.ask("STORE 2,4 +FLAGS.SILENT (\\Deleted)")
            assert wire.ask("EXPUNGE")[:-1] == [b"* 4 EXPUNGE\r\n", b"* 2 EXPUNGE\r\n"]
            assert not [one for one in other.ask("FETCH 1 FLAGS") if b"EXPUNGE" in one]
            gone = [one for one in other.ask("NOOP") if b"EXPUNGE" in one]
            assert gone == [b"* 4 EXPUNGE\r\n", b"* 2 EXPUNGE\r\n"]

    def test_messages_are_moved_and_copied_with_their_new_uids(self, wire):
        appended(wire, letter("Un"), letter("Deux"), letter("Trois"))
        wire.ask(f"SELECT {wire.folder}")
        assert b"[TRYCREATE]" in wire.ask("COPY 1 nulle-part")[-1]
        wire.ask(f"CREATE {wire.folder}/Été".encode("ascii", "ignore").decode() + "x")
        answer = wire.ask(f"MOVE 1,3 {wire.folder}/tx")
        assert b"[COPYUID " in answer[0]
        assert b" 1,3 1:2] " in answer[0]
        assert answer[1:3] == [b"* 3 EXPUNGE\r\n", b"* 1 EXPUNGE\r\n"]

    def test_searches_and_orders(self, wire):
        appended(wire, letter("Zinnias", sender="Ana <ana@x.example>"), letter("Re: Ail"))
        wire.ask(f"SELECT {wire.folder}")
        assert wire.ask("SEARCH SUBJECT zinn")[0] == b"* SEARCH 1\r\n"
        assert wire.ask("SEARCH NOT FROM ana")[0] == b"* SEARCH 2\r\n"
        assert wire.ask("SORT (SUBJECT) UTF-8 ALL")[0] == b"* SORT 2 1\r\n"
        found = wire.ask("UID SEARCH RETURN (COUNT ALL) SEEN")[0]
        assert found.endswith(b"UID ALL 1:2 COUNT 2\r\n")


class TestFolders:
    @pytest.mark.parametrize("name", ["/x", "x/", "x//y", '""'])
    def test_none_is_renamed_to_what_is_not_its_name_then(self, wire, name):
        assert b"NO [CANNOT]" in wire.ask(f"RENAME {wire.folder} {name}")[-1]
        assert b" OK " in wire.ask(f"STATUS {wire.folder} (MESSAGES)")[-1]


class TestIdle:
    def test_what_comes_is_told_while_one_waits(self, shared, wire):
        wire.ask(f"SELECT {wire.folder}")
        wire.send(b"i IDLE\r\n")
        assert wire.line().startswith(b"+")
        with shared.wire() as other:
            appended(other, letter("Neuf"), folder=wire.folder)
        assert wire.line() == b"* 1 EXISTS\r\n"
        wire.send(b"DONE\r\n")
        while (line := wire.line()) and not line.startswith(b"i "):
            pass
        assert line.startswith(b"i OK")


def test_the_standard_library_reads_and_writes(shared):
    with shared.client() as client:
        assert client.create("Voyages")[0] == "OK"
        assert client.append("Voyages", "(\\Seen)", None, letter("Lisbonne"))[0] == "OK"
        assert client.select("Voyages") == ("OK", [b"1"])
        assert client.fetch("1", "(ENVELOPE)")[1][0].startswith(b'1 (ENVELOPE ("Mon, 2 Feb 2026')
        assert client.list()[0] == "OK"
        assert client.status("Voyages", "(MESSAGES UNSEEN)")[1] == [
            b"Voyages (MESSAGES 1 UNSEEN 0)"
        ]
