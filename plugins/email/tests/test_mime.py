"""Messages taken apart, and what is said of them."""

import binascii
import email
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communicate_email import mime

TWO = b"""\
From: Ines <ines@example.org>\r
Subject: two\r
Content-Type: multipart/mixed; boundary=xx\r
\r
preamble\r
--xx\r
Content-Type: text/plain; charset=utf-8\r
\r
one\r
two\r
--xx\r
Content-Type: application/pdf; name="a.pdf"\r
Content-Transfer-Encoding: base64\r
\r
AAAA\r
--xx--\r
epilogue\r
"""


class TestRead:
    def test_a_part_ends_before_the_line_end_of_its_boundary(self):
        first, second = mime.read(TWO).parts
        assert (first.body_bytes, second.body_bytes) == (b"one\r\ntwo", b"AAAA")
        assert (first.lines, first.size) == (1, 8)

    def test_headers_and_bodies_meet(self):
        for part in mime.walk(mime.read(TWO)):
            assert part.header_bytes + part.body_bytes == TWO[part.start : part.end]

    def test_what_is_between_parts_is_boundaries(self):
        message = mime.read(TWO)
        first, second = message.parts
        assert TWO[message.body : first.start] == b"preamble\r\n--xx\r\n"
        assert TWO[first.end : second.start] == b"\r\n--xx\r\n"
        assert TWO[second.end : message.end] == b"\r\n--xx--\r\nepilogue\r\n"

    def test_a_boundary_that_begins_like_another_is_another(self):
        raw = TWO.replace(b"one\r\n", b"--xxx\r\n--xx-\r\n--x\r\n")
        assert mime.read(raw).parts[0].body_bytes == b"--xxx\r\n--xx-\r\n--x\r\ntwo"

    def test_an_outer_boundary_ends_what_is_open_within(self):
        raw = (
            b"Content-Type: multipart/mixed; boundary=out\n\n--out\n"
            b"Content-Type: multipart/mixed; boundary=in\n\n--in\n\nlost\n"
            b"--out\n\nafter\n--out--\n"
        )
        inner, after = mime.read(raw).parts
        assert inner.parts[0].body_bytes == b"lost"
        assert after.body_bytes == b"after"

    def test_the_same_boundary_within_is_the_inner_ones_until_it_ends(self):
        raw = (
            b"Content-Type: multipart/mixed; boundary=b\n\n--b\n"
            b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nin\n--b--\n--b\n\nout\n--b--\n"
        )
        inner, outer = mime.read(raw).parts
        assert [part.body_bytes for part in inner.parts] == [b"in"]
        assert outer.body_bytes == b"out"

    def test_a_header_without_a_blank_line_ends_at_the_boundary(self):
        raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nX-A: 1\n--b\n\ntext\n--b--\n"
        first, second = mime.read(raw).parts
        assert (first.fields.first(b"x-a"), first.body_bytes) == (b"1", b"")
        assert second.body_bytes == b"text"

    def test_a_part_without_any_header_is_text(self):
        raw = b"Content-Type: multipart/mixed; boundary=b\n\n--b\njust text\n\nmore\n--b--\n"
        (part,) = mime.read(raw).parts
        assert (part.media, part.body_bytes) == ("text/plain", b"just text\n\nmore")

    def test_a_digest_holds_messages(self):
        raw = (
            b"Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: inner\n\ntext\n--b--\n"
        )
        (part,) = mime.read(raw).parts
        assert part.media == "message/rfc822"
        assert mime.shown(part.message).subject == "inner"

    def test_text_without_any_header_is_shown(self):
        assert mime.shown(mime.read(b"Hello,\n\nthis is no mail.")).text.startswith("Hello,")

    @pytest.mark.parametrize("raw", [b"", b"\r\n", b"\n\n", b"--", b":", b"\0", b"From a@b\n"])
    def test_next_to_nothing_is_a_message_too(self, raw):
        message = mime.read(raw)
        assert (message.start, message.end) == (0, len(raw))
        mime.bodystructure(message)
        mime.shown(message)

    @settings(max_examples=60, deadline=None)
    @given(st.lists(st.text("abc é-=\n", max_size=90), min_size=1, max_size=5))
    def test_what_the_standard_library_wrote_is_read_alike(self, texts):
        written = EmailMessage()
        written["Subject"] = "réunion"
        written.set_content(texts[0])
        for text in texts[1:]:
            written.add_attachment(text, filename=f"{len(text)}é.txt")
        raw = written.as_bytes()
        message = mime.read(raw)
        ours = message.parts or [message]
        theirs = [part for part in email.message_from_bytes(raw).walk() if not part.is_multipart()]
        assert [p.octets for p in ours] == [each.get_payload(decode=True) for each in theirs]
        assert [p.filename for p in ours][1:] == [f"{len(text)}é.txt" for text in texts[1:]]


