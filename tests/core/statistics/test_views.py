"""The chart of pages opened, and its table."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from communicate.interfaces import IClock
from communicate.statistics.chart import Column, chart
from communicate.statistics.services import store


@pytest.fixture
def house_plugins():
    return ["forums"]


@pytest.fixture
def claire(house):
    house.member("claire", "operators")
    today = house.registry.getUtility(IClock).now().toordinal()
    counts = {(today, "home"): 3, (today - 1, "home"): 40, (today - 1, "forums"): 1_234}
    house.work(lambda request: store(request, counts))
    return house.browser("claire")


def days(page):
    return [row.td.get_text() for row in page.html.select("#days ~ .sheet tbody tr")]


class TestPage:
    def test_the_chart_has_a_column_for_each_day_and_the_table_the_same(self, house, claire):
        house.registry.communicate_counter.counts.clear()
        page = claire.get("/operate/statistics")
        columns = page.html.select("svg.chart rect")
        assert len(columns) == 30
        assert columns[-2].title.get_text().endswith("1\u202f274 pages")
        assert days(page) == ["3", "1\u202f274"]
        assert page.html.svg["role"] == "img"

    def test_one_kind_by_itself(self, house, claire):
        page = claire.get("/operate/statistics?kind=forums&days=90")
        assert days(page) == ["1\u202f234"]
        assert len(page.html.select("svg.chart rect")) == 90

    def test_what_is_still_in_memory_is_shown_and_not_written(self, house, claire):
        house.registry.communicate_counter.counts.clear()
        claire.get("/forums")
        assert days(claire.get("/operate/statistics?kind=forums")) == ["1", "1\u202f234"]

    @pytest.mark.parametrize("query", ["kind=rose", "days=31", "days=x", "days=²"])
    def test_what_is_not_offered_is_refused(self, claire, query):
        claire.get(f"/operate/statistics?{query}", status=400)

    def test_operators_alone_see_it(self, house):
        house.member("rose")
        house.browser("rose").get("/operate/statistics", status=403)


class TestChart:
    def test_it_is_well_formed_and_words_are_escaped(self):
        day = datetime(2031, 3, 4, tzinfo=UTC).strftime("%d")
        svg = chart([Column(day, "<b>4 & more</b>", 4), Column("", "", 0)], "a < b", ("5", "10"))
        tree = ElementTree.fromstring(str(svg))  # noqa: S314  (our own)
        titles = [element.text for element in tree.iter("title")]
        assert titles[:2] == ["a < b", "<b>4 & more</b>"]
        assert "style" not in str(svg)

    def test_a_site_that_nobody_opened_has_a_chart_too(self):
        assert "<rect" in chart([Column("", "", 0)], "none", ("0", "1"))
