"""Who is at work on what: every way to write asks, and a lock outlives neither its hour nor its
holder's right to change the thing."""

from io import BytesIO

import pytest

from communicate.audience import MEMBERS, PRIVATE
from communicate.interfaces import IErasure
from communicate.testing import promises
from communicate.testing.archives import exported
from communicate_vdisk.interfaces import IDisk, ITrash
from communicate_vdisk.locks.interfaces import ILocks
from communicate_vdisk.locks.services import LONGEST, Locked
from communicate_vdisk.sharing import share


def lock(place, number, login="ines", **more):
    """Return the token of a lock of *login*."""

    def locked(request, service):
        node = service.find(number) if number else service.disk(place.uids["ines"])
        return request.find_service(ILocks).lock(node, place.uids[login], **more).token

    return place.do(locked)


def writes(place, number, folder, tokens=(), login="ines"):
    """Return the names of the ways to write that a lock on *number*, in *folder*, refuses."""
    uid = place.uids[login]
    ways = {
        "replace": lambda s, t, node, there: s.replace(node, BytesIO(b"x"), uid),
        "put": lambda s, t, node, there: s.put(there, s.name(node), BytesIO(b"x"), uid),
        "rename": lambda s, t, node, there: s.rename(node, "Autre"),
        "move": lambda s, t, node, there: s.move(node, s.disk(node.owner), uid),
        "throw": lambda s, t, node, there: t.throw(node),
        "go_back": lambda s, t, node, there: s.go_back(node, max(node.versions, default=0)),
        "throw above": lambda s, t, node, there: t.throw(there),
        "rename above": lambda s, t, node, there: s.rename(there, "Autre"),
        "add beside": lambda s, t, node, there: s.add_file(there, "Neu", BytesIO(b"x"), uid),
        "folder beside": lambda s, t, node, there: s.make_folder(there, "Neuf", uid),
    }
    refused = []
    for name, way in ways.items():

        def tried(request, service, way=way):
            request.find_service(ILocks).present(uid, tokens)
            try:
                way(
                    service,
                    request.find_service(ITrash),
                    service.find(number),
                    service.find(folder),
                )
            except Locked:
                return True
            finally:
                request.tm.doom()
            return False

        if place.do(tried):
            refused.append(name)
    return refused


ITSELF = ["replace", "put", "rename", "move", "throw", "go_back", "throw above", "rename above"]
BESIDE = ["add beside", "folder beside"]


@pytest.fixture
def pair(place):
    """Return a folder, a file in it that paul may change, and end every lock afterwards."""
    folder = place.folder(f"Dossier {len(place.names())}")
    number = place.file("Plan.txt", b"1", folder)
    place.file("Plan.txt", b"2", folder)
    place.share(folder, MEMBERS, change=place.only("paul"))
    place.do(lambda request, s: share(request, s.find(folder), *see(place)))
    yield folder, number
    for login in ("ines", "paul"):
        place.do(lambda request, _s, login=login: forget(request, place.uids[login]))


def see(place):
    return place.only("paul", "zoe"), PRIVATE, place.only("paul")


def forget(request, uid):
    return request.find_service(ILocks).forget(uid)


