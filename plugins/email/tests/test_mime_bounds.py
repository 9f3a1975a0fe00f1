"""What is made to hurt: it is read in a time in proportion to its length, and nothing raises.

Work is counted in lines of Python run, not by the clock: machines are busy.
"""

import email
import encodings
import re
import sys
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communicate_email import mime
from communicate_email.mime import limits

from .collection import FILES


def all_of(raw):
    """Ask everything of *raw*, and tell that the answers are whole."""
    message = mime.read(raw)
    mime.envelope(message)
    mime.bodystructure(message)
    for place in mime.places(message).values():
        assert 0 <= place.start <= place.body <= place.end <= len(raw)
        assert place.inner is None or place.body <= place.inner <= place.end
    seen = mime.shown(message)
    for said in (seen.subject, seen.text, seen.html, seen.preview, seen.searched, *seen.thread):
        said.encode()
    for each in (*seen.author, *seen.sender, *seen.reply_to, *seen.to, *seen.cc, *seen.bcc):
        f"{each.name}{each.address}".encode()
    for each in (*seen.attachments, *seen.inline.values()):
        f"{each.name}{each.id}".encode()
    for part in mime.walk(message):
        assert b"".join(mime.stream([part.body_bytes], part.encoding)) is not None
    mime.author(message)
    return message


def calls(act):
    """Return how many calls *act* makes, of functions in Python and in C."""
    count = 0

    def profile(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


def nested(depth):
    head = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth)
    )
    return b"Subject: deep\n" + head + b"\ntext\n"


