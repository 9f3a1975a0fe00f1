"""Mail from elsewhere is found, with what was noted of it; what is none is told."""

import zipfile
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communicate.mydata import mbox
from communicate_email.importing import Found, Skipped, found_in, marks, mboxes
from communicate_email.importing.found import Why

from .collection import FILES

WHEN = datetime(2026, 2, 3, 9, 11, 12, tzinfo=UTC)
LETTER = b"Subject: one\r\n\r\ntext\r\n"


def found(data, name="mail.mbox", **more):
    return list(found_in(name, BytesIO(data), **more))


def packed(files):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return out.getvalue()


LINES = st.sampled_from(
    [b"", b"From here on", b">From x", b"From a Tue Feb  3 09:11:12 2026", b"text", b"="]
)


def letter(lines):
    return b"Subject: x\r\n\r\n" + b"".join(line + b"\r\n" for line in lines)


class TestMbox:
    @settings(max_examples=150, deadline=None)
    @given(st.lists(st.lists(LINES, max_size=6).map(letter), max_size=4))
    def test_what_was_written_is_found(self, letters):
        data = b"".join(b"".join(mbox.message("a@b.c", WHEN, [raw])) for raw in letters)
        assert [(one.raw, one.date) for one in found(data)] == [(raw, WHEN) for raw in letters]

    @settings(max_examples=100, deadline=None)
    @given(st.text("ab\r\n", max_size=60).map(str.encode), st.integers(1, 9))
    def test_lines_are_the_same_however_a_file_is_read(self, data, step):
        chunks = [data[at : at + step] for at in range(0, len(data), step)]
        whole = [line for line, _ in mboxes.lines([data], 1000)]
        assert [line for line, _ in mboxes.lines(chunks, 1000)] == whole
        expected = data.split(b"\n")
        expected = expected if expected[-1] else expected[:-1]
        assert whole == [line.removesuffix(b"\r") for line in expected]

    def test_a_sentence_that_begins_with_from_begins_no_message(self):
        data = b"From a@b.c Tue Feb  3 09:11:12 2026\nSubject: x\n\nHello\n\nFrom Tuesday on.\n"
        (one,) = found(data)
        assert one.raw.endswith(b"\r\nFrom Tuesday on.\r\n")

    def test_other_programs_begin_messages_their_way(self):
        for line in (
            b"From - Tue Feb 03 09:11:12 2026",
            b"From a@b.c Tue Feb  3 09:11:12 +0000 2026",
            b"From 1234@xxx Tue Feb 03 09:11:12 +0000 2026",
            b"From  Tue Feb  3 09:11:12 2026",
        ):
            data = (line + b"\nSubject: x\n\ntext\n\n") * 2
            assert [one.date for one in found(data)] == [WHEN, WHEN]

    def test_marks_of_other_programs_are_read(self):
        for head, flags in (
            (b"Status: RO\nX-Status: AF", ("\\Seen", "\\Answered", "\\Flagged")),
            (b"X-Mozilla-Status: 0005", ("\\Seen", "\\Flagged")),
            (b"X-Mozilla-Status: zz", ()),
            (b"X-Gmail-Labels: Inbox,Unread,Starred", ("\\Flagged",)),
            (b"X-Gmail-Labels: Inbox,Opened", ("\\Seen",)),
        ):
            data = b"From a@b.c Tue Feb  3 09:11:12 2026\n" + head + b"\n\ntext\n"
            (one,) = found(data)
            assert one.flags == flags

    def test_labels_are_read(self):
        head = b"X-Gmail-Labels: =?utf-8?q?Inbox,=C3=89t=C3=A9,Work?=\nX-Keywords: a b"
        (one,) = found(head + b"\n\ntext", "x.eml")
        assert one.labels == ("a", "b", "Été", "Work")

    def test_a_message_too_large_is_told_and_the_others_are_found(self):
        begin = b"From a@b.c Tue Feb  3 09:11:12 2026\n"
        large = begin + b"Subject: x\n\n" + b"x" * 3000 + b"\n" + b"y\n" * 500 + b"\n"
        small = begin + b"Subject: small\n\nx\n\n"
        assert found(small + large + small, most=2000) == [
            Found(b"Subject: small\r\n\r\nx\r\n", "mail", date=WHEN),
            Skipped("mail.mbox", Why.LARGE),
            Found(b"Subject: small\r\n\r\nx\r\n", "mail", date=WHEN),
        ]