class TestWriting:
    def test_a_locked_file_is_written_by_nobody_who_lacks_the_token(self, place, pair):
        folder, number = pair
        token = lock(place, number)
        assert writes(place, number, folder) == ITSELF
        assert writes(place, number, folder, [token], "paul") == ITSELF  # a token is its holder's
        assert writes(place, number, folder, [token]) == []

    def test_a_locked_folder_keeps_what_it_holds(self, place, pair):
        folder, number = pair
        token = lock(place, folder)
        first = [*("put", "rename", "move", "throw", "throw above", "rename above"), *BESIDE]
        assert writes(place, number, folder) == [one for one in first if one != "put"]
        assert writes(place, number, folder, [token]) == []

    def test_a_deep_lock_is_on_all_that_lies_there(self, place, pair):
        folder, number = pair
        lock(place, folder, deep=True)
        assert writes(place, number, folder) == ITSELF + BESIDE

    def test_a_lock_on_the_disk_is_on_all_of_it(self, place, pair):
        folder, number = pair
        lock(place, None, deep=True)
        assert writes(place, number, folder) == ITSELF + BESIDE

    def test_a_deep_lock_is_on_nothing_that_its_holder_may_not_change(self, place, pair):
        folder, number = pair
        secret = place.file("Secret.txt", b"1", folder)
        place.share(secret, PRIVATE)
        lock(place, folder, "paul", deep=True)
        assert "replace" in writes(place, number, folder)
        assert "replace" not in writes(place, secret, folder)
        assert "put" not in writes(place, secret, folder)
        free = {"rename", "move", "throw"}  # its owner is kept from nothing that is hers alone
        assert free.isdisjoint(writes(place, secret, folder))
        assert free <= set(writes(place, number, folder))
        token = lock(place, secret)  # and its owner locks it beside that
        assert "replace" in writes(place, secret, folder)
        assert "replace" not in writes(place, secret, folder, [token])

    def test_a_lock_on_what_one_may_not_see_is_in_the_way_of_nothing_but_the_whole(
        self, place, pair
    ):
        folder, _number = pair
        secret = place.file("Secret.txt", b"1", folder)
        place.share(secret, PRIVATE)
        lock(place, secret)
        lock(place, folder, "paul", deep=True)
        place.do(lambda request, _s: forget(request, place.uids["paul"]))
        item = place.path(folder).rpartition("/")[2]
        place.click("paul", "/members/ines/disk/chosen", item=item, throw="1", status="*")
        shown = place.browser("paul").get(place.path(folder)).text
        assert "Something here is being edited until" in shown
        assert "Secret" not in shown
        assert place.state(folder, lambda node: node.is_gone) is False

    def test_pages_say_who_is_at_work(self, place, pair):
        _folder, number = pair
        lock(place, number, "paul")
        path = place.path(number)
        shown = place.browser("ines").get(path).text
        assert "is being edited by paul until" in shown
        assert "urn:uuid" not in shown
        answer = place.upload("ines", path, ("Plan.txt", b"3"), act="replace", status=400)
        assert "is being edited by paul until" in answer.text
        assert place.data(number) == b"2"

    def test_throwing_away_says_so_and_does_nothing(self, place, pair):
        folder, number = pair
        lock(place, number, "paul")
        base = "/members/ines/disk"
        item = place.path(folder).rpartition("/")[2]
        place.click("ines", f"{base}/chosen", item=item, throw="1")
        assert "is being edited by paul" in place.browser("ines").get(base).text
        assert place.state(folder, lambda node: node.is_gone) is False


