"""Programs with windows: what they are known to say is understood, and done."""

import pytest

from .client_scripts import DRAFT, SCRIPTS
from .reading_site import letter


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_word_of_a_program_is_understood(place, name):
    place.put(letter("Un", "Un mot.", Message_ID="<1@x.example>"), letter("Deux"), letter("Trois"))
    with place.wire() as wire:
        for command in SCRIPTS[name]:
            *told, last = wire.ask(command, DRAFT.encode() + b"\r\n")
            assert last.split(b" ")[1] == b"OK", (command, last)
            if "FETCH 1:" in command.upper() and "CHANGEDSINCE" not in command:
                assert sum(b" FETCH (" in line for line in told) == 3, (command, told)
    webmail = place.webmail()
    assert webmail.subjects("Brouillons") == ["Brouillon"]
    assert "unread" not in webmail.marks("Un")
    if name != "outlook":
        assert webmail.subjects() == ["Un"]
        assert webmail.marks("Un") == (set() if name == "thunderbird" else {"starred"})
