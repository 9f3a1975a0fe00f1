"""Debian's Kannel in between, with a message centre by SMPP; and what it brings."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from communicate.testing.programs import needed
from communicate_sms import alphabet, states
from communicate_sms.transports import passing
from communicate_sms.transports.kannel import Kannel as Transport
from communicate_sms.transports.passing import Call, Outgoing

from .centre import Centre
from .kannel import NAME, SMPP, Kannel

MESSAGE = Outgoing("+33612345678", "Bonjour", "38000", "jeton", "")
THERE = Transport("kannel", "http://127.0.0.1:9/", "site", "")


@pytest.fixture
def centre() -> Iterator[Centre]:
    made = Centre()
    yield made
    made.end()


def transport(kannel: Kannel) -> Transport:
    return Transport("kannel", kannel.url, NAME, kannel.password)


@pytest.mark.slow
def test_parts_reach_the_centre_untorn(tmp_path: Path, centre: Centre) -> None:
    needed("/usr/sbin/bearerbox", "bearerbox")
    kannel = Kannel(tmp_path, SMPP.format(port=centre.port))
    try:
        text = "😀" * 36 + "é"
        transport(kannel).send(MESSAGE._replace(text=text))
        centre.wait(2)
        ordered = sorted(centre.taken, key=lambda one: one.short_message[5])
        assert "".join(one.short_message[6:].decode("utf-16-be") for one in ordered) == text
        assert {one.destination_addr for one in ordered} == {"33612345678"}
        words = "a" * 152 + "€" + "b" * 20
        transport(kannel).send(MESSAGE._replace(text=words))
        centre.wait(4)
        ordered = sorted(centre.taken[2:], key=lambda one: one.short_message[5])
        assert "".join(alphabet.decoded(one.short_message[6:]) for one in ordered) == words
        for hidden in ("612345678", "😀", "aaaa"):
            assert hidden not in kannel.logs
    finally:
        kannel.end()


@pytest.mark.parametrize(
    ("fields", "state"), [({"state": "8"}, states.SENT), ({"state": "16"}, states.FAILED)]
)
def test_a_receipt_is_read(fields: dict[str, str], state: int) -> None:
    assert THERE.parse_receipt(Call("", fields, {})).state == state


@pytest.mark.parametrize("fields", [{}, {"state": "3"}, {"state": "delivered"}])
def test_what_kannel_does_not_say_is_unreadable(fields: dict[str, str]) -> None:
    for parse in (THERE.parse_receipt, THERE.parse_incoming):
        with pytest.raises(passing.Unreadable):
            parse(Call("", fields, {}))
