import os

import pytest
from pyramid.i18n import TranslationStringFactory
from pyramid.interfaces import ILocalizer

from communicate.web.i18n import LANGUAGES, Plural, PluralFactory, compiled

PO = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\n"

msgid "${n} post"
msgid_plural "${n} posts"
msgstr[0] "${n} message"
msgstr[1] "${n} messages"
"""


class TestNegotiation:
    def test_french_by_default(self, stranger):
        assert '<html lang="fr"' in stranger.get("/").text

    def test_the_browsers_own_languages_do_not_decide(self, stranger):
        page = stranger.get("/", headers={"Accept-Language": "en"})
        assert '<html lang="fr"' in page.text

    def test_the_site_may_say_english(self, make_house):
        assert '<html lang="en"' in make_house(language="en").browser().get("/").text

    def test_the_cookie_decides(self, stranger):
        stranger.set_cookie("lang", "en")
        page = stranger.get("/privacy")
        assert "What this site keeps, and why" in page.text
        assert "Ce que le site garde" not in page.text

    @pytest.mark.parametrize("value", ["xx", "../fr", ""])
    def test_another_cookie_is_as_none(self, stranger, value):
        stranger.set_cookie("lang", value)
        assert '<html lang="fr"' in stranger.get("/").text

    def test_a_member_is_known_by_the_choice_made_elsewhere(self, site):
        browser = site.browser("odile")
        form = next(f for f in browser.get("/").forms.values() if f.action == "/language")
        form.submit("lang", value="en")
        again = site.browser("odile")
        assert '<html lang="en"' in again.get("/").text


class TestTranslations:
    def test_templates_and_python_speak_alike(self, stranger):
        page = stranger.get("/cookies").text
        assert "À quoi il sert" in page
        assert "Retient la langue" in page

    def test_are_read_from_the_source(self, tmp_path):
        path = tmp_path / "sample.po"
        path.write_text(PO, encoding="utf-8")
        found = compiled(path, "fr")
        assert found.domain == "sample"
        assert found.ngettext("${n} post", "${n} posts", 2) == "${n} messages"

    def test_are_read_again_once_they_have_changed(self, tmp_path):
        path = tmp_path / "sample.po"
        path.write_text(PO, encoding="utf-8")
        before = compiled(path, "fr")
        path.write_text(PO.replace("message", "billet"), encoding="utf-8")
        os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))
        after = compiled(path, "fr")
        assert before.ngettext("${n} post", "${n} posts", 2) == "${n} messages"
        assert after.ngettext("${n} post", "${n} posts", 2) == "${n} billets"

    def test_a_library_that_speaks_to_members_speaks_french(self, request_of):
        request_of.locale_name = "fr"
        required = TranslationStringFactory("colander")("Required")
        assert request_of.localizer.translate(required) == "Requis"


class TestPlurals:
    POSTS = PluralFactory("sample")("${n} post", "${n} posts")

    @pytest.fixture
    def localizers(self, make_house, tmp_path):
        house = make_house()
        found = {}
        for language in LANGUAGES:
            found[language] = house.registry.getUtility(ILocalizer, name=language)
        path = tmp_path / "sample.po"
        path.write_text(PO, encoding="utf-8")
        found["fr"].translations.add(compiled(path, "fr"))
        return found

    @pytest.mark.parametrize(
        ("language", "n", "said"),
        [
            ("fr", 0, "0 message"),
            ("fr", 1, "1 message"),
            ("fr", 2, "2 messages"),
            ("en", 0, "0 posts"),
            ("en", 1, "1 post"),
            ("en", 1200, "1,200 posts"),
        ],
    )
    def test_each_language_counts_in_its_way(self, localizers, language, n, said):
        assert self.POSTS.say(localizers[language], n, f"{n:,}") == said

    def test_the_factory_names_the_domain(self):
        assert Plural("${n} post", "${n} posts", "sample") == self.POSTS
