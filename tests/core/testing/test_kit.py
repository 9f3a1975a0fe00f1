"""The checks of the kit: what is sound passes, what is not is found."""

import pytest

from communicate.interfaces import IPlugins
from communicate.testing import kit


@pytest.fixture
def house(sample, make_house):
    """Return a site whose guest book holds a line."""
    house = make_house(["sample"])
    house.member("ines")
    form = kit.form_with(house.browser("ines").get("/guestbook"), "words")
    form["words"] = "Le tilleul fleurit"
    form.submit("sign").follow()
    return house


class TestRecords:
    def test_each_object_is_read_by_the_name_of_its_class(self, house):
        found = {record.class_ for record in kit.records(house)}
        assert {
            "communicate.content:Site",
            "communicate_sample.content:GuestBook",
            "communicate_sample.content:Note",
        } <= found

    def test_what_an_object_holds_is_told_from_what_it_refers_to(self, house):
        notes = [r for r in kit.records(house) if r.class_ == "communicate_sample.content:Note"]
        assert [note.holds for note in notes] == [{"communicate.sealing.content:Sealed"}]
        assert notes[0].refers == {"communicate_sample.content:GuestBook"}


class TestChecks:
    def test_what_is_declared_passes(self, house):
        assert kit.undeclared_classes(house, "sample") == []

    def test_what_is_not_declared_is_named(self, house, monkeypatch):
        plugins = house.registry.getUtility(IPlugins)
        monkeypatch.setattr(plugins, "call", lambda _name, _hook: ())
        assert kit.undeclared_classes(house, "sample") == ["communicate_sample.content:Note"]

    def test_core_holds_nothing_of_plugins_until_somebody_puts_it_there(self, house):
        assert kit.intruders(house) == []

        def intrude(request):
            from communicate_sample.content import Note

            request.site.intruder = {"class": Note}

        house.work(intrude)
        assert kit.intruders(house) == [
            "communicate_sample.content:Note in communicate.content:Site"
        ]

    def test_switching_off_hides_and_switching_on_brings_back(self, house):
        kit.check_switching(house, "sample", "/guestbook")
        assert "Le tilleul fleurit" in house.browser().get("/guestbook")