class TestHolding:
    def test_a_second_lock_waits_for_the_first(self, place, pair):
        folder, number = pair
        lock(place, number)
        for where, more in ((number, {}), (number, {"shared": True}), (folder, {"deep": True})):
            with pytest.raises(Locked):
                lock(place, where, "paul", **more)
        lock(place, folder, "paul")  # not on what it holds

    def test_shared_locks_stand_beside_each_other(self, place, pair):
        _folder, number = pair
        lock(place, number, shared=True)
        lock(place, number, "paul", shared=True)
        with pytest.raises(Locked):
            lock(place, number)

    def test_it_lasts_an_hour_at_most(self, place, pair):
        _folder, number = pair
        for seconds in (604_799, None, -1):
            token = lock(place, number, seconds=seconds)

            def lasts(request, _s, token=token):
                found = request.find_service(ILocks)
                left = found.refresh(token, place.uids["ines"], 10**9).until - found._now()
                found.unlock(token, place.uids["ines"])
                return left

            assert place.do(lasts) <= LONGEST * 1000

    def test_only_its_holder_refreshes_and_ends_it(self, place, pair):
        _folder, number = pair
        token = lock(place, number)
        for login, right in (("paul", False), ("ines", True)):
            uid = place.uids[login]
            done = place.do(lambda r, _s, u=uid: r.find_service(ILocks).refresh(token, u))
            assert (done is not None) is right
            assert place.do(lambda r, _s, u=uid: r.find_service(ILocks).unlock(token, u)) is right

    def test_it_ends_with_its_holders_right(self, place, pair):
        folder, number = pair
        lock(place, number, "paul")
        assert writes(place, number, folder) == ITSELF
        place.share(folder, PRIVATE)
        assert writes(place, number, folder) == []

    def test_its_owner_ends_it_in_the_browser_and_nobody_else(self, place, pair):
        folder, number = pair
        lock(place, number, "paul")
        path = place.path(number)
        place.click("zoe", f"{path}/unlock", status=404)
        place.click("ines", f"{path}/unlock")
        assert writes(place, number, folder) == []
        lock(place, number)
        place.click("paul", f"{path}/unlock", status=404)
        assert writes(place, number, folder) == ITSELF

    def test_thrown_away_and_put_back_nobody_is_at_work_on_it(self, place, pair):
        folder, number = pair
        token = lock(place, number)

        def thrown(request, service):
            request.find_service(ILocks).present(place.uids["ines"], [token])
            request.find_service(ITrash).throw(service.find(folder))
            request.find_service(ITrash).restore(service.find(folder))

        place.do(thrown)
        assert writes(place, number, folder) == []
        assert place.do(lambda r, _s: r.find_service(ILocks).held(place.uids["ines"])) == []


class TestDuties:
    def test_an_hour_later_it_is_forgotten(self, make_place):
        place = make_place()
        number = place.file("Plan.txt")
        lock(place, number)
        place.later(hours=2)
        place.later(hours=2)
        assert place.do(lambda r, _s: len(r.site["disk"].locks.by_token)) == 0
        assert place.do(lambda r, _s: len(r.site["disk"].locks.ends)) == 0

    def test_what_a_lock_tells_is_declared_exported_and_erased(self, make_place):
        place = make_place()
        folder = place.folder("Jardin")
        number = place.file("Plan.txt", where=folder)
        place.share(folder, MEMBERS, change=MEMBERS)
        lock(place, number, "zoe", words=b"<owner>Zoe Marabout</owner>")
        assert promises.undeclared(place.house, "vdisk", words=["Marabout"]) == []
        rows = exported(place.house, "zoe").records("vdisk", "lock")
        assert rows[0]["path"] == place.path(number)
        assert rows[0]["words"] == "<owner>Zoe Marabout</owner>"
        place.house.work(lambda r: r.find_service(IErasure).start(place.uids["zoe"]))
        place.house.run_jobs()
        assert writes(place, number, folder) == []
        assert place.do(lambda r, _s: len(r.site["disk"].locks.holders)) == 0


class TestSpool:
    def test_each_try_has_what_came_once(self, place):
        folder = place.folder("Spool")

        def spooled(_request, service):
            return service.spool(service.find(folder), BytesIO(b"x" * 200_000))

        with place.do(spooled) as spool:
            for _try in range(2):

                def tried(request, service):
                    service.put(service.find(folder), "Film.mp4", spool, None)
                    request.tm.doom()

                place.do(tried)
            assert place.names(folder) == []
            number = place.do(
                lambda _r, s: s.put(s.find(folder), "Film.mp4", spool, place.uids["ines"]).id
            )
        assert place.data(number) == b"x" * 200_000
        tmp = place.do(lambda r, _s: r.root_map._p_jar.db().storage.temporaryDirectory())
        from pathlib import Path

        assert list(Path(tmp).glob("spool*")) == []
        assert place.do(lambda r, s: r.find_service(IDisk).find(number).size) == 200_000
