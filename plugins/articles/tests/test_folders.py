"""Folders of Markdown: out and in again alike, hostile files, cut-off runs, nothing doubled."""

import io
import zipfile
from contextlib import suppress
from time import perf_counter

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from communicate.audience import MEMBERS, PRIVATE, PUBLIC
from communicate.cli.console import Console
from communicate.storage.work import work
from communicate_articles.commands import articles
from communicate_articles.exporting import own_articles
from communicate_articles.folders import frontmatter
from communicate_articles.folders.errors import Unreadable
from communicate_articles.folders.exporting import rendered
from communicate_articles.folders.files import FolderFiles, ZipFiles, inside
from communicate_articles.folders.importing import Import
from communicate_articles.folders.parsing import no_wider, parse

TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\ufeff\x85"),
    max_size=80,
).map(str.strip)


def run(place, login, files, asked="private", **more):
    """Import *files*; return the outcome."""
    job = Import(
        lambda func: work(place.house.registry, func), place.uids[login], files, asked, **more
    )
    for _name in job.run():
        pass
    return job.outcome


def folder(path, **files):
    """Write *files* below *path*; names have no ending, ``__`` stands for a folder."""
    for name, text in files.items():
        target = path / f"{name.replace('__', '/')}.md"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return FolderFiles(path)


def files_of(place, login):
    return place.do(lambda request, _service: dict(rendered(request, place.uids[login])))


class TestFrontMatter:
    @given(
        st.dictionaries(
            st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=12),
            TEXT | st.lists(TEXT.filter(bool), min_size=1, max_size=5),
            min_size=1,
            max_size=10,
        ),
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=200),
    )
    @settings(max_examples=200, deadline=None)
    def test_what_is_written_is_read(self, fields, words):
        assert frontmatter.read(frontmatter.write(fields, words)) == (fields, words)

    @given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
    @settings(max_examples=300, deadline=None)
    def test_whatever_is_there_is_read_or_refused(self, text):
        with suppress(frontmatter.BadHead):
            frontmatter.read(f"---\n{text}\n---\nMots")

    @pytest.mark.parametrize(
        ("head", "cure"),
        [
            ("a: &x [1]\nb: *x", "write the words out"),
            ("a: !!python/object/apply:os.system ['id']", "leave it out"),
            ("a: !!binary aGk=", "leave it out"),
            ("a: {b: {c: d}}", "texts and lists only"),
            ("a: " + "[" * 9000, "shorten|nests|no YAML"),
            ("x" * 20_000, "shorten"),
            ("- a\n- b", "lines such as title"),
            ("a: b: c", r"no YAML \(line 2\)"),
            ("? [a, b]\n: c", "nests|texts|no YAML"),
        ],
    )
    def test_what_is_hostile_is_refused_with_the_cure(self, head, cure):
        with pytest.raises(frontmatter.BadHead, match=cure):
            frontmatter.read(f"---\n{head}\n---\n")

    def test_what_has_no_end_is_said(self):
        with pytest.raises(frontmatter.BadHead, match="close it"):
            frontmatter.read("---\ntitle: Ah\n")

    def test_norway_stays_norway(self):
        assert frontmatter.read("---\nlang: no\ndate: 2026-01-02\n---\n")[0] == {
            "lang": "no",
            "date": "2026-01-02",
        }