class TestOthers:
    def test_one_message_is_found(self):
        (one,) = found(b"Subject: x\n\na\rb", "x.eml")
        assert one == Found(b"Subject: x\r\n\r\na\r\nb")

    @pytest.mark.parametrize("name", FILES)
    def test_all_mails_we_have_are_found(self, name):
        (one,) = found(FILES[name].read_bytes(), name)
        assert isinstance(one, Found)
        assert b"\n" not in one.raw.replace(b"\r\n", b"")

    def test_a_maildir_in_a_zip_is_found_with_its_folders_and_marks(self):
        files = {
            "Maildir/cur/1770109872.M1P1.host:2,FS": LETTER,
            "Maildir/new/1770109873.M2P1.host": LETTER,
            "Maildir/.Sent.2026/cur/1770109874.M3P1.host;2,R": LETTER,
            "Maildir/dovecot.index": b"\0",
            "Maildir/.Sent.2026/maildirfolder": b"",
        }
        first, second, third = found(packed(files), "mail.zip")
        assert (first.folder, first.flags, first.date) == ("", ("\\Seen", "\\Flagged"), WHEN)
        assert (second.folder, second.flags) == ("", ())
        assert (third.folder, third.flags) == ("Sent/2026", ("\\Answered",))

    def test_mboxes_in_a_zip_are_folders(self):
        data = b"From a@b.c Tue Feb  3 09:11:12 2026\nSubject: x\n\ntext\n"
        files = {
            "Mail/Inbox": data,
            "Mail/Inbox.sbd/Été": data,
            "Mail/Inbox.msf": b"//",
            "Work.mbox/mbox": data,
            "single/x.eml": LETTER,
            "__MACOSX/._Inbox": b"x",
        }
        assert [one.folder for one in found(packed(files))] == [
            "Inbox", "Inbox/Été", "Work", "single",
        ]  # fmt: skip

    @pytest.mark.parametrize("data", [b"", b"\n\n", b"\0" * 50, b"PK\x03\x04nothing", b"%PDF-1.7"])
    def test_what_is_no_mail_is_told(self, data):
        assert all(isinstance(one, Skipped) for one in found(data))

    def test_a_zip_that_unpacks_to_more_than_it_may_is_told(self):
        bomb = packed({"a.mbox": b"From \n\n" + b"\0" * 50_000_000, "b.eml": LETTER})
        first, second = found(bomb)
        assert (first.why, second.raw) == (Why.LARGE, LETTER)

    def test_a_damaged_file_of_a_zip_keeps_no_other_from_being_found(self):
        data = bytearray(packed({"a.eml": LETTER * 50, "b.eml": LETTER}))
        data[45] ^= 0xFF
        first, second = found(bytes(data))
        assert (first.why, second.raw) == (Why.BROKEN, LETTER)

    @settings(max_examples=200, deadline=None)
    @given(st.binary(max_size=200), st.sampled_from(["a", "a.eml", "a.mbox", "cur/1:2,S", ".zip"]))
    def test_nothing_raises(self, data, name):
        for head in (b"", b"From a\n", b"PK\x03\x04", b"X: y\n"):
            for one in found(head + data, name):
                assert isinstance(one, Found | Skipped)

    def test_folders_have_no_signs_that_cannot_be_seen(self):
        assert marks.folder_of("../a\u202eb\0/./x.mbox") == "ab/x"
