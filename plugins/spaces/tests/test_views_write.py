WALL = "/members/olga/comments"


class TestSpace:
    def test_nobody_comments_before_the_owner_opens_it(self, make_place):
        place = make_place()
        assert place.status("colin", WALL) == 404
        assert "Who may comment" in place.browser("olga").get("/account/comments").text

    def test_a_member_comments_and_others_read(self, make_place):
        place = make_place()
        place.open()
        answer = place.write("marie", WALL, "Bravo pour **tout**.")
        page = place.browser("colin").get(answer.location)
        assert "<strong>tout</strong>" in page.text
        assert "1 comment" in page.text
