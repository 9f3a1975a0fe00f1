"""`communicate reindex` brings back what the catalog knew of contacts, circles and blocks."""

import pytest

from communicate.catalog.reindex import check_recent, reindex
from communicate.contacts import reindexing
from communicate.interfaces import ICatalog, IContacts


@pytest.fixture
def house(make_house):
    """Return a site of its own: these tests look at all that there is."""
    return make_house([], language="en")


def pairs(house):
    catalog = house.registry.getUtility(ICatalog)
    held = catalog.held(catalog.principals("", 1000))
    return held, catalog.blocks(catalog.blockers(-1, 1000))


def tell(house, *changes):
    """Tell the catalog what the tree does not say: verb and arguments of each change."""

    def write(request):
        for verb, *arguments in changes:
            getattr(request.find_service(ICatalog), verb)(*arguments)

    house.work(write)


def lose(house, only=None):
    """Have the catalog forget all it knows, or all that is about the member *only*."""
    held, blocks = pairs(house)
    chosen = [pair for pair in held if only in (None, pair[1])]
    tell(house, *(("unhold", *pair) for pair in chosen), *(("unblock", *pair) for pair in blocks))


def fill(people):
    people.meet("ines", "paul")
    people.meet("ines", "lea")
    people.meet("paul", "lea")
    people.circle("ines", "Potager", "paul", "lea")
    people.do("block", "paul", "marc")


class TestReindex:
    def test_brings_everything_back(self, people, house, monkeypatch):
        monkeypatch.setattr(reindexing, "BATCH", 2)
        fill(people)
        before = pairs(house)
        assert len(before[0]) == 8
        lose(house)
        assert pairs(house) == (set(), set())
        done = reindex(house.registry)
        assert pairs(house) == before
        assert done.items["communicate.contacts"] == 9
        assert reindex(house.registry).items["communicate.contacts"] == 0

    def test_forgets_what_the_tree_does_not_say(self, people, house):
        fill(people)
        before = pairs(house)
        tell(
            house,
            ("hold", f"contacts:{people['ines']}", 5),
            ("hold", "contacts:7", 5),
            ("hold", "circle:7", 5),
            ("block", people["paul"], 5),
            ("block", 7, 5),
        )
        assert reindex(house.registry).items["communicate.contacts"] == 5
        assert pairs(house) == before

    def test_who_meets_meanwhile_stays(self, people, house, monkeypatch):
        """A walk that saw the old state does not undo the new one."""
        fill(people)
        ines, zoe = people["ines"], people["zoe"]
        people.do("request", "zoe", "ines")
        lose(house, people["lea"])
        met = []

        def pause(person, wrong):
            if wrong and not met:
                met.append(True)
                people.do("accept", ines, zoe)
            return counted(person, wrong)

        counted = reindexing.counted
        monkeypatch.setattr(reindexing, "counted", pause)
        reindex(house.registry)
        held, _blocks = pairs(house)
        assert {(f"contacts:{ines}", zoe), (f"contacts:{zoe}", ines)} <= held
        assert house.work(lambda r: r.find_service(IContacts).are_contacts(ines, zoe))
        assert len(held) == 10


class TestAfterACrash:
    def test_what_only_the_catalog_knows_is_set_right_while_the_site_serves(self, people, house):
        fill(people)
        before = pairs(house)
        tell(house, ("hold", f"contacts:{people['ines']}", people["marc"]))
        lose(house, people["lea"])
        check_recent(house.registry)
        house.run_jobs()
        assert pairs(house) == before
