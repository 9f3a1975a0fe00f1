from urllib.parse import urlencode

import pytest
from BTrees.LOBTree import LOBTree
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyramid.httpexceptions import HTTPBadRequest
from pyramid.request import Request

from communicate.ids import encode
from communicate.web.slices import (
    asked,
    backwards,
    keys_backwards,
    newest_first,
    oldest_first,
    query,
    start_for,
)

KEYS = st.sets(st.integers(1, 10_000), max_size=40)
SIZES = st.integers(1, 7)
# A busy machine is no fault of the pages.
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def tree(keys):
    return LOBTree({key: f"p{key}" for key in keys})


def ids(page):
    return [number for number, _thing in page.items]


class TestForwards:
    @patiently
    @given(KEYS, SIZES)
    def test_every_thing_is_on_one_page_and_in_order(self, keys, size):
        held, seen, page = tree(keys), [], oldest_first(tree(keys), size)
        while True:
            seen += ids(page)
            if page.forth is None:
                break
            page = oldest_first(held, size, after=page.forth)
        assert seen == sorted(keys)

    @patiently
    @given(KEYS, SIZES)
    def test_going_back_shows_the_pages_that_came_before(self, keys, size):
        held, pages = tree(keys), []
        page = oldest_first(held, size)
        while page.forth is not None:
            pages.append(ids(page))
            page = oldest_first(held, size, after=page.forth)
        while page.back is not None:
            page = oldest_first(held, size, before=page.back)
            assert ids(page) == pages.pop()
        assert pages == []

    def test_a_page_stays_the_same_while_new_things_arrive(self):
        held = tree(range(1, 13))
        before = ids(oldest_first(held, 5, after=5))
        held.update(dict.fromkeys(range(13, 40), "new"))
        assert ids(oldest_first(held, 5, after=5)) == before == [6, 7, 8, 9, 10]

    def test_an_address_keeps_its_place_when_the_thing_it_names_is_gone(self):
        held = tree([1, 2, 3, 5, 6])
        assert ids(oldest_first(held, 2, after=4)) == [5, 6]

    def test_before_the_second_page_is_the_whole_first_one(self):
        assert ids(oldest_first(tree(range(1, 20)), 5, before=3)) == [1, 2, 3, 4, 5]


class TestNewestFirst:
    @patiently
    @given(KEYS, SIZES)
    def test_every_thing_is_on_one_page_the_newest_first(self, keys, size):
        held, seen, page = tree(keys), [], newest_first(tree(keys), size)
        while True:
            seen += ids(page)
            if page.back is None:
                break
            page = newest_first(held, size, before=page.back)
        assert seen == sorted(keys, reverse=True)

    @patiently
    @given(KEYS, SIZES)
    def test_going_to_newer_ones_shows_the_pages_that_came_before(self, keys, size):
        held, pages = tree(keys), []
        page = newest_first(held, size)
        while page.back is not None:
            pages.append(ids(page))
            page = newest_first(held, size, before=page.back)
        while page.forth is not None:
            page = newest_first(held, size, after=page.forth)
            assert ids(page) == pages.pop()
        assert pages == []

    def test_an_older_page_stays_the_same_while_new_things_arrive(self):
        held = tree(range(1, 13))
        before = ids(newest_first(held, 5, before=8))
        held[50] = "new"
        assert ids(newest_first(held, 5, before=8)) == before == [7, 6, 5, 4, 3]


class TestCost:
    class Counting:
        """A tree of *size* keys that counts what is asked of it."""

        def __init__(self, size):
            self.tree, self.asked = LOBTree({key: key for key in range(size)}), 0

        def maxKey(self, *limit):
            self.asked += 1
            return self.tree.maxKey(*limit)

        def __getitem__(self, key):
            self.asked += 1
            return self.tree[key]

    def test_a_page_from_the_end_costs_what_it_shows(self):
        def cost(size):
            counting = self.Counting(size)
            stream = backwards(counting)
            for _ in range(20):
                next(stream)
            return counting.asked

        assert cost(50_000) == cost(200)

    def test_keys_backwards_ends_where_the_tree_does(self):
        assert list(keys_backwards(tree([1, 5, 9]), before=9)) == [5, 1]
        assert list(keys_backwards(tree([]))) == []


class TestStart:
    THINGS = tree(range(1, 31))

    @pytest.mark.parametrize("number", range(1, 31))
    @pytest.mark.parametrize("lead", [0, 1, 4])
    def test_the_page_holds_it(self, number, lead):
        start = start_for(self.THINGS, number, lead)
        page = ids(oldest_first(self.THINGS, 5, after=start))
        assert number in page
        assert page.index(number) <= lead

    def test_the_first_ones_are_on_the_plain_page(self):
        assert start_for(self.THINGS, 1, 4) is None
        assert start_for(self.THINGS, 5, 4) is None
        assert start_for(self.THINGS, 6, 4) == 1


class TestAsked:
    def test_an_id_of_the_query(self):
        request = Request.blank(f"/?after={encode(5)}")
        assert (asked(request, "after"), asked(request, "before")) == (5, None)

    @pytest.mark.parametrize(
        "words", [["x"], [""], ["fzzzzzzzzzzzz"], [encode(5), encode(6)], ["é" * 13]]
    )
    def test_anything_else_is_a_bad_request(self, words):
        request = Request.blank("/?" + urlencode([("after", word) for word in words]))
        with pytest.raises(HTTPBadRequest):
            asked(request, "after")

    def test_a_query_names_the_ids_that_there_are(self):
        assert query(after=None) == ""
        assert query(after=5, deleted=6) == f"?after={encode(5)}&deleted={encode(6)}"
