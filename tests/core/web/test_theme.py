import re
import sys

import pytest

from communicate.testing import kit
from communicate.testing.house import House
from communicate.web import theme
from communicate.web.theme import ThemeError, package_of


def tokens(house, name="theme"):
    """Return the address and the text of the tokens that a site's theme names."""
    version = house.registry.communicate_static["communicate"]
    address = f"/static/communicate/{version}/{name}.css"
    return address, house.browser().get(address).text


def names(text):
    """Return the names of the tokens in the style sheet *text*."""
    return set(re.findall(r"^\s*(--[\w-]+):", text, re.MULTILINE))


class TestMure:
    def test_is_what_a_new_site_wears(self, site):
        assert site.registry.settings["communicate.theme"] == "mure"
        assert "Mûre" in tokens(site)[1]

    def test_a_site_without_a_theme_is_plain(self, make_house, site):
        address, text = tokens(make_house(theme="plain"))
        assert names(text) == set()
        assert address != tokens(site)[0]

    def test_names_tokens_that_the_plain_set_names(self, site):
        assert "--c-accent" in names(tokens(site)[1])
        assert names(tokens(site)[1]) < names(tokens(site, "tokens")[1])


@pytest.fixture(scope="module")
def houses(tmp_path_factory):
    """Return the same site in the first theme and in the second, each with a topic."""
    made = {}
    for name in ("mure", "tilleul"):
        made[name] = House(tmp_path_factory.mktemp(name), ["forums"], {"theme": name})
        made[name].member("ines")
        form = kit.form_with(made[name].browser("ines").get("/forums/general/new"), "title")
        form["title"], form["body"] = "Le tilleul penche", "Vers le canal."
        form.submit("post", status=303)
    yield made
    for house in made.values():
        house.close()


class TestTilleul:
    """The second theme: what it lays over shows, everything else stays."""

    def pages(self, houses, path):
        """Return the page at *path* in both."""
        return [houses[name].browser().get(path) for name in ("mure", "tilleul")]

    def test_a_template_of_core_is_its_own(self, houses):
        first, second = self.pages(houses, "/terms")
        assert ("sheet" in first.html.article["class"]) is False
        assert {"prose", "sheet"} <= set(second.html.article["class"])
        assert first.html.h1.get_text() == second.html.h1.get_text()

    def test_a_style_is_its_own_under_another_address(self, houses):
        (first, words), (second, its) = (tokens(houses[name]) for name in ("mure", "tilleul"))
        assert first != second
        assert ("#702a5f" in words, "#3f6212" in words) == (True, False)
        assert ("#702a5f" in its, "#3f6212" in its) == (False, True)
        for address, (old, new) in zip((first, second), ((200, 404), (404, 200)), strict=True):
            houses["mure"].browser().get(address, status=old)
            houses["tilleul"].browser().get(address, status=new)
        linked = [
            page.html.select_one("link[href$='theme.css']") for page in self.pages(houses, "/")
        ]
        assert [link["href"] for link in linked] == [first, second]

    def test_a_template_of_a_plugin_is_its_own(self, houses):
        first, second = self.pages(houses, "/forums/general")
        assert [len(page.html.select("ul.topic-rows")) for page in (first, second)] == [1, 0]
        assert [len(page.html.select("ol .bi-tree")) for page in (first, second)] == [0, 1]
        for page in (first, second):
            assert page.html.select_one("a.row-title").get_text() == "Le tilleul penche"

    def test_what_it_lacks_is_as_everywhere(self, houses):
        first, second = self.pages(houses, "/login")
        assert first.html.main.form["id"] == second.html.main.form["id"]

    def test_it_names_no_token_that_nobody_uses(self, houses):
        assert names(tokens(houses["tilleul"])[1]) < names(tokens(houses["mure"], "tokens")[1])


class TestAnotherTheme:
    @pytest.fixture
    def dressed(self, tmp_path, monkeypatch, make_house):
        """Return a site that wears a theme with one style sheet and one template."""
        package = tmp_path / "communicate_theme_test"
        over = package / "overrides" / "communicate"
        (over / "static").mkdir(parents=True)
        (over / "templates").mkdir()
        (package / "__init__.py").write_text("", encoding="utf-8")
        (over / "static" / "theme.css").write_text("/* mine */", encoding="utf-8")
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
        assert "Ce que le site garde" in page.text

    def test_leaves_another_site_in_the_same_process_alone(self, dressed, site):
        assert "themed" not in site.browser().get("/").text


class TestNames:
    def test_an_unknown_one_is_refused_with_those_that_there_are(self):
        with pytest.raises(ThemeError, match="mure, plain"):
            package_of("neon")

    def test_plain_is_none(self):
        assert package_of("plain") is None
