"""What operators are told of backups."""

from datetime import timedelta

import pytest

from communicate.backup.declared import problem
from communicate.cli import Console
from communicate.cli.checks import plugin_checks
from communicate.interfaces import IClock


@pytest.fixture
def settings(settings):
    return {**settings, "backup_horizon": 24}


def said(house):
    found = problem(house.registry)
    return found and found.interpolate()


class TestProblem:
    def test_none_yet(self, house):
        assert said(house).startswith("There is no backup yet")

    def test_one_that_is_old(self, house, back_up):
        back_up()
        assert said(house) is None
        house.registry.getUtility(IClock).offset += timedelta(hours=25)
        assert "more than 24 hours ago" in said(house)

    def test_a_copy_that_is_out_of_reach(self, house, back_up, places, tmp_path):
        back_up()
        places.keys.rename(places.keys.with_name("away"))
        assert str(places.keys) in said(house)
        checks = dict(plugin_checks(Console(None, tmp_path, house.registry)))
        (fault,) = checks["Backups"](Console(None, tmp_path, house.registry))
        assert str(places.keys) in fault


class TestPages:
    def test_operators_see_when_the_last_was_made(self, house, back_up):
        house.member("ada", "operators")
        browser = house.browser("ada")
        for address in ("/operate", "/operate/storages"):
            assert figure(browser.get(address)).strong.get_text(strip=True) == "–"
        back_up()
        for address in ("/operate", "/operate/storages"):
            assert figure(browser.get(address)).time is not None


def figure(page):
    """Return the figure of *page* about backups."""
    return next(row for row in page.html.select(".figures li") if "Last backup" in row.get_text())
