"""What is erased or closed is gone from the space, from search, and from other people's pages."""

from typing import Any

from communicate.audience import PUBLIC
from communicate.erasure.services import receipt_of
from communicate.interfaces import IAuthored, IErasure, IMembers
from communicate.pictures import Picture
from communicate.profile.declared import find, moderables
from communicate.profile.indexing import ELEMENT
from communicate.testing.house import House


def filled(make_house: Any, picture: Picture) -> tuple[House, int, str]:
    """Return a house with Claire, who shows all, and the address of her picture."""
    house = make_house(["forums"], language="en")
    uid = house.member("claire")
    house.member("paul")

    def fill(request: Any) -> str:
        from communicate.profile.interfaces import IProfiles

        profiles = request.find_service(IProfiles)
        claire = request.find_service(IMembers).by_uid(uid)
        profiles.add(claire, "place", {"value": "Quimper", "audience": PUBLIC})
        made = profiles.add(claire, "picture", {"picture": picture, "audience": PUBLIC})
        for kind in ("avatar", "directory", "seen"):
            profiles.limit(profiles.stand(claire, kind), PUBLIC)
        return f"/members/claire/profile/{made.__name__}/image"

    return house, uid, house.work(fill)


class TestErasing:
    def test_nothing_is_left(self, make_house: Any, picture: Picture) -> None:
        house, uid, image = filled(make_house, picture)
        paul = house.browser("paul")
        assert "Quimper" in paul.get("/members/claire")
        assert "Quimper" in paul.get("/search?q=quimper").html.main.text
        house.work(lambda request: request.find_service(IErasure).start(uid) and None)
        for _when in ("closed", "erased"):
            paul.get("/members/claire", status=404)
            paul.get(image, status=404)
            assert "claire" not in paul.get("/search?q=quimper").html.main.text
            house.run_jobs()

        def left(request: Any) -> Any:
            receipt = receipt_of(request.root_map["erasures"].by_uid[uid])
            return receipt.counts.get(ELEMENT), request.find_service(IAuthored).kinds(uid)

        assert house.work(left) == (5, [])

    def test_erasing_again_does_no_harm(self, spaces: Any) -> None:
        from types import SimpleNamespace

        from communicate.erasure.plugins import BatchReceipt
        from communicate.profile.declared import erase

        spaces.say("claire", "place", "Quimper", PUBLIC)

        def twice(_profiles: Any, claire: Any, request: Any) -> list[dict[str, int]]:
            receipts = [BatchReceipt(), BatchReceipt()]
            for receipt in receipts:
                erase(SimpleNamespace(uid=claire.uid, request=request), receipt)
            return [receipt.counts for receipt in receipts]

        assert spaces.act("claire", twice) == [{ELEMENT: 1}, {}]


class TestReporting:
    def test_a_place_in_the_directory_has_no_words_to_be_reported(self, spaces: Any) -> None:
        number = spaces.let("claire", "directory", PUBLIC).rpartition("/")[2]
        spaces.get(f"/report/{ELEMENT}/{number}", "rose", status=404)

    def test_an_element_is_found_read_hidden_and_deleted(self, spaces: Any) -> None:
        path = spaces.say("claire", "place", "Quimper", PUBLIC, label="")
        (kind,) = moderables()

        def act(what: str) -> Any:
            def do(profiles: Any, claire: Any, request: Any) -> Any:
                (element,) = profiles.profile(claire).of_kind("place")
                request.member = request.find_service(IMembers).by_login("rose")
                assert find(request, element.id) is element
                if what == "words":
                    return kind.words(request, element)
                arguments = ("rude",) if what == "hide" else ()
                return getattr(kind, what)(request, element, *arguments)

            return spaces.act("claire", do)

        assert act("words") == "Quimper"
        act("hide")
        assert "Quimper" not in spaces.space("claire", "rose")
        spaces.get(path, "rose", status=404)
        assert "Quimper" not in spaces.get("/search?q=quimper", "rose").html.main.text
        act("delete")
        assert "Quimper" not in spaces.space("claire", "claire")
