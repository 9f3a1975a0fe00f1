"""What a plugin left behind goes for good, and nothing else does."""

import pytest
from sqlalchemy import select

from communicate.catalog import Entry
from communicate.catalog.tables import item, right
from communicate.content import Folder
from communicate.interfaces import IAuthored, ICatalog, IOutbox, ISeals
from communicate.operate.purge import InUse, kept, purge
from communicate.testing import kit

WORDS = "la buvette du canal"


@pytest.fixture
def house(sample, make_house):
    """Return a site on which the sample plugin kept something, and is switched off again."""
    house = make_house(["sample"])
    uid = house.member("ines")
    form = kit.form_with(house.browser("ines").get("/guestbook"), "words")
    form["words"] = WORDS
    form.submit("sign")
    house.work(lambda request: leave_more(request, uid))
    house.reboot([])
    return house


def leave_more(request, uid):
    """Leave what plugins may leave elsewhere: a space, a job, an entry in the catalog."""
    from communicate_sample.content import GuestBook, Note

    member = request.site["members"]["ines"]
    member["guests"] = GuestBook()
    member["drawer"] = Folder()
    request.find_service(IOutbox).add("sample.count", {})
    request.find_service(IOutbox).add("communicate.other", {})
    note = Note(uid, request.find_service(ISeals).seal(uid, "sample.note", WORDS))
    catalog = request.find_service(ICatalog)
    public = ("public",)
    catalog.put(Entry(note.id, "sample.note", note.id, public, ("guestbook", "x"), note.created))
    catalog.put(Entry(7, "samples.note", 7, public, ("elsewhere",), note.created))
    request.find_service(IAuthored).add(uid, "samples.note", 7)


def rows(house, column):
    """Return what the catalog has in *column*."""
    with house.registry.getUtility(ICatalog).engine.sql.connect() as connection:
        return set(connection.scalars(select(column)))


class TestKept:
    def test_counts_what_is_there(self, house):
        found = kept(house.registry, "sample")
        assert found.containers == ("guestbook",)
        assert found.spaces == 1
        assert found.things == {"sample.note": 1}
        assert found.jobs == {"sample.count": 1}

    def test_is_nothing_of_a_plugin_that_never_ran(self, house):
        assert not kept(house.registry, "weather")

    @pytest.mark.parametrize("name", ["sample", "communicate"])
    def test_is_refused_of_what_is_in_use(self, house, name):
        house.reboot(["sample"])
        with pytest.raises(InUse):
            kept(house.registry, name)


class TestPurge:
    def test_leaves_nothing_of_the_plugin_and_all_of_the_others(self, house):
        purge(house.registry, "sample")
        assert not kept(house.registry, "sample")
        site = house.work(lambda request: list(request.site))
        assert "guestbook" not in site
        assert house.work(lambda request: list(request.site["members"]["ines"])) == ["drawer"]
        totals = house.work(lambda request: request.find_service(IAuthored).totals())
        assert totals == {"samples.note": 1}
        assert rows(house, item.c.kind) == {"samples.note"}
        assert rows(house, right.c.acl) == {7}
        assert kept(house.registry, "communicate_other").jobs == {}
        waiting = house.work(lambda request: request.find_service(IOutbox).waiting())
        assert "communicate.other" in waiting

    def test_the_plugin_begins_anew_when_it_is_switched_on(self, house):
        purge(house.registry, "sample")
        house.reboot(["sample"])
        page = house.browser("ines").get("/guestbook")
        assert WORDS not in page

    def test_erasures_no_longer_wait_for_it(self, house):
        assert "sample" in house.work(lambda request: dict(request.root_map["evolve"]))
        purge(house.registry, "sample")
        assert "sample" not in house.work(lambda request: dict(request.root_map["evolve"]))
