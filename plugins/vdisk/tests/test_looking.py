"""What is made of files: small pictures, pages, words; and files that are made to do harm."""

import io
import struct
import time
import zipfile
import zlib

import pytest
from PIL import Image

from communicate.audience import MEMBERS
from communicate_vdisk.looking import documents, running

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"


def picture(form="PNG", size=(900, 600)):
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, form)
    return out.getvalue()


def packed(inside, content, **more):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(inside, content)
        for name, data in more.items():
            archive.writestr(name, data)
    return out.getvalue()


def odt(words):
    body = "".join(f"<text:p>{word}</text:p>" for word in words)
    return packed(
        "content.xml",
        f'<o:document-content xmlns:o="{OFFICE}" xmlns:text="{TEXT}">{body}</o:document-content>',
        mimetype="application/vnd.oasis.opendocument.text",
    )


def docx(words):
    body = "".join(f"<w:p><w:r><w:t>{word}</w:t></w:r></w:p>" for word in words)
    return packed("word/document.xml", f'<w:document xmlns:w="{WORD}">{body}</w:document>')


def pdf(words="Potager partage", box="0 0 595 842", pages=1, stream=None):
    """Return a PDF that says *words* on each page."""
    drawn = f"BT /F1 24 Tf 72 720 Td ({words}) Tj ET".encode()
    data, coding = (drawn, "") if stream is None else (stream, "/Filter/FlateDecode")
    kids = " ".join(f"{5 + n} 0 R" for n in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        f"<</Length {len(data)}{coding}>>stream\n".encode() + data + b"\nendstream",
    ] + [
        f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 4 0 R"
        f"/Resources<</Font<</F1 3 0 R>>>>>>".encode()
    ] * pages
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj".encode() + body + b"endobj\n"
    table = b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    tail = f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF".encode()
    return out + head + table + tail


def seen(kind, data):
    """Return what is made of *data*: sides of pictures and words by name."""
    return [
        (one.name, one.data.decode() if one.name == "words" else (one.width, one.height))
        for one in running.look(kind, [data])
    ]


class TestPictures:
    @pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
    def test_are_made_anew_in_two_sizes(self, form):
        assert seen("picture", picture(form, (2000, 1000))) == [
            ("page", (1600, 800)),
            ("small", (320, 160)),
        ]

    def test_carry_nothing_of_the_file_but_what_they_show(self):
        data = io.BytesIO()
        exif = Image.Exif()
        exif[0x010E] = "Rue du Moulin"
        Image.new("RGB", (50, 50)).save(data, "JPEG", exif=exif)
        assert b"Rue du Moulin" in data.getvalue()
        made = running.look("picture", [data.getvalue()])
        assert all(b"Rue du Moulin" not in one.data for one in made)
        assert all(one.data[8:12] == b"WEBP" for one in made)


class TestPDF:
    def test_shows_its_first_pages_and_says_its_words(self):
        found = dict(reversed(seen("pdf", pdf(pages=5))))
        assert found["words"].startswith("Potager partage Potager")
        assert [name for name, _made in seen("pdf", pdf(pages=5))].count("page") == 3
        assert found["page"][1] <= 1400
        assert found["small"][1] == 320

    @pytest.mark.parametrize("box", ["0 0 1000000 842", "0 0 14400 14400", "0 0 0.001 900"])
    def test_whatever_size_a_page_says_it_has(self, box):
        for name, sides in seen("pdf", pdf(box=box)):
            assert name == "words" or max(sides) <= 1400


class TestWords:
    def test_of_documents(self):
        words = ["Compte rendu", "du &lt;12&gt; mai", "Fèves"]
        for kind, data in (("odt", odt(words)), ("docx", docx(words))):
            assert seen(kind, data) == [("words", "Compte rendu du <12> mai Fèves")]

    def test_of_pages(self):
        data = (
            "<html><head><title>Jardin</title><style>p {}</style></head><body><p>Fèves &amp;"
            "<b>pois</b><script>var secret</script></body>"
        )
        assert seen("html", data.encode()) == [("words", "Jardin Fèves & pois")]

    def test_are_no_more_than_are_wanted(self):
        ((_name, found),) = seen("odt", odt(["panais"] * 100_000))
        assert 0 < len(found) <= documents.LONGEST


