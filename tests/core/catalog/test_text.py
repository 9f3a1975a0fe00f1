import pytest
from hypothesis import given
from hypothesis import strategies as st

from communicate.catalog.text import (
    MAX_ASKED,
    MAX_STORED,
    MAX_WORD,
    Query,
    fold,
    query,
    sort_key,
    stored_words,
    words,
)


class TestFold:
    @pytest.mark.parametrize(
        ("text", "folded"),
        [
            ("ÉTÉ", "ete"),
            ("Œuvre", "oeuvre"),
            ("Straße", "strasse"),
            ("Ægir Øst Łódź Đà þing", "aegir ost lodz da thing"),
            ("ﬁn", "fin"),
            ("İstanbul \N{LATIN SMALL LETTER DOTLESS I}si", "istanbul isi"),
            ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
            ("℡ Ⅻ", "tel xii"),
        ],
    )
    def test_marks_and_case_are_gone(self, text, folded):
        assert fold(text) == folded

    @given(st.text())
    def test_folding_again_changes_nothing(self, text):
        assert fold(fold(text)) == fold(text)

    @given(st.text())
    def test_composed_and_decomposed_text_fold_alike(self, text):
        import unicodedata

        assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


class TestWords:
    def test_an_apostrophe_ends_a_word(self):
        assert words("L'été d'Anaïs") == ["l", "ete", "d", "anais"]

    def test_punctuation_and_underscores_separate(self):
        assert words("un_deux: trois/quatre\x00cinq") == ["un", "deux", "trois", "quatre", "cinq"]

    def test_a_long_word_is_cut(self):
        assert words("a" * 500) == ["a" * MAX_WORD]

    def test_the_order_of_stored_words_tells_nothing(self):
        assert stored_words("rendez-vous demain, rendez-vous") == ["demain", "rendez", "vous"]

    def test_stored_words_fit_the_engines(self):
        kept = stored_words(" ".join(f"mot{number}" for number in range(200_000)))
        assert sum(len(word.encode()) + 1 for word in kept) <= MAX_STORED
        assert len(kept) > 30_000

    @given(st.text())
    def test_a_stored_word_is_letters_and_digits_only(self, text):
        assert all(word.isalnum() for word in stored_words(text))


class TestSortKey:
    def test_case_and_accents_do_not_count(self):
        titles = ["Zèbre", "étude", "Abricot", "ÉCLAIR"]
        assert sorted(titles, key=sort_key) == ["Abricot", "ÉCLAIR", "étude", "Zèbre"]

    def test_it_is_short(self):
        assert len(sort_key("mot " * 500)) <= 80


class TestQuery:
    def test_a_last_word_still_being_typed_is_a_prefix(self):
        assert query("Tilleul pen") == Query(("tilleul",), "pen")

    def test_a_finished_word_is_not(self):
        assert query("tilleul ") == Query(("tilleul",))
        assert query("tilleul?") == Query(("tilleul",))

    def test_a_short_word_is_not(self):
        assert query("ab") == Query(("ab",))

    def test_punctuation_alone_asks_nothing(self):
        assert not query('"*:() -')
        assert not query("")

    def test_only_so_many_words_count(self):
        asked = query(" ".join(f"mot{number}" for number in range(100)))
        assert len(asked.words) + 1 == MAX_ASKED

    def test_all_words_must_be_there(self):
        stored = {"le", "tilleul", "penche"}
        assert query("tilleul pen").matches(stored)
        assert not query("tilleul chene ").matches(stored)
        assert not query("").matches(stored)
