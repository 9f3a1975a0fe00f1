"""Threads as programs want them (RFC 5256): who answers whom, whatever headers claim."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communicate_email.imap.subjects import Subject, subject_of
from communicate_email.imap.threads import Letter, threads, written


def threaded(*letters):
    """Return how messages are told: each (Message-ID, what it refers to, subject, date)."""
    return written(
        threads(
            Letter(number, own, references.split(), date, subject_of(subject))
            for number, (own, references, subject, date) in enumerate(letters, 1)
        )
    ).decode()


def one(own="", references="", subject="", date=0):
    return own, references, subject, date


class TestSubjects:
    @pytest.mark.parametrize(
        ("text", "base", "is_reply"),
        [
            ("Zinnias", "ZINNIAS", False),
            ("Re: Zinnias", "ZINNIAS", True),
            ("RE[2] : re : [list] fwd: Zinnias (fwd) (FWD) ", "ZINNIAS", True),
            ("[list] Zinnias", "ZINNIAS", False),
            ("[a] [b] re: Zinnias", "ZINNIAS", True),
            ("[a][b]", "[B]", False),
            ("[list] (fwd)", "[LIST]", True),
            ("[Fwd: [list] Re: Zinnias]", "ZINNIAS", True),
            ("fw: [fwd: [fwd: Zinnias]]", "ZINNIAS", True),
            ("Re:", "", True),
            ("", "", False),
            ("Reply: Zinnias", "REPLY: ZINNIAS", False),
            ("Été \t à  Évora", "E\u0301TE\u0301 A\u0300 E\u0301VORA", False),
        ],
    )
    def test_what_a_message_is_about(self, text, base, is_reply):
        assert subject_of(text) == Subject(base, is_reply)

    @pytest.mark.parametrize("text", ["[a]", "[a] ", "(fwd)", "[fwd:", "re: ", "re", "(", "] "])
    def test_no_subject_takes_long(self, text):
        begin = time.process_time()
        subject_of(text * 5_000 + "]" * 5_000)
        assert time.process_time() - begin < 1

    @given(
        st.lists(st.sampled_from(["re", "fwd", ":", "[", "]", "(fwd)", "[fwd:", "x", " "])).map(
            "".join
        )
    )
    def test_nothing_is_left_to_be_taken_away(self, text):
        base = subject_of(text).base
        assert subject_of(base) == Subject(base, is_reply=False)


class TestThreads:
    def test_as_the_standard_writes_them(self):
        told = threaded(
            one("a", date=9),
            one("b", date=1),
            one("c", date=2),
            one("d", "c f", date=3),
            one("e", "b", date=4),
            one("f", "c", date=3),
            one("g", "c f e2", date=7),
        )
        assert told == "(2 5)(3 6 (4)(7))(1)"

    def test_nothing_makes_nothing(self):
        assert threaded() == ""

    def test_answers_to_what_is_not_there_stay_together(self):
        assert threaded(one("a", "gone", date=2), one("b", "gone", date=1)) == "((2)(1))"
        assert threaded(one("a", "gone older")) == "(1)"
        assert threaded(one("a", "gone"), one("b", "gone other"), one("c", "gone a")) == (
            "((1 3)(2))"
        )

    def test_an_answer_may_be_there_first(self):
        assert threaded(one("b", "a", date=2), one("a", date=1)) == "(2 1)"

    def test_one_subject_is_one_thread(self):
        assert threaded(one("a", "", "Ail"), one("b", "", "Re: Ail", 1)) == "(1 2)"
        assert threaded(one("a", "", "Re: Ail"), one("b", "", "Ail", 1)) == "(2 1)"
        assert threaded(one("a", "", "Ail"), one("b", "", "ail", 1)) == "((1)(2))"
        assert threaded(one("a", "", "Ail"), one("b", "", "Oignons", 1)) == "(1)(2)"
        assert threaded(one("a"), one("b")) == "(1)(2)"

    def test_dummies_of_one_subject_are_one(self):
        told = threaded(
            one("a", "x", "Ail", 1),
            one("b", "x", "Ail", 2),
            one("c", "y", "Re: Ail", 3),
            one("d", "y", "Re: Ail", 4),
            one("e", "", "Ail", 5),
        )
        assert told == "((1)(2)(3)(4)(5))"

    def test_two_of_one_message_id_are_two(self):
        assert threaded(one("a"), one("a", date=1), one("b", "a", date=2)) == "(1 3)(2)"

    def test_nobody_is_above_oneself(self):
        assert threaded(one("a", "a")) == "(1)"
        assert threaded(one("a", "b"), one("b", "a", date=1)) == "(2 1)"
        assert threaded(one("a", "b c"), one("b", "c a"), one("c", "a b")) in (
            "(1 2 3)", "(2 3 1)", "(3 1 2)", "(3 2 1)", "(1 3 2)", "(2 1 3)"
        )  # fmt: skip

    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["", *"abcdef"]),
                st.lists(st.sampled_from("abcdefxyz"), max_size=4).map(" ".join),
                st.sampled_from(["", "Ail", "Re: Ail", "Oignons", "[l] Fwd: Oignons"]),
                st.integers(0, 3),
            ),
            max_size=12,
        )
    )
    def test_each_message_is_told_once_whatever_it_claims(self, letters):
        told = threaded(*letters)
        numbers = told.replace("(", " ").replace(")", " ").split()
        assert sorted(map(int, numbers)) == list(range(1, len(letters) + 1))
        assert told.count("(") == told.count(")")

    @pytest.mark.parametrize("backwards", [False, True])
    def test_ten_thousand_that_answer_each_other_take_no_time(self, backwards):
        numbers = range(10_000, 0, -1) if backwards else range(1, 10_001)
        letters = [one(f"m{at}", f"m{at - 1}" if at > 1 else "", date=at) for at in numbers]
        begin = time.process_time()
        told = threaded(*letters)
        assert time.process_time() - begin < 5
        assert told == "(" + " ".join(map(str, numbers)) + ")"

    def test_looking_for_loops_has_an_end(self):
        chain = [one(f"m{at}", f"m{at - 1}", date=at) for at in range(1, 20_000)]
        knots = [
            each
            for at in range(20_000)
            for each in (one(f"l{at}", f"k{at}"), one(f"k{at}", "m19999"))
        ]
        begin = time.process_time()
        threaded(*chain, *knots)
        assert time.process_time() - begin < 10
