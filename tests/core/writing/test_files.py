"""What can be attached is told by what it holds."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from communicate.writing.files import LONGEST, BadFile, is_text, kept, media_of, named


def drawn(kind, **more):
    """Return a picture as the bytes of a file."""
    made = BytesIO()
    Image.new("RGB", (3000, 20), "green").save(made, kind, **more)
    return made.getvalue()


class TestPictures:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
    def test_are_made_anew_and_fit_a_page(self, kind):
        file = kept("plage.bmp", drawn(kind))
        assert (file.name, file.media) == ("plage.webp", "image/webp")
        assert (file.width, file.height) == (1600, 11)
        with Image.open(BytesIO(file.data)) as image:
            assert image.format == "WEBP"
            assert image.size == (1600, 11)

    def test_what_only_begins_like_one_is_refused(self):
        with pytest.raises(BadFile):
            kept("photo.jpg", b"\xff\xd8\xff et rien")


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "data", "media"),
        [
            ("a.pdf", b"%PDF-1.7", "application/pdf"),
            ("a.txt", "é".encode(), "text/plain"),
            ("a.csv", b"a;b", "text/csv"),
            ("a.zip", b"PK\x03\x04", "application/zip"),
            ("a.odt", b"PK\x03\x04", "application/vnd.oasis.opendocument.text"),
            ("a.mp3", b"ID3\x04", "audio/mpeg"),
            ("page.html", b"%PDF-1.7 under another name", "application/pdf"),
        ],
    )
    def test_have_the_type_of_what_they_hold(self, name, data, media):
        assert media_of(name, data) == media

    @pytest.mark.parametrize(
        ("name", "data"),
        [("a.html", b"<p>"), ("a.svg", b"<svg/>"), ("a.exe", b"MZ"), ("a.jar", b"PK\x03\x04"),
         ("a.txt", b"\xff\xfe\x00"), ("a", b"x"), ("a.js", b"alert(1)")],
    )  # fmt: skip
    def test_of_any_other_kind_are_refused(self, name, data):
        with pytest.raises(BadFile):
            media_of(name, data)

    @given(st.text(), st.binary(max_size=40))
    def test_whatever_they_are_nothing_is_a_page_or_a_script(self, name, data):
        try:
            media = media_of(name, data)
        except BadFile:
            return
        assert not any(part in media for part in ("html", "script", "svg", "octet"))

    def test_text_is_utf_8_without_nul(self):
        assert is_text("Été".encode())
        assert not is_text("Été".encode("latin-1"))
        assert not is_text(b"a\0b")


class TestNames:
    @pytest.mark.parametrize(
        ("given_name", "shown"),
        [
            ("C:\\Users\\ines\\plan.pdf", "plan.pdf"),
            ("../../etc/passwd", "passwd"),
            ("a\u202e\x00b.txt", "ab.txt"),
            ("", "file"),
            (None, "file"),
            (".pdf", ".pdf"),
        ],
    )
    def test_are_the_last_part_and_printable(self, given_name, shown):
        assert named(given_name) == shown

    @given(st.text(max_size=400))
    def test_are_short_and_lead_nowhere(self, text):
        name = named(text)
        assert 0 < len(name) <= LONGEST
        assert "/" not in name
        assert "\\" not in name
        assert name.isprintable()
