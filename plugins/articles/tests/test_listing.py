"""Lists: what their viewer may see, by tag, author, language and month, page by page."""

from datetime import timedelta

import pytest

from communicate.audience import CONTACTS, MEMBERS, PRIVATE, PUBLIC
from communicate.interfaces import IClock, IContacts


@pytest.fixture(scope="module")
def town(place):
    """Ines' articles, one for each audience, and one of Paul's; Moira is a contact of Ines'."""

    def befriend(request, _service):
        contacts = request.find_service(IContacts)
        contacts.request(place.uids["moira"], place.uids["ines"])
        contacts.accept(place.uids["ines"], place.uids["moira"])

    place.do(befriend)
    clock = place.house.registry.getUtility(IClock)
    plan = {
        "Un puits public": (PUBLIC, ("Été", "eau"), "fr"),
        "Entre membres": (MEMBERS, ("été",), "fr"),
        "Among contacts": (CONTACTS, ("ETE",), "en"),
        "Pour Paul": (place.only("paul"), ("été", "secrètement"), "fr"),
        "Pour moi": (PRIVATE, ("été", "intimement"), "fr"),
    }
    for title, (audience, names, language) in plan.items():
        place.article(audience, title=title, tags=names, language=language)
        clock.offset += timedelta(seconds=1)
    place.article(PUBLIC, by="paul", title="De Paul", tags=("eau",), language="br")
    place.begin(title="Un brouillon")
    return place


def titles(place, login, address):
    page = place.browser(login).get(address)
    return [link.get_text() for link in page.html.select(".cards h2 a")]


class TestWho:
    def test_a_stranger_sees_what_is_public(self, town):
        assert titles(town, None, "/articles") == ["De Paul", "Un puits public"]

    def test_a_member_sees_what_is_for_members_and_for_oneself(self, town):
        assert titles(town, "oscar", "/articles") == [
            "De Paul",
            "Entre membres",
            "Un puits public",
        ]
        assert titles(town, "paul", "/articles")[:2] == ["De Paul", "Pour Paul"]
        assert "Among contacts" in titles(town, "moira", "/articles")

    def test_an_author_sees_all_but_drafts(self, town):
        assert titles(town, "ines", "/members/ines/articles") == [
            "Pour moi",
            "Pour Paul",
            "Among contacts",
            "Entre membres",
            "Un puits public",
        ]


class TestFilters:
    def test_a_tag_is_found_however_it_is_typed_by_each_who_may_read(self, town):
        assert titles(town, None, "/articles?tag=%C3%89T%C3%89") == ["Un puits public"]
        assert titles(town, "oscar", "/articles?tag=ete") == ["Entre membres", "Un puits public"]
        assert titles(town, "moira", "/articles?tag=ete")[0] == "Among contacts"
        assert titles(town, "paul", "/articles?tag=ete")[0] == "Pour Paul"
        assert len(titles(town, "ines", "/articles?tag=ete")) == 5

    def test_filters_go_together(self, town):
        assert titles(town, "ines", "/articles?tag=ete&language=en") == ["Among contacts"]
        assert titles(town, "ines", "/articles?tag=eau&author=paul") == ["De Paul"]
        assert titles(town, "ines", "/members/ines/articles?tag=eau") == ["Un puits public"]
        assert titles(town, "ines", "/articles?author=paul&author=ines&language=br") == []

    def test_a_month_is_that_of_the_viewer(self, town):
        month = f"{town.house.registry.getUtility(IClock).now():%Y-%m}"
        assert len(titles(town, "oscar", f"/articles?month={month}")) == 3
        assert titles(town, "oscar", "/articles?month=1999-12") == []

    def test_who_is_not_here_has_written_nothing(self, town):
        assert titles(town, "oscar", "/articles?author=nobody") == []

    @pytest.mark.parametrize("query", ["month=2026-13", "month=x", "language=xx", "before=x"])
    def test_what_cannot_be_read_is_refused(self, town, query):
        assert town.status("oscar", f"/articles?{query}") == 400


class TestNarrowing:
    def test_tags_leave_the_catalog_with_their_readers(self, make_place):
        place = make_place()
        number = place.article(MEMBERS, tags=("canal",))
        assert titles(place, "paul", "/articles?tag=canal")
        place.choose(number, PRIVATE)
        place.house.run_jobs()
        assert titles(place, "paul", "/articles?tag=canal") == []
        assert titles(place, "ines", "/articles?tag=canal")
        labels = place.do(lambda request, _service: labels_in(request, number))
        assert labels == []


def labels_in(request, number):
    from communicate.interfaces import ICatalog

    return request.find_service(ICatalog).labelled([number])


class TestPages:
    def test_neighbours_stay_true_while_articles_arrive(self, make_place):
        place = make_place()
        clock = place.house.registry.getUtility(IClock)
        for number in range(45):
            place.article(MEMBERS if number % 2 else PRIVATE, title=f"N{number}", tags=("x",))
            clock.offset += timedelta(milliseconds=5)
        for address in ("/articles", "/articles?tag=x"):
            first = place.browser("ines").get(address)
            place.article(MEMBERS, title="Un nouveau", tags=("x",))
            second = first.click(linkid=None, description="Next page")
            names = [link.get_text() for link in second.html.select(".cards h2 a")]
            assert len(names) == 20
            shown = [link.get_text() for link in first.html.select(".cards h2 a")]
            assert not set(names) & set(shown)
            back = second.click(description="Previous page")
            assert [link.get_text() for link in back.html.select(".cards h2 a")] == shown
