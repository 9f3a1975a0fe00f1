"""The door by which other plugins put files onto a member's disk."""

from io import BytesIO

import pytest

from communicate.audience import PRIVATE
from communicate.shelf import NotKept, shelf_of


def keep(place, name, data=b"mots", login="ines"):
    """Return the address where *data* is kept."""

    def kept(request, _service):
        request.member = request.site["members"][login]
        return shelf_of(request).keep(name, BytesIO(data))

    return place.do(kept)


def test_what_comes_is_a_private_file_of_its_own(place):
    first, second = keep(place, "Étagère.txt"), keep(place, "Étagère.txt", b"autres")
    assert first != second
    assert {"Étagère.txt", "Étagère (2).txt"} <= set(place.names())
    assert place.browser("ines").get(first).status_int == 200
    assert place.status("paul", first) == 404

    def audience(_request, service):
        node = service.child(service.disk(place.uids["ines"]), "Étagère.txt")
        return node.effective_audience()

    assert place.do(audience) == PRIVATE


@pytest.mark.parametrize("name", ["", "..", "a/b", "gpj\u202eexe", "x" * 300])
def test_a_name_that_cannot_be_one_is_refused_in_a_sentence(place, name):
    before = place.names()
    with pytest.raises(NotKept) as caught:
        keep(place, name)
    assert str(caught.value.reason)
    assert place.names() == before


def test_whoever_is_not_signed_in_has_none(place):
    assert place.do(lambda request, _service: shelf_of(request)) is None
