"""Where a link stands in what somebody writes."""

import pytest

from communicate.writing.linking import inserted


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "LINK\n"),
        ("Voici.", "Voici.\n\nLINK\n"),
        ("Voici.\n\n-- \nInes\n", "Voici.\n\nLINK\n\n-- \nInes\n"),
        ("\n\nLe 3, Luce a écrit :\n> Non ?\n", "LINK\n\nLe 3, Luce a écrit :\n> Non ?\n"),
        (
            "Oui.\n\n-- \nInes\n\nLe 3, Luce a écrit :\n> Non ?",
            "Oui.\n\nLINK\n\n-- \nInes\n\nLe 3, Luce a écrit :\n> Non ?\n",
        ),
        ("> Non ?\n\nSi.", "LINK\n\n> Non ?\n\nSi.\n"),
    ],
)
def test_it_stands_at_the_end_of_ones_own_words(text, found):
    assert inserted(text, "LINK") == found
