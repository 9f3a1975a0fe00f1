"""One quota for all that a member stores."""

import re

import pytest

from communicate.interfaces import IQuota
from communicate.quota import QuotaExceeded
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

    def test_refuses_what_is_too_much_and_says_the_cure(self, make_house):
        house = make_house([], quota="10 KB", language="en")
        uid = house.member("ines")
        attach(house, uid, 6000)
        with pytest.raises(BadFile) as error:
            attach(house, uid, 6000)
        assert "Delete something first" in str(error.value.reason.interpolate())
        with pytest.raises(QuotaExceeded):
            quota(house, lambda q: q.claim(uid, 4241))
        quota(house, lambda q: q.claim(uid, 4240))

    def test_nothing_is_limited_where_the_site_says_so(self, make_house):
        house = make_house([], quota="0")
        uid = house.member("ines")
        assert quota(house, lambda q: q.left(uid)) is None
        quota(house, lambda q: q.claim(uid, 10**15))

    def test_a_service_that_fails_keeps_no_other_from_counting(self, make_house, monkeypatch):
        house = make_house([])
        uid = house.member("ines")

        def fail(_member):
            raise RuntimeError

        monkeypatch.setattr("communicate.writing.declared.storage_use", fail)
        assert quota(house, lambda q: q.used(uid)) == 0


class TestLargeBodies:
    def test_only_the_addresses_that_ask_for_it_take_more(self, make_house):
        house = make_house([], max_body="1 KB")
        house.member("ines")
        house.registry.communicate_large_bodies.append((re.compile("/large"), 100_000))
        browser = house.browser("ines")
        sent = {"upload_files": [("file", "a", b"x" * 5000)], "expect_errors": True}
        assert browser.post("/large", {}, **sent).status_int != 413
        assert browser.post("/largest", {}, **sent).status_int == 413
