"""Read receipts: between two who both want them."""

from communicate.interfaces import IContacts


def choose(place, login, receipts):
    """Have *login* choose."""
    uid = place.uids[login]
    place.do(lambda _request, held: setattr(held.box(uid), "receipts", receipts))


def test_nobody_is_told_unless_both_have_said_so(place):
    number, _ = place.start("ines", "paul", body="Lu ?")
    place.read("paul", number)
    for ines, paul, told in (
        (False, False, False),
        (True, False, False),
        (False, True, False),
        (True, True, True),
    ):
        choose(place, "ines", ines)
        choose(place, "paul", paul)
        state = place.read("ines", number).html.select_one(".say-state")
        assert (state is not None and state.text == "Read") is told


def test_among_several_who_has_read_is_named(place):
    number, _ = place.start("ines", "paul", "zoe", body="Et vous ?")
    for login in ("ines", "paul", "zoe"):
        choose(place, login, True)
    assert place.read("ines", number).html.select_one(".say-state") is None
    place.read("zoe", number)
    assert place.read("ines", number).html.select_one(".say-state").text == "Read by zoe"


def test_nothing_is_told_between_two_of_whom_one_blocks_the_other(place):
    number, _ = place.start("zoe", "ines", "paul", body="Lu aussi ?")
    for login in ("ines", "paul", "zoe"):
        choose(place, login, True)
    place.read("ines", number)
    place.read("paul", number)
    between = place.uids["paul"], place.uids["zoe"]
    place.house.work(lambda request: request.find_service(IContacts).block(*between))
    try:
        state = place.read("zoe", number).html.select_one(".say-state")
        assert state.text == "Read by ines"
    finally:
        place.house.work(lambda request: request.find_service(IContacts).unblock(*between))
        place.befriend("paul", "zoe")
