"""What members can put links to into what they write: their own, as long as it can be shared."""

import pytest

from communicate.audience import MEMBERS
from communicate.ids import encode
from communicate.interfaces import IPlugins
from communicate.principals import Viewer
from communicate.writing.linking import CannotLink, Wish


@pytest.fixture
def ask(place):
    """Return what asks the disk of a login for something, of what can be linked to."""

    def asked(login, what, *arguments):
        def act(request):
            request.member = request.site["members"][login]
            request.viewer = Viewer(request.member, request.site["members"])
            (disk,) = request.registry.getUtility(IPlugins).gather("communicate_linkables")
            return getattr(disk, what)(request, *arguments)

        return place.house.work(act)

    return asked


def test_a_shelf_shows_what_is_ones_own_page_by_page(place, ask):
    folder = place.folder("Plans")
    inner = place.folder("Toit", folder)
    for number in range(51):
        place.file(f"plan {number:02}.txt", where=inner)
    shelf = ask("ines", "browse", encode(inner), "")
    assert (shelf.thing.name, [one.name for one in shelf.trail]) == ("Toit", ["Plans"])
    assert [one.name for one in shelf.things] == [f"plan {number:02}.txt" for number in range(50)]
    shelf = ask("ines", "browse", encode(inner), shelf.after)
    assert [(one.name, one.size, one.opens) for one in shelf.things] == [("plan 50.txt", 7, False)]
    assert not shelf.after
    top = ask("ines", "browse", "", "")
    assert (top.thing, list(top.trail)) == (None, [])
    assert ("Plans", True) in [(one.name, one.opens) for one in top.things]


def test_nobody_links_to_what_is_anothers_even_if_shared(place, ask):
    shared = place.file("commun.txt")
    place.share(shared, MEMBERS)
    place.file("à paul.txt", by="paul", of="paul")
    assert ask("ines", "find", encode(shared)).name == "commun.txt"
    assert ask("paul", "find", encode(shared)) is None
    assert ask("paul", "browse", encode(shared), "") is None
    with pytest.raises(CannotLink):
        ask("paul", "make", encode(shared), Wish())


def test_what_is_thrown_away_or_nothing_at_all_is_not_offered(place, ask):
    number = place.file("passé.txt")
    place.trash(number)
    assert ask("ines", "find", encode(number)) is None
    for number in ("", "x", encode(1)):
        assert ask("ines", "find", number) is None
        with pytest.raises(CannotLink):
            ask("ines", "make", number, Wish())
    assert ask("ines", "browse", encode(1), "") is None
    assert ask("oscar", "offered") is False


def test_a_site_without_links_offers_none(make_place):
    place = make_place(**{"vdisk.links": "no"})
    place.file("plan.txt")

    def offered(request):
        request.member = request.site["members"]["ines"]
        (disk,) = request.registry.getUtility(IPlugins).gather("communicate_linkables")
        return disk.offered(request)

    assert place.house.work(offered) is False
