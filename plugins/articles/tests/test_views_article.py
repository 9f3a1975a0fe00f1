"""The page of an article: what it shows to whom, and what its author can do there."""

import pytest

from communicate.audience import CONTACTS, MEMBERS, PRIVATE, PUBLIC
from communicate.interfaces import IContacts
from communicate.testing.freed import left_by

LONG = "\n\n".join(f"## Partie {n}\n\nDes mots[^{n}].\n\n[^{n}]: Une note." for n in range(1, 4))
CODE = "```python\ndef f(x):\n    return 1\n```"


class TestShown:
    def test_a_long_text_has_contents_footnotes_and_code_in_colours(self, place):
        path = place.path(place.article(PUBLIC, title="Long", text=f"{LONG}\n\n{CODE}"))
        page = place.browser().get(path)
        assert [link["href"] for link in page.html.select("aside a")] == [
            "#t-partie-1",
            "#t-partie-2",
            "#t-partie-3",
        ]
        assert len(page.html.select("section[role=doc-endnotes] li")) == 3
        assert page.html.select_one("code .c-k").text == "def"

    def test_every_link_within_the_page_leads_somewhere(self, place):
        page = place.browser().get(place.path(place.article(PUBLIC, text=f"{LONG}\n\n[^9] x")))
        targets = {tag["id"] for tag in page.html.select("[id]")}
        links = [tag["href"][1:] for tag in page.html.select("main a[href^='#']")]
        assert links
        assert set(links) <= targets
        ids = [tag["id"] for tag in page.html.select("[id]")]
        assert len(ids) == len(set(ids))

    def test_it_says_its_language(self, place):
        path = place.path(place.article(PUBLIC, language="ar", title="سلام", text="سلام"))
        shown = place.browser().get(path).html.select_one(".long")
        assert (shown["lang"], shown["dir"]) == ("ar", "rtl")

    def test_an_address_needs_the_id_only(self, place):
        path = place.path(place.article(PUBLIC))
        shelf, _slash, name = path.rpartition("/")
        assert place.status(None, f"{shelf}/{name[:13]}") == 200
        assert place.status(None, f"{shelf}/{name[:13]}-an-older-title") == 200
        for wrong in ("x", name[:12], f"{name[:13]}x", "0" * 13):
            assert place.status("paul", f"{shelf}/{wrong}") == 404

    def test_a_page_stores_nothing(self, place):
        path = place.path(place.article(PUBLIC))
        place.browser("paul").get(path)
        before = place.stored
        place.browser("paul").get(path)
        place.browser().get(path)
        assert place.stored == before

    def test_another_renderer_makes_the_page_anew_once(self, place):
        number = place.article(PUBLIC, text="Des *mots*.")
        place.state(number, lambda article: setattr(article, "made_by", "older"))
        path = place.path(number)
        assert "<em>mots</em>" in place.browser().get(path)
        before = place.stored
        place.browser().get(path)
        assert place.stored == before


class TestAudience:
    @pytest.mark.parametrize(
        ("audience", "sees"),
        [
            (PRIVATE, {"ines"}),
            (CONTACTS, {"ines"}),
            (MEMBERS, {"ines", "paul", "moira", "oscar"}),
            (PUBLIC, {"ines", "paul", "moira", "oscar", None}),
        ],
    )
    def test_who_reads_it(self, place, audience, sees):
        path = place.path(place.article(audience))
        people = ("ines", "paul", "moira", "oscar", None)
        assert {who for who in people if place.status(who, path) == 200} == sees

    def test_narrowing_closes_the_page_and_the_search_at_once(self, place):
        number = place.article(PUBLIC, text="Un tamarinier.")
        path = place.path(number)
        assert place.found("paul", "tamarinier") == {number}
        place.choose(number, place.only("oscar"))
        assert place.status("paul", path) == 404
        assert place.status("oscar", path) == 200
        assert place.found("paul", "tamarinier") == set()
        place.house.run_jobs()
        assert place.found("paul", "tamarinier") == set()

    def test_whom_the_author_blocks_reads_nothing(self, place):
        path = place.path(place.article(MEMBERS))
        ines, moira = place.uids["ines"], place.uids["moira"]
        place.do(lambda request, _s: request.find_service(IContacts).block(ines, moira))
        assert place.status("moira", path) == 404
        place.do(lambda request, _s: request.find_service(IContacts).unblock(ines, moira))
        assert place.status("moira", path) == 200

    def test_others_do_nothing_with_it(self, place):
        path = place.path(place.article(PUBLIC))
        for name in ("edit", "publish", "versions", "translations", "draft", "audience"):
            assert place.status("paul", f"{path}/{name}") == 404
        for name in ("delete", "undo", "discard", "hold", "versions", "unlink", "show"):
            place.click("paul", f"{path}/{name}", status=404)


class TestDelete:
    def test_it_is_hidden_at_once_can_be_taken_back_and_is_then_gone(self, place):
        number = place.article(PUBLIC, text="Un baobab.")
        path = place.path(number)
        place.change(number, "Un baobab rouge.")
        answer = place.click("ines", f"{path}/delete")
        assert "Article deleted." in answer.follow()
        assert place.status("paul", path) == 404
        assert place.found("paul", "baobab") == set()
        place.click("ines", f"{path}/undo")
        assert place.status("paul", path) == 200
        assert place.found("paul", "baobab") == {number}
        place.click("ines", f"{path}/delete")
        place.later(seconds=11)
        assert place.status("ines", path) == 404
        assert place.state(number, lambda article: article) is None
        left = place.do(lambda request, _s: dict(request.site["articles"].versions))
        assert number not in left.values()

    def test_taking_back_and_deleting_again_starts_the_ten_seconds_anew(self, place):
        number = place.article()
        for act in ("delete", "undo"):
            place.remove(number, act)
        place.later(seconds=11)
        assert place.state(number, lambda article: article.is_out)


class TestHidden:
    def test_its_author_reads_why_moderators_show_it_again(self, place):
        number = place.article(PUBLIC, text="Une colère.")
        path = place.path(number)
        place.remove(number, "set_hidden", True, "Trop vif.")
        assert "Trop vif." in place.browser("ines").get(path)
        assert place.status("moira", path) == 200
        assert place.status("paul", path) == 404
        assert place.status("oscar", path) == 404
        assert place.found("ines", "colère") == set()
        place.click("moira", f"{path}/show")
        assert place.status("paul", path) == 200
        assert place.state(number, lambda article: article.reason) is None


class TestDrafts:
    def test_what_one_is_writing_is_listed_for_oneself(self, make_place):
        place = make_place()
        place.begin(title="Un brouillon")
        number = place.article(title="Dehors")
        assert "Un brouillon" in place.browser("ines").get("/articles/drafts")
        assert "Dehors" not in place.browser("ines").get("/articles/drafts")
        assert "Un brouillon" in place.browser("ines").get("/")
        assert "Un brouillon" not in place.browser("paul").get("/articles/drafts")
        assert "You have no draft" in place.browser("paul").get("/articles/drafts")
        place.do(
            lambda _r, service: service.save(
                service.find(number), service.written(service.find(number))
            )
        )
        assert "not published" in place.browser("ines").get("/articles/drafts")


def test_the_page_is_let_go_of_at_once(place):
    path = place.path(place.article(PUBLIC, text=f"{LONG}\n\n{CODE}"))
    reader = place.browser("paul")
    assert left_by(place.house, lambda: reader.get(path)) == []
