"""What search engines, other sites and readers are led to: what is public, and nothing else."""

import pytest

from communicate.audience import MEMBERS, PRIVATE, PUBLIC
from communicate_articles.related import MOST
from communicate_articles.translations import link


@pytest.fixture(scope="module")
def town(place):
    """Public articles, and one for members with the same tags."""
    place.one = place.article(
        PUBLIC, title="Le puits", tags=("eau",), language="fr", summary="Clair."
    )
    place.two = place.article(PUBLIC, title="The well", tags=("water",), language="en")
    place.near = place.article(PUBLIC, by="paul", title="La mare", tags=("Eau",))
    place.inner = place.article(MEMBERS, by="paul", title="Le lavoir", tags=("eau",))
    place.own = place.article(PRIVATE, title="Le secret", tags=("eau",))
    place.do(
        lambda request, service: link(request, service.find(place.one), service.find(place.two))
    )
    return place


def head(page, **found):
    name, value = next(iter(found.items()))
    element = page.html.find("meta", attrs={name: value})
    return element and element["content"]


class TestPublic:
    def test_says_what_others_may_show_of_it(self, town):
        path = town.path(town.one)
        page = town.browser().get(path)
        assert page.html.find("link", rel="canonical")["href"] == f"http://localhost{path}"
        assert head(page, property="og:url") == f"http://localhost{path}"
        assert head(page, property="og:title") == "Le puits"
        assert head(page, property="og:type") == "article"
        assert head(page, property="article:tag") == "eau"
        assert head(page, name="description") == "Clair."
        assert "X-Robots-Tag" not in page.headers

    def test_names_its_translations_by_whole_addresses_and_itself(self, town):
        page = town.browser().get(town.path(town.one))
        links = page.html.select("link[hreflang]")
        assert {each["hreflang"]: each["href"] for each in links} == {
            "fr": f"http://localhost{town.path(town.one)}",
            "en": f"http://localhost{town.path(town.two)}",
        }

    def test_is_kept_by_one_address_only(self, town):
        page = town.browser().get(f"{town.path(town.one)}?x=1")
        assert page.headers["X-Robots-Tag"] == "noindex"

    def test_is_in_the_sitemap_and_nothing_narrower(self, town):
        browser = town.browser()
        part = browser.get("/sitemap.xml").xml.find(".//{*}loc").text
        listed = [
            each.text
            for each in browser.get(part.removeprefix("http://localhost")).xml.findall(".//{*}loc")
        ]
        for number in (town.one, town.two, town.near):
            assert f"http://localhost{town.path(number)}" in listed
        for number in (town.inner, town.own):
            assert not any(town.path(number) in each for each in listed)


class TestOthers:
    def test_say_nothing_to_other_sites(self, town):
        for login, number in (("ines", town.one), ("ines", town.inner), ("ines", town.own)):
            page = town.browser(login).get(town.path(number))
            assert page.headers["X-Robots-Tag"] == "noindex"
            assert head(page, property="og:title") is None
            assert page.html.find("link", rel="canonical") is None

    def test_lists_are_kept_by_nobody(self, town):
        for path in ("/articles", "/articles?tag=eau", "/members/ines/articles"):
            assert town.browser().get(path).headers["X-Robots-Tag"] == "noindex"


class TestRelated:
    def beside(self, place, login, number):
        page = place.browser(login).get(place.path(number))
        return [link.get_text() for link in page.html.select("aside li a.row-title[href^='/']")]

    def test_come_by_tag_then_author_and_only_what_the_viewer_may_see(self, town):
        assert self.beside(town, None, town.one) == ["La mare"]
        assert self.beside(town, "oscar", town.one) == ["Le lavoir", "La mare"]
        assert self.beside(town, None, town.near)[0] == "Le puits"

    def test_are_few(self, make_place):
        place = make_place()
        numbers = [place.article(MEMBERS, title=f"N{n}", language="fr") for n in range(7)]
        assert len(self.beside(place, "paul", numbers[0])) == MOST

    def test_follow_rights_at_once(self, make_place):
        place = make_place()
        one, two = (place.article(MEMBERS, title=title) for title in ("Un", "Deux"))
        assert self.beside(place, "paul", one) == ["Deux"]
        place.choose(two, PRIVATE)
        assert self.beside(place, "paul", one) == []


class TestFacets:
    def facets(self, place, login, path="/articles"):
        page = place.browser(login).get(path)
        return [link.get_text(" ", strip=True) for link in page.html.select(".facet a")]

    def test_count_what_the_viewer_may_see(self, town):
        assert [each for each in self.facets(town, None) if each.startswith("#")] == [
            "#Eau 2",
            "#water 1",
        ]
        assert "#eau 3" in [each.lower() for each in self.facets(town, "oscar")]

    def test_lead_to_what_they_count(self, town):
        page = town.browser().get("/articles")
        link = next(each for each in page.html.select(".facet a") if "Eau" in each.get_text())
        shown = town.browser().get(link["href"])
        assert len(shown.html.select(".cards h2")) == 2
        assert shown.html.select_one(".chosen a")["href"] == "/articles"
