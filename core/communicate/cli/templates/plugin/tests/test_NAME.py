"""What the plugin NAME promises."""

import pytest

from communicate.testing import kit


@pytest.fixture
def house_plugins():
    return ["NAME"]


class TestLines:
    def test_a_member_leaves_a_line_and_another_reads_it(self, house):
        house.member("ines")
        house.member("paul")
        form = kit.form_with(house.browser("ines").get("/NAME"), "words")
        form["words"] = "La serrure gèle toujours"
        form.submit("add").follow()
        assert "La serrure gèle toujours" in house.browser("paul").get("/NAME")

    def test_a_stranger_reads_nothing(self, house):
        house.browser().get("/NAME", status=403)

    def test_an_empty_line_is_refused(self, house):
        house.member("ines")
        form = kit.form_with(house.browser("ines").get("/NAME"), "words")
        form.submit("add", status=400)


class TestContract:
    def test_what_is_stored_is_what_is_declared(self, house):
        house.member("ines")
        form = kit.form_with(house.browser("ines").get("/NAME"), "words")
        form["words"] = "Une ligne"
        form.submit("add")
        assert kit.undeclared_classes(house, "NAME") == []

    def test_switched_off_it_shows_nothing_and_switched_on_again_all_is_back(self, house):
        kit.check_switching(house, "NAME", "/NAME")
