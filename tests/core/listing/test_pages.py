"""A sealed list: in order whatever is done to it, and nothing of its words in what is stored."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communicate.listing.content import MOST, SealedPages

WORDS = st.text(max_size=6)
STEPS = st.lists(st.tuples(st.booleans(), WORDS, st.integers(1, 40)), max_size=120)


class Open:
    """Seals that only remember: what is stored is asked of the real ones below."""

    def seal(self, _uid, _kind, text):
        return json.loads(text)

    def open(self, sealed):
        return json.dumps(sealed)


def filled(places, seals=None):
    pages = SealedPages(7, "test")
    for words, number in places:
        pages.add(seals or Open(), words, number)
    return pages


class TestOrder:
    @given(STEPS)
    def test_is_that_of_a_sorted_list_whatever_comes_and_goes(self, steps):
        pages, known = SealedPages(7, "test"), set()
        for comes, words, number in steps:
            if comes:
                pages.add(Open(), words, number)
                known.add((words, number))
            else:
                assert pages.remove(Open(), words, number) == ((words, number) in known)
                known.discard((words, number))
        assert list(pages.after(Open())) == sorted(known)
        assert list(pages.before(Open())) == sorted(known, reverse=True)
        assert len(pages) == len(known)

    @given(st.lists(st.integers(0, 5000), unique=True, min_size=300, max_size=600), st.data())
    @settings(max_examples=10)
    def test_holds_over_many_pages_and_from_any_place(self, numbers, data):
        places = [(f"{number:05}", number) for number in numbers]
        pages, ordered = filled(places), sorted(places)
        assert len(pages.pages) > 1
        assert max(len(page.sealed) for page in pages.pages.values()) <= MOST
        place = data.draw(st.sampled_from(places) | st.tuples(st.text("0123456789"), st.just(1)))
        assert list(pages.after(Open(), place)) == [one for one in ordered if one > place]
        assert list(pages.before(Open(), place)) == [one for one in ordered if one < place][::-1]

    def test_emptied_pages_go(self):
        places = [(f"{n * 7919 % 600:05}", n) for n in range(600)]
        pages = filled(places)
        for words, number in places:
            assert pages.remove(Open(), words, number)
        assert (list(pages.after(Open())), len(pages), len(pages.pages)) == ([], 0, 1)

    def test_what_comes_in_order_fills_its_pages(self):
        pages = filled([(f"{n:05}", n) for n in range(10 * MOST)])
        assert len(pages.pages) <= 11


class TestSealed:
    @pytest.fixture
    def house(self, make_house):
        return make_house([])

    def test_nothing_of_the_words_is_stored(self, house):
        from communicate.interfaces import IKeyRing, ISeals

        house.registry.getUtility(IKeyRing).create(7)

        def fill(request):
            seals = request.find_service(ISeals)
            pages = filled([(f"Devis {n}", n) for n in range(600)], seals)
            assert next(pages.after(seals, ("Devis 3", 3))) == ("Devis 30", 30)
            request.root_map["test"] = pages

        house.work(fill)
        assert b"Devis" not in (house.folder / "var" / "Data.fs").read_bytes()
