import pytest

from communicate.ids import encode, new_id
from communicate.web.slugs import LONGEST, named, slug


class TestSlug:
    @pytest.mark.parametrize(
        ("title", "words"),
        [
            ("Le volet grince", "le-volet-grince"),
            ("L’été à Nîmes, déjà ?", "l-ete-a-nimes-deja"),
            ("Œuvre & Straße", "oeuvre-strasse"),
            ("  --- ", ""),
            ("日本", ""),
            ("../../etc", "etc"),
        ],
    )
    def test_is_lower_case_ascii_words(self, title, words):
        assert slug(title) == words

    def test_ends_at_a_whole_word(self):
        words = slug("parapluie " * 12)
        assert len(words) <= LONGEST
        assert set(words.split("-")) == {"parapluie"}

    def test_one_very_long_word_is_cut(self):
        assert slug("x" * 100) == "x" * LONGEST

    def test_a_title_without_words_or_without_a_title_leaves_the_id(self):
        number = new_id()
        assert named(number, None) == named(number, "…") == encode(number)
