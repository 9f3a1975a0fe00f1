"""Who is told of a comment: once, if they may read it, and in no words of members."""

import pytest

WALL = "/members/olga/comments"


class TestTelling:
    def test_the_owner_of_a_new_comment(self, place):
        place.open()
        place.comment("marie", "Un secret de jardinier")
        place.comment("colin", "Un autre")
        assert place.unread("olga") == 1
        page = place.browser("olga").get("/notices").text
        assert "2 new comments on something of yours" in page
        assert "jardinier" not in page

    def test_who_looks_at_the_page_has_seen_it(self, place):
        place.open()
        place.comment("marie")
        place.browser("olga").get(WALL)
        assert place.unread("olga") == 0

    def test_who_is_answered_and_who_is_mentioned_each_once(self, place):
        place.open()
        top = place.comment("marie", "Une question")
        place.comment("colin", "@marie voir avec @moira et @olga", to=top)
        assert place.unread("marie") == 1
        assert place.shows("marie", "/notices", "mentions you in a comment")
        assert place.unread("moira") == 1
        place.comment("colin", "Encore", to=top)
        assert place.shows("marie", "/notices", "has replied to your comment")

    def test_nobody_of_what_they_may_not_read(self, place):
        place.open("contacts", "contacts")
        place.comment("colin", "Chut, @marie")
        assert place.unread("marie") == 0

    def test_of_what_waits_only_the_owner(self, place):
        place.open(approval=True)
        number = place.comment("marie", "@moira regarde")
        assert (place.unread("moira"), place.unread("olga")) == (0, 1)
        assert place.shows("olga", "/notices", "waits for your approval")
        place.click("olga", f"{place.path(number)}/approve")
        assert place.unread("moira") == 1

    def test_an_edit_tells_only_whom_it_adds(self, place):
        place.open()
        number = place.comment("colin", "Merci @marie")
        place.write("colin", f"{place.path(number)}/edit", "Merci @marie et @moira")
        assert (place.unread("marie"), place.unread("moira")) == (1, 1)

    @pytest.mark.parametrize(("one", "other"), [("marie", "bela"), ("bela", "marie")])
    def test_a_block_keeps_both_from_it(self, place, one, other):
        place.open()
        place.block(one, other)
        place.comment("bela", "Dis donc, @marie")
        assert place.unread("marie") == 0