class TestParsing:
    def test_a_plain_file_is_a_draft_called_by_its_heading_or_its_name(self):
        assert parse("a.md", b"# Bonjour\n\nMots", 1000).written.title == "Bonjour"
        found = parse("b/mon-jardin.md", "Mots".encode("utf-8-sig"), 1000)
        assert (found.written.title, found.written.text) == ("mon jardin", "Mots")
        assert (found.key, found.published) == ("file:b/mon-jardin.md", None)

    @pytest.mark.parametrize(
        ("head", "cure"),
        [
            ("date: hier", "write it as"),
            ("date: 9999-01-01", "correct it"),
            ("date: 0001-01-01T00:00:00+14:00", "correct it"),
            ("language: klingon", "write a code"),
            ("audience: all", "correct it"),
            (f"title: {'x' * 200}", "shorten it"),
            (f"cover-text: {'x' * 201}", "shorten it"),
            ("title: [a]", "write one text"),
        ],
    )
    def test_what_cannot_be_taken_says_the_cure(self, head, cure):
        with pytest.raises(Unreadable, match=cure):
            parse("a.md", f"---\n{head}\n---\nMots".encode(), 1000)

    @pytest.mark.parametrize(
        ("text", "title", "rest"),
        [
            ("# A\n\nMots", "A", "Mots"),
            ("\n#\tLe C#\nMots", "Le C#", "Mots"),
            ("# A ##\nMots", "A", "Mots"),
            ("# A", "A", ""),
            ("#\nMots", "a", "#\nMots"),
            ("#A\nMots", "a", "#A\nMots"),
            ("## A\nMots", "a", "## A\nMots"),
        ],
    )
    def test_a_heading_on_top_is_the_title(self, text, title, rest):
        written = parse("a.md", text.encode(), 1000).written
        assert (written.title, written.text) == (title, rest)

    def test_a_long_line_on_top_takes_a_moment(self):
        begun = perf_counter()
        with pytest.raises(Unreadable, match="shorten it"):
            parse("a.md", b"# a" + b" #" * 500_000 + b" b\n", 2_000_000)
        assert perf_counter() - begun < 2

    def test_bytes_and_length_are_checked(self):
        with pytest.raises(Unreadable, match="UTF-8"):
            parse("a.md", b"\xff\xfe", 1000)
        with pytest.raises(Unreadable, match="make two"):
            parse("a.md", b"x" * 1001, 1000)

    def test_nothing_gets_wider_than_asked(self):
        assert no_wider("private", "public") == PRIVATE
        assert no_wider("public", "members") == MEMBERS
        assert no_wider("public", "chosen") == PRIVATE
        assert no_wider("public", "") == PUBLIC


class TestPaths:
    @pytest.mark.parametrize(
        "path", ["/etc/passwd", "../x.png", "a/../../x", "..\\x", "C:x", "http://x/y", "", "."]
    )
    def test_nothing_leads_outside(self, path):
        assert inside("a.md", path) is None

    def test_what_is_inside_is_found(self):
        assert inside("notes/a.md", "../img/x.png") == "img/x.png"
        assert inside("notes/a.md", "./x.png") == "notes/x.png"

    def test_links_are_not_followed(self, tmp_path):
        (tmp_path / "secret.md").write_text("secret")
        place = tmp_path / "in"
        files = folder(place, a="Mots", deep__b="Mots")
        (place / "link.md").symlink_to(tmp_path / "secret.md")
        (place / "linked").symlink_to(tmp_path)
        assert files.names() == ["a.md", "deep/b.md"]
        for name in ("link.md", "linked/secret.md", "../secret.md", "deep"):
            with pytest.raises(Unreadable):
                files.read(name, 100)


class TestRoundTrip:
    def test_files_come_out_as_they_went_in(self, make_place, tmp_path):
        place = make_place()
        one = place.article(
            PUBLIC, title="Été: « vivre »", tags=("Eau douce", "été"), summary="Un."
        )
        two = place.article(MEMBERS, title="Summer", language="en", text="---\n\n# A\n\n- b\n")
        place.begin(title="Un brouillon", text="")
        place.article(PRIVATE, title="Summer", language="fr")
        from communicate_articles.translations import link

        place.do(lambda request, service: link(request, service.find(one), service.find(two)))
        before = files_of(place, "ines")
        assert len(before) == 4
        for name, data in before.items():
            (tmp_path / name).write_bytes(data)
        outcome = run(place, "paul", FolderFiles(tmp_path), "public")
        assert (outcome.counts["new"], outcome.wrong) == (4, [])
        assert files_of(place, "paul") == before
        again = run(place, "paul", FolderFiles(tmp_path), "public")
        assert again.counts == {"new": 0, "changed": 0, "same": 4}
        assert run(place, "ines", FolderFiles(tmp_path), "public").counts["same"] == 4

    def test_a_changed_file_updates_its_article_and_its_audience_stays(self, make_place, tmp_path):
        place = make_place()
        head = "---\ntitle: A\ndate: 2020-05-06\naudience: public\n---\n"
        files = folder(tmp_path, a=f"{head}Mots", b="Rien")
        assert run(place, "ines", files).counts["new"] == 2
        assert place.browser().get("/articles").html.select(".cards h2") == []
        folder(tmp_path, a=f"{head}D'autres mots")
        assert run(place, "ines", files, "public").counts == {"new": 0, "changed": 1, "same": 1}
        assert place.browser().get("/articles").html.select(".cards h2") == []
        page = place.browser("ines").get("/articles")
        assert "2020" in page.html.select_one(".cards time").text

    def test_a_date_to_come_is_a_schedule(self, place, fresh, tmp_path):
        login = fresh()
        files = folder(tmp_path, a="---\ndate: 2090-01-01\naudience: public\n---\nMots")
        for _ in range(2):
            run(place, login, files, "public")
        (due,) = place.do(lambda request, _s: [one.due for one in own(place, request, login)])
        assert due > 0
        assert place.browser().get(f"/articles?author={login}").html.select(".cards h2") == []


