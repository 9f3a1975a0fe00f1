"""Former versions: kept, compared, restored, erased, and destroyed when they are old."""

from time import perf_counter

from hypothesis import given, settings
from hypothesis import strategies as st

from communicate.testing.kit import form_with
from communicate_articles.comparing import Piece, compare


def versions(place, number):
    return place.state(number, lambda article: list(article.versions))


class TestKept:
    def test_only_other_words_make_a_version(self, place):
        number = place.article(text="Un.")
        place.change(number, "Un.")
        assert versions(place, number) == []
        place.change(number, "Deux.")
        assert len(versions(place, number)) == 1

    def test_they_are_compared_with_what_took_their_place(self, place):
        number = place.article(text="Le volet grince.")
        place.change(number, "Le volet ne grince plus.")
        place.change(number, "Le volet chante.")
        path = place.path(number)
        first, second = place.browser("ines").get(f"{path}/versions").html.select("li a.btn")[::-1]
        page = place.browser("ines").get(first["href"])
        assert "ne " in "".join(tag.text for tag in page.html.select("ins"))
        page = place.browser("ines").get(second["href"])
        assert "chante" in "".join(tag.text for tag in page.html.select("ins"))
        assert "grince" in "".join(tag.text for tag in page.html.select("del"))

    def test_one_is_restored_as_a_draft(self, place):
        number = place.article(text="Avant.")
        place.change(number, "Après.")
        path = place.path(number)
        form = form_with(place.browser("ines").get(f"{path}/versions"), "version")
        page = form.submit("act", value="restore").follow()
        assert form_with(page, "text")["text"].value == "Avant."
        assert "Après." in place.browser("paul").get(path)

    def test_one_or_all_are_erased(self, place):
        number = place.article(text="Un.")
        for text in ("Deux.", "Trois.", "Quatre."):
            place.change(number, text)
        path = f"{place.path(number)}/versions"
        form_with(place.browser("ines").get(path), "version").submit("act", value="erase")
        assert len(versions(place, number)) == 2
        page = place.browser("ines").get(path)
        form = next(f for f in page.forms.values() if "erase-all" in f.text)
        form.submit("act", value="erase-all")
        assert versions(place, number) == []

    def test_what_is_not_asked_for_rightly_is_refused(self, place):
        number = place.article(text="Un.")
        place.change(number, "Deux.")
        path = f"{place.path(number)}/versions"
        browser = place.browser("ines")
        browser.get(f"{path}?version=x", status=400)
        browser.get(f"{path}?version={'0' * 13}", status=404)
        token = form_with(browser.get(path), "csrf_token")["csrf_token"].value
        browser.post(path, {"csrf_token": token, "act": "erase"}, status=400)
        browser.post(path, {"csrf_token": token, "act": "erase", "version": "é"}, status=400)
        gone = {"csrf_token": token, "act": "erase", "version": "0" * 13}
        browser.post(path, gone, status=404)
        kept = browser.get(path).html.select_one("input[name=version]")["value"]
        browser.post(path, {"csrf_token": token, "act": "burn", "version": kept}, status=400)

    def test_many_are_shown_by_pages(self, place, monkeypatch):
        monkeypatch.setattr("communicate_articles.views.versions.SIZE", 2)
        number = place.article(text="Un.")
        for text in ("Deux.", "Trois.", "Quatre."):
            place.change(number, text)
        first = place.browser("ines").get(f"{place.path(number)}/versions")
        second = first.click(description="Next page")
        assert [len(page.html.select("li form")) for page in (first, second)] == [2, 1]
        compared = second.click(description="Compare")
        assert len(compared.html.select("li form")) == 1
        assert compared.html.select("del")
        assert len(second.click(description="Previous page").html.select("li form")) == 2

    def test_old_ones_are_destroyed(self, make_place):
        place = make_place(**{"articles.keep_versions": 30})
        number = place.article(text="Un.")
        place.change(number, "Deux.")
        place.later(days=20)
        place.change(number, "Trois.")
        place.later(days=11)
        assert len(versions(place, number)) == 1
        assert len(place.do(lambda request, _s: request.site["articles"].versions)) == 1


WORDS = st.lists(st.sampled_from(["un ", "deux ", "trois\n", "\n", "été", "!"]), max_size=40)


class TestCompare:
    @given(WORDS, WORDS)
    @settings(max_examples=80, deadline=None)
    def test_both_texts_can_be_read_out_of_what_is_shown(self, old, new):
        before, after = "".join(old), "".join(new)
        pieces = compare(before, after)
        if not any(piece.kind == "skipped" for piece in pieces):
            assert "".join(p.text for p in pieces if p.kind != "removed") == after
            assert "".join(p.text for p in pieces if p.kind != "added") == before

    def test_a_long_run_of_the_same_is_skipped(self):
        same = "".join(f"ligne {n}\n" for n in range(50))
        pieces = compare(f"a\n{same}", f"b\n{same}")
        assert [piece.kind for piece in pieces] == ["removed", "added", "same", "skipped"] or (
            {"removed", "added", "same", "skipped"} == {piece.kind for piece in pieces}
        )
        assert len("".join(piece.text for piece in pieces)) < 60

    def test_no_more_words_are_compared_than_take_a_moment(self):
        words = " ".join("ab" * 300)
        old = "".join(f"{words}\n= {n}\n" for n in range(40))
        new = "".join(f"{words[::-1]}\n= {n}\n" for n in range(40))
        pieces = compare(old, new)
        assert "".join(p.text for p in pieces if p.kind != "removed") == new
        assert pieces[0].text != f"{words}\n"  # word by word at first,
        assert Piece("removed", f"{words}\n") in pieces  # and whole later on

    def test_two_long_texts_take_a_moment(self):
        old = "".join(f"{n % 97} mots\n" for n in range(9_000))
        new = "".join(f"{n % 89} mots\n" for n in range(9_000))
        begun = perf_counter()
        compare(old, new)
        compare("x " * 45_000, "y " * 45_000)
        assert perf_counter() - begun < 2
