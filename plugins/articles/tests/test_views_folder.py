"""One's articles as a ZIP, in the browser: only one's own, within limits, private at first."""

import io
import re
import zipfile
from functools import partial

import pytest
from PIL import Image

from communicate.audience import PRIVATE, PUBLIC
from communicate.erasure.services import ErasureService
from communicate.testing.kit import form_with
from communicate_articles.folders import uploading, uploads
from communicate_articles.folders.files import ZipFiles
from communicate_articles.folders.importing import Import


def zipped(**files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(f"{name}.md", text)
    return file.getvalue()


PAGE = "/account/articles/upload"


def post(place, login, data, status=303):
    """Send a ZIP; return the answer."""
    form = form_with(place.browser(login).get(PAGE), "zip")
    form["zip"] = ("articles.zip", data, "application/zip")
    return form.submit("bring", status=status)


def send(place, login, data):
    """Send a ZIP, and return the page that says what became of it, once the job is done."""
    post(place, login, data)
    place.house.run_jobs()
    return place.browser(login).get(PAGE)


def download(place, login):
    return place.click(login, "/account/articles/download", status=200)


class TestDownload:
    def test_holds_ones_own_and_nothing_else(self, place):
        place.article(PRIVATE, title="Mon carnet")
        place.article(PUBLIC, by="paul", title="De Paul")
        answer = download(place, "ines")
        assert answer.content_type == "application/zip"
        assert answer.headers["Cache-Control"] == "no-store"
        with zipfile.ZipFile(io.BytesIO(answer.body)) as made:
            texts = [made.read(name).decode() for name in made.namelist()]
        assert any("Mon carnet" in text for text in texts)
        assert not any("De Paul" in text for text in texts)

    def test_strangers_get_none(self, place):
        assert place.status(None, "/account/articles/upload") in (302, 303, 401, 403)


class TestUpload:
    def test_what_comes_in_is_for_its_member_alone_and_comes_once(self, make_place):
        place = make_place()
        data = zipped(a="---\ntitle: Bonjour\ndate: 2020-01-02\naudience: public\n---\nMots")
        assert "New: 1" in send(place, "ines", data).html.main.get_text(" ")
        assert "Alike: 1" in send(place, "ines", data).html.main.get_text(" ")
        assert "Bonjour" in place.browser("ines").get("/articles").text
        assert "Bonjour" not in place.browser("paul").get("/articles").text

    def test_the_download_comes_back_as_it_is(self, make_place):
        place = make_place()
        place.article(PUBLIC, title="Le puits")
        answer = download(place, "ines")
        assert "Alike: 1" in send(place, "ines", answer.body).html.main.get_text(" ")

    def test_many_pictures_come_in_by_turns(self, make_place, monkeypatch):
        monkeypatch.setattr("communicate_articles.folders.files.MOST_PICTURES", 2)
        place, file = make_place(), io.BytesIO()
        with zipfile.ZipFile(file, "w") as made:
            made.writestr("a.md", "![a](a.png) ![b](b.png) ![c](c.png)")
            for name in "abc":
                out = io.BytesIO()
                Image.new("RGB", (8, 8), "teal").save(out, "PNG")
                made.writestr(f"{name}.png", out.getvalue())
        first = send(place, "ines", file.getvalue())
        assert "bring the same ZIP in again" in first.html.main.get_text(" ")
        again = send(place, "ines", file.getvalue())
        assert "bring the same ZIP in again" not in again.html.main.get_text(" ")
        listed = place.browser("ines").get("/articles/drafts").html.main
        path = listed.find("a", href=re.compile("^/members/ines/articles/"))["href"]
        assert len(place.browser("ines").get(path).html.select("main img")) == 3

    def test_bad_files_are_named(self, make_place):
        place = make_place()
        shown = send(place, "ines", zipped(a="Mots", b="---\ndate: hier\n---\n"))
        text = shown.html.main.get_text(" ")
        assert "New: 1" in text
        assert "b.md" in text

    @pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04" + b"0" * 50])
    def test_what_is_no_zip_is_refused(self, place, data):
        assert post(place, "ines", data, 400).html.select_one(".is-invalid, .invalid-feedback")

    def test_too_much_text_is_refused(self, place):
        data = zipped(**{f"n{number}": "Mots " * 100_000 for number in range(9)})
        assert "divide it" in post(place, "ines", data, 400).text

    def test_text_counts_as_much_as_it_costs(self, make_place):
        place = make_place(**{"communicate.limits.previews": "3/hour"})
        data = zipped(**{f"n{number}": "Mots " * 9_000 for number in range(1)})
        send(place, "ines", data)
        post(place, "ines", data, 429)

    def test_too_many_files_are_refused(self, place):
        data = zipped(**{f"n{number}": "Mots" for number in range(1001)})
        assert "divide them" in post(place, "ines", data, 400).text

    def test_what_holds_no_text_is_refused(self, place):
        with zipfile.ZipFile(file := io.BytesIO(), "w") as made:
            made.writestr("a.png", b"")
        assert "There is no Markdown file" in post(place, "ines", file.getvalue(), 400).text


ONE = zipped(a="---\ntitle: Bonjour\n---\nMots", b="Bonsoir")


def kept(place):
    """Return number and file of each upload that is kept, by the uid of its member."""

    def look(request, _service):
        found = request.site["articles"].uploads or {}
        return {uid: (one.number, one.file is not None) for uid, one in found.items()}

    return place.do(look)


class TestProgress:
    """What a job does while its member does something else."""

    def test_it_can_be_left_and_found_again_and_a_notice_tells_of_its_end(self, make_place):
        place = make_place()
        assert post(place, "ines", ONE).location.endswith(PAGE)
        page = place.browser("ines").get(PAGE)
        assert page.html.select_one("progress")["max"] == "2"
        assert "0 of 2 files" in " ".join(page.html.main.get_text().split())
        assert not page.html.select("[name=zip]")
        assert "progress" not in place.browser("paul").get(PAGE).html.main.get_text()
        assert not place.browser("paul").get(PAGE).html.select("progress")
        place.house.run_jobs()
        page = place.browser("ines").get(PAGE)
        assert "New: 2" in page.html.main.get_text(" ")
        assert "The ZIP of articles that you sent is read." in place.browser("ines").get(
            "/notices"
        )
        place.click("ines", PAGE, drop="yes")
        assert "New: 2" not in place.browser("ines").get(PAGE)

    def test_one_is_read_at_a_time(self, make_place):
        place = make_place()
        form = form_with(place.browser("ines").get(PAGE), "zip")
        post(place, "ines", ONE)
        form["zip"] = ("articles.zip", ONE, "application/zip")
        assert "is still being read" in form.submit("bring", status=400)

    def test_what_is_stopped_stops_and_what_is_in_stays(self, make_place, monkeypatch):
        place, make = make_place(), Import._begun

        def begun(self, request, parsed):
            article = make(self, request, parsed)
            if parsed.written.title == "Bonjour":
                uploads.drop(request, place.uids["ines"])
            return article

        monkeypatch.setattr(Import, "_begun", begun)
        post(place, "ines", ONE)
        place.house.run_jobs()
        drafts = place.browser("ines").get("/articles/drafts").text
        assert "Bonjour" in drafts
        assert "Bonsoir" not in drafts
        assert kept(place) == {}

    def test_what_was_cut_off_begins_again_and_doubles_nothing(self, make_place):
        place = make_place()
        post(place, "ines", ONE)
        uid, registry = place.uids["ines"], place.house.registry
        number, _has_file = kept(place)[uid]
        uploading.work(registry, partial(uploading._begin, uid, number))
        data = zipped(a="---\ntitle: Bonjour\n---\nMots")
        job = Import(partial(uploading.work, registry), uid, ZipFiles(io.BytesIO(data)), "private")
        assert list(job.run()) == ["a.md"]  # and then the power went
        place.house.run_jobs()
        text = place.browser("ines").get(PAGE).html.main.get_text(" ")
        assert "New: 1" in text
        assert "Alike: 1" in text

    def test_the_zip_goes_when_it_is_read_and_the_rest_after_three_days(self, make_place):
        place = make_place()
        post(place, "ines", ONE)
        uid = place.uids["ines"]
        assert kept(place)[uid][1]
        place.house.run_jobs()
        assert not kept(place)[uid][1]
        place.later(days=3, hours=2)
        assert kept(place) == {}

    def test_nothing_of_it_lies_in_clear(self, make_place):
        place = make_place()
        post(place, "ines", zipped(**{"canari-du-nom": "---\ndate: hier\n---\ncanari du texte"}))
        place.house.run_jobs()
        assert "canari-du-nom.md" in place.browser("ines").get(PAGE)
        var = place.house.folder / "var"
        held = b"".join(path.read_bytes() for path in var.rglob("*") if path.is_file())
        assert b"canari" not in held

    def test_an_erased_account_takes_it_along(self, make_place):
        place = make_place()
        post(place, "ines", ONE)
        uid = place.uids["ines"]
        place.do(lambda request, _service: ErasureService(request).start(uid))
        while place.house.run_jobs():
            pass
        assert kept(place) == {}
        owners = place.do(lambda request, _service: list(request.site["articles"].owners.values()))
        assert uid not in owners

    def test_sentences_are_in_the_language_of_their_reader(self, make_place):
        place = make_place(language="fr")
        shown = send(place, "ines", zipped(b="---\ndate: hier\n---\n"))
        assert "la date ne se lit pas" in shown.html.main.get_text(" ")
