"""What operators are told of the listener, and what members are told that is held of them."""

import pytest

from communicate.interfaces import IPlugins
from communicate.live import declared

HERE = {"REMOTE_ADDR": "127.0.0.1"}


@pytest.fixture
def registry(town):
    """The registry of a town whose listener is well."""
    assert declared.problem(town.registry) is None
    return town.registry


class TestHealth:
    def test_a_listener_that_is_gone_is_said(self, town, registry, monkeypatch):
        monkeypatch.setattr(town.hub, "loop", None)
        assert "start the site again" in declared.problem(registry)
        monkeypatch.setattr(town.hub, "wanted", 0)  # none was asked for
        assert declared.problem(registry) is None

    def test_too_little_room_is_said(self, town, registry, monkeypatch):
        monkeypatch.setattr(town.hub, "most", town.hub.wanted - 1)
        assert declared.problem(registry).mapping["wanted"] == town.hub.wanted
        monkeypatch.setattr(town.hub, "most", 7)
        monkeypatch.setattr(town.hub, "wanted", 7)
        monkeypatch.setattr(town.hub, "count", 7)
        assert declared.problem(registry).mapping == {"most": 7}

    def test_operators_look_at_it(self, registry):
        checks = registry.getUtility(IPlugins).gather("communicate_health")
        assert declared.KIND in {check.name for check in checks}


class TestFigures:
    def test_operators_and_machines_see_a_number(self, town):
        _uid, browser = town.member()
        town.house.member("agathe", "operators")
        operator = town.house.browser("agathe")
        with town.page(browser):
            assert town.shows(1)
            figures = (
                operator.get("/operate").html.find(class_="figures").get_text(" ", strip=True)
            )
            assert "Pages à l’écoute 1" in figures
            metrics = town.house.browser().get("/metrics", extra_environ=HERE).text
            assert "communicate_live_connections 1.0" in metrics

    def test_where_nobody_listens_there_is_none(self, town, monkeypatch):
        monkeypatch.setattr(town.hub, "loop", None)
        assert (
            "communicate_live" not in town.house.browser().get("/metrics", extra_environ=HERE).text
        )


class TestStatement:
    def test_members_are_told_of_it(self, town):
        _uid, browser = town.member()
        stated = {each.kind for each in declared.personal_data()}
        assert stated == {declared.KIND}
        assert "en mémoire seulement" in browser.get("/privacy").text
