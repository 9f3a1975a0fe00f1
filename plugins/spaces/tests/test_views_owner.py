import pytest

from communicate.ids import encode
from communicate.testing.kit import form_with

WALL = "/members/olga/comments"
WAITING = f"{WALL}/waiting"


@pytest.fixture
def waiting(place):
    """Return the place, in which olga reads comments first."""
    place.open(approval=True)
    return place


class TestApproval:
    def test_its_author_and_the_owner_see_what_waits(self, waiting):
        answer = waiting.write("marie", WALL, "Un lilas")
        assert "waits" in answer.follow().text
        assert waiting.shows("marie", WALL, "Un lilas")
        assert waiting.shows("olga", WALL, "Un lilas")
        assert waiting.shows("olga", WAITING, "Un lilas")
        for login in ("colin", "moira", None):
            assert not waiting.shows(login, WALL, "Un lilas")
        assert waiting.status("colin", WAITING) == 404

    def test_the_home_page_says_how_many(self, place):
        place.open(approval=True)
        place.comment("marie")
        place.comment("colin")
        assert place.shows("olga", "/", "2 comments wait for your approval")
        assert not place.shows("colin", "/", "wait for your approval")

    def test_approving_shows_it_and_tells_its_author(self, place):
        place.open(approval=True)
        number = place.comment("marie", "Un lilas")
        assert place.unread("olga") == 1
        place.click("olga", f"{place.path(number)}/approve", back=WAITING)
        assert place.shows("colin", WALL, "Un lilas")
        assert place.unread("marie") == 1
        notice = place.browser("marie").get("/notices")
        assert "shows your comment" in notice.text
        assert "lilas" not in notice.text
        assert not place.shows("olga", "/", "wait for your approval")

    def test_refusing_is_deleting_and_can_be_taken_back(self, place):
        place.open(approval=True)
        number = place.comment("marie", "Un chardon")
        answer = place.click("olga", f"{place.path(number)}/delete", back=WAITING)
        assert f"deleted={encode(number)}" in answer.location
        page = answer.follow()
        assert "chardon" not in page.text
        assert f"{place.path(number)}/undo" in page.text
        place.click("olga", f"{place.path(number)}/undo", back=WAITING)
        assert place.shows("olga", WAITING, "chardon")
        place.click("olga", f"{place.path(number)}/delete", back=WAITING)
        place.later(seconds=11)
        assert place.unread("marie") == 0
        assert not place.shows("marie", WALL, "chardon")
        assert not place.shows("olga", "/", "wait for your approval")

    def test_others_approve_nothing(self, waiting):
        number = waiting.comment("marie")
        for login in ("marie", "colin", "moira"):
            assert waiting.click(
                login, f"{waiting.path(number)}/approve", status="*"
            ).status_int in (
                403,
                404,
            )

    def test_the_owner_waits_for_nobody(self, waiting):
        number = waiting.comment("olga", "Bienvenue à tous")
        assert waiting.shows("colin", WALL, "Bienvenue à tous")
        assert not waiting.state(number, lambda comment: comment.waits)


class TestDeleting:
    def test_hides_at_once_and_can_be_undone(self, place):
        place.open()
        number = place.comment("marie", "Un regret")
        answer = place.click("marie", f"{place.path(number)}/delete", back=WALL)
        page = answer.follow()
        assert "Un regret" not in page.text
        assert "Comment deleted." in page.text
        for login in ("olga", "moira", "colin"):
            assert place.status(login, place.path(number)) == 404
        place.click("marie", f"{place.path(number)}/undo", back=WALL)
        assert place.shows("olga", WALL, "Un regret")

    def test_leaves_nothing_after_ten_seconds(self, place):
        place.open()
        path = place.path(place.comment("marie", "Un regret"))
        place.click("olga", f"{path}/delete")
        place.later(seconds=11)
        assert place.status("marie", path) == 404
        assert place.found("marie", "regret") == set()
        assert place.shows("olga", WALL, ">Comments<")

    def test_blocking_the_author_from_the_comment(self, place):
        place.open()
        place.comment("bela", "Une méchanceté")
        page = place.browser("olga").get(WALL)
        form = next(one for one in page.forms.values() if one.action == "/contacts")
        answer = form.submit("act", value="block")
        assert "is blocked" in answer.follow().text
        assert not place.shows("colin", WALL, "méchanceté")
        assert place.status("bela", WALL) == 404


class TestRules:
    def test_of_one_thing_are_set_beside_its_comments(self, place):
        place.open("members", "private")
        element = place.element()
        address = f"/account/comments/{encode(element)}"
        assert place.shows("olga", f"/comments/on/{encode(element)}", address)
        page = place.browser("olga").get(address)
        form = form_with(page, "rules")
        form["rules"], form["who"], form["approval"] = "own", "members", True
        form.submit("save", status=303)
        number = place.comment("marie", on=element)
        assert place.state(number, lambda comment: comment.waits)
        for login in ("marie", "moira"):
            assert place.status(login, address) == 404

    @pytest.mark.parametrize("name", ["x", encode(5)])
    def test_of_nothing_are_not_found(self, place, name):
        place.browser("olga").get(f"/account/comments/{name}", status=404)

    def test_that_nobody_offers_are_refused(self, place):
        page = place.browser("olga").get("/account/comments")
        form = form_with(page, "readers")
        form["who"].force_value("public")
        assert form.submit("save", status=400)


class TestModerators:
    def test_hide_with_a_reason_that_the_author_reads(self, place):
        place.open()
        number = place.comment("marie", "Un gros mot")
        path = place.path(number)
        page = place.browser("moira").get(f"{path}/hide")
        form = form_with(page, "reason")
        form["reason"] = "Soyez courtois"
        form.submit("hide", status=303)
        assert not place.shows("colin", WALL, "gros mot")
        assert place.shows("moira", WALL, "gros mot")
        assert place.unread("marie") == 1
        assert place.shows("marie", f"{path}/reason", "Soyez courtois")
        assert place.status("colin", f"{path}/reason") == 404
        place.click("moira", f"{path}/moderate", act="show")
        assert place.shows("colin", WALL, "gros mot")

    def test_act_on_nothing_narrow(self, place):
        place.open("contacts", "contacts")
        number = place.comment("colin", "Entre nous")
        assert place.status("moira", place.path(number)) == 404
        assert place.status("moira", f"{place.path(number)}/hide") == 404

    def test_everybody_else_reports(self, place):
        place.open()
        number = place.comment("marie", "Douteux")
        address = f"/report/spaces.comment/{encode(number)}"
        assert place.shows("colin", WALL, address)
        assert place.shows("colin", address, "Douteux")
