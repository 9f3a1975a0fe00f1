"""The menu counts what waits, and its pieces are kept without the counts."""

from datetime import UTC, datetime

import pytest
from pyramid.config import Configurator

from communicate import clock
from communicate.interfaces import IClock
from communicate.testing.house import House
from communicate.web.frame import counts, shapes
from communicate.web.menu import Entry, counted


@pytest.mark.parametrize(
    ("number", "shown"), [(-1, ""), (0, ""), (1, "1"), (99, "99"), (100, "99+"), (5000, "99+")]
)
def test_a_count_is_short_and_nothing_is_not_counted(number, shown):
    assert counted(number) == shown


def test_pieces_of_the_frame_do_not_hang_on_how_many_wait():
    def menu(waiting):
        return [
            Entry("/forums", "Forums", "chat", False),
            Entry("/messages", "Messages", "chat-dots", True, waiting),
        ]

    assert shapes(menu("3")) == shapes(menu("99+"))
    assert shapes(menu("3")) != shapes(menu(""))
    assert counts(menu("3")) == {"count_1": "3"}
    assert counts(menu("")) == {}


def test_what_has_no_request_asks_the_clock_of_the_site_at_work():
    class Clock:
        def now(self):
            return datetime(2030, 1, 1, tzinfo=UTC)

    config = Configurator(autocommit=True)
    config.registry.registerUtility(Clock(), IClock)
    config.begin()
    try:
        assert clock.present() == clock.milliseconds(Clock().now())
    finally:
        config.end()
    assert abs(clock.present() - clock.milliseconds(datetime.now(UTC))) < 60_000


@pytest.fixture(scope="module")
def ines(tmp_path_factory):
    """Yield the browser of a member, in a house with a service below members, too."""
    house = House(tmp_path_factory.mktemp("menu"), ["articles", "spaces"], {"language": "en"})
    house.member("ines")
    yield house.browser("ines")
    house.close()


@pytest.mark.parametrize(
    ("address", "current"),
    [
        ("/articles", ["/articles", "/articles"]),  # on the bar above, and on that of phones
        ("/members/ines/articles/none", ["/articles", "/articles"]),
        ("/members/ines/comments", []),  # the menu has no such service
        ("/members/ines", []),
        ("/members", []),
        ("/account/articles", []),
    ],
)
def test_what_a_service_keeps_below_a_member_is_part_of_it(ines, address, current):
    page = ines.get(address, expect_errors=True).html
    menus = page.select(".services a[aria-current], .bottombar a[aria-current]")
    assert [link["href"] for link in menus] == current


def test_what_a_member_has_not_begun_yet_leads_to_where_it_begins(ines):
    assert ines.get("/members/ines/articles").location == "/articles"
    assert ines.get("/members/ines/comments", status=404)  # nothing begins there
    assert ines.post("/members/ines/articles", status=(400, 404))