def own(place, request, login):
    return list(own_articles(request, place.uids[login]))


class TestPictures:
    def test_come_in_once_and_go_out_again(self, place, fresh, tmp_path):
        one, other = fresh(), fresh()
        files = folder(tmp_path, a="![Un puits](img/p.png) ![X](../../etc/passwd) ![Y](no.png)")
        (tmp_path / "img").mkdir()
        with (tmp_path / "img" / "p.png").open("wb") as file:
            Image.new("RGB", (8, 8), "red").save(file, "PNG")
        outcome = run(place, one, files)
        assert outcome.pictures == 1
        assert sorted(name for name, _sentence in outcome.remarks) == [
            "a.md → ../../etc/passwd",
            "a.md → no.png",
        ]
        again = run(place, one, files)
        assert (again.pictures, again.counts["same"]) == (0, 1)
        first = files_of(place, one)
        assert set(first) == {"draft-a.md", "draft-a/img-p.webp"}
        assert b"](draft-a/img-p.webp)" in first["draft-a.md"]
        out = tmp_path / "out"
        for name, data in first.items():
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (out / name).write_bytes(data)
        run(place, other, FolderFiles(out))
        second = files_of(place, other)
        assert set(second) == set(first)
        assert second["draft-a.md"] == first["draft-a.md"]


class TestImport:
    def test_bad_files_are_named_and_stop_nothing(self, place, fresh, tmp_path):
        login = fresh()
        files = folder(tmp_path, a="---\ndate: x\n---\n", b="Mots", c="---\na: *x\n---\n")
        (tmp_path / "d.md").write_bytes(b"\xff")
        outcome = run(place, login, files)
        assert outcome.counts["new"] == 1
        assert [name for name, _sentence in outcome.wrong] == ["a.md", "c.md", "d.md"]

    def test_what_was_cut_off_goes_on(self, place, fresh, tmp_path):
        login = fresh()
        files = folder(tmp_path, **{f"n{number}": f"Mots {number}" for number in range(6)})
        job = Import(
            lambda func: work(place.house.registry, func), place.uids[login], files, "private"
        )
        for count, _name in enumerate(job.run(), 1):
            if count == 3:
                break
        assert run(place, login, files).counts == {"new": 3, "changed": 0, "same": 3}
        assert len(place.do(lambda request, _s: own(place, request, login))) == 6

    def test_a_dry_run_stores_nothing(self, place, fresh, tmp_path):
        login = fresh()
        files = folder(tmp_path, a="Mots")
        before = place.stored
        assert run(place, login, files, dry=True).counts["new"] == 1
        assert place.stored == before

    def test_another_members_id_is_only_a_name(self, place, fresh, tmp_path):
        login = fresh()
        number = place.article(PUBLIC, by=login)
        name, data = next(iter(files_of(place, login).items()))
        (tmp_path / name).write_bytes(data.replace(b"Isoler", b"Casser"))
        assert run(place, fresh(), FolderFiles(tmp_path)).counts["new"] == 1
        title = place.do(lambda _request, service: service.title(service.find(number)))
        assert title == "Isoler ses fenêtres"


