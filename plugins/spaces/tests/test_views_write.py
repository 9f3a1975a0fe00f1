import re

import pytest

from communicate.ids import decode, encode
from communicate.testing.kit import form_with
from communicate_spaces.places import SIZE

from .conftest import on_page

WALL = "/members/olga/comments"


def ids(page):
    """Return the ids of the comments on *page*, in order."""
    return [decode(one) for one in re.findall(r'<article class="post[^"]*" id="(\w+)"', page.text)]


def last(answer):
    """Return the id after the hash of where *answer* leads."""
    return decode(answer.location.rpartition("#")[2])


class TestOpening:
    def test_nobody_comments_before_the_owner_opens_it(self, place):
        assert place.status("colin", WALL) == 404
        form = form_with(place.browser("olga").get("/account/comments"), "readers")
        assert [form["readers"].value, form["who"].value] == ["private", "private"]

    def test_opening_shows_the_comments_in_the_space(self, place):
        page = place.browser("olga").get("/account/comments")
        form = form_with(page, "readers")
        form["readers"], form["who"] = "members", "contacts"
        form.submit("save", status=303)
        assert place.shows("colin", "/members/olga", 'id="comment"')
        assert place.shows("marie", "/members/olga", 'id="comments"')
        assert not place.shows("marie", "/members/olga", 'id="comment"')
        assert not place.shows(None, "/members/olga", 'id="comments"')


class TestCommenting:
    def test_a_member_comments_and_others_read(self, place):
        place.open()
        answer = place.write("marie", WALL, "Bravo pour **tout**.")
        page = place.browser("colin").get(answer.location)
        assert "<strong>tout</strong>" in page.text
        assert last(answer) in ids(page)

    def test_words_are_given_back_where_they_cannot_be_used(self, place):
        place.open()
        page = place.write("marie", WALL, "  ", status=400)
        assert "This is needed" in page.text
        long = "a" * 6000
        page = place.write("marie", WALL, long, status=400)
        assert long in page.text

    def test_a_preview_keeps_nothing(self, place):
        place.open()
        page = place.write("marie", WALL, "Un *aperçu*", button="preview", status=200)
        assert "<em>aperçu</em>" in page.text
        assert not place.shows("olga", WALL, "aperçu")

    def test_on_a_part_of_a_space(self, place):
        place.open()
        element = place.element(value="La vannerie")
        assert place.shows("marie", "/members/olga", f'href="{on_page(element)}"')
        answer = place.write("marie", on_page(element), "J’en fais aussi.")
        assert answer.location.startswith(on_page(element))
        assert place.shows("colin", "/members/olga", "1 comment")
        assert place.shows("colin", on_page(element), "J’en fais aussi.")
        assert place.shows("colin", on_page(element), "La vannerie")

    @pytest.mark.parametrize("bad", ["", "?on=zzz", f"?on={encode(7)}", "?on=1&on=2"])
    def test_an_address_of_nothing_is_not_found(self, place, bad):
        status = 404 if bad in ("", f"?on={encode(7)}") else 400
        place.click("marie", f"/comments/write{bad}", body="x", status=status)

    @pytest.mark.parametrize("bad", ["", "/x", f"/{encode(7)}"])
    def test_so_is_a_page_of_nothing(self, place, bad):
        place.browser("marie").get(f"/comments/on{bad}", status=404)

    def test_a_stranger_is_asked_to_sign_in(self, place):
        place.open("public")
        page = place.browser().get(WALL)
        assert "Sign in to comment" in page.text
        place.browser().post(f"{WALL}/write", {"body": "x"}, status=400)  # no token

    def test_the_same_form_sent_twice_comments_once(self, place):
        place.open()
        page = place.browser("marie").get(WALL)
        form = form_with(page, "body")
        form["body"] = "Une seule fois, s’il vous plaît"
        first, second = form.submit("post"), form.submit("post")
        assert first.location == second.location
        assert place.browser("olga").get(WALL).text.count("Une seule fois") == 1


