"""One quota for all that a member stores."""

import re
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ZODB.POSException import ConflictError

from communicate.cli import Console
from communicate.cli.checks import room
from communicate.interfaces import IErasure, IQuota
from communicate.outbox.runner import run_due
from communicate.quota import QuotaExceeded
from communicate.quota.content import Used
from communicate.quota.proof import recount
from communicate.storage import evolve
from communicate.writing.files import BadFile, kept
from communicate.writing.interfaces import IAttachments


def attach(house, uid, size):
    def do(request):
        file = kept("a.txt", b"x" * size)
        request.find_service(IAttachments).keep(uid, "/x", file)

    house.work(do)


def quota(house, func):
    return house.work(lambda request: func(request.find_service(IQuota)))


class TestQuota:
    def test_counts_what_every_service_answers(self, make_house):
        house = make_house([], quota="10 KB")
        uid, other = house.member("ines"), house.member("paul")
        attach(house, uid, 6000)
        assert quota(house, lambda q: (q.used(uid), q.left(uid))) == (6000, 10_240 - 6000)
        assert quota(house, lambda q: q.used(other)) == 0

    def test_counts_what_goes_and_nothing_of_nobody(self, make_house):
        house = make_house([])
        uid = house.member("ines")
        attach(house, uid, 6000)
        house.work(lambda request: request.find_service(IAttachments).erase(uid, 9))
        assert quota(house, lambda q: q.used(uid)) == 0
        quota(house, lambda q: q.release(7, "communicate", 5))
        assert quota(house, lambda q: q.used(7)) == 0

    def test_refuses_what_is_too_much_and_says_the_cure(self, make_house):
        house = make_house([], quota="10 KB", language="en")
        uid = house.member("ines")
        attach(house, uid, 6000)
        with pytest.raises(BadFile) as error:
            attach(house, uid, 6000)
        assert "Delete something first" in str(error.value.reason.interpolate())
        with pytest.raises(QuotaExceeded):
            quota(house, lambda q: q.claim(uid, "x", 4241))
        quota(house, lambda q: q.claim(uid, "x", 4240))

    def test_nothing_is_limited_where_the_site_says_so(self, make_house):
        house = make_house([], quota="0")
        uid = house.member("ines")
        assert quota(house, lambda q: q.left(uid)) is None
        quota(house, lambda q: q.claim(uid, "x", 10**15))

    def test_says_early_what_would_be_too_much_and_counts_nothing(self, make_house):
        house = make_house([], quota="10 KB")
        uid = house.member("ines")
        quota(house, lambda q: q.room(uid, 10_240))
        with pytest.raises(QuotaExceeded):
            quota(house, lambda q: q.room(uid, 10_241))
        assert quota(house, lambda q: q.used(uid)) == 0


class TestAtOnce:
    """Each of eight members' uploads, begun before any other is kept."""

    @pytest.fixture
    def house(self, make_house):
        return make_house([], quota="10 KB")

    def rush(self, house, uid, size):
        """Let eight claim *size* at the same moment; return how many had room."""
        start, had = threading.Barrier(8), []

        def claim():
            first = iter([start.wait])

            def act(request):
                used = request.find_service(IQuota).used(uid)  # the tree as all of them see it
                next(first, lambda: None)()
                request.find_service(IQuota).claim(uid, "x", size)
                return used

            try:
                had.append(house.work(act))
            except QuotaExceeded:
                had.append(None)

        threads = [threading.Thread(target=claim) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(had) == 8
        return sum(one is not None for one in had)

    def test_those_for_whom_there_is_room_all_count(self, house):
        uid = house.member("ines")
        quota(house, lambda q: q.claim(uid, "x", 1))
        assert self.rush(house, uid, 1000) == 8
        assert quota(house, lambda q: q.used(uid)) == 8001

    def test_together_they_never_go_beyond_the_limit(self, house):
        uid = house.member("ines")
        assert self.rush(house, uid, 3000) == 3
        assert quota(house, lambda q: q.used(uid)) == 9000


class TestConflicts:
    """Two transactions that changed one counter: what the later one stores."""

    def resolved(self, old, saved, new, limit=0):
        states = [{"parts": parts, "limit": limit} for parts in (old, saved, new)]
        return Used()._p_resolveConflict(*states)["parts"]

    def test_both_count(self):
        assert self.resolved({"a": 5}, {"a": 7}, {"a": 5, "b": 3}) == {"a": 7, "b": 3}
        assert self.resolved({"a": 5}, {"a": 2}, {"a": 3}) == {}

    def test_growing_beyond_the_limit_is_tried_again_and_shrinking_is_not(self):
        with pytest.raises(ConflictError):
            self.resolved({}, {"a": 6}, {"a": 6}, limit=10)
        assert self.resolved({"a": 30}, {"a": 25}, {"a": 28}, limit=10) == {"a": 23}

    @given(changes=st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9)), max_size=12))
    def test_as_if_one_came_after_the_other(self, changes):
        old, whole = Used(), Used()
        states = []
        for service, size in changes:
            whole.change(service, size)
            one = Used()
            one.change(service, size)
            states.append(one.parts)
        kept = old.parts
        for parts in states:
            kept = self.resolved({}, kept, parts)
        assert kept == whole.parts


