import pytest

from communicate.catalog import Entry
from communicate.catalog.steps import steps
from communicate.interfaces import ICatalog
from communicate.principals import PUBLIC, Viewer, member
from communicate.web import sitemap


@pytest.fixture
def forums(make_house):
    """Return a house with forums in which ines may write."""
    house = make_house(["forums"], language="en")
    house.uid = house.member("ines")
    return house


def write(house, count):
    """Open *count* topics, each in its own transaction."""
    from communicate_forums.interfaces import IForums

    for number in range(count):
        house.work(
            lambda r, n=number: (
                r.find_service(IForums)
                .open_topic(r.site["forums"]["general"], house.uid, f"Sujet {n}", "Bonjour")
                .id
            )
        )


def places(browser, path):
    return [found.text for found in browser.get(path).xml.findall(".//{*}loc")]


class TestPages:
    def test_are_of_bounded_size_and_hold_each_topic(self, forums, monkeypatch):
        monkeypatch.setattr(sitemap, "PAGE", 3)
        write(forums, 7)
        browser = forums.browser()
        pages = places(browser, "/sitemap.xml")
        found = [places(browser, page.removeprefix("http://localhost")) for page in pages]
        assert len(pages) == 3
        assert all(len(listed) <= 3 for listed in found)
        assert len({place for listed in found for place in listed}) == 7

    def test_stay_as_they_are_when_topics_come(self, forums, monkeypatch):
        monkeypatch.setattr(sitemap, "PAGE", 3)
        write(forums, 4)
        before = places(forums.browser(), "/sitemap.xml")
        write(forums, 1)
        assert places(forums.browser(), "/sitemap.xml")[0] == before[0]

    @pytest.mark.parametrize("page", ["", "x", "1", "-1-2", "1-9" * 9, f"1-{2**63}", "٣-٣"])
    def test_what_is_none_answers_404(self, forums, page):
        forums.browser().get("/sitemap.xml", {"page": page}, status=404)

    def test_asking_too_often_is_refused(self, make_house):
        browser = make_house(["forums"], **{"communicate.limits.sitemap": "2/hour"}).browser()
        assert [browser.get("/sitemap.xml", expect_errors=True).status_int for _ in range(3)] == [
            200,
            200,
            429,
        ]

    def test_a_member_sees_what_strangers_see(self, forums):
        write(forums, 1)
        browser = forums.browser("ines")
        page = places(browser, "/sitemap.xml")[0].removeprefix("http://localhost")
        assert len(places(browser, page)) == 1


class TestWithoutAnythingPublic:
    def test_there_is_no_sitemap(self, make_house):
        browser = make_house().browser()
        browser.get("/sitemap.xml", status=404)
        assert browser.get("/robots.txt").text == sitemap.CLOSED


class TestSteps:
    def test_count_what_the_viewer_may_read(self, make_house):
        house = make_house()

        def put(request):
            for number in range(1, 8):
                who = (PUBLIC,) if number != 4 else (member(9),)
                entry = Entry(number, "x.y", number, who, ("x",), time=number)
                request.find_service(ICatalog).put(entry)

        house.work(put)
        catalog = house.registry.getUtility(ICatalog)
        found = steps(catalog, Viewer(None, None), {"x.y"}, 2)
        assert found == [(2, 2), (5, 5), (7, 7)]
