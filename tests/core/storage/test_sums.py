"""A byte of the tree's file that changed by itself is found, wherever it is."""

import random

import pytest

from communicate.storage.pack import pack_tree
from communicate.storage.sums import BLOCK
from communicate.stores import stores_of


@pytest.fixture
def database(house):
    def fill(request):
        for number in range(300):
            request.root_map[f"thing{number}"] = {"words": "x" * 90, "number": number}

    house.work(fill)
    return stores_of(house.registry).database


def flip(path, at):
    with path.open("r+b") as file:
        file.seek(at)
        (byte,) = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ 16]))


@pytest.fixture
def path(house):
    return house.folder / "var" / "Data.fs"


class TestSums:
    def test_any_flipped_byte_is_found_in_its_block(self, database, path):
        sums = database.sums
        sums.record()
        assert list(sums.changed()) == []
        size = sums.storage.getSize()
        drawn = random.Random(7)
        for at in [0, size - 1, *(drawn.randrange(size) for _ in range(40))]:
            flip(path, at)
            start = at // BLOCK * BLOCK
            assert list(sums.changed()) == [(start, min(start + BLOCK, size))]
            flip(path, at)
        assert list(sums.changed()) == []

    def test_what_is_added_is_covered_and_the_rest_is_not_forgiven(self, house, database, path):
        sums = database.sums
        sums.record()
        size = sums.storage.getSize()
        flip(path, size - 2)  # in a block that is not full yet
        house.work(lambda request: request.root_map.update(more="y" * 9_000))
        sums.record()
        assert [start for start, _stop in sums.changed()] == [size // BLOCK * BLOCK]
        flip(path, size - 2)
        sums.record()
        assert list(sums.changed()) == []
        flip(path, sums.storage.getSize() - 100)
        assert len(list(sums.changed())) == 1

    def test_a_pack_makes_another_file(self, house, database, path):
        database.sums.record()
        pack_tree(database)
        assert list(database.sums.changed()) == []
        flip(path, 300)
        assert len(list(database.sums.changed())) == 1

    def test_they_are_kept_when_the_site_stops(self, house, database, path):
        house.close()
        flip(path, 200)
        house.boot([])
        assert [start for start, _ in stores_of(house.registry).database.sums.changed()] == [0]
