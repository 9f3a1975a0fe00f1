"""Envelopes written out once, when a message comes in, and read back for what compares them."""

import json
import string

from hypothesis import given
from hypothesis import strategies as st

from communicate_email import mime
from communicate_email.imap.wire import envelopes
from communicate_email.store import describing
from communicate_email.store.describing import Structure

WORD = st.binary(min_size=0, max_size=40).map(lambda octets: octets.replace(b"\0", b""))
SAID = st.none() | WORD | st.text(string.printable, max_size=1_200).map(str.encode)
PERSON = st.tuples(SAID, st.none(), SAID, SAID)
PEOPLE = st.lists(PERSON, max_size=3).map(tuple)
ENVELOPES = st.builds(
    mime.Envelope, SAID, SAID, PEOPLE, PEOPLE, PEOPLE, PEOPLE, PEOPLE, PEOPLE, SAID, SAID
)


@given(ENVELOPES)
def test_what_is_written_is_read_back(envelope):
    octets = envelopes.written(envelope)
    assert envelopes.parsed(octets) == envelope
    assert octets.startswith(b"(")
    assert octets.endswith(b")")


def test_it_is_written_as_the_standard_shows():
    raw = (
        b"Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\r\n"
        b"Subject: IMAP4rev2 WG mtg summary and minutes\r\n"
        b"From: Terry Gray <gray@cac.washington.edu>\r\nTo: imap@cac.washington.edu\r\n"
        b"cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>\r\n"
        b"Message-ID: <B27397-0100000@cac.washington.edu>\r\n\r\n"
    )
    terry = b'(("Terry Gray" NIL "gray" "cac.washington.edu"))'
    assert envelopes.written(mime.envelope(mime.read(raw))) == b" ".join(
        [
            b'("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)"',
            b'"IMAP4rev2 WG mtg summary and minutes"',
            *(terry, terry, terry),
            b'((NIL NIL "imap" "cac.washington.edu"))',
            b'((NIL NIL "minutes" "CNRI.Reston.VA.US")("John Klensin" NIL "KLENSIN" "MIT.EDU"))',
            b"NIL",
            b"NIL",
            b'"<B27397-0100000@cac.washington.edu>")',
        ]
    )


def test_what_was_kept_before_as_fields_is_told_alike():
    message = mime.read("Subject: Été\r\nFrom: Luce <l@x.example>\r\n\r\n".encode())
    envelope = mime.envelope(message)
    now = describing.describe(message)
    before = now.head._replace(envelope=envelope)
    for head in (now.head, before):
        said = describing.envelope_in(head.as_bytes().decode())
        assert describing.envelope_of(said, None) == envelopes.written(envelope)
    for kept in (envelope, describing.envelope_in(now.head.as_bytes().decode())):
        structure = describing.structure_in(Structure((b"text", b"plain"), {}, kept).as_bytes())
        assert describing.envelope_of(None, lambda held=structure: held) == (
            envelopes.written(envelope)
        )
    assert json.loads(now.head.as_bytes())[0] == "Été"
