import re
import sys

import pytest

from communicate.web import theme
from communicate.web.theme import ThemeError, package_of


def tokens(house):
    """Return the address and the text of the tokens that a site's pages name."""
    version = house.registry.communicate_static["communicate"]
    address = f"/static/communicate/{version}/tokens.css"
    return address, house.browser().get(address).text


class TestMure:
    def test_is_what_a_new_site_wears(self, site):
        assert site.registry.settings["communicate.theme"] == "mure"
        assert "Mûre" in tokens(site)[1]

    def test_a_site_without_a_theme_is_plain(self, make_house, site):
        address, text = tokens(make_house(theme="plain"))
        assert "the plain set" in text
        assert address != tokens(site)[0]

    def test_names_every_token_that_the_plain_set_names(self, make_house, site):
        named = [
            set(re.findall(r"^\s*(--[\w-]+):", tokens(house)[1], re.MULTILINE))
            for house in (make_house(theme="plain"), site)
        ]
        assert named[0] == named[1]


class TestAnotherTheme:
    @pytest.fixture
    def dressed(self, tmp_path, monkeypatch, make_house):
        """Return a site that wears a theme with one style sheet and one template."""
        package = tmp_path / "communicate_theme_test"
        over = package / "overrides" / "communicate"
        (over / "static").mkdir(parents=True)
        (over / "templates").mkdir()
        (package / "__init__.py").write_text("", encoding="utf-8")
        (over / "static" / "tokens.css").write_text("/* mine */", encoding="utf-8")
        (over / "templates" / "layout.pt").write_text(
            '<html><metal:slot define-slot="content"></metal:slot><i>themed</i></html>',
            encoding="utf-8",
        )
        monkeypatch.syspath_prepend(str(tmp_path))
        monkeypatch.setattr(theme, "package_of", lambda _name: "communicate_theme_test")
        yield make_house()
        sys.modules.pop("communicate_theme_test", None)

    def test_takes_the_place_of_static_files(self, dressed):
        assert tokens(dressed)[1] == "/* mine */"

    def test_leaves_the_files_that_it_lacks(self, dressed):
        version = dressed.registry.communicate_static["communicate"]
        dressed.browser().get(f"/static/communicate/{version}/site.css", status=200)

    def test_takes_the_place_of_the_layout_for_every_page(self, dressed):
        page = dressed.browser().get("/privacy")
        assert "<i>themed</i>" in page.text
        assert "Ce que le site garde de vous" in page.text

    def test_leaves_another_site_in_the_same_process_alone(self, dressed, site):
        assert "themed" not in site.browser().get("/").text


class TestNames:
    def test_an_unknown_one_is_refused_with_those_that_there_are(self):
        with pytest.raises(ThemeError, match="mure, plain"):
            package_of("neon")

    def test_plain_is_none(self):
        assert package_of("plain") is None