class TestOutline:
    def test_an_envelope_keeps_encoded_words(self):
        raw = (
            b"From: =?utf-8?q?Ren=C3=A9?= <r@example.org>\nSubject: =?utf-8?q?=C3=A9t=C3=A9?=\n\n"
        )
        told = mime.envelope(mime.read(raw))
        assert told.subject == b"=?utf-8?q?=C3=A9t=C3=A9?="
        assert told.author == ((b"=?utf-8?q?Ren=C3=A9?=", None, b"r", b"example.org"),)
        assert told.sender == told.reply_to == told.author

    def test_two_senders_poison_nothing(self):
        told = mime.envelope(mime.read(b"From: x@example.org\nSender: a, b\n\n"))
        assert [(name, local) for name, _, local, _ in told.sender] == [(None, b"a"), (None, b"b")]

    def test_a_group_has_a_begin_and_an_end(self):
        told = mime.envelope(mime.read(b"To: Friends: a@example.org, b@example.org;\n\n"))
        assert told.to == (
            (None, None, b"Friends", None),
            (None, None, b"a", b"example.org"),
            (None, None, b"b", b"example.org"),
            (None, None, None, None),
        )

    def test_octets_and_lines_are_those_of_the_body(self):
        children, subtype, *_ = mime.bodystructure(mime.read(TWO))
        text, pdf = children
        assert subtype == b"mixed"
        assert text[:8] == (
            b"text", b"plain", (b"charset", b"utf-8"), None, None, b"7bit", 8, 1
        )  # fmt: skip
        assert pdf[:7] == (
            b"application", b"pdf", (b"name", b"a.pdf"), None, None, b"base64", 4
        )  # fmt: skip

    def test_a_message_within_brings_its_envelope(self):
        raw = (
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
            b"Content-Type: message/rfc822\r\n\r\n"
            b"Subject: inner\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n"
            b"--c\r\n\r\ntext\r\n--c--\r\n\r\n--b--\r\n"
        )
        message = mime.read(raw)
        ((inner,), *_) = mime.bodystructure(message)
        assert inner[:2] == (b"message", b"rfc822")
        assert inner[7].subject == b"inner"
        places = mime.places(message)
        assert set(places) == {"", "1", "1.1"}
        place = places["1"]
        assert raw[place.body : place.inner].startswith(b"Subject: inner")
        assert raw[places["1.1"].body : places["1.1"].end] == b"text"

    def test_a_message_that_is_one_message_has_it_as_part_one(self):
        raw = (
            b"Content-Type: message/rfc822\r\n\r\n"
            b"Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\ntext\r\n--c--\r\n"
        )
        places = mime.places(mime.read(raw))
        assert set(places) == {"", "1", "1.1"}
        assert raw[places["1"].body :].startswith(b"Content-Type: multipart")
        assert raw[places["1.1"].body : places["1.1"].end] == b"text"
        single = b"Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ntext"
        places = mime.places(mime.read(single))
        assert single[places["1.1"].body :] == b"text"

    def test_the_sole_body_is_part_one(self):
        places = mime.places(mime.read(b"Subject: x\n\ntext"))
        assert places["1"] == places[""]

    def test_a_multipart_without_parts_is_octets(self):
        told = mime.bodystructure(mime.read(b"Content-Type: multipart/mixed; boundary=b\n\ntext"))
        assert told[:2] == (b"application", b"octet-stream")

    def test_pieces_of_a_parameter_are_joined(self):
        raw = b"Content-Type: text/plain; name*0*=utf-8''%C3%A9; name*1=t; name*2*=%C3%A9.txt\n\n"
        message = mime.read(raw)
        assert message.filename == "été.txt"
        assert mime.bodystructure(message)[2] == (b"name*", b"utf-8''%C3%A9t%C3%A9.txt")


