"""Sentences with places that are filled from lists."""

from random import Random

import pytest

from communicate.demo.people import plain
from communicate.demo.writing import Writer, printed

LISTS = {"tool": ["une échelle|l’échelle"], "who": ["{name}"], "name": ["Inès"]}


@pytest.fixture
def writer():
    return Writer(Random(1), "fr", LISTS)


class TestPlaces:
    def test_a_form_of_a_word_is_chosen_by_its_number(self, writer):
        assert writer.fill("Je prête {tool} : {tool.2} est lourde.").startswith(
            "Je prête une échelle"
        )
        assert "l’échelle est lourde" in writer.fill("Oui, {tool.2} est lourde.")

    def test_what_fills_a_place_may_have_places(self, writer):
        assert writer.fill("Bonjour, {who}.") == "Bonjour, Inès."

    def test_a_sentence_begins_with_a_capital(self, writer):
        assert writer.fill("{tool}. {tool.2}.") == "Une échelle. L’échelle."
        assert writer.fill("oui : {Tool}") == "Oui\u00a0: Une échelle"

    def test_what_is_chosen_once_stays(self):
        lists = {"day": [str(number) for number in range(1000)]}
        writer = Writer(Random(1), "en", {}).keeping({}, lists)
        assert writer.fill("{day} {day}") == writer.fill("{day} {day}")

    def test_words_that_are_given_come_first(self, writer):
        assert writer.fill("{name}", name="Paul") == "Paul"


class TestPrinting:
    def test_french_has_spaces_that_do_not_break(self):
        assert printed("Ah ? Oui : « non » !") == ("Ah\u202f? Oui\u00a0: «\u00a0non\u00a0»\u202f!")

    def test_english_is_left_alone(self):
        assert Writer(Random(1), "en", {}).fill("Ah ?") == "Ah ?"


def test_a_name_becomes_plain_letters():
    assert [plain(name) for name in ("Élise", "O’Brien", "Le Gall")] == [
        "elise",
        "obrien",
        "legall",
    ]