BOMBS = {
    "multiparts": nested(5000),
    "messages": b"Content-Type: message/rfc822\n\n" * 5000 + b"\ntext",
    "parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 50_000,
    "parts without blank lines": b"Content-Type: multipart/mixed; boundary=b\n\n"
    + b"--b\nx\n" * 50_000,
    "comments": b"From: " + b"(" * 3000 + b")" * 3000 + b"a@example.org\n\n",
    "open comments": b"From: " + b"(" * 200_000 + b"\n\n",
    "open quotes": b"From: " + b'"\\' * 100_000 + b"\n\n",
    "quotes": b"To: " + b'"a" ' * 50_000 + b"\n\n",
    "commas": b"To: " + b"," * 200_000 + b"\n\n",
    "ats": b"To: " + b"@" * 200_000 + b"\n\n",
    "angles": b"To: " + b"<" * 200_000 + b"\n\n",
    "blanks": b"To: " + b"a " * 100_000 + b"\n\n",
    "fields": b"X: y\n" * 200_000 + b"\ntext",
    "one field": b"Subject: " + b"x" * 3_000_000 + b"\n\ntext",
    "folded": b"Subject: x" + b"\n y" * 300_000 + b"\n\ntext",
    "colons": b":" * 1_000_000,
    "encoded words": b"Subject: " + b"=?a?q?=?=" * 30_000 + b"\n\n",
    "half encoded words": b"Subject: " + b"=?" * 100_000 + b"\n\n",
    "parameters": b"Content-Type: text/plain" + b";a=b" * 100_000 + b"\n\n",
    "quoted parameters": b'Content-Type: text/plain; a="' + b'\\"' * 100_000 + b"\n\n",
    "sections": b"Content-Type: text/plain" + b";n*999*=%" * 10_000 + b"\n\n",
    "hyphens": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--\n" * 500_000,
    "boundary": b"Content-Type: multipart/mixed; boundary=" + b"b" * 100_000 + b"\n\n--b\n",
    "references": b"References: " + b"<a@b>" * 50_000 + b"\n\n",
    "charsets": b"Subject: "
    + b"".join(b"=?x-%d?q?=FF?= " % n for n in range(5000))
    + b"\n\n",
    "tags": b"Content-Type: text/html\n\n" + b"<div " * 300_000,
    "comments in HTML": b"Content-Type: text/html\n\n" + b"<!--" * 300_000,
    "scripts": b"Content-Type: text/html\n\n" + b"<script>" * 100_000,
    "styles": b"Content-Type: text/html\n\n" + b"<style></STYLE>" * 50_000,
    "one tag": b"Content-Type: text/html\n\n<a " + b"x='' " * 400_000,
    "entities": b"Content-Type: text/html\n\n" + b"&#x41" * 200_000,
    "padding": b"Content-Transfer-Encoding: base64\n\n" + b"A=" * 300_000,
    "soft breaks": b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=\n" * 300_000,
    "NUL": b"\0" * 300_000,
    "CR": b"\r" * 300_000,
    "octets": bytes(range(256)) * 2000,
    "flowed": b"Content-Type: text/plain; format=flowed\n\n" + b"> \n" * 200_000,
    "dots": b"Date: " + b"1." * 100_000 + b"\n\n",
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
class TestBombs:
    def test_they_are_read_with_little_work(self, name):
        raw = BOMBS[name]
        work = calls(lambda: all_of(raw))
        # Far above what is needed, far below what grows with the square.
        assert work < 3_000_000, work

    @pytest.mark.slow
    def test_they_are_read_with_little_memory(self, name):
        tracemalloc.start()
        try:
            all_of(BOMBS[name])
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < 64 * 2**20, peak

    def test_parts_are_few_and_flat(self, name):
        message = mime.read(BOMBS[name])
        found = list(mime.walk(message))
        assert len(found) <= limits.MAX_PARTS
        assert max(part.number.count(".") for part in found) <= limits.MAX_DEPTH


def test_the_text_within_the_limits_is_still_shown():
    assert mime.shown(mime.read(nested(5000))).subject == "deep"
    assert mime.shown(mime.read(nested(20))).text == "text"


def test_names_of_charsets_leave_nothing_behind():
    all_of(BOMBS["charsets"])
    assert not [name for name in encodings._cache if re.match(r"x.\d", name)]


def test_reading_all_of_a_usual_message_takes_fewer_calls_than_parsing_it_does_elsewhere():
    """The library's own parser makes some 1,300 calls for it, and says much less."""
    raw = FILES["mime_emails/raw_email_with_illegal_boundary.eml"].read_bytes()
    parsing = calls(lambda: email.message_from_bytes(raw))
    all_of(raw)
    assert calls(lambda: all_of(raw)) < parsing


PIECES = st.sampled_from(
    [
        b"\n", b"\r\n", b"\n\n", b"\r", b"\0", b" ", b"\t", b":", b";", b"--", b"--b\n",
        b"--b--\n",
        b"From: ", b"To: ", b"Sender: ", b"Subject: ", b"Date: ", b"References: ", b"Message-ID: ",
        b"Content-Type: ", b"Content-Transfer-Encoding: ", b"Content-Disposition: ",
        b"Content-ID: <", b"multipart/mixed", b"multipart/alternative", b"multipart/related",
        b"multipart/digest", b"message/rfc822", b"text/plain", b"text/html", b"; boundary=b",
        b'; boundary="', b"; charset=", b"utf-8", b"utf-7", b"iso-2022-jp", b"utf-16", b"hz",
        b"; filename*0*=", b"; filename=", b"''%C3%A9", b"base64", b"quoted-printable", b"x-uue",
        b"=?utf-8?q?", b"=?iso-2022-jp?b?", b"=?utf-7?q?+2AA-", b"?=", b"=C3", b"=",
        b"begin 644 x\n",
        b"<a@b.c>", b"a@b", b"(", b")", b'"', b"\\", b"<", b">", b",", b"@", b"[", b"]", b"<p>",
        b"<!--", b"<script>", b"&#xD800;", b"&#1114112;", b"Tue, 3 Feb 2026 10:11:12 +0100",
        b"+9999999999", b"\xe9", b"\xff\xfe", "é".encode(), "\u202e".encode(), b"; format=flowed",
    ]
)  # fmt: skip
MALFORMED = st.lists(PIECES | st.binary(max_size=6), max_size=60).map(b"".join)


@settings(max_examples=400, deadline=None, database=None)
@given(MALFORMED)
def test_malformed_messages_raise_nothing(raw):
    all_of(raw)


@pytest.mark.slow
@settings(
    max_examples=10_000, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
@given(MALFORMED)
def test_ten_thousand_malformed_messages_raise_nothing(raw):
    all_of(raw)
