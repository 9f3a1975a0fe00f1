"""The pages that the site writes about itself."""

import hashlib
import itertools
import re
from importlib.resources import files
from typing import ClassVar

import pytest

from communicate.accounts.consent import TERMS
from communicate.testing.house import House

OPERATOR = {
    "communicate.operator.identity_fr": "l’association Les Tilleuls, 3 place du Marché",
    "communicate.operator.identity_en": "the association Les Tilleuls",
    "communicate.operator.contact": "vie-privee@tilleuls.example",
    "communicate.operator.providers": "Ondine | FR | loue le serveur",
    "communicate.operator.sites": "Rennes : le serveur\nNantes : les sauvegardes",
    "communicate.operator.measures": "Le local est fermé à clé.",
    "communicate.operator.backup_days": 30,
}
PATHS = ["/privacy", "/cookies", "/terms", "/help", "/help/security", "/privacy/changes"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return a site whose operator says nothing, with a member, Odile."""
    house = House(tmp_path_factory.mktemp("site"), ["forums"], {})
    house.member("odile")
    yield house
    house.close()


@pytest.fixture
def stranger(site):
    """Return a browser that nobody is signed in with."""
    return site.browser()


def words(html):
    """Return what is said in *html*, in one line."""
    return " ".join(html.get_text(" ").replace("\xa0", " ").split())


class TestBothLanguages:
    @pytest.mark.parametrize(
        ("path", "french", "english"),
        [
            ("/privacy", "Ce que le site garde, et pourquoi", "What this site keeps, and why"),
            ("/cookies", "aucun ne vous suit", "none follows you"),
            ("/terms", "Ces conditions sont courtes", "These terms are short"),
            ("/help", "Mot de passe oublié", "Forgotten password"),
            ("/help/security", "Votre ordinateur et votre téléphone", "Your computer and your"),
            ("/help/forums", "Dans un forum", "Open a forum"),
            ("/privacy/changes", "la plus récente en premier", "the newest first"),
        ],
    )
    def test_are_spoken(self, stranger, path, french, english):
        assert french in words(stranger.get(path).html.main)
        stranger.set_cookie("lang", "en")
        page = words(stranger.get(path).html.main)
        assert english in page
        assert french not in page

    @pytest.mark.parametrize("path", PATHS)
    def test_headings_follow_that_of_the_page(self, stranger, path):
        levels = [
            int(head.name[1]) for head in stranger.get(path).html.main(re.compile("^h[1-6]$"))
        ]
        assert levels.count(1) == 1
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


class TestPrivacy:
    def test_tells_each_kind_of_data_with_who_sees_it_and_for_how_long(self, stranger):
        section = stranger.get("/privacy").html.select_one("#service-forums")
        row = next(tr for tr in section.select("tbody tr") if "Vos messages" in tr.th.get_text())
        assert "Tout le monde" in row.get_text()
        assert "Jusqu’à ce que vous les supprimiez" in row.get_text()

    def test_a_walled_site_shows_to_everyone_nothing_at_all(self, make_house):
        page = make_house(["forums"], widest_audience="members").browser().get("/privacy")
        assert not page.html.select("#service-forums .is-public")
        assert page.html.select("#service-forums .is-members")

    def test_tells_who_receives_what(self, stranger):
        table = words(stranger.get("/privacy").html.select_one("#recipients").find_next("table"))
        assert "Le serveur de courrier" in table
        assert "votre adresse électronique, l’objet du courriel" in table

    def test_says_what_the_operator_states_and_nothing_in_its_place(self, make_house, stranger):
        assert "n’ont pas encore écrit qui ils sont" in stranger.get("/privacy").text
        house = make_house(**OPERATOR)
        browser = house.browser()
        page = words(browser.get("/privacy").html.main)
        for said in ("Les Tilleuls, 3 place du Marché", "Ondine France loue le serveur", "Nantes"):
            assert said in page
        assert "Le local est fermé à clé." in page
        assert "la plus ancienne a 30 jours au plus" in page
        assert "Les Tilleuls" in browser.get("/terms").text
        browser.set_cookie("lang", "en")
        assert "run by the association Les Tilleuls ." in words(browser.get("/privacy").html.main)

    def test_says_when_what_was_deleted_is_out_of_the_files(self, make_house, stranger):
        assert "24 heures après" in words(stranger.get("/privacy").html.main)
        page = make_house(pack_days=6).browser().get("/privacy")
        assert "7 jours après" in words(page.html.main)

    def test_what_an_operator_says_is_words_and_never_html(self, make_house):
        house = make_house(**{"communicate.operator.identity": "<b>nous</b>"})
        assert "&lt;b&gt;nous" in house.browser().get("/privacy").text
        assert "<b>nous" not in house.browser().get("/terms").text


class TestTerms:
    KNOWN: ClassVar = {2: "9f864148b041708c"}  # number: what the texts of that number hash to

    def test_that_say_something_else_have_another_number(self, stranger):
        folder = files("communicate").joinpath("pages")
        texts = [folder.joinpath(language, "terms.md").read_bytes() for language in ("en", "fr")]
        digest = hashlib.sha256(b"".join(texts)).hexdigest()[:16]
        assert self.KNOWN[TERMS] == digest, "raise TERMS in communicate.accounts.consent"
        assert f"Version {TERMS}" in stranger.get("/terms").text


class TestCookies:
    def test_lists_those_that_are_set(self, site):
        listed = {code.text for code in site.browser().get("/cookies").html("code")}
        browser = site.browser("odile")
        form = next(f for f in browser.get("/").forms.values() if f.action == "/language")
        form.submit("lang", value="en")
        assert {cookie.name for cookie in browser.cookiejar} <= listed
        assert {"csrf", "lang", "notice", "communicate_session"} <= listed


class TestHelp:
    def test_lists_every_page_and_each_opens(self, stranger):
        page = stranger.get("/help")
        links = [a["href"] for a in page.html.select("aside a")]
        assert {"/help/security", "/help/forums"} <= set(links)
        for link in links:
            stranger.get(link, status=200)

    @pytest.mark.parametrize("path", ["/help/nothing", "/help/security/more"])
    def test_knows_no_other(self, stranger, path):
        stranger.get(path, status=404)

    def test_one_of_a_plugin_that_is_off_is_gone(self, make_house):
        make_house().browser().get("/help/forums", status=404)


def pieces(browser, path):
    """Return each smallest piece of prose in the main part of a page, with whose it is."""
    found = set()
    for html in browser.get(path).html.main.select("p, li, tr, h1, h2, h3"):
        owner = (
            html
            if html.has_attr("data-service")
            else html.find_parent(attrs={"data-service": True})
        )
        if not html.select("a[href='/privacy/changes']"):  # the number of the version
            found.add((owner and owner["data-service"], words(html)))
    return found


class TestSwitching:
    """A plugin switched on or off changes what is said of it, and nothing else."""

    PATHS = ("/privacy", "/cookies", "/terms", "/help")

    def test_changes_exactly_its_paragraphs(self, sample, make_house):
        house = make_house(["forums", "sample"])

        def look():
            browser = house.browser()
            return {(path, *one) for path in self.PATHS for one in pieces(browser, path)}

        on = look()
        house.reboot(["forums"])
        off = look()
        house.reboot(["forums", "sample"])
        assert look() == on
        assert off - on == set()
        assert on - off == {one for one in on if one[1] == "sample"}
        told = {(path, text) for path, name, text in on - off}
        for path, said in (
            ("/privacy", "Lignes du livre d’or"),
            ("/privacy", "Un compteur de lignes"),
            ("/privacy", "Participer au concours"),
            ("/help", "Le livre d’or"),
        ):
            assert any(said in text for where, text in told if where == path), said