class TestZip:
    def zipped(self, packed=zipfile.ZIP_DEFLATED, **files):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", packed) as made:
            for name, data in files.items():
                made.writestr(name.replace("__", "/"), data)
        return file

    def test_holds_files_that_lie_in_it(self):
        file = self.zipped(**{"a.md": "A", "b__c.md": "C", "..__x.md": "X", "__y.md": "Y",
                              "__MACOSX__a.md": "", ".hidden.md": "", "p.png": "P"})  # fmt: skip
        files = ZipFiles(file)
        assert files.names() == ["a.md", "b/c.md"]
        assert files.read("p.png", 5) == b"P"
        with pytest.raises(Unreadable, match="not there"):
            files.read("q.png", 5)

    def test_bombs_are_counted_while_they_unpack(self, monkeypatch):
        from communicate_articles.folders import files as module

        files = ZipFiles(self.zipped(**{"a.md": b"0" * 5_000_000}))
        with pytest.raises(Unreadable, match="smaller"):
            files.read("a.md", 1_000_000)
        monkeypatch.setattr(module, "MOST_BYTES", 10)
        files = ZipFiles(self.zipped(**{"a.md": b"0" * 6, "b.md": b"0" * 6}))
        files.read("a.md", 100)
        with pytest.raises(Unreadable, match="too much"):
            files.read("b.md", 100)

    @pytest.mark.parametrize("packed", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_what_grows_before_it_can_be_counted_is_not_unpacked(self, packed):
        files = ZipFiles(self.zipped(packed, **{"a.md": b"0" * 50_000}))
        with pytest.raises(Unreadable, match="Deflate"):
            files.read("a.md", 100_000)

    def test_a_long_list_is_not_read(self, monkeypatch):
        file = self.zipped(**{f"{number}.png": b"" for number in range(2_001)})
        monkeypatch.setattr(zipfile, "ZipFile", None)
        with pytest.raises(Unreadable, match="in parts"):
            ZipFiles(file)

    def test_says_how_much_text_it_holds(self):
        files = ZipFiles(self.zipped(**{"a.md": "abc", "b.md": "d", "p.png": "P"}))
        assert files.letters() == 4

    @given(st.binary(max_size=300))
    @settings(max_examples=50, deadline=None)
    def test_what_is_damaged_is_said(self, noise):
        data = bytearray(self.zipped(**{"a.md": "Bonjour" * 20}).getvalue())
        data[10 : 10 + len(noise)] = noise
        with suppress(Unreadable):
            files = ZipFiles(io.BytesIO(bytes(data)))
            for name in files.names():
                files.read(name, 1000)


class TestCommands:
    @pytest.fixture
    def command(self, place, tmp_path):
        def command(*words):
            console = Console(None, tmp_path, place.house.registry)
            return CliRunner().invoke(articles, words, obj=console)

        return command

    def test_write_a_folder_for_its_owners_eyes_and_read_it(self, place, fresh, command, tmp_path):
        login, other = fresh(), fresh()
        place.article(PUBLIC, by=login, title="Le puits")
        done = command("export", login, "out")
        assert done.exit_code == 0, done.output
        (file,) = (tmp_path / "out").iterdir()
        assert file.stat().st_mode & 0o077 == 0
        assert command("export", login, "out").exit_code == 0
        assert len(list((tmp_path / "out").iterdir())) == 1
        told = command("import", other, "out", "--audience", "public", "--dry-run").output
        assert "1 articles would be made" in told
        told = command("import", other, "out", "--audience", "public").output
        assert "1 articles made, 0 changed." in told

    def test_say_what_is_wrong(self, command, tmp_path):
        assert "Nobody has the login" in command("export", "nobody", "out").output
        assert "is no folder" in command("import", "ines", "nowhere").output
        folder(tmp_path / "in", a="---\nlanguage: xx\n---\n")
        told = command("import", "ines", "in").output
        assert "a.md: language xx is not known here: write a code such as fr." in told
        assert command("import", "ines", "in", "--audience", "chosen").exit_code == 2
