"""A ticket is good for a minute, for what it says, and only if it was made here."""

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communicate.live import tickets
from communicate.live.tickets import BadTicket

SESSION = bytes(range(32))
NOW = 1_900_000_000.0


def signed(key):
    return lambda body: hmac.digest(key, body, "sha256")


OURS = signed(b"ours")


def made(**more):
    return tickets.make(OURS, 42, SESSION, **{"now": NOW, "since": NOW - 3.5, **more})


class TestTickets:
    def test_it_says_whose_it_is_until_when_and_since_when(self):
        found = tickets.read(OURS, made(), now=NOW + 1)
        assert found[:4] == (42, SESSION, NOW + 60, NOW - 3.5)

    def test_it_is_good_for_a_minute(self):
        text = made()
        assert tickets.read(OURS, text, now=NOW + 59.9)
        with pytest.raises(BadTicket):
            tickets.read(OURS, text, now=NOW + 60)

    def test_no_two_are_alike(self):
        assert made() != made()

    def test_it_may_stand_in_a_header_as_a_word(self):
        assert set(made()) <= set(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        )

    def test_another_site_signs_for_nobody_here(self):
        with pytest.raises(BadTicket):
            tickets.read(signed(b"theirs"), made(), now=NOW)

    @given(st.integers(0, 123), st.sampled_from("AQgw059-_"))
    def test_whatever_is_changed_spoils_it(self, place, letter):
        text = made()
        changed = text[:place] + letter + text[place + 1 :]
        if changed == text:
            return
        with pytest.raises(BadTicket):
            tickets.read(OURS, changed, now=NOW)

    @given(st.text(max_size=200))
    def test_rubbish_is_none(self, text):
        with pytest.raises(BadTicket):
            tickets.read(OURS, text, now=NOW)
