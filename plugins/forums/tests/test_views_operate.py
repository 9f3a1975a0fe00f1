"""Operators make and change forums."""

import pytest

from communicate.audience import MEMBERS, PUBLIC
from communicate.testing.kit import form_with
from communicate_forums.interfaces import IRemovals
from communicate_forums.permissions import OPEN_TOPIC, REPLY

MANAGE = "/forums/manage"


@pytest.fixture
def forum_of(place):
    """Return what tells the state of a forum by its name."""
    return lambda name: place.do(lambda _, forums: {**forums[name].__dict__})


def fill(place, address, status=303, button=None, **values):
    form = form_with(place.browser("oscar").get(address), "title")
    for name, value in values.items():
        form[name] = value
    return form.submit(button, status=status)


class TestMaking:
    def test_a_forum_with_its_defaults(self, place, forum_of):
        answer = fill(place, MANAGE, name="jardin", title="Le jardin")
        assert answer.location.endswith("/forums/jardin")
        assert "The forum is there." in answer.follow().text
        forum = forum_of("jardin")
        assert forum["audience"] == PUBLIC
        assert set(forum["grants"].values()) == {MEMBERS}

    def test_a_forum_for_chosen_people(self, place, forum_of):
        fill(
            place,
            MANAGE,
            name="cave",
            title="La cave",
            audience="chosen",
            open="chosen",
            reply="chosen",
            people="ines, paul",
        )
        forum = forum_of("cave")
        assert forum["audience"] == place.only("ines", "paul")
        assert place.status("ines", "/forums/cave") == 200
        assert place.status("moira", "/forums/cave") == 404

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"name": "Le Jardin"}, "name"),
            ({"name": "general"}, "name"),
            ({"name": "manage"}, "name"),
            ({"name": ""}, "name"),
            ({"title": ""}, "title"),
            ({"title": "x" * 81}, "title"),
            ({"weight": "-1"}, "weight"),
            ({"weight": "beaucoup"}, "weight"),
            ({"audience": "chosen"}, "people"),
            ({"audience": "chosen", "people": "inconnu"}, "people"),
        ],
    )
    def test_refuses_beside_the_field_and_stores_nothing(self, place, values, field):
        place.browser("oscar").get(MANAGE)
        before = place.stored
        page = fill(place, MANAGE, 400, **{"name": "nouveau", "title": "Nouveau", **values})
        assert page.html.find(id=field)["aria-invalid"] == "true"
        assert place.stored == before

    def test_the_first_button_saves(self, place, forum_of):
        fill(place, MANAGE, name="entree", title="Entrée")
        assert forum_of("entree")["title"] == "Entrée"


class TestChanging:
    def test_title_category_place_and_who_writes(self, place, forum_of):
        name = place.forum()
        fill(
            place,
            f"/forums/{name}/settings",
            title="Atelier",
            description="Outils et bois",
            category="Maison",
            weight="7",
            audience="members",
            open="moderators",
        )
        forum = forum_of(name)
        assert (forum["title"], forum["description"]) == ("Atelier", "Outils et bois")
        assert (forum["category"], forum["weight"]) == ("Maison", 7)
        assert forum["audience"] == MEMBERS
        assert forum["grants"][REPLY] == MEMBERS
        assert place.status(None, f"/forums/{name}") == 403
        assert place.status("paul", f"/forums/{name}/new") == 403
        assert place.status("moira", f"/forums/{name}/new") == 200

    def test_the_form_holds_what_the_forum_is(self, place):
        name = place.forum(audience=place.only("ines", "paul"), category="Maison", weight=3)
        form = form_with(place.browser("oscar").get(f"/forums/{name}/settings"), "title")
        found = {
            key: form[key].value for key in ("audience", "open", "people", "category", "weight")
        }
        assert found == {
            "audience": "chosen",
            "open": "members",
            "people": "ines, paul",
            "category": "Maison",
            "weight": "3",
        }

    def test_different_lists_of_people_stay_while_nobody_changes_the_names(self, place, forum_of):
        grants = {OPEN_TOPIC: place.only("ines"), REPLY: place.only("ines", "paul")}
        name = place.forum(audience=place.only("ines", "paul"), grants=grants)
        fill(place, f"/forums/{name}/settings", title="Autre titre")
        assert forum_of(name)["grants"] == grants
        fill(place, f"/forums/{name}/settings", people="paul")
        assert forum_of(name)["audience"] == place.only("paul")
        assert set(forum_of(name)["grants"].values()) == {place.only("paul")}

    def test_hostile_values_change_nothing(self, place):
        name = place.forum()
        place.browser("oscar").get(f"/forums/{name}/settings")
        before = place.stored
        fill(place, f"/forums/{name}/settings", 400, title="a\x00b")
        fill(place, f"/forums/{name}/settings", 400, weight="99999")
        assert place.stored == before

    def test_the_first_forum_keeps_its_name_in_every_language(self, make_place):
        place = make_place()
        fill(place, "/forums/general/settings", description="Pour commencer")
        assert place.do(lambda _, forums: forums["general"].title) == ""
        assert "General" in place.browser().get("/forums").text


