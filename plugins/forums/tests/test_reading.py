from communicate_forums.reading import LOOK_BACK
from communicate_forums.unread import is_new


def see(place, login, topic):
    """Open *topic* as *login* and return the page."""
    return place.browser(login).get(topic.base).maybe_follow()


class TestUnread:
    def test_what_came_after_the_first_visit_is_new_until_it_was_shown(self, make_place):
        place = make_place()
        old = place.topic(title="Ancien sujet")
        see(place, "paul", old)
        place.later(seconds=1)
        topic = place.topic(title="Nouveau sujet")
        listed = place.browser("paul").get("/forums/general")
        assert listed.text.count('<li class="unread"') == 1
        see(place, "paul", topic)
        assert '<li class="unread"' not in place.browser("paul").get("/forums/general").text

    def test_an_answer_marks_the_topic_and_the_forum(self, make_place):
        place = make_place()
        topic = place.topic()
        see(place, "ines", topic)
        place.later(seconds=1)
        place.reply(topic, "Une réponse")
        for path in ("/forums", "/forums/general"):
            assert '<li class="unread"' in place.browser("ines").get(path).text

    def test_the_first_new_post_is_marked_on_the_page_once(self, make_place):
        place = make_place()
        topic = place.topic()
        see(place, "ines", topic)
        place.later(seconds=1)
        place.replies(topic, 2)
        page = see(place, "ines", topic).text
        assert page.count('id="new"') == 1
        assert page.index('id="new"') < page.index("Réponse 0")
        assert 'id="new"' not in see(place, "ines", topic).text

    def test_ones_own_post_is_never_new(self, make_place):
        place = make_place()
        topic = place.topic()
        see(place, "ines", topic)
        place.later(seconds=1)
        place.reply(topic, "De moi", by="ines")
        assert '<li class="unread"' not in place.browser("ines").get("/forums/general").text

    def test_a_page_with_nothing_new_writes_nothing(self, place):
        topic = place.topic()
        see(place, "paul", topic)
        before = place.stored
        see(place, "paul", topic)
        see(place, None, topic)
        assert place.stored == before

    def test_a_stranger_has_no_marks(self, place):
        topic = place.topic()
        assert 'id="new"' not in see(place, None, topic).text
        assert place.do(lambda _, forums: is_new(forums.topic(topic.number), None, None)) is False


class TestLast:
    def test_the_last_post_shown_in_lists_is_one_that_the_viewer_may_read(self, make_place):
        place = make_place()
        topic = place.topic(by="ines")
        number = place.reply(topic, "Caché", by="paul")
        place.remove(number, "set_hidden", True)
        rows = {}
        for login in ("oscar", "moira"):
            text = place.browser(login).get("/forums").text
            rows[login] = text.partition('<div class="last"')[2].partition("</li>")[0]
        assert "ines" in rows["oscar"]
        assert "paul" in rows["moira"]

    def test_looking_back_ends_somewhere(self, make_place):
        place = make_place()
        topic = place.topic(by="ines")
        for number in place.replies(topic, LOOK_BACK):
            place.remove(number)
        page = place.browser("ines").get("/forums")
        assert page.status_int == 200
        assert "Le volet grince" in page.text


class TestEdited:
    def test_an_edited_post_says_so_and_another_does_not(self, place):
        topic = place.topic()
        place.write("ines", topic.post() + "/edit", body="Mieux dit")
        place.reply(topic, "Comme au premier jour")
        page = see(place, "paul", topic).text
        first, second = page.split('<article class="post"')[1:3]
        assert ">edited<" in first
        assert ">edited<" not in second
