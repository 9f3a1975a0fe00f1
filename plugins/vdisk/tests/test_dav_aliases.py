"""Two paths that name one thing over WebDAV: what goes onto itself, or what holds it, stays."""

import unicodedata
from urllib.parse import quote

import pytest

from communicate.audience import CONTACTS, PRIVATE

from .davs import Dav, place_at


@pytest.fixture(scope="module")
def dav(place):
    dav = Dav(place_at(place))
    yield dav
    dav.gateway.stop()


@pytest.mark.parametrize("method", ["COPY", "MOVE"])
class TestOntoItself:
    def test_by_a_name_that_is_composed_otherwise(self, dav, method):
        place = dav.place
        folder = place.folder(f"Été {method}")
        place.file("été.txt", b"Bonjour", folder)
        base = f"/ines/Été {method}"
        for path in (f"{base}/été.txt", base):
            decomposed = quote(f"/dav{unicodedata.normalize('NFD', path)}")
            assert dav.status(method, path, Destination=decomposed) == 403
        assert dav.ask("GET", f"{base}/été.txt").body == b"Bonjour"
        assert place.names(folder) == ["été.txt"]
        assert place.used() == len(b"Bonjour") * (1 if method == "COPY" else 2)

    def test_by_the_path_of_a_share_within_a_share(self, dav, method):
        place = dav.place
        outer = place.folder(f"Dehors {method}")
        inner = place.folder(f"Dedans {method}", outer)
        file = place.file("Plan.txt", b"Plan", inner)
        for folder, who in ((outer, CONTACTS), (inner, place.only("paul"))):
            place.share(folder, who, PRIVATE, who)
        place.house.run_jobs()
        one = f"/ines/Dehors {method}/Dedans {method}"
        two = f"/ines/Dedans {method}"
        for path, to in (
            (f"{one}/Plan.txt", f"{two}/Plan.txt"),
            (f"/ines/Dehors {method}", f"{two}/Dehors"),
        ):
            assert dav.status(method, path, "paul", Destination=quote(f"/dav{to}")) == 403
        assert dav.ask("GET", f"{two}/Plan.txt", "paul").body == b"Plan"
        assert place.names(inner) == ["Plan.txt"]
        place.trash(file, "destroy")

    def test_in_place_of_the_folder_that_holds_it(self, dav, method):
        place = dav.place
        above = place.folder(f"Haut {method}")
        below = place.folder("Bas", above)
        file = place.file("Plan.txt", b"Plan", below)
        base = f"/ines/Haut {method}"
        assert dav.status(method, f"{base}/Bas", Destination=quote(f"/dav{base}")) == 403
        assert dav.ask("GET", f"{base}/Bas/Plan.txt").body == b"Plan"
        place.trash(file, "destroy")