class TestWrittenForFewer:
    """No operator lets in, nor joins, by a form: what is narrower is read through a case."""

    @pytest.fixture
    def name(self, place):
        found = place.forum(audience=place.only("ines", "paul"))
        place.topic(found)
        return found

    @pytest.mark.parametrize(
        "values",
        [
            {"audience": "public"},
            {"audience": "members"},
            {"audience": "operators"},
            {"people": "ines, paul, oscar"},
            {"people": "oscar"},
        ],
        ids=str,
    )
    def test_who_does_not_read_there_lets_nobody_in(self, place, forum_of, name, values):
        page = fill(place, f"/forums/{name}/settings", 400, **values)
        assert page.html.find(id="audience")["aria-invalid"] == "true"
        assert forum_of(name)["audience"] == place.only("ines", "paul")
        assert place.status("oscar", f"/forums/{name}") == 403

    def test_nor_where_its_topics_are_hidden(self, place, name):
        place.do(lambda r, forums: hide_all(r, forums[name]))
        fill(place, f"/forums/{name}/settings", 400, audience="members")

    def test_the_rest_can_be_changed_and_people_left_out(self, place, forum_of, name):
        fill(place, f"/forums/{name}/settings", title="Autre", people="paul")
        assert forum_of(name)["title"] == "Autre"
        assert forum_of(name)["audience"] == place.only("paul")

    def test_who_reads_there_lets_others_in(self, place, forum_of):
        name = place.forum(audience=place.only("ines", "oscar"))
        place.topic(name)
        fill(place, f"/forums/{name}/settings", people="ines, oscar, paul")
        assert forum_of(name)["audience"] == place.only("ines", "oscar", "paul")

    def test_where_nothing_is_written_yet_everything_can_be_changed(self, place, forum_of):
        name = place.forum(audience=place.only("ines"))
        fill(place, f"/forums/{name}/settings", audience="members")
        assert forum_of(name)["audience"] == MEMBERS


def hide_all(request, forum):
    for number in list(forum.active.values()):
        request.find_service(IRemovals).set_hidden(forum.__parent__.topics[number], True)


class TestWhoMay:
    @pytest.mark.parametrize("login", [None, "ines", "moira"])
    def test_nobody_but_operators(self, place, login):
        for path in (MANAGE, "/forums/general/settings"):
            assert place.status(login, path) == 403
            place.click(login, f"{path}?name=faux&title=Faux", status=403)
        assert "/forums/manage" not in place.browser(login).get("/forums").text
        assert (
            "/settings"
            not in place.browser(login).get("/forums/general").html.find("main").decode()
        )

    def test_operators_find_the_way_there(self, place):
        assert "/forums/manage" in place.browser("oscar").get("/forums").text
        assert "/forums/general/settings" in place.browser("oscar").get(MANAGE).text
