"""Blocks of services: shown once the owner says so, in the owner's order."""

from typing import Any

import pytest
from markupsafe import Markup

from communicate.audience import Audience
from communicate.declarations import Block
from communicate.interfaces import IPlugins
from communicate.principals import member
from communicate_forums.interfaces import IForums


@pytest.fixture
def blocks(spaces: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the spaces of a house whose services offer two blocks, and one that fails."""

    def duty(hook: str, **arguments: Any) -> Any:
        viewer = arguments["request"].viewer.uid
        yield "one", [Block("one", "Premier", Markup("<p>pour {}</p>").format(viewer), 20)]
        yield "two", [Block("two", "Second", "<p>deux</p>", 10)]
        yield "bad", RuntimeError("it is broken")
        yield "none", None

    plugins = spaces.house.registry.getUtility(IPlugins)
    original = plugins.duty

    def only(hook: str, **arguments: Any) -> Any:
        found = duty if hook == "communicate_space_blocks" else original
        return found(hook, **arguments)

    monkeypatch.setattr(plugins, "duty", only)
    return spaces


def titles(spaces: Any, login: str | None) -> list[str]:
    page = spaces.get("/members/claire", login)
    return [title.text for title in page.html.select("section[id^=b-] h2")]


def press(spaces: Any, name: str, act: str, status: int = 303) -> None:
    values = {"csrf_token": spaces.token("claire"), "block": name, "act": act}
    spaces.browser("claire").post("/members/claire/arrange", values, status=status)


class TestBlocks:
    def test_only_the_owner_sees_them_at_first(self, blocks: Any) -> None:
        assert titles(blocks, "claire") == ["Second", "Premier"]
        assert titles(blocks, "paul") == []

    def test_the_owner_shows_and_hides_each(self, blocks: Any) -> None:
        press(blocks, "one", "show")
        assert titles(blocks, "paul") == ["Premier"]
        press(blocks, "two", "show")
        assert titles(blocks, None) == ["Second", "Premier"]
        press(blocks, "one", "hide")
        assert titles(blocks, None) == ["Second"]

    def test_the_owner_arranges_them(self, blocks: Any) -> None:
        press(blocks, "one", "show")
        press(blocks, "two", "show")
        press(blocks, "one", "up")
        assert titles(blocks, "paul") == ["Premier", "Second"]
        press(blocks, "one", "up")
        assert titles(blocks, "claire") == ["Premier", "Second"]
        press(blocks, "one", "down")
        assert titles(blocks, "paul") == ["Second", "Premier"]

    @pytest.mark.parametrize(("name", "act"), [("three", "show"), ("one", "burn"), ("one", "")])
    def test_what_is_not_there_is_refused(self, blocks: Any, name: str, act: str) -> None:
        press(blocks, name, act, status=400)

    def test_another_cannot(self, blocks: Any) -> None:
        values = {"csrf_token": blocks.token("paul"), "block": "one", "act": "show"}
        blocks.browser("paul").post("/members/claire/arrange", values, status=404)
        assert titles(blocks, "rose") == []


class TestLatestPosts:
    def test_it_shows_what_each_viewer_may_read(self, spaces: Any) -> None:
        paul = spaces.act("paul", lambda _p, one, _r: one.uid)

        def write(profiles: Any, claire: Any, request: Any) -> None:
            forums = request.find_service(IForums)
            few = Audience("chosen", [member(paul)])
            forums.add_forum("cercle", "Cercle de lecture", audience=few)
            general = request.site["forums"]["general"]
            forums.open_topic(general, claire.uid, "Le volet grince", "Un peu d'huile.")
            cercle = request.site["forums"]["cercle"]
            forums.open_topic(cercle, claire.uid, "Le livre du mois", "Lisez-le.")
            profiles.arrange(claire, [("forums.latest", True)])

        spaces.act("claire", write)
        assert "Le volet grince" in spaces.space("claire")
        assert "Le livre du mois" not in spaces.space("claire", "rose")
        assert "Cercle de lecture" not in spaces.space("claire", "rose")
        assert "Le livre du mois" in spaces.space("claire", "paul")
        seen = spaces.get("/members/claire?as=stranger", "claire").html.select_one(".as-seen").text
        assert "Le livre du mois" not in seen
        spaces.between("claire", "rose", lambda contacts, *pair: contacts.block(*pair))
        assert "Le volet grince" not in spaces.space("claire", "rose")
