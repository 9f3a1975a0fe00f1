import pytest
from bs4 import BeautifulSoup
from pyramid.renderers import render

from communicate.declarations import Block
from communicate.interfaces import IPlugins
from communicate.web import home
from communicate.web.menu import Entry

TEXT = {"title": "T", "text": "", "version": "1"}


class TestForMachines:
    def test_robots_are_asked_to_stay_outside(self, stranger):
        answer = stranger.get("/robots.txt")
        assert answer.text == "User-agent: *\nDisallow: /\n"
        assert answer.content_type == "text/plain"

    @pytest.mark.parametrize("path", ["/favicon.svg", "/favicon.ico"])
    def test_the_mark_is_found_by_browsers_that_guess(self, stranger, path):
        assert stranger.get(path).content_type == "image/svg+xml"


class TestHome:
    def test_strangers_read_what_the_place_is(self, stranger):
        page = stranger.get("/")
        assert "Un lieu pour se parler" in page.text
        assert page.html.select("main a[href='/join']")

    def test_strangers_are_not_asked_to_join_where_they_cannot(self, make_house):
        page = make_house(joining="closed").browser().get("/")
        assert not page.html.select("a[href='/join']")

    def test_members_find_three_first_steps_or_more(self, claire):
        page = claire.get("/")
        assert "Bonjour claire.morvan" in page.text
        assert len(page.html.select("section[aria-labelledby=first] a")) >= 2

    def test_what_waits_comes_before_first_steps_and_these_before_what_is_new(
        self, site, monkeypatch, claire
    ):
        blocks = [
            Block("new", "Nouveau", "<p>neuf</p>", weight=1),
            Block("mail", "Courrier", "<p>quatre</p>", weight=5, waiting=True),
            Block("asks", "Demandes", "<p>une</p>", weight=2, waiting=True),
        ]
        monkeypatch.setattr(home, "blocks", lambda _request: blocks)
        page = claire.get("/")
        heads = [head.text for head in page.html.select("main h2")]
        assert heads == ["Courrier", "Demandes", "Premiers pas", "Nouveau"]

    def test_blocks_stand_by_weight_and_a_plugin_that_fails_hides_no_other(
        self, site, monkeypatch, request_of
    ):
        answers = [
            ("one", [Block("b", "B", "", weight=2)]),
            ("two", ZeroDivisionError()),
            ("three", [Block("a", "A", "", weight=1)]),
            ("four", None),
        ]
        plugins = site.registry.getUtility(IPlugins)
        monkeypatch.setattr(plugins, "duty", lambda *_args, **_kw: iter(answers))
        assert [block.name for block in home.blocks(request_of)] == ["a", "b"]


class TestMenu:
    @pytest.fixture
    def mounted(self, make_house):
        """Return a site with forums."""
        return make_house(["forums"])

    def test_names_the_services_that_the_viewer_may_open(self, mounted):
        page = mounted.browser().get("/")
        links = page.html.select("nav.services a")
        assert [(link["href"], link.text.strip()) for link in links] == [("/forums", "Forums")]
        assert not page.html.select("nav.services [aria-current]")
        assert page.html.select("nav.bottombar a[href='/forums']")

    def test_marks_the_current_one(self, mounted):
        page = mounted.browser().get("/forums/general")
        assert [link["href"] for link in page.html.select("nav.services [aria-current=page]")] == [
            "/forums"
        ]

    def test_hides_what_is_for_members_from_strangers(self, make_house):
        house = make_house(["forums"], widest_audience="members")
        house.member("claire.morvan")
        assert not house.browser().get("/").html.select("nav.services")
        assert house.browser("claire.morvan").get("/").html.select("nav.services a")

    def test_folds_what_is_beyond_four_on_phones(self, request_of):
        request_of.page.menu = [Entry(f"/s{n}", f"S{n}", "dot", n == 5) for n in range(6)]
        html = BeautifulSoup(
            render("communicate:templates/text.pt", TEXT, request_of), "html.parser"
        )
        bar = html.select_one("nav.bottombar")
        assert [link.text for link in bar.find_all("a", recursive=False)] == [
            "S0",
            "S1",
            "S2",
            "S3",
        ]
        assert [link.text for link in bar.select("details a")] == ["S4", "S5"]
        assert len(html.select("nav.services a")) == 6
