"""Every message of the collection shows what its reader expects."""

import email
import json

import pytest

from communicate_email import mime

from .collection import FILES, ROOT

EXPECTED = json.loads((ROOT / "expected.json").read_text())


def test_all_of_the_collection_is_there():
    assert len(FILES) == 103
    assert FILES.keys() == EXPECTED.keys()


@pytest.mark.parametrize("name", FILES)
class TestCollection:
    def test_it_shows_who_wrote_what_about_what(self, name):
        message = mime.read(FILES[name].read_bytes())
        seen = mime.shown(message)
        assert {
            "subject": seen.subject,
            "author": [each.address for each in seen.author],
            "date": seen.date.isoformat() if seen.date else None,
            "says": seen.preview[:60],
            "attached": [[each.number, each.name, each.media] for each in seen.attachments],
            "parts": [part.media for part in mime.walk(message)],
        } == EXPECTED[name]

    def test_something_sensible_is_shown(self, name):
        seen = mime.shown(mime.read(FILES[name].read_bytes()))
        assert seen.subject or seen.author or seen.text or seen.attachments
        assert "=?" not in seen.subject
        for said in (seen.subject, seen.text, seen.html, seen.preview, seen.searched):
            said.encode()

    def test_parts_stand_where_the_standard_library_finds_them(self, name):
        raw = FILES[name].read_bytes()
        ours = [
            (part.media, part.octets)
            for part in mime.walk(mime.read(raw))
            if not part.parts and part.type != "message"
        ]
        theirs = [
            (part.get_content_type(), part.get_payload(decode=True))
            for part in outside_reports(email.message_from_bytes(raw))
        ]
        assert (ours == theirs) == (name not in DIFFERS), (ours, theirs)

    def test_structure_and_places_agree(self, name):
        message = mime.read(FILES[name].read_bytes())
        places = mime.places(message)
        for number, structure in leaves(mime.bodystructure(message), ""):
            place = places[number]
            assert structure[6] == place.end - place.body


# Where the standard library reads another way: it ends a header at a line that is no field, and
# takes a line end away from a part that nothing ends.
DIFFERS = {
    "mime_emails/raw_email4.eml",
    "plain_emails/raw_email_incorrect_header.eml",
    "rfc2822/example13.eml",
}


def outside_reports(part):
    """Yield the parts within *part* that hold octets; of a report's states it makes messages."""
    if part.get_content_type() == "message/delivery-status":
        return
    if part.is_multipart():
        for child in part.get_payload():
            yield from outside_reports(child)
    else:
        yield part


def leaves(structure, number):
    """Yield the number and structure of each part that has octets of its own."""
    if isinstance(structure[0], tuple):
        for count, child in enumerate(structure[0], 1):
            yield from leaves(child, f"{number}.{count}" if number else f"{count}")
        return
    number = number or "1"
    yield number, structure
    if structure[:2] == (b"message", b"rfc822"):
        inner = structure[8]
        yield from leaves(inner, number if isinstance(inner[0], tuple) else f"{number}.1")


def test_the_charset_of_korean_and_japanese_mail_is_understood():
    def said(name):
        return mime.shown(mime.read(FILES[f"multi_charset/{name}.eml"].read_bytes())).text

    assert said("japanese_iso_2022") == "すみません。"
    assert said("japanese_shift_jis").startswith("あいうえお")
    assert said("ks_c_5601-1987") == "스티해"
