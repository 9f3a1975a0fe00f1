import re

import pytest

from communicate.web.static import VENDORED, version_of

FILES = r'(?:href|src)="(/static/[^"]+)"'


@pytest.fixture
def addresses(stranger):
    """Return the static files that a page names."""
    return re.findall(FILES, stranger.get("/").text)


class TestFiles:
    def test_all_that_a_page_names_are_there_for_a_year(self, stranger, addresses):
        assert len(addresses) == 7
        for address in addresses:
            headers = stranger.get(address, status=200).headers
            assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert "Set-Cookie" not in headers

    def test_modules_find_what_they_import(self, stranger, addresses):
        address = next(name for name in addresses if name.endswith("site.js"))
        module = stranger.get(address)
        assert module.content_type in ("text/javascript", "application/javascript")
        imported = re.findall(r'from "\./([\w.]+)"', module.text)
        assert imported
        for name in imported:
            stranger.get(address.replace("site.js", name), status=200)

    def test_are_asked_for_again_while_one_works_on_them(self, make_house):
        browser = make_house(mode="development").browser()
        address = re.findall(FILES, browser.get("/").text)[-1]
        assert browser.get(address).headers["Cache-Control"] == "no-cache"

    @pytest.mark.parametrize(
        "path",
        [
            "/static/communicate/old/site.css",
            "/static/nowhere/x/site.css",
            "/static/communicate/{version}/../__init__.py",
            "/static/communicate/{version}/%2e%2e/__init__.py",
            "/static/communicate/{version}/nothing.css",
            "/static/",
        ],
    )
    def test_nothing_else_is_there(self, site, stranger, path):
        version = site.registry.communicate_static["communicate"]
        stranger.get(path.format(version=version), status="4*")

    def test_they_answer_without_the_database(self, make_house):
        house = make_house()
        browser = house.browser()
        address = re.findall(FILES, browser.get("/").text)[-1]
        house.close()
        browser.get(address, status=200)


class TestVendored:
    def test_exactly_four_files_of_deform_are_served(self, site, stranger):
        version = site.registry.communicate_static["deform"]
        for name in VENDORED:
            path = f"/static/deform/{version}/{name.removeprefix('static/')}"
            assert stranger.get(path).content_type == VENDORED[name]

    @pytest.mark.parametrize(
        "name",
        ["css/form.css", "scripts/bootstrap.bundle.min.js", "css/../scripts/deform.js", ""],
    )
    def test_no_other(self, site, stranger, name):
        version = site.registry.communicate_static["deform"]
        stranger.get(f"/static/deform/{version}/{name}", status=404)

    def test_the_fonts_are_where_the_style_sheet_looks_for_them(self, site, stranger):
        version = site.registry.communicate_static["deform"]
        css = stranger.get(f"/static/deform/{version}/css/bootstrap-icons.min.css").text
        fonts = re.findall(r'url\("?([^")?]+)', css)
        assert fonts
        for font in fonts:
            stranger.get(f"/static/deform/{version}/css/{font}", status=200)


class TestVersion:
    def test_follows_names_and_content(self, tmp_path):
        seen = set()
        for name, content in [("a.css", "1"), ("a.css", "2"), ("b.css", "2"), ("x/a.css", "2")]:
            folder = tmp_path / str(len(seen))
            (folder / name).parent.mkdir(parents=True)
            (folder / name).write_text(content, encoding="utf-8")
            seen.add(version_of([folder]))
        assert len(seen) == 4

    def test_stays_while_nothing_changes(self, tmp_path):
        (tmp_path / "a.css").write_text("1", encoding="utf-8")
        assert version_of([tmp_path]) == version_of([tmp_path])