class TestShown:
    def see(self, head, body=b"text"):
        return mime.shown(mime.read(head + b"\n\n" + body))

    def test_raw_octets_in_a_header_are_read(self):
        assert self.see("Subject: Été".encode()).subject == "Été"
        assert self.see("Subject: Été".encode("latin-1")).subject == "Été"
        head = "Subject: Привет\nContent-Type: text/plain; charset=koi8-r".encode("koi8-r")
        assert self.see(head).subject == "Привет"

    def test_a_character_cut_between_two_encoded_words_is_whole(self):
        assert self.see(b"Subject: =?utf-8?q?=C3?= =?utf-8?q?=A9?=").subject == "é"

    def test_a_text_in_an_unknown_charset_is_guessed(self):
        said = "Съешь же ещё этих мягких французских булок, да выпей чаю. " * 3
        head = b"Content-Type: text/plain; charset=x-unknown"
        assert self.see(head, said.encode("cp1251")).text.strip() == said.strip()

    def test_a_damaged_character_does_not_change_the_charset(self):
        said = ("Voilà une phrase avec des accents éèà. " * 5).encode() + b"\xc3"
        seen = self.see(b"Content-Type: text/plain; charset=utf-8", said)
        assert seen.text.startswith("Voilà une phrase")
        assert seen.text.endswith("\ufffd")

    @pytest.mark.parametrize("charset", ["idna", "punycode", "unicode_escape", "rot13", "hex"])
    def test_codecs_that_are_no_charset_are_not_used(self, charset):
        head = f"Content-Type: text/plain; charset={charset}".encode()
        assert self.see(head, b"\\u0041 text").text == "\\u0041 text"

    def test_html_is_read_where_there_is_no_text(self):
        page = (
            b"<style>p{}</style><p>One &amp; two<br>three</p><script>x()</script><!-- no -->four"
        )
        seen = self.see(b"Content-Type: text/html", page)
        assert seen.text == "One & two\nthree\nfour"
        assert seen.html == page.decode()

    def test_flowed_lines_are_one_paragraph(self):
        body = b"A long \nline.\n> quoted \n> too\n-- \nIgnaz\n"
        seen = self.see(b"Content-Type: text/plain; format=flowed", body)
        assert seen.text == "A long line.\n> quoted too\n-- \nIgnaz"

    def test_the_preview_leaves_out_what_is_quoted(self):
        assert self.see(b"Subject: x", b"> before\nYes,\n  gladly.\n").preview == "Yes, gladly."

    def test_images_of_the_html_are_no_attachments(self):
        raw = (
            b"Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n"
            b"<img src='cid:a@x'>\n--b\nContent-Type: image/png\nContent-ID: <a@x>\n\nPNG\n--b\n"
            b"Content-Type: image/png; name=b.png\n\nPNG\n--b--\n"
        )
        seen = mime.shown(mime.read(raw))
        assert seen.inline["a@x"].number == "2"
        assert [each.name for each in seen.attachments] == ["b.png"]

    def test_a_name_of_a_file_hides_neither_folder_nor_ending(self):
        for sent, kept in [
            ("../../etc/passwd", "passwd"),
            ("C:\\\\autoexec.bat", "autoexec.bat"),
            ("a\u202egpj.exe", "agpj.exe"),
            ("..", ""),
            ("x" * 500 + ".pdf", "x" * 196 + ".pdf"),
        ]:
            head = f'Content-Disposition: attachment; filename="{sent}"'.encode()
            assert mime.read(head + b"\n\n").filename == kept

    def test_the_date_is_told_in_utc_or_not_at_all(self):
        assert self.see(b"Date: Tue, 3 Feb 2026 10:11:12 +0100").date == datetime(
            2026, 2, 3, 9, 11, 12, tzinfo=UTC
        )
        for junk in (
            b"",
            b"tomorrow",
            b"1 Jan 99999 00:00",
            b"Tue, 32 Feb 2026 10:11:12 +9999999",
        ):
            assert self.see(b"Date: " + junk).date is None

    def test_a_thread_is_what_is_answered_oldest_first(self):
        seen = self.see(b"References: <a@x> <b@x>\nIn-Reply-To: <b@x>\nMessage-ID: <c@x>")
        assert (seen.thread, seen.message_id) == (("a@x", "b@x"), "c@x")

    def test_of_many_references_the_first_and_the_last_are_kept(self):
        many = b" ".join(b"<%d@x>" % number for number in range(100_000))
        seen = self.see(b"References: " + many)
        assert len(seen.references) == 100
        assert seen.references[0] == "0@x"


class TestTransfer:
    @pytest.mark.parametrize("kind", ["base64", "quoted-printable", "x-uuencode", "7bit"])
    @settings(max_examples=40, deadline=None)
    @given(data=st.binary(max_size=300), step=st.integers(1, 40))
    def test_a_stream_says_what_the_whole_says(self, kind, data, step):
        coded = {
            "base64": lambda: binascii.b2a_base64(data),
            "quoted-printable": lambda: binascii.b2a_qp(data, quotetabs=True, istext=False),
            "x-uuencode": lambda: b"begin 644 x\n" + b"".join(
                binascii.b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45)
            ) + b"`\nend\n",
            "7bit": lambda: data,
        }[kind]()  # fmt: skip
        chunks = [coded[at : at + step] for at in range(0, len(coded), step)]
        assert b"".join(mime.stream(chunks, kind)) == mime.decoded(coded, kind) == data

    def test_damaged_base64_says_what_it_can(self):
        assert mime.decoded(b"SGVs\r\nbG8=\r\nIFlvdQ==", "base64") == b"Hello You"
        assert mime.decoded(b"SGVsbG8", "base64") == b"Hello"
        assert mime.decoded(b"SGVsb", "base64") == b"Hel"
        assert mime.decoded(b"*S*G*V*s*", "base64") == b"Hel"

    @settings(max_examples=60, deadline=None)
    @given(coded=st.text("SGVs=*\n-", max_size=80).map(str.encode), step=st.integers(1, 9))
    def test_damaged_base64_says_the_same_in_a_stream(self, coded, step):
        chunks = [coded[at : at + step] for at in range(0, len(coded), step)]
        assert b"".join(mime.stream(chunks, "base64")) == mime.decoded(coded, "base64")