class TestReplies:
    def test_stand_below_one_level_deep(self, place):
        place.open()
        top = place.comment("marie", "Question")
        answer = place.write("colin", f"{place.path(top)}/reply", "Réponse")
        reply = last(answer)
        page = place.browser("olga").get(f"{place.path(reply)}/reply")
        form = form_with(page, "body")
        assert form["body"].value == "@colin "
        form["body"] = "@colin merci"
        again = last(form.submit("post"))
        assert place.path(again).startswith(place.path(top))
        shown = ids(place.browser("marie").get(place.path(top)).follow())
        assert [one for one in shown if one in (top, reply, again)] == [top, reply, again]

    def test_beyond_the_first_have_a_page(self, place):
        place.open()
        top = place.comment("marie", "Question")
        replies = [place.comment("colin", f"Réponse {n}", to=top) for n in range(8)]
        page = place.browser("olga").get(place.path(top)).follow()
        assert f"{place.path(top)}/replies" in page.text
        assert replies[4] in ids(page)
        assert replies[5] not in ids(page)
        whole = place.browser("olga").get(place.path(replies[7])).follow()
        assert replies[7] in ids(whole)

    def test_keep_the_place_of_what_they_answer(self, place):
        place.open()
        top = place.comment("marie", "Une question fanée")
        reply = place.comment("colin", "Une réponse vive", to=top)
        place.act(top, "delete", place.uids["marie"])
        place.later(seconds=11)
        page = place.browser("olga").get(WALL)
        assert "Comment deleted" in page.text
        assert "Une réponse vive" in page.text
        place.act(reply, "destroy")
        assert not place.shows("olga", WALL, encode(top))


class TestEditing:
    def test_marks_the_comment(self, place):
        place.open()
        number = place.comment("marie", "Avant")
        place.write("marie", f"{place.path(number)}/edit", "Après")
        page = place.browser("olga").get(place.path(number)).follow()
        assert "Après" in page.text
        assert ">edited<" in page.text

    def test_ends_after_an_hour(self, place):
        place.open()
        number = place.comment("marie", "Avant")
        path = f"{place.path(number)}/edit"
        assert place.shows("marie", WALL, path)
        place.later(minutes=61)
        assert not place.shows("marie", WALL, path)
        form = form_with(place.browser("marie").get(path).follow(), "body")
        assert form["body"].value == ""
        assert place.shows("marie", WALL, "Avant")

    def test_is_nobody_elses(self, place):
        place.open()
        path = f"{place.path(place.comment('marie'))}/edit"
        for login in ("olga", "colin", "moira"):
            assert place.status(login, path) in (403, 404)

    def test_what_comes_after_approval_waits_again(self, place):
        place.open(approval=True)
        number = place.comment("marie", "Aimable")
        place.click("olga", f"{place.path(number)}/approve")
        assert place.shows("colin", WALL, "Aimable")
        place.write("marie", f"{place.path(number)}/edit", "Moins aimable")
        assert not place.shows("colin", WALL, "aimable")
        seen = place.state(number, lambda comment: comment.edited)
        place.click("olga", f"{place.path(number)}/approve", changed=str(seen))
        assert place.shows("colin", WALL, "Moins aimable")
        assert place.shows("colin", WALL, "1 comment<")


class TestPages:
    def test_cost_what_they_show(self, place):
        place.open(owner="colin")
        wall = "/members/colin/comments"
        numbers = [place.comment("marie", f"N{n}", owner="colin") for n in range(SIZE + 3)]
        first = place.browser("olga").get(wall)
        assert ids(first) == numbers[:SIZE]
        path = re.search(r'href="([^"]*after=[^"#]*)', first.text)[1]
        assert ids(place.browser("olga").get(path)) == numbers[SIZE:]
        lead = place.browser("olga").get(place.path(numbers[-1]))
        assert lead.location.endswith(f"#{encode(numbers[-1])}")
        assert numbers[-1] in ids(lead.follow())
        space = place.browser("olga").get("/members/colin")
        assert ids(space) == []  # its owner does not show the block
        place.browser("olga").get(f"{wall}?after=x", status=400)


class TestHead:
    def test_says_what_the_form_does(self, place):
        """It brings nothing, so nothing is read of it as if a form had been sent."""
        place.open()
        path = place.path(place.comment("marie"))
        for login, view in (("marie", "edit"), ("colin", "reply")):
            place.browser(login).head(f"{path}/{view}", status=200)
