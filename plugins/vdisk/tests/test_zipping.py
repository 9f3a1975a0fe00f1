"""A folder as one ZIP: of the length that was said, with what its viewer may read."""

import io
import zipfile

import pytest

from communicate.audience import PRIVATE, PUBLIC

HOME = "/members/ines/disk"


@pytest.fixture(scope="module")
def filled(place):
    place.one = place.folder("Jardin")
    inner = place.folder("Été", place.one)
    place.large = bytes(range(256)) * 2000
    place.file("Serre.bin", place.large, inner)
    place.file("Semis.txt", b"pois", place.one)
    secret = place.file("Secret.txt", b"rien", place.one)
    place.folder("Vide", place.one)
    place.share(place.one, PUBLIC)
    place.share(secret, PRIVATE)
    return place


def fetched(place, login, address):
    answer = place.browser(login).get(address, status=200)
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    return zipfile.ZipFile(io.BytesIO(answer.body))


class TestFolder:
    def test_holds_all_of_it_for_its_owner(self, filled):
        found = fetched(filled, "ines", f"{filled.path(filled.one)}/zip")
        assert found.testzip() is None
        assert sorted(found.namelist()) == [
            *("Jardin/", "Jardin/Secret.txt", "Jardin/Semis.txt", "Jardin/Vide/"),
            *("Jardin/Été/", "Jardin/Été/Serre.bin"),
        ]
        assert found.read("Jardin/Été/Serre.bin") == filled.large

    def test_leads_nowhere_else_on_any_system(self, filled):
        folder = filled.folder("Ailleurs")
        filled.file("..\\..\\Menu.bat", b"x", folder)
        found = fetched(filled, "ines", f"{filled.path(folder)}/zip")
        assert found.namelist() == ["Ailleurs/", "Ailleurs/.._.._Menu.bat"]

    def test_holds_for_others_what_they_may_read(self, filled):
        for login in ("oscar", None):
            found = fetched(filled, login, f"{filled.path(filled.one)}/zip")
            assert "Jardin/Secret.txt" not in found.namelist()
            assert "Jardin/Semis.txt" in found.namelist()

    def test_of_the_disk_is_its_members(self, filled):
        assert "Jardin/Semis.txt" in fetched(filled, "ines", f"{HOME}/zip").namelist()
        filled.browser("oscar").get(f"{HOME}/zip", status=404)

    def test_head_says_the_length_alone(self, filled):
        answer = filled.browser("ines").head(f"{filled.path(filled.one)}/zip")
        assert int(answer.headers["Content-Length"]) > len(filled.large)
        assert answer.body == b""

    def test_too_many_are_refused_in_words(self, filled, monkeypatch):
        monkeypatch.setattr("communicate_vdisk.views.zipping.MOST", 3)
        answer = filled.browser("ines").get(f"{filled.path(filled.one)}/zip", status=400)
        assert "in parts" in answer

    def test_a_file_that_changes_meanwhile_breaks_it_off(self, make_place):
        from communicate_vdisk.views.zipping import entries, opened

        place = make_place()
        number = place.file("a.txt", b"one")
        listed = place.do(
            lambda request, service: [
                each._replace(tag=service.find(number).tag)
                for each in entries(seen(request, place), [service.find(number)])
            ]
        )
        place.file("a.txt", b"two")
        with pytest.raises(LookupError):
            place.do(lambda request, _s: opened(listed[0], request))


def seen(request, place):
    """Return *request* as ines made it."""
    from communicate.interfaces import IMembers
    from communicate.principals import Viewer

    member = request.find_service(IMembers).by_uid(place.uids["ines"])
    request.viewer = Viewer(member, request.site["members"])
    return request


class TestTicked:
    def test_what_is_ticked_is_in_it(self, filled):
        item = filled.path(filled.one)[-13:]
        answer = filled.click("ines", f"{HOME}/chosen", zip="1", item=item)
        assert "Jardin/Semis.txt" in fetched(filled, "ines", answer.location).namelist()

    def test_what_may_not_be_read_is_404(self, filled):
        number = filled.file("Fermé.txt")
        item = filled.path(number)[-13:]
        filled.browser("oscar").get(f"{HOME}/archive?item={item}", status=404)
        filled.browser("ines").get(f"{HOME}/archive", status=404)