class TestHarm:
    """Each is stopped in its process, soon; nothing is made, and the next file is."""

    @pytest.fixture(autouse=True)
    def soon(self):
        before = time.monotonic()
        yield
        assert time.monotonic() - before < 8 * running.PATIENCE  # of a machine that does more
        assert seen("picture", picture())

    def test_a_picture_of_very_many_pixels(self):
        def chunk(kind, data):
            crc = zlib.crc32(kind + data)
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

        head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
        row = zlib.compress(bytes(150_001) * 60, 9)
        bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", row)
        assert seen("picture", bomb) == []

    @pytest.mark.slow
    def test_a_pdf_whose_page_unpacks_to_gigabytes(self):
        packer = zlib.compressobj(9)
        piece = b"0 0 m 1 1 l S " * 100_000
        stream = b"".join(packer.compress(piece) for _each in range(300)) + packer.flush()
        assert len(stream) < 2_000_000
        running.look("pdf", [pdf(stream=stream)])  # made or not: it has ended soon

    def test_documents_that_unpack_to_gigabytes(self):
        data = b"<x>" + (b"<!--" + b" " * 10**6 + b"-->") * (documents.MOST_XML // 10**6 + 1)
        for kind, inside in documents.INSIDE.items():
            assert seen(kind, packed(inside, data)) == []

    def test_documents_that_declare_entities(self):
        laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
        reads = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
        for text in (laughs, reads):
            assert seen("odt", packed("content.xml", text)) == []

    @pytest.mark.parametrize("kind", ["picture", "pdf", "odt", "docx"])
    def test_what_is_something_else(self, kind):
        for data in (b"\0" * 1000, b"%PDF-1.7 nothing", b"PK\3\4", picture()[:300]):
            assert seen(kind, data) == []

    def test_one_that_takes_for_ever(self, monkeypatch):
        monkeypatch.setattr(running, "PATIENCE", 1)
        slow = iter(lambda: time.sleep(0.2) or b"x", None)
        assert running.look("picture", slow) == []
        monkeypatch.undo()

    def test_the_limits_are_those_of_the_process(self):
        import subprocess
        import sys

        code = (
            "from communicate_vdisk.looking import program; program.limit(); import resource as r;"
            "print([r.getrlimit(x)[1] for x in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_FSIZE)]);"
            "bytearray(2**31)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
        assert done.stdout.decode().strip() == str([1_500 * 2**20, 15, 0])
        assert b"MemoryError" in done.stderr


class TestKept:
    def test_beside_the_file_for_who_may_see_it_and_as_long(self, make_place):
        place = make_place()
        number = place.file("Serre.png", picture())
        path = place.path(number)
        assert place.status("ines", f"{path}/small") == 404
        place.house.run_jobs()
        for view in ("small", "page", "page?n=0"):
            answer = place.browser("ines").get(f"{path}/{view}")
            assert answer.content_type == "image/webp"
            assert "sandbox" in answer.headers["Content-Security-Policy"]
            assert place.status("paul", f"{path}/{view}") == 404
        for wrong in ("1", "-1", "x", "9" * 9):
            assert place.status("ines", f"{path}/page?n={wrong}") == 404
        place.share(number, MEMBERS)
        assert place.status("paul", f"{path}/small") == 200
        assert place.used() == place.state(number, lambda file: file.size)
        place.file("Serre.png", b"Plus rien")
        assert place.status("ines", f"{path}/small") == 404
        again = place.file("Serre.png", picture(size=(40, 40)))
        place.house.run_jobs()
        assert place.status("paul", f"{path}/small") == 200
        place.trash(again)
        assert place.status("paul", f"{path}/small") == 404
        place.trash(again, "destroy")
        assert place.status("ines", f"{path}/small") == 404

    def test_sealed(self, make_place):
        place = make_place()
        place.file("Lettre.pdf", pdf("Cerfeuil secret"))
        place.file("Note.odt", odt(["Cerfeuil secret"]))
        place.house.run_jobs()
        data = b"".join(
            path.read_bytes() for path in place.house.folder.rglob("*") if path.is_file()
        )
        assert b"Cerfeuil" not in data
        assert b"WEBPVP8" not in data

    def test_words_are_found_by_whom_the_file_is_for(self, make_place):
        place = make_place()
        numbers = {
            "panais": place.file("a.odt", odt(["Le panais"])),
            "navet": place.file("b.docx", docx(["Le navet"])),
            "cerfeuil": place.file("c.pdf", pdf("Le cerfeuil")),
            "rhubarbe": place.file("d.html", b"<!DOCTYPE html><p>La rhubarbe</p>"),
        }
        place.house.run_jobs()
        for word, number in numbers.items():
            assert place.path(number) in place.browser("ines").get(f"/search?q={word}")
            assert place.path(number) not in place.browser("paul").get(f"/search?q={word}")
            place.share(number, MEMBERS)
            place.house.run_jobs()
            assert place.found("paul", word) == {number}

    def test_not_what_would_take_much_more_room_than_the_file(self, make_place, monkeypatch):
        monkeypatch.setattr("communicate_vdisk.looking.jobs.BESIDE", -10_000_000)
        place = make_place()
        number = place.file("Serre.png", picture())
        place.house.run_jobs()
        assert place.state(number, lambda file: (bool(file.looks.small), file.looks.pages)) == (
            True,
            (),
        )

    def test_a_page_of_a_file_shows_them(self, make_place):
        place = make_place()
        number = place.file("Plan.pdf", pdf(pages=2))
        assert "cannot show this" in place.browser("ines").get(place.path(number))
        place.house.run_jobs()
        shown = place.browser("ines").get(place.path(number)).html.select(".disk-preview img")
        assert [each["alt"] for each in shown] == ["Page 1", "Page 2"]
        for each in shown:
            place.browser("ines").get(each["src"], status=200)
