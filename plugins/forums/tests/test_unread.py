from communicate_forums.content import Reader
from communicate_forums.unread import LOOK_NEW


def see(place, login, topic, query=""):
    """Open *topic* as *login* and return the page."""
    return place.browser(login).get(topic.base + query).maybe_follow()


def marks(place, login, path="/forums"):
    """Return the words of the marks of what is new on the page at *path*."""
    page = place.browser(login).get(path)
    return [mark.get_text(strip=True) for mark in page.html.select("main .rows .new")]


class TestCounts:
    def test_a_forum_says_how_many_topics_have_news(self, make_place):
        place = make_place()
        see(place, "paul", place.topic())
        place.later(seconds=1)
        assert marks(place, "paul") == []
        for _ in range(2):
            place.topic()
        assert marks(place, "paul") == ["2 new"]
        assert marks(place, None) == []

    def test_counting_ends_soon(self, make_place):
        place = make_place()
        see(place, "paul", place.topic())
        place.later(seconds=1)
        for _ in range(LOOK_NEW + 3):
            place.topic()
        assert marks(place, "paul") == ["more than 9 new"]

    def test_a_row_leads_to_the_first_unread_post(self, make_place):
        place = make_place(**{"forums.page_size": 5})
        topic = place.topic()
        place.replies(topic, 6)
        see(place, "ines", topic, "/latest")
        place.later(seconds=1)
        numbers = place.replies(topic, 8)
        row = place.browser("ines").get("/forums/general").html.select_one("a.new")
        answer = place.browser("ines").get(row["href"]).maybe_follow()
        assert answer.html.select_one("#new")
        assert answer.html.select_one(f'[id="{topic.post(numbers[0]).rpartition("/")[2]}"]')

    def test_a_page_that_does_not_show_it_leads_there(self, make_place):
        place = make_place(**{"forums.page_size": 5})
        topic = place.topic()
        place.replies(topic, 6)
        see(place, "ines", topic, "/latest")
        place.later(seconds=1)
        place.replies(topic, 8)
        assert "First unread post" in see(place, "ines", topic).text
        assert "First unread post" not in see(place, "ines", topic, "/unread").text


class TestMarkingAllAsRead:
    def test_in_one_forum_leaves_the_others(self, make_place):
        place = make_place()
        see(place, "paul", place.topic())
        place.later(seconds=1)
        other = place.forum()
        place.topic(), place.topic(other)
        place.click("paul", "/forums/general/read")
        assert marks(place, "paul") == ["1 new"]
        place.click("paul", "/forums/read")
        assert marks(place, "paul") == []

    def test_what_comes_afterwards_is_new_again(self, make_place):
        place = make_place()
        topic = place.topic()
        see(place, "ines", topic)
        place.click("ines", "/forums/general/read")
        place.later(minutes=2)
        place.reply(topic, "Tard")
        assert marks(place, "ines") == ["1 new"]

    def test_the_button_is_there_while_something_is_new(self, make_place):
        place = make_place()
        see(place, "paul", place.topic())
        place.later(seconds=1)
        assert 'action="/forums/read"' not in place.browser("paul").get("/forums").text
        place.topic()
        for path in ("/forums", "/forums/general"):
            assert f'action="{path}/read"' in place.browser("paul").get(path).text


class TestOldReaders:
    def test_a_reader_stored_before_this_was_known_reads_as_one_who_follows_nothing(self):
        reader = Reader()
        assert (reader.floors, reader.follows, reader.news, reader.feed) == (None,) * 4
        assert "follows" not in reader.__getstate__()
