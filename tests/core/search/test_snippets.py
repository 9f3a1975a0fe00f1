import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communicate.catalog.text import query
from communicate.search.snippets import LENGTH, Marker


def marker(words):
    return Marker(query(words))


class TestMark:
    @pytest.mark.parametrize(
        ("words", "text", "marked"),
        [
            ("tilleul ", "Le Tilleul penche", "Le <mark>Tilleul</mark> penche"),
            (
                "coeur d ete ",
                "Cœur d'été",
                "<mark>Cœur</mark> <mark>d</mark>&#39;<mark>été</mark>",
            ),
            ("jard", "Le jardinage", "Le <mark>jardinage</mark>"),
            ("jard ", "Le jardinage", "Le jardinage"),
            ("b ", "<b>&amp; b", "&lt;<mark>b</mark>&gt;&amp;amp; <mark>b</mark>"),
        ],
    )
    def test_marks_words_as_the_catalog_finds_them(self, words, text, marked):
        assert str(marker(words).mark(text)) == marked


class Slow(Marker):
    """A marker without a pattern."""

    def __init__(self, asked):
        super().__init__(asked)
        self._pattern = None


@settings(max_examples=150, deadline=None)
@given(
    words=st.text(alphabet="aeéEc ", min_size=1, max_size=8),
    text=st.text(alphabet="aeéèÉEcçœ_’-.1 \u0130\u0301", max_size=30),
)
def test_a_pattern_finds_what_each_word_by_itself_is_found_to_be(words, text):
    asked = query(words)
    if asked:
        assert Marker(asked).mark(text) == Slow(asked).mark(text)


@settings(max_examples=150, deadline=None)
@given(
    words=st.text(alphabet="aeéE ", min_size=1, max_size=8),
    text=st.lists(st.text(alphabet="aeéÉœ_.", min_size=1, max_size=90), max_size=30).map(" ".join),
)
def test_a_piece_is_a_part_of_the_text_with_the_words_marked_that_are_found_in_it(words, text):
    asked = query(words)
    if asked:
        piece = str(Marker(asked).snippet(text))
        assert piece == str(Slow(asked).snippet(text))
        bare = piece.replace("<mark>", "").replace("</mark>", "")
        shown = bare.removeprefix("… ").removesuffix(" …")
        assert shown in text
        assert "<mark>" in piece or "<mark>" not in str(Marker(asked).mark(text))


class TestSnippet:
    def test_is_cut_around_the_first_word(self):
        text = "avant " * 100 + "tilleul " + "après " * 100
        piece = str(marker("tilleul").snippet(text))
        assert piece.startswith("… avant ")
        assert piece.endswith(" après …")
        assert "<mark>tilleul</mark>" in piece
        assert len(piece) < LENGTH + 40

    def test_is_the_beginning_where_the_words_are_elsewhere(self):
        assert str(marker("chêne").snippet("un  deux\n\ntrois")) == "un deux trois"

    def test_a_word_without_end_is_cut(self):
        piece = str(marker("chêne").snippet("a" * 10_000))
        assert len(piece) <= LENGTH + 2
        assert "<mark>" in str(marker("b").snippet("a" * 500 + " b" + "c" * 500 + " b"))

    def test_is_the_beginning_where_nothing_is_looked_for(self):
        assert Marker(query("")).snippet("Le tilleul <penche>.") == "Le tilleul &lt;penche&gt;."

    def test_is_empty_for_nothing(self):
        assert str(marker("chêne").snippet("")) == ""
