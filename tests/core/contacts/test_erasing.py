"""When an account is erased, nobody's contacts, circles, requests or blocks name it any more."""

import pytest

from communicate.audience import CONTACTS
from communicate.contacts import erasing
from communicate.contacts.errors import Refused
from communicate.interfaces import ICatalog, IErasure


@pytest.fixture
def house(make_house):
    """Return a site of its own: these tests look at all that there is."""
    return make_house([], language="en")


@pytest.fixture
def entangled(people):
    """Have Inès be in everything that there is: a contact, in a circle, asking, asked, blocked."""
    people.meet("ines", "paul")
    people.meet("ines", "lea")
    people.circle("paul", "Potager", "ines")
    people.circle("ines", "Lecture", "paul", "lea")
    people.do("request", "ines", "marc")
    people.do("request", "ines", "zoe")
    people.do("decline", "zoe", "ines")
    people.do("request", "anna", "ines")
    people.do("request", "hugo", "ines")
    people.do("decline", "ines", "hugo")
    people.do("block", "ines", "eva")
    people.do("block", "yves", "ines")
    people.do("request", "eva", "ines")
    return people


def erase(people, login):
    uid = people[login]
    people.house.work(lambda request: request.find_service(IErasure).start(uid))


def mentions(house, uid):
    """Return where *uid* is still named."""

    def look(request):
        found = []
        members = request.site["members"]
        for other, person in request.root_map["contacts"].people.items():
            found += [(other, name) for name, held in vars(person).items() if holds(held, uid)]
            found += [(other, "record")] if other == uid else []
        found += [number for number, held in members.circles.items() if uid in held]
        return found

    return house.work(look)


def holds(held, uid):
    return hasattr(held, "has_key") and uid in held


def rows(house, uid):
    """Return what the catalog knows of contacts, circles and blocks of *uid*."""

    def look(_request):
        catalog = house.registry.getUtility(ICatalog)
        pairs = catalog.held(catalog.principals("", 100)) | catalog.blocks(
            catalog.blockers(-1, 100)
        )
        return [pair for pair in pairs if str(uid) in str(pair)]

    return house.work(look)


class TestErasure:
    @pytest.mark.parametrize("batch", [1, 200])
    def test_leaves_nothing_with_others(self, entangled, house, monkeypatch, batch):
        monkeypatch.setattr(erasing, "BATCH", batch)
        ines = entangled["ines"]
        assert len(mentions(house, ines)) > 6
        assert len(rows(house, ines)) > 6
        erase(entangled, "ines")
        house.run_jobs()
        assert mentions(house, ines) == []
        assert rows(house, ines) == []
        assert entangled.do("count", "paul") == 0
        assert entangled.do("waiting", "marc") == 0
        # What has nothing to do with her stays.
        assert entangled.do("circles", "paul")[0].name == "Potager"

    def test_closing_hides_at_once(self, entangled, house):
        name = entangled.note("ines", CONTACTS)
        assert entangled.reads("paul", "ines", name)
        erase(entangled, "ines")
        assert not entangled.do("are_contacts", "ines", "paul")
        assert entangled.do("received", "marc") == []
        assert entangled.do("blocks", "yves") == []
        assert entangled.do("sent", "anna") == []
        paul = entangled.browser("paul")
        assert paul.get("/people", {"q": entangled.login("ines")}).json["found"] == []
        assert entangled.login("ines") not in paul.get("/contacts")
        with pytest.raises(Refused):
            entangled.do("request", "lea", "ines")

    def test_may_be_done_twice_and_after_the_account_is_gone(self, entangled, house):
        ines = entangled["ines"]
        login = entangled.login("ines")
        house.work(lambda r: r.site["members"].__delitem__(login))
        more = True
        while more:
            more = house.work(lambda r: erasing.Erasing(r, ines).batch())
        assert mentions(house, ines) == []
        assert not house.work(lambda r: erasing.Erasing(r, ines).batch())
