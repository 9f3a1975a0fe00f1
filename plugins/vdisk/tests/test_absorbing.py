"""A file that is put in the place of another one: nothing of either is lost or seen by more."""

from io import BytesIO

import pytest

from communicate.audience import MEMBERS, PRIVATE, PUBLIC
from communicate_vdisk.absorbing import absorb
from communicate_vdisk.errors import Refused


def put_in_place(place, number, other, by):
    """Put the file *other* in the place of *number*, as a program does that renames it."""
    place.do(
        lambda _request, service: absorb(
            service, service.find(number), service.find(other), place.uids[by]
        )
    )


@pytest.fixture
def pair(place, request):
    """Return a file that everybody reads, and one that only paul does, who may change both."""
    name = request.node.name
    folder = place.folder(name)
    shown, secret = place.file("vu.txt", b"Vu", folder), place.file("secret.txt", b"1", folder)
    place.file("secret.txt", b"Secret", folder)
    paul = place.only("paul")
    place.share(folder, paul, paul, paul)
    place.share(shown, PUBLIC, PRIVATE, MEMBERS)
    yield shown, secret
    place.trash(folder, "destroy")
    place.house.run_jobs()


def test_nobody_but_its_owner_shows_it_to_more(place, pair):
    shown, secret = pair
    with pytest.raises(Refused, match="More people would see it"):
        put_in_place(place, shown, secret, "paul")
    assert place.data(shown) == b"Vu"
    assert place.data(secret) == b"Secret"


def test_what_one_has_put_there_oneself_one_may_show(place, pair):
    shown, secret = pair
    place.do(
        lambda _request, service: service.replace(
            service.find(secret), BytesIO(b"De Paul"), place.uids["paul"]
        )
    )
    put_in_place(place, shown, secret, "paul")
    assert place.data(shown) == b"De Paul"


def test_versions_of_both_are_kept(place, pair):
    shown, secret = pair
    used = place.used()
    put_in_place(place, shown, secret, "ines")
    assert place.data(shown) == b"Secret"
    kept = place.state(
        shown,
        lambda node: sorted(version.size for version in node.versions.values()),
    )
    assert kept == [len(b"1"), len(b"Vu")]
    assert place.used() == used
    assert place.state(secret, lambda node: node is None)
    place.later(days=91)
    assert place.state(shown, lambda node: len(node.versions)) == 0
