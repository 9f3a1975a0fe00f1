"""Who is let in: so many at once, so many from one network, and members before strangers."""

from types import SimpleNamespace

from communicate_email.imap.guests import Guests


class Came:
    """A connection that was let in; *ended* is whether it was ended."""

    def __init__(self, guests, network, *, known=False):
        self.ended = False
        self.guest = guests.enter(network, self.end)
        if self.guest is not None and known:
            self.guest.stream = SimpleNamespace(trusted=True)

    def end(self):
        self.ended = True


def test_so_many_from_one_network_and_no_more():
    guests = Guests(10, 2)
    first, *_others = [Came(guests, "a") for _ in range(2)]
    assert Came(guests, "a").guest is None
    assert Came(guests, "b").guest is not None
    guests.leave(first.guest)
    guests.leave(first.guest)
    assert Came(guests, "a").guest is not None
    assert Came(guests, "a").guest is None
    assert len(guests) == 3


def test_a_stranger_makes_way_where_there_is_no_room_but_no_member_does():
    guests = Guests(3, 10)
    members = [Came(guests, "a", known=True) for _ in range(2)]
    stranger = Came(guests, "b")
    another = Came(guests, "c", known=True)
    assert stranger.ended
    assert another.guest is not None
    assert Came(guests, "d").guest is None
    assert not any(one.ended for one in (*members, another))
    guests.leave(stranger.guest)
    assert len(guests) == 3


def test_it_is_the_first_of_those_of_whom_there_are_most():
    guests = Guests(5, 10)
    alone = Came(guests, "home")
    crowd = [Came(guests, "crowd") for _ in range(4)]
    for number in range(1, 4):
        assert Came(guests, f"other{number}").guest is not None
        assert [one.ended for one in crowd] == [True] * number + [False] * (4 - number)
    assert not alone.ended
