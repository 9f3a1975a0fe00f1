import json
import mailbox
import re
import tracemalloc
from contextlib import closing
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from io import BytesIO

import pytest
from pyramid.i18n import Localizer, Translations

from communicate.mydata import names
from communicate.mydata.archive import Archive
from communicate.mydata.manifest import Manifest
from communicate.mydata.pages import ROWS, Words
from communicate.mydata.spool import IN_MEMORY, Spool
from communicate.testing.archives import Opened
from communicate.web.formats import Formats

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Writing:
    """An archive that is being written in memory."""

    def __init__(self):
        self.out = BytesIO()
        translations = Translations()
        translations._catalog = {}
        words = Words(Formats(Localizer("en", translations), None))
        manifest = Manifest("The site", "ines", "en", NOON.isoformat())
        self.archive = Archive(self.out, words, manifest, NOON)

    def done(self):
        self.archive.close()
        return Opened(self.out.getvalue())


@pytest.fixture
def writing():
    return Writing()


class Outside(HTMLParser):
    """Collects what a page would load from elsewhere, and what runs."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "iframe", "object", "style"):
            self.found.append(tag)
        for name, value in attrs:
            far = name in ("src", "href") and ":" in value
            if far or name.startswith("on") or name == "style":
                self.found.append((name, value))


class TestRecords:
    def test_lie_in_a_document_of_their_kind_one_a_line(self, writing):
        rows = [
            {"id": 1, "text": "Été"},
            {"id": 2, "text": "a\nb", "when": NOON, "on": NOON.date()},
        ]
        with writing.archive.part("forums"):
            assert writing.archive.records("post", iter(rows)) == 2
        archive = writing.done()
        document = json.loads(archive.read("data/forums/post.json"))
        assert document == {
            "version": 1, "plugin": "forums", "kind": "post", "owned": True, "restored": True,
            "items": [
                {"id": 1, "text": "Été"},
                {"id": 2, "text": "a\nb", "when": "2026-03-01T12:00:00.000+00:00",
                 "on": "2026-03-01"},
            ],
        }  # fmt: skip
        assert archive.read("data/forums/post.json").count(b"\n") == 4
        assert archive.manifest["documents"][0]["count"] == 2

    def test_of_others_lie_apart_and_are_never_restored(self, writing):
        with writing.archive.part("forums"):
            writing.archive.records("post", [{"text": "x"}], owned=False)
            writing.archive.records("post", [{"text": "y"}])
        archive = writing.done()
        assert archive.restored == {"data/forums/post.json": [{"text": "y"}]}
        assert "participations/forums/post.json" in archive.names
        front = archive.read("index.html").decode()
        assert front.index("What you own") < front.index("forums-post-1")
        assert "others-forums-post-1" in front.partition("what others own")[2]

    def test_of_a_kind_are_written_in_one_call(self, writing):
        with writing.archive.part("forums"):
            writing.archive.records("post", [{"text": "x"}])
            writing.archive.records("post", [{"text": "y"}])
        assert "written already" not in (archive := writing.done()).text  # the reason is a place
        assert "forums" in archive.failed
        assert archive.records("forums", "post") == [{"text": "x"}]

    @pytest.mark.parametrize("kind", ["", "../x", "a/b", "Ä", "a.b", "x" * 61])
    def test_have_a_kind_that_is_a_name(self, writing, kind):
        with pytest.raises(ValueError, match="cannot be a name"):
            writing.archive.records(kind, [])

    def test_may_write_files_while_they_are_made(self, writing):
        def rows():
            for number in range(3):
                yield {"file": writing.archive.file(f"{number}.bin", bytes([number]) * 10)}

        with writing.archive.part("vdisk"):
            writing.archive.records("file", rows())
        archive = writing.done()
        found = [row["file"] for row in archive.records("vdisk", "file")]
        assert [archive.read(name)[0] for name in found] == [0, 1, 2]

    def test_of_any_number_take_the_same_memory(self, writing):
        def peak(kind, count):
            tracemalloc.reset_peak()
            with writing.archive.part("forums"):
                rows = ({"text": f"{number} " + "mot " * 500} for number in range(count))
                writing.archive.records(kind, rows)
            return tracemalloc.get_traced_memory()[1]

        writing.archive._zip.fp.fp.write = len  # what is written is not what is measured
        writing.archive._zip.fp.write = lambda data: len(data)
        tracemalloc.start()
        try:
            small, large = peak("few", 400), peak("many", 4000)
        finally:
            tracemalloc.stop()
        assert large < small + 1_000_000  # of 8 MB


class TestFailure:
    def test_is_recorded_against_its_plugin_and_hides_no_other(self, writing):
        def rows():
            yield {"text": "before"}
            raise RuntimeError("a member's words")

        with writing.archive.part("sms"):
            writing.archive.records("text", rows())
        with writing.archive.part("forums"):
            writing.archive.records("post", [{"text": "after"}])
        archive = writing.done()
        assert set(archive.failed) == {"sms"}
        assert "RuntimeError in rows" in archive.failed["sms"]
        assert "a member's words" not in archive.text
        assert archive.records("sms", "text") == [{"text": "before"}]
        assert [one["complete"] for one in archive.manifest["documents"]] == [False, True]
        assert archive.records("forums", "post") == [{"text": "after"}]
        assert "Not all of it could be written: sms." in archive.read("index.html").decode()

    def test_of_one_file_is_named(self, writing):
        def broken():
            yield b"half"
            raise OSError("the disk")

        with writing.archive.part("vdisk"):
            writing.archive.file("a.txt", broken)
        archive = writing.done()
        assert archive.manifest["incomplete"] == ["files/vdisk/a.txt"]
        assert archive.read("files/vdisk/a.txt") == b"half"

    def test_of_a_part_of_core_keeps_no_other_from_its_own(self, writing):
        with writing.archive.part("communicate"):
            with writing.archive.attempt("communicate.profile"):
                raise ValueError
            writing.archive.records("circle", [])
        archive = writing.done()
        assert archive.failed["communicate"].startswith("communicate.profile: ")
        assert archive.records("communicate", "circle") == []


class TestFiles:
    @pytest.mark.parametrize(
        ("given", "name"),
        [
            ("a/b.txt", "a/b.txt"),
            ("../../etc/passwd", "_/_/etc/passwd"),
            ("/etc/passwd", "etc/passwd"),
            ("a\\b:c?.txt", "a_b_c_.txt"),
            ("con/nul.txt", "_con/_nul.txt"),
            ("x" * 300 + ".pdf", "x" * 176 + ".pdf"),
            ("point. ", "point"),
            ("ligne\nà ligne", "ligne_à ligne"),
        ],
    )
    def test_have_names_that_any_system_can_unpack(self, writing, given, name):
        assert names.path(given) == name

    def test_of_one_name_are_numbered(self, writing):
        with writing.archive.part("vdisk"):
            made = [writing.archive.file(name, b"") for name in ("a.txt", "A.txt", "a.txt")]
        assert made == ["files/vdisk/a.txt", "files/vdisk/A (2).txt", "files/vdisk/a (3).txt"]

    def test_are_closed(self, writing):
        class Chunks(list):
            closed = False

            def close(self):
                self.closed = True

        chunks = Chunks([b"a", b"b"])
        with writing.archive.part("vdisk"):
            writing.archive.file("a.bin", chunks)
        assert chunks.closed
        assert writing.done().read("files/vdisk/a.bin") == b"ab"


class TestMail:
    def test_is_read_again_as_it_was(self, writing, tmp_path):
        letters = [
            b"Subject: one\r\n\r\nFrom here on\r\n>From there\r\nEnd",
            b"Subject: two\n\nAgain\n\nFrom " + b"x" * 200_000 + b"\nFrom\n",
        ]
        with writing.archive.part("email"):
            name = writing.archive.mbox(
                "Boîte/2026",
                (("ines@example.org", NOON, [one[:30], one[30:]]) for one in letters),
            )
        (tmp_path / "box").write_bytes(writing.done().read(name))
        with closing(mailbox.mbox(tmp_path / "box")) as box:
            subjects = [message["Subject"] for message in box]
            found = [message.get_payload(decode=True) for message in box]
        assert subjects == ["one", "two"]
        plain = [re.sub(rb"(?m)^>(>*From )", rb"\1", body) for body in found]
        assert plain[0] == b"From here on\n>From there\nEnd\n"
        assert plain[1] == b"Again\n\nFrom " + b"x" * 200_000 + b"\nFrom\n"


class TestPages:
    def test_run_nothing_and_ask_nobody(self, writing):
        evil = {"text": '<script src="https://evil.example">', "n": "javascript:alert(1)"}
        with writing.archive.part("forums"):
            evil["file"] = writing.archive.file('"><img src=x>.html', b"<script>")
            evil["picture"] = writing.archive.file("me.webp", b"")
            writing.archive.records("post", [evil], title="<b>Posts</b>")
        archive = writing.done()
        pages = [name for name in archive.names if name.endswith(".html") and "files/" not in name]
        assert pages == ["index.html", "pages/forums-post-1.html"]
        for name in pages:
            assert Outside(archive.read(name).decode()).found == []
        assert "url(" not in archive.read("pages/style.css").decode()

    def test_show_what_people_read_under_its_label(self, writing):
        with writing.archive.part("forums"):
            row = {"id": "secret-id", "text": "Bonjour", "when": NOON, "ok": True, "none": None,
                   "day": date(2026, 3, 1), "list": ["a", {"b": 1}]}  # fmt: skip
            fields = {name: name.upper() for name in row if name != "id"}
            writing.archive.records("post", [row], title="Posts", fields=fields)
        page = writing.done().read("pages/forums-post-1.html").decode()
        assert "<dt>TEXT</dt><dd>Bonjour</dd>" in page
        assert "Sunday 1 March 2026 at 12:00" in page.replace(",", "")
        assert "secret-id" not in page
        assert "NONE" not in page
        assert "<li>a</li>" in page

    def test_follow_each_other(self, writing):
        with writing.archive.part("forums"):
            writing.archive.records("post", ({"n": n} for n in range(2 * ROWS)))
        archive = writing.done()
        first, second = (
            archive.read(f"pages/forums-post-{number}.html").decode() for number in (1, 2)
        )
        assert 'href="forums-post-2.html"' in first
        assert 'href="forums-post-1.html"' in second
        assert "forums-post-3" not in second + "".join(archive.names)
        assert first.count("<article") == second.count("<article") == ROWS


class TestSpool:
    def test_what_is_long_lies_sealed_in_a_file_without_a_name(self, tmp_path):
        spool = Spool(tmp_path)
        data = b"canary" * IN_MEMORY
        spool.write(data)
        on_disk = spool._file._file
        on_disk.seek(0)
        assert b"canary" not in on_disk.read()
        assert list(tmp_path.iterdir()) == []
        assert b"".join(spool.pieces()) == data
        spool.close()