class TestProof:
    """`communicate doctor` adds up, and names whose counter differs."""

    @pytest.fixture
    def console(self, make_house, tmp_path):
        house = make_house([])
        attach(house, house.member("ines"), 6000)
        attach(house, house.member("paul"), 10)
        return Console(None, tmp_path, house.registry)

    def off(self, console, size):
        def change(request):
            uid = request.site["members"]["ines"].uid
            request.root_map["storage"].change(uid, "communicate", size)

        console.work(change)

    def test_nothing_is_wrong_with_a_site_that_counts(self, console):
        assert list(room(console)) == []

    def test_a_member_who_is_counted_wrongly_is_named_with_the_cure(self, console):
        self.off(console, 7)
        (fault,) = room(console)
        assert fault.startswith("ines: 6007 bytes are counted for communicate, which keeps 6000")
        assert "communicate member recount ines" in fault
        uid = console.work(lambda request: request.site["members"]["ines"].uid)
        console.work(lambda request: recount(request, uid))
        assert list(room(console)) == []
        assert console.work(lambda request: request.root_map["storage"].total.value) == 6010

    def test_a_service_that_fails_keeps_no_other_from_being_counted(self, console, monkeypatch):
        def fail(_member):
            raise RuntimeError

        monkeypatch.setattr("communicate.writing.declared.storage_use", fail)
        assert list(room(console)) == []

    def test_an_older_site_counts_what_there_is(self, console):
        def age(request):
            del request.root_map["storage"]
            request.root_map["evolve"]["communicate"] = tuple(
                name for name in request.root_map["evolve"]["communicate"] if name != "storage"
            )

        console.work(age)
        steps = evolve.run(console.registry, evolve.chains({}))
        assert [step.name for step in steps] == ["storage"]
        assert list(room(console)) == []
        assert console.work(lambda request: request.root_map["storage"].total.value) == 6010

    def test_of_who_is_erased_nothing_is_counted(self, console):
        uid = console.work(lambda request: request.site["members"]["ines"].uid)
        console.work(lambda request: request.find_service(IErasure).start(uid))
        run_due(console.registry)
        storage = console.work(lambda request: dict(request.root_map["storage"].by_uid))
        assert uid not in storage
        assert console.work(lambda request: request.root_map["storage"].total.value) == 10


class TestLargeBodies:
    def test_only_the_addresses_that_ask_for_it_take_more(self, make_house):
        house = make_house([], max_body="1 KB")
        house.member("ines")
        house.registry.communicate_large_bodies.append((re.compile("/large"), 100_000))
        browser = house.browser("ines")
        sent = {"upload_files": [("file", "a", b"x" * 5000)], "expect_errors": True}
        assert browser.post("/large", {}, **sent).status_int != 413
        assert browser.post("/largest", {}, **sent).status_int == 413
