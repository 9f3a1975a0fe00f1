"""One's articles as a ZIP, in the browser: only one's own, within limits, private at first."""

import io
import re
import zipfile

import pytest
from PIL import Image

from communicate.audience import PRIVATE, PUBLIC
from communicate.testing.kit import form_with


def zipped(**files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(f"{name}.md", text)
    return file.getvalue()


def send(place, login, data, status=200):
    form = form_with(place.browser(login).get("/account/articles/upload"), "zip")
    form["zip"] = ("articles.zip", data, "application/zip")
    return form.submit("bring", status=status)


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
        assert "New: 1." in send(place, "ines", data).html.main.get_text(" ")
        assert "Alike: 1." in send(place, "ines", data).html.main.get_text(" ")
        assert "Bonjour" in place.browser("ines").get("/articles").text
        assert "Bonjour" not in place.browser("paul").get("/articles").text

    def test_the_download_comes_back_as_it_is(self, make_place):
        place = make_place()
        place.article(PUBLIC, title="Le puits")
        answer = download(place, "ines")
        assert "Alike: 1." in send(place, "ines", answer.body).html.main.get_text(" ")

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
        assert "New: 1." in text
        assert "b.md" in text

    @pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x03\x04" + b"0" * 50])
    def test_what_is_no_zip_is_refused(self, place, data):
        assert send(place, "ines", data, 400).html.select_one(".is-invalid, .invalid-feedback")

    def test_too_much_text_is_refused(self, place):
        data = zipped(**{f"n{number}": "Mots " * 100_000 for number in range(5)})
        assert "divide it" in send(place, "ines", data, 400).text

    def test_text_counts_as_much_as_it_costs(self, make_place):
        place = make_place(**{"communicate.limits.previews": "3/hour"})
        data = zipped(**{f"n{number}": "Mots " * 9_000 for number in range(1)})
        send(place, "ines", data)
        send(place, "ines", data, 429)

    def test_too_many_files_are_refused(self, place):
        data = zipped(**{f"n{number}": "Mots" for number in range(201)})
        assert "divide them" in send(place, "ines", data, 400).text
